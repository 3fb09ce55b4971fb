//! Keys never change but on purpose: what was trained under them is found again.

use std::collections::BTreeSet;

use engine::Profile;
use engine::digest::sha256;
use experiments::registry;

use crate::support::{plan, settings};

/// For each experiment under smoke, on the drawn stand-in: how many points it has, and the SHA-256 of their keys in
/// ascending order, a line each. Written anew when letters and digits began to share one path of training, sampling and
/// scoring: that changed the keys of all that is trained or rests on it, on purpose and once. Written anew for letters and
/// networks of digits when their first weights became N(0, 0.1²), which the reports' exercise asks for. Whoever changes keys again
/// pastes the table that the failing test prints, and says here why.
const KEYS: &[(&str, usize, &str)] = &[
    (
        "alpha-rbm-reconstruction:generative",
        19,
        "fc51070f8ad2a1ffc5edd96d246722e9dc1a360ea13d1ddac7417e7387b1e8b6",
    ),
    (
        "alpha-rbm-generation:generative",
        9,
        "64e0dc3d878aa5a248e6ec34414d7bd029292a781d8d2a15cfbbc4df4a4b493a",
    ),
    ("alpha-rbm-classes:generative", 61, "522ecb48e9653fb694ef125a718c411169d21e2fb7f4807fdd5c8e25aa4c59e0"),
    ("alpha-rbm-classes:scratch", 49, "d6617234c7556c850a2897b0a620051f3fb2ca2c771721827ceb026f95d28523"),
    ("alpha-rbm-epochs:generative", 21, "7d2a53956c890453792dc3e8ddd23fe4be4010ae70859749dfc411112ad1f01b"),
    ("alpha-rbm-panel:scratch", 45, "b710aa295aa8d8d5a6949d8ea88dc4384c3f22f789fc5b7fe4cd5ca210a40d0a"),
    ("alpha-rbm-units:scratch", 37, "8fa992c97ca5b5dce656ba121bc083b6bd64da1274e42e351a0b644781bfc30b"),
    (
        "alpha-dbn-generation:generative",
        9,
        "2603427066156dfa40f85e182ef7a451b5b34693bca58613ffa365bee6ca8384",
    ),
    ("alpha-dbn-classes:generative", 9, "5d1bd17a425638427acd461ebbb13922d4d7ed04675e66db6168a2ab93c5020f"),
    ("alpha-dbn-classes:scratch", 13, "bfe2979e8f6526f624a6bcc1f7a9685fb5e3a49befaf844846b4c1ebf61a77ed"),
    ("alpha-dbn-layers:generative", 21, "baa992b4729260c75f4d53a7624bc30500fda0ab3ed4c493c7a4bf997bc63ed8"),
    ("alpha-dbn-layers:scratch", 13, "f6e6d66d8f412586bf295d8f3d5fe6b3d07c6d89c00c60b44cc2feb4aa3fbe6f"),
    ("alpha-dbn-units:generative", 13, "92018da20683cf0b9765a99c18f9011c8589a88a088e0a6969a98caefabc63e3"),
    ("alpha-dbn-units:scratch", 13, "2d75d030c5198a07d5f14ea293b017ed0bef5beb85e92ccc746afa96c907a583"),
    ("mnist-binarise:scratch", 1, "2a93d12e710a5ae02f3758fd744a63090e66ab1458096afef3f1d38a512b4f39"),
    ("mnist-layers:generative", 10, "598c34c3d070e40cb63430c5dc360c79834fe91d94af09533c23d00186c576ea"),
    ("mnist-layers:scratch", 9, "977ad69b61020b42d3ab9ebd0e890f4d5013c878a647a1cddc908d142eda3814"),
    ("mnist-neurons:generative", 12, "c160b3b0dc8751d2107fb8061ca765bc8659f80f94d5ff6d3f3ffc8742eb2708"),
    ("mnist-neurons:scratch", 10, "b3daa9c66f038c9600a4bc2daf23d5e98dfc2e2aae07f27ac32f5675643843e1"),
    ("mnist-samples:generative", 18, "d75db06554d2bba590bf537b98fe3b368b067c86633f641eca306f6b8940b9e7"),
    ("mnist-samples:scratch", 10, "d46a172113c8ea74370eede8d81626be71189ace1e4bb524fda1a73636148e33"),
    ("mnist-best:scratch", 8, "5a70fd7e7cd1cd252a3b8ea167bb1de22b051921dc637f7f1c01d64ce469efa6"),
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
