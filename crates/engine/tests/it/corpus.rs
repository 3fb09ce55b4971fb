//! Corpora of rows and manifests, replayed whole and damaged: see `fuzz/README.md`.

#[path = "../../../../fuzz/checks/manifest.rs"]
mod manifest;
#[path = "../../../../fuzz/checks/corpus.rs"]
mod replayed;
#[path = "../../../../fuzz/checks/rows.rs"]
mod rows;

use engine::store::{Artefact, MANIFEST, Manifest};
use engine::{Rows, canonical};
use serde_json::{Value, json};

use crate::support;

#[test]
fn rows_as_csv() {
    replayed::replay("rows", rows::check);
}

#[test]
fn manifests() {
    replayed::replay("manifest", manifest::check);
}

#[test]
#[ignore = "writes fuzz/corpus anew"]
fn the_corpus_of_rows_is_written() {
    let mut rows = Rows::default();
    rows.push("error", 0.27668, &[("model", &"rbm"), ("seed", &1)]);
    rows.push_at(Some(20), "error", f64::NAN, &[("seed", &"a \"quoted\", broken\nname")]);
    rows.push_at(Some(usize::MAX), "loss", -1e-300, &[]);
    let whole = rows.to_csv();
    let text = |text: &str| text.as_bytes().to_vec();
    replayed::write(
        "rows",
        &[
            ("good-all", whole.clone()),
            ("good-none", text("epoch,metric,value\n")),
            ("good-infinite", text("epoch,metric,value\n1,loss,inf\n,loss,-0\n")),
            ("good-crlf", text("seed,epoch,metric,value\r\n1,,loss,1\r\n")),
            ("good-columns-in-another-order", text("a,b,epoch,metric,value\n,2,,loss,1\n1,3,,loss,2\n")),
            ("bad-cut", whole[..whole.len() - 1].to_vec()),
            ("bad-column-twice", text("seed,seed,epoch,metric,value\n1,2,,loss,1\n")),
            ("bad-header", text("metric,epoch,value\n,loss,1\n")),
            ("bad-too-few-fields", text("seed,epoch,metric,value\n1,loss,1\n")),
            ("bad-too-many-fields", text("epoch,metric,value\n1,loss,1,\n")),
            ("bad-epoch-of-2-to-the-64", text("epoch,metric,value\n18446744073709551616,loss,1\n")),
            ("bad-value", text("epoch,metric,value\n1,loss,0x1p3\n")),
            ("bad-bytes", b"epoch,metric,value\n1,\xff\xfe,1\n".to_vec()),
            ("bad-empty", Vec::new()),
        ],
    );
}

#[test]
#[ignore = "writes fuzz/corpus anew"]
fn the_corpus_of_manifests_is_written() {
    let folder = support::folder();
    let store = support::store(folder.path(), disk::Fault::Never);
    let (need, task) = (support::toy(2, 1, None, &[]), support::toy(3, 1, None, &[]));
    support::train(&support::plan_of(&[&need]), &store, 1);
    let bytes = store.path(&need.point.key).read(&support::name(MANIFEST)).unwrap();
    let sound: Manifest = serde_json::from_slice(&bytes).unwrap();
    let artefact = |name: &str| {
        let mut text: Value = canonical::tree(&sound);
        text["artefacts"][name] = canonical::tree(&Artefact::of(b"x"));
        canonical::pretty(&text).into_bytes()
    };
    let with = |field: &str, value: Value| {
        let mut text: Value = canonical::tree(&sound);
        text[field] = value;
        canonical::pretty(&text).into_bytes()
    };
    let key = task.point.key.as_str();
    replayed::write(
        "manifest",
        &[
            ("good-toy", bytes.clone()),
            ("good-folders", artefact("weights/layer-1.safetensors")),
            ("good-needs", with("needs", json!([key, key]))),
            (
                "good-numbers",
                with("metrics", json!({ "a": 5e-324, "b": -0.0, "c": 1e308, "d": null, "e": 0.1 })),
            ),
            ("bad-cut", bytes[..bytes.len() / 2].to_vec()),
            ("bad-absolute", artefact("/etc/passwd")),
            ("bad-above", artefact("../../q")),
            ("bad-above-within", artefact("a/../../q")),
            ("bad-escape", artefact("\u{1b}[2J")),
            ("bad-key", with("key", json!("../../../../../../../etc/passwd"))),
            ("bad-need", with("needs", json!([".."]))),
            (
                "bad-bytes-of-2-to-the-64",
                with("artefacts", json!({ "a": { "bytes": 1.8446744073709552e19, "sha256": "" } })),
            ),
            ("bad-metric", with("metrics", json!({ "a": "1" }))),
            ("bad-deep", format!("{{\"config\":{}{}}}", "[".repeat(900), "]".repeat(900)).into_bytes()),
            ("bad-list", b"[]".to_vec()),
        ],
    );
}
