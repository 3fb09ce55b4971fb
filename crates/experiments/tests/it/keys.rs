//! Keys never change but on purpose: what was trained under them is found again.

use std::collections::BTreeSet;

use engine::Profile;
use engine::digest::sha256;
use experiments::registry;

use crate::support::{kind, plan, settings};

/// For each experiment under smoke, on the drawn stand-in: how many points it has, and the SHA-256 of their keys in
/// ascending order, a line each. Written by the program as it was before recipes and jobs became objects. What has
/// joined an experiment since is left out by its kind: [`NEWER`].
const KEYS: &[(&str, usize, &str)] = &[
    (
        "alpha-rbm-reconstruction:generative",
        12,
        "2cdd54ce2497934ac03754be403af1c8e96f7035d3d9dc775e7dd1b875bfda46",
    ),
    (
        "alpha-rbm-generation:generative",
        4,
        "72449324da980ea1d9998d5b985fc06544aaf9743cdd0df56fc77bcc10c8130f",
    ),
    ("alpha-rbm-classes:generative", 40, "fc7f1fff4d909d347b93d48ed6a41e60cd624ba744bcbf9a3eaf1c679ce7bf95"),
    ("alpha-rbm-classes:scratch", 32, "3b0410b311eeec1282a146e60109541f0f555a1126b7dcd4e61a31e71ee67eba"),
    ("alpha-rbm-epochs:generative", 12, "b44c2414db267ab045d32edd034b979731b40210b7cbabce03d4450da7b2f0fd"),
    ("alpha-rbm-panel:scratch", 29, "3dab81ba54bba5314a0a920209c286a1d9f085a444e3182a866622ee63052889"),
    ("alpha-rbm-units:scratch", 16, "d4e418d69de736a4d1323d49fd5ac120e2dcdd09af5d92ae33baa1c532e21f35"),
    (
        "alpha-dbn-generation:generative",
        4,
        "09174ab43632995e2d443d9eb40f5a45c406f5413dd48535100b5923b1144a76",
    ),
    ("alpha-dbn-classes:generative", 4, "799a9dd531616a1b46ac5bafeb9698faf7e11b3c08e40363f2c46112656a698a"),
    ("alpha-dbn-classes:scratch", 6, "e4798362db9362e2b79fcde552c3312cf67f3e934e2ee2e765fa25580374dc67"),
    ("alpha-dbn-layers:generative", 10, "e13f86d405ddc3951be1cd8d66e71e660a6f6f03b9f4a744355def1984cfc121"),
    ("alpha-dbn-layers:scratch", 6, "b6b10dfbf64630ce6cfae3702bf563910cda13299e3c62e7f2f1ee094720bc81"),
    ("alpha-dbn-units:generative", 6, "be64258d7cd3323f8b0fcf07ae9d1e1f6d70da77b37a2888703e85c1a52c8fc4"),
    ("alpha-dbn-units:scratch", 6, "66c1e7d9125dd2ebff0583cf85620ba75c0dd1b9797d1021275be14bca66f9d2"),
    ("mnist-binarise:scratch", 1, "2a93d12e710a5ae02f3758fd744a63090e66ab1458096afef3f1d38a512b4f39"),
    ("mnist-layers:generative", 10, "1983dfb3e1792ed863b6178af3cb32e45ab995dc1549fccd68413400ad071e0c"),
    ("mnist-layers:scratch", 9, "0a5a00f0a2e7083265535c1dd497a8e0afd6c743ddcbcd31f13bf1f4adccfa22"),
    ("mnist-neurons:generative", 12, "1081fa1aae816bb761b62908819ef64ab58173bab138190a4d143161b531e34c"),
    ("mnist-neurons:scratch", 10, "5738f08dbe86cc447ee6c9ba9573042bf2ef1c87af08daa304fe0e0fa52d89d3"),
    ("mnist-samples:generative", 18, "e02418c8c0fb6cf6f5dee4c9659c4142d4dfe73b9f5411028192f09c7ccfab6a"),
    ("mnist-samples:scratch", 10, "b867cb5aaf1f111beffd71458b4174e0bb354b7ccc95f3ee312b006a6e9a77f6"),
    ("mnist-best:scratch", 8, "0457b7d25d7f2af19cabba399bca873643fe4d92ab3e96624cdd5d345a383855"),
    ("ot-colour-transfer:ann4", 6, "3f80f7e1bf081c000934706e2a35df6e54dd59df502afa72684d448426c148cd"),
    ("ot-desserts:ann4", 1, "aedc9872bade4582fc0d141fcb40c19890efd0ab989990989ebbd3d486f95544"),
    ("ot-digits:ours", 19, "a2a7d0889442121830c84d9c98649850a5000f18e3c19ad2a1fdf17cb5ed79e1"),
    ("record-label-budget:ours", 8, "6999803c6cd89df74ac855c4dbee4890b453f6d99ee9dc7b3ad987b2431ad253"),
];

/// Jobs that were computed while drawing once, and have no counterpart there.
const NEWER: &[&str] = &["scorer"];

#[test]
fn keys_are_what_they_were() {
    let known: BTreeSet<String> = registry::all().iter().map(|e| e.about.name()).collect();
    for (name, ..) in KEYS {
        assert!(known.contains(*name), "{name} is gone");
    }
    for e in registry::all() {
        let name = e.about.name();
        let points = plan(e, &settings(Profile::Smoke, &[]));
        let old = points.iter().filter(|point| !NEWER.contains(&kind(point).as_str()));
        let keys: BTreeSet<&str> = old.map(|point| point.key.as_str()).collect();
        let lines: String = keys.iter().map(|key| format!("{key}\n")).collect();
        let found = (keys.len(), sha256(lines.as_bytes()));
        let golden = KEYS.iter().find(|(own, ..)| *own == name);
        let golden = golden.map(|(_, count, digest)| (*count, (*digest).to_owned()));
        assert_eq!(Some(found), golden, "{name}");
    }
}
