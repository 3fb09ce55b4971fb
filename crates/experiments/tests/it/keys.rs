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
    ("alpha-rbm-reconstruction:generative", 19, "7fcbcd67e0496fc888dc355a38e73a969aaf501fa2480654ef9c99e868d78b00"),
    ("alpha-rbm-generation:generative", 13, "0d485bb1bb264f4bf97f678acf5a25f2684d621b459813159141ec4963bf54a9"),
    ("alpha-rbm-classes:generative", 61, "bfc2c9a4e95ae07ae12b7108da5ad62dbf828a36caac11bc5c3dd36f628c7b3d"),
    ("alpha-rbm-classes:scratch", 55, "9a9a8898e4449373fd4c80dfb3b9df5d474d2e8ca9d27140dd60192235623a2a"),
    ("alpha-rbm-epochs:generative", 21, "b0e2a2ea139b49f1f9a4ada997e24bcc05385cd6b1936a58e4669c24da188daa"),
    ("alpha-rbm-panel:scratch", 45, "191a486616e7444fd0d16f8b2df8b995fde9e0f79052f83e0db9b908c9d78c62"),
    ("alpha-rbm-units:scratch", 25, "e99d9d7ecfd95b5568ea3ce2246e0dd3c0cb14aa2a60f9e295ee86130d1cdc38"),
    ("alpha-dbn-generation:generative", 9, "0f945a4c61ba4fb79037582316cd2d17ec706b7e50bfd43884b9372c474d258f"),
    ("alpha-dbn-classes:generative", 9, "3d90844f45fc8c7ddcd583947a3e50c1d9da8e3446f97fbdac56f3979afe6c35"),
    ("alpha-dbn-classes:scratch", 13, "18464299c14c045f115f6683a4a6ea1dbbaf4a900824f792049d22a4eff2c5bd"),
    ("alpha-dbn-layers:generative", 21, "f69c70dee42df8f2a3e02fcbdef68d03c6b3202884988fb9e7243a3e137af6bf"),
    ("alpha-dbn-layers:scratch", 13, "856349fa4f27ab3d73d72bd5bc036ef6c6c776fa10c6804ea38c973a8207b9a1"),
    ("alpha-dbn-units:generative", 13, "162d9d968bd0f8da15624964901d3371414d35a8e3eb16a8f2b60aafbd0572d4"),
    ("alpha-dbn-units:scratch", 13, "2712980628c8230e99040df96aec99fa10f05ec4a0c5ccfdf2f250564738784c"),
    ("mnist-binarise:scratch", 1, "2a93d12e710a5ae02f3758fd744a63090e66ab1458096afef3f1d38a512b4f39"),
    ("mnist-layers:generative", 10, "6a00475601fc7d9d4774bf4d035cf371924e17bdcda2bccb1b287794e07314f0"),
    ("mnist-layers:scratch", 9, "d2586498472847c1c0d741867d7054f3be255becc8a743642c9244790a3837a1"),
    ("mnist-neurons:generative", 12, "edb9570db5bd22081300dc6480ee42578b72d15f12406bf234624e8a407ca5ae"),
    ("mnist-neurons:scratch", 10, "cef99617cd518690ce6854e1a82fb0ede20b72d284348411735152f3ce33219f"),
    ("mnist-samples:generative", 18, "4fab653ec5ecbc55f02aa1438e6e8b7c9a77e0c031bdd34d88860e73b7a073a5"),
    ("mnist-samples:scratch", 10, "d1bbcad6e36528a24fee7fa30aff57b127b535d6a824c617c3c2f93a71ddbe45"),
    ("mnist-best:scratch", 8, "eebf077217001b8aca54c3549214af9d0322ef959539e4c2fd15beabedcce5b2"),
    ("record-label-budget:ours", 8, "8bd5da938411bad9bf020d9f1e57a6b5d450abf69bb1bf0a293f4f240647ec38"),
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
