//! Keys never change but on purpose: what was trained under them is found again.

use std::collections::BTreeSet;

use engine::Profile;
use engine::digest::sha256;
use experiments::registry;

use crate::support::{plan, settings};

/// For each experiment under smoke, on the drawn stand-in: how many points it has, and the SHA-256 of their keys in
/// ascending order, a line each. Written anew when letters and digits began to share one path of training, sampling and
/// scoring: that changed the keys of all that is trained or rests on it, on purpose and once. Written anew for letters and
/// networks of digits when their first weights became N(0, 0.1²), which the reports' exercise asks for;
/// and for networks when what they take each test image for began to be kept. Whoever changes keys again
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
    ("alpha-rbm-units:scratch", 25, "4c138bb556b31f7d0046d23508fe51fc62e4f77173eb51ff1faf28aac10fcc44"),
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
    ("mnist-layers:generative", 10, "6a00475601fc7d9d4774bf4d035cf371924e17bdcda2bccb1b287794e07314f0"),
    ("mnist-layers:scratch", 9, "9515333534c018cd641559ec090554ac0257df0ed3908993391de282bdc67691"),
    ("mnist-neurons:generative", 12, "edb9570db5bd22081300dc6480ee42578b72d15f12406bf234624e8a407ca5ae"),
    ("mnist-neurons:scratch", 10, "a9d00ff618956a6c1e38e681f7524bfbde5c2fcd0d4d86c7be7a7e20d9dcc324"),
    ("mnist-samples:generative", 18, "4fab653ec5ecbc55f02aa1438e6e8b7c9a77e0c031bdd34d88860e73b7a073a5"),
    ("mnist-samples:scratch", 10, "14ff56ae0a33cb75b40bff45b3ac65fd73f77066c2791ecf2e19ffb5c442b320"),
    ("mnist-best:scratch", 8, "b16af20a48ffe8488f9c3b360b987690ad308ead5467e4d3e5904292e445593a"),
    ("record-label-budget:ours", 8, "da96027bc206b3e540d8f439ab4480fa777f02d4853f55fc71fd261e0a39a489"),
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
