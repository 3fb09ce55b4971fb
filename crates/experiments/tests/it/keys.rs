//! Keys never change but on purpose: what was trained under them is found again.

use std::collections::BTreeSet;

use engine::Profile;
use engine::digest::sha256;
use experiments::registry;

use crate::support::{plan, settings};

/// For each experiment under smoke, on the drawn stand-in: how many points it has, and the SHA-256 of their keys in
/// ascending order, a line each. Written anew when letters and digits began to share one path of training, sampling and
/// scoring: that changed the keys of all that is trained or rests on it, on purpose and once. Whoever changes keys again
/// pastes the table that the failing test prints, and says here why.
const KEYS: &[(&str, usize, &str)] = &[
    (
        "alpha-rbm-reconstruction:generative",
        19,
        "f91fb78e06380ffe6bf0fdb63d35accacaff0597ba975f84667c3ba5b87a6d62",
    ),
    (
        "alpha-rbm-generation:generative",
        9,
        "a8a8f32b034a76bc82680deaad3f5c3c03b6b31e981d8ae06779596e68102884",
    ),
    ("alpha-rbm-classes:generative", 61, "4d81f5683e1cd10afbaec50317e6b7bbe216ceee03893302b6f8fa3efbb533f9"),
    ("alpha-rbm-classes:scratch", 49, "d4364fd1ec0fe3bbfa3785963767e6c0e9a98e96f7e15b851e01609e1677bc12"),
    ("alpha-rbm-epochs:generative", 21, "3eb1195b788682bbbac5b7e1db4a999a9d003eab24e0ce14dc73a3396e89d573"),
    ("alpha-rbm-panel:scratch", 45, "ebaa5d8899edd44feaf8744fff340a716cdf2d5b684ad6ee96226da916a7efe2"),
    ("alpha-rbm-units:scratch", 25, "ddf04389ab82c42a2eb700a0744f237f40c335b5af330db9627adb9faef8f18b"),
    (
        "alpha-dbn-generation:generative",
        9,
        "e4fdf8998221726cf2b3d3cbf9d9c65125a28a89c26d163b1afc0e82cd8c342e",
    ),
    ("alpha-dbn-classes:generative", 9, "4afa6f1a74ee576500b8890395f8d24a831a31b1bb4e176d7dcff937943b952a"),
    ("alpha-dbn-classes:scratch", 13, "9e24ef51248f4f2b21e65d75948e069cc121e6602a892a36a122226751428cbf"),
    ("alpha-dbn-layers:generative", 21, "0e01a82c49a0504423229be746ab59d84e89916077559908f768bc4b28851828"),
    ("alpha-dbn-layers:scratch", 13, "514840961c5687d0166d7f62ce5bcd35e2ec5eafac6442b6f66bbfd7654fe799"),
    ("alpha-dbn-units:generative", 13, "4372362acb465e948213914028740bbbe1389477f922235fb4069812b968702b"),
    ("alpha-dbn-units:scratch", 13, "4e83afa3e3f2471a358844e4361b1cca88fb4cc92709b9a3a46ec701f5d90e16"),
    ("mnist-binarise:scratch", 1, "2a93d12e710a5ae02f3758fd744a63090e66ab1458096afef3f1d38a512b4f39"),
    ("mnist-layers:generative", 10, "a99d3ff1864b1f6914210e8378a9d2730969a5fcf203e4e51d9b6a5f2834caae"),
    ("mnist-layers:scratch", 9, "f11c6d38fc1fad1bf25a7fb0dc2df2194f29b47e0a900063991c9825c7fba5fe"),
    ("mnist-neurons:generative", 12, "558d7081fef7a499f586079fd103182cabf9610451d0b13ab8dc20c8f68d25be"),
    ("mnist-neurons:scratch", 10, "48876817b39d054821ec05ebef11fe2d8713a2ca434c4dcdadbb2afd6ebff385"),
    ("mnist-samples:generative", 18, "f5d2f2a92ad982a7b3a307b6e19387a692a9a48bec58ba95295a39fad107b638"),
    ("mnist-samples:scratch", 10, "70f0b27a009eaa1bbf1d61f7f8832f9958044e860467d8fbd0c23fc8921ffefe"),
    ("mnist-best:scratch", 8, "cc5637a98806f341572b596eb97f5113dfdb5345f4430d086010d5d4c947bfb0"),
    ("record-label-budget:ours", 8, "9752da31ccf4fbed44ece686d485fd66c5b98fb91b580e7d4cf5a80e3e09739f"),
    ("ot-colour-transfer:ann4", 6, "3f80f7e1bf081c000934706e2a35df6e54dd59df502afa72684d448426c148cd"),
    ("ot-desserts:ann4", 1, "aedc9872bade4582fc0d141fcb40c19890efd0ab989990989ebbd3d486f95544"),
    ("ot-digits:ours", 21, "80ea4b2516e6087ee6adc7ac3485740d8c5e00e82932ea147da376af0c52799d"),
];

/// A key follows from the job, its data, its numerics and the keys of what it needs, and from nothing else.
#[test]
fn keys_are_what_they_were() {
    let found = registry::all().into_iter().map(|e| {
        let points = plan(e, &settings(Profile::Smoke, &[]));
        let keys: BTreeSet<&str> = points.iter().map(|point| point.key.as_str()).collect();
        let lines: String = keys.iter().map(|key| format!("{key}\n")).collect();
        (e.about.name(), keys.len(), sha256(lines.as_bytes()))
    });
    let found: Vec<(String, usize, String)> = found.collect();
    let table: String =
        found.iter().map(|(name, count, digest)| format!("    ({name:?}, {count}, {digest:?}),\n")).collect();
    let golden = KEYS.iter().map(|(name, count, digest)| ((*name).to_owned(), *count, (*digest).to_owned()));
    assert!(golden.eq(found), "keys have changed; if they should, the table is\n{table}");
}
