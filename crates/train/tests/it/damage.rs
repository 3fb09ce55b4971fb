//! Damaged and hostile files: an error that names an offset, never a panic, never a large allocation.

use train::{MAX_HEADER, Snapshot, Tensor, TensorError};

fn valid() -> Vec<u8> {
    let tensors = vec![
        Tensor::from_f32("W", vec![2, 3], vec![0.5, -1.0, 2.0, 0.25, 3.0, -0.125]),
        Tensor::from_u64("steps", vec![], vec![7]),
        Tensor::from_u8("chains", vec![2, 2], vec![0, 1, 1, 0]),
    ];
    Snapshot { epoch: 5, tensors }.encode(r#"{"key":"value"}"#)
}

#[test]
fn every_prefix_is_refused() {
    let file = valid();
    for length in 0..file.len() {
        let error = Snapshot::decode(&file[..length]).expect_err("a prefix is not the file").to_string();
        assert!(error.starts_with("byte "), "{length}: {error}");
    }
    let longer = [&file[..], &[0]].concat();
    assert!(Snapshot::decode(&longer).is_err(), "trailing bytes are not the file either");
}

#[test]
fn every_single_bit_flip_is_read_or_refused() {
    let (file, whole) = (valid(), Snapshot::decode(&valid()).unwrap());
    let (mut refused, mut read) = (0, 0);
    for bit in 0..file.len() * 8 {
        let mut damaged = file.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        match Snapshot::decode(&damaged) {
            Err(error) => {
                assert!(error.to_string().starts_with("byte "), "{error}");
                refused += 1;
            }
            Ok(other) => {
                // Only padding may change without being seen; numbers, names, shapes and metadata are seen.
                let padding = damaged[bit / 8].is_ascii_whitespace();
                assert!(other != whole || padding, "bit {bit} is read as if it were not there");
                read += 1;
            }
        }
    }
    assert!(refused > 500 && read > 100, "{refused} refused, {read} read");
}

/// A file of this header and `data` bytes of zeros.
fn file(header: &str, data: usize) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + data, 0);
    bytes
}

fn one(dtype: &str, shape: &str, offsets: &str) -> String {
    format!(r#"{{"a":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}}}"#)
}

#[test]
fn hostile_files_are_refused_with_an_offset() {
    let two = |a: &str, b: &str| {
        let tensor = |at: &str| format!(r#"{{"dtype":"U8","shape":[4],"data_offsets":{at}}}"#);
        format!(r#"{{"a":{},"b":{}}}"#, tensor(a), tensor(b))
    };
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let huge = |length: u64| [&length.to_le_bytes()[..], b"{}"].concat();
    let hostile: Vec<(&str, Vec<u8>)> = vec![
        ("no bytes", vec![]),
        ("seven bytes", vec![0; 7]),
        ("an empty header", vec![0; 8]),
        ("a header beyond the file", huge(3)),
        ("a header length of 2⁶⁴ − 1", huge(u64::MAX)),
        ("a header length of 2⁶³", huge(1 << 63)),
        ("a header above the limit", huge(MAX_HEADER + 1)),
        ("a header that is no JSON", file("{", 0)),
        ("a header that is not UTF-8", [&2u64.to_le_bytes()[..], &[0xff, 0xfe]].concat()),
        ("a header that is a list", file("[]", 0)),
        ("twenty thousand nested lists", file(&deep, 0)),
        ("nested lists as a shape", file(&one("U8", &deep, "[0,1]"), 1)),
        ("dimensions whose product overflows", file(&one("U8", "[4294967296,4294967296,2]", "[0,8]"), 8)),
        ("a dimension beyond 64 bits", file(&one("U8", "[99999999999999999999]", "[0,8]"), 8)),
        ("a negative dimension", file(&one("U8", "[-1]", "[0,8]"), 8)),
        ("a fractional dimension", file(&one("U8", "[1.5]", "[0,8]"), 8)),
        ("bytes whose number overflows", file(&one("U64", "[4611686018427387904]", "[0,8]"), 8)),
        ("fewer bytes than the shape", file(&one("F32", "[3]", "[0,8]"), 8)),
        ("more bytes than the shape", file(&one("F32", "[1]", "[0,8]"), 8)),
        ("offsets beyond the file", file(&one("F32", "[2]", "[0,8]"), 4)),
        ("offsets that run backwards", file(&one("F32", "[2]", "[8,0]"), 8)),
        ("offsets that begin late", file(&one("F32", "[2]", "[4,12]"), 12)),
        ("offsets near 2⁶⁴", file(&one("U8", "[1]", "[18446744073709551614,18446744073709551615]"), 1)),
        ("one offset", file(&one("U8", "[1]", "[0]"), 1)),
        ("overlapping tensors", file(&two("[0,4]", "[2,6]"), 6)),
        ("two tensors in one place", file(&two("[0,4]", "[0,4]"), 4)),
        ("a hole between tensors", file(&two("[0,4]", "[5,9]"), 9)),
        ("bytes that no tensor holds", file(&two("[0,4]", "[4,8]"), 9)),
        ("an unknown element type", file(&one("Q7", "[1]", "[0,1]"), 1)),
        ("half floats", file(&one("F16", "[1]", "[0,2]"), 2)),
        ("doubles", file(&one("F64", "[1]", "[0,8]"), 8)),
        ("a tensor without a shape", file(r#"{"a":{"dtype":"U8","data_offsets":[0,1]}}"#, 1)),
        ("metadata that is no object", file(r#"{"__metadata__":[1]}"#, 0)),
        ("metadata that is a number", file(r#"{"__metadata__":{"glyphlab":1}}"#, 0)),
    ];
    for (what, bytes) in hostile {
        let error = Snapshot::decode(&bytes).expect_err(what);
        assert!(matches!(error, TensorError::Format { .. }), "{what}: {error:?}");
        let text = error.to_string();
        assert!(text.starts_with("byte ") && !text.contains('\n') && text.len() < 400, "{what}: {text}");
    }
}

#[test]
fn a_million_empty_tensors_and_a_zero_dimension_are_harmless() {
    let empty = file(&one("F32", "[0,18446744073709551615]", "[0,0]"), 0);
    if let Ok((snapshot, _)) = Snapshot::decode(&empty) {
        assert_eq!(snapshot.f32s("a").unwrap(), [0.0; 0]);
    }
    let wide = format!("[{}0]", "1,".repeat(100_000));
    let _ = Snapshot::decode(&file(&one("F32", &wide, "[0,0]"), 0));
}
