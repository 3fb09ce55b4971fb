//! The corpus of weights, replayed whole and damaged: see `fuzz/README.md`.

#[path = "../../../../fuzz/checks/corpus.rs"]
mod replayed;
#[path = "../../../../fuzz/checks/weights.rs"]
mod weights;

use train::{Snapshot, Tensor};

#[test]
fn safetensors_files() {
    replayed::replay("weights", weights::check);
}

/// A file of this header and `data` bytes of zeros.
fn file(header: &str, data: usize) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &vec![0; data]].concat()
}

fn one(dtype: &str, shape: &str, offsets: &str) -> String {
    format!(r#"{{"a":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}}}"#)
}

#[test]
#[ignore = "writes fuzz/corpus anew"]
fn the_corpus_of_weights_is_written() {
    let tensors = vec![
        Tensor::from_f32("W", vec![2, 3], vec![0.5, -1.0, 2.0, 0.25, 3.0, -0.125]),
        Tensor::from_u64("steps", vec![], vec![7]),
        Tensor::from_u8("chains", vec![2, 2], vec![0, 1, 1, 0]),
    ];
    let whole = Snapshot { epoch: 5, tensors }.encode(r#"{"key":"value"}"#);
    let length = |length: u64| [&length.to_le_bytes()[..], b"{}"].concat();
    let nan = [&file(&one("F32", "[1]", "[0,4]"), 0)[..], &f32::NAN.to_le_bytes()].concat();
    let two = r#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#;
    replayed::write(
        "weights",
        &[
            ("good-checkpoint", whole.clone()),
            ("good-no-tensor", Snapshot::default().encode("")),
            ("good-empty-tensor", file(&one("F32", "[0,3]", "[0,0]"), 0)),
            ("good-epoch-as-a-list", file(&one("U64", "[1]", "[0,8]").replacen("\"a\"", "\"epoch\"", 1), 8)),
            ("bad-cut", whole[..whole.len() - 1].to_vec()),
            ("bad-nan", nan),
            ("bad-header-of-2-to-the-63", length(1 << 63)),
            ("bad-header-of-2-to-the-64", length(u64::MAX)),
            ("bad-2-to-the-63-elements", file(&one("F32", "[9223372036854775808]", "[0,8]"), 8)),
            ("bad-product", file(&one("U8", "[4294967296,4294967296,2]", "[0,8]"), 8)),
            ("bad-offsets", file(&one("U8", "[1]", "[18446744073709551614,18446744073709551615]"), 1)),
            ("bad-overlap", file(two, 6)),
            ("bad-doubles", file(&one("F64", "[1]", "[0,8]"), 8)),
            ("bad-escape", file(&one("F64", "[1]", "[0,8]").replacen("\"a\"", "\"\\u001b[2J\\n\"", 1), 8)),
            ("bad-deep", file(&format!("{}{}", "[".repeat(1500), "]".repeat(1500)), 0)),
        ],
    );
}
