//! Corpora of this crate's readers, replayed whole and damaged: see `fuzz/README.md`.

#[path = "../../../../fuzz/checks/alphadigits.rs"]
mod alphadigits;
#[path = "../../../../fuzz/checks/gzip.rs"]
mod gzip;
#[path = "../../../../fuzz/checks/idx.rs"]
mod idx;
#[path = "../../../../fuzz/checks/mat.rs"]
mod mat;
#[path = "../../../../fuzz/checks/corpus.rs"]
mod replayed;

use datasets::idx::{Idx, Values as Numbers};
use datasets::mat::{Array, Order, Packing, Values, write};

use crate::support;

#[test]
fn idx_files() {
    replayed::replay("idx", idx::check);
}

#[test]
fn gzip_files() {
    replayed::replay("gzip", gzip::check);
}

#[test]
fn mat_files() {
    replayed::replay("mat", mat::check);
}

#[test]
fn alphadigits_files() {
    replayed::replay("alphadigits", alphadigits::check);
}

/// `bytes` with those from `at` on replaced by `by`.
fn patched(bytes: &[u8], at: usize, by: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at..at + by.len()].copy_from_slice(by);
    bytes
}

fn half(bytes: &[u8]) -> Vec<u8> {
    bytes[..bytes.len() / 2].to_vec()
}

/// What follows the two zeros of an IDX file: type, number of dimensions, dimensions.
fn idx_header(kind: u8, dims: &[u32]) -> Vec<u8> {
    let dims_of = dims.iter().flat_map(|dim| dim.to_be_bytes());
    [0, 0, kind, dims.len() as u8].into_iter().chain(dims_of).collect()
}

#[test]
#[ignore = "writes fuzz/corpus anew"]
fn the_corpora_of_idx_and_gzip_are_written() {
    let small = support::idx_bytes(&[2, 3], vec![1, 2, 3, 4, 5, 6]);
    let floats = Idx { dims: vec![4], values: Numbers::F32(vec![0.5, f32::NAN, -0.0, f32::INFINITY]) };
    let doubles = Idx { dims: vec![1, 2, 1], values: Numbers::F64(vec![1e300, -1e-300]) };
    let packed = support::gzip(&small);
    let images = support::small_mnist()[0][..16 + 28 * 28].to_vec();
    replayed::write(
        "idx",
        &[
            ("good-bytes", small.clone()),
            ("good-floats", datasets::idx::write(&floats)),
            ("good-doubles", datasets::idx::write(&doubles)),
            ("good-one-image", patched(&images, 4, &1u32.to_be_bytes())),
            ("good-no-elements", idx_header(0x0c, &[0, 7])),
            ("good-gzipped", packed.clone()),
            ("bad-cut", half(&small)),
            ("bad-one-byte-more", [&small[..], &[0]].concat()),
            ("bad-2-to-the-63", idx_header(0x08, &[1 << 31, 1 << 31, 2])),
            ("bad-2-to-the-64", idx_header(0x0e, &[1 << 31, 1 << 30])),
            ("bad-overflow-and-zero", idx_header(0x0e, &[u32::MAX, u32::MAX, u32::MAX, 0])),
            ("bad-255-dimensions", [&[0, 0, 8, 255][..], &[0, 0, 0, 2].repeat(255)].concat()),
            ("bad-no-dimension", idx_header(0x08, &[])),
            ("bad-type", patched(&small, 2, &[0x0a])),
            ("bad-gzip-of-more", patched(&packed, packed.len() - 4, &[0xff; 4])),
            ("bad-gzip-cut", half(&packed)),
            ("bad-html", b"<!DOCTYPE html><title>404</title>".to_vec()),
        ],
    );
    let text = b"the same words, the same words, the same words".to_vec();
    let one = support::gzip(&text);
    let bomb = support::gzip(&vec![0; (1 << 20) + 1]);
    let with_name = [&one[..3], &[8], &one[4..10], b"a name\0", &one[10..]].concat();
    replayed::write(
        "gzip",
        &[
            ("good-plain", text.clone()),
            ("good-one-member", one.clone()),
            ("good-two-members", [&one[..], &support::gzip(b"more")].concat()),
            ("good-with-a-name", with_name),
            ("good-nothing-inside", support::gzip(b"")),
            ("good-magic-inside", support::gzip(&one)),
            ("bad-cut", half(&one)),
            ("bad-checksum", patched(&one, one.len() - 8, &[0, 0, 0, 0])),
            ("bad-length", patched(&one, one.len() - 4, &[0xff; 4])),
            ("bad-tail", [&one[..], &[0; 9]].concat()),
            ("bad-second-member-cut", [&one[..], &one[..one.len() - 9]].concat()),
            ("bad-bomb", bomb.clone()),
            ("bad-bomb-that-denies-it", patched(&bomb, bomb.len() - 4, &[1, 0, 0, 0])),
            ("bad-reserved-flag", patched(&one, 3, &[0xe0])),
            ("bad-magic-alone", vec![0x1f, 0x8b]),
        ],
    );
}

#[test]
#[ignore = "writes fuzz/corpus anew"]
fn the_corpora_of_mat_and_alphadigits_are_written() {
    let mixed = Values::Cell(vec![
        support::text("", "ab"),
        Array::new("", &[1, 3], Values::Logical(vec![true, false, true])),
        Array::new("", &[0, 0], Values::F64(vec![])),
    ]);
    let mixed = [
        Array::new("mixed", &[3, 1], mixed),
        Array::new("x", &[2, 1, 1], Values::I16(vec![-1, 300])),
        Array::new("nan", &[1, 2], Values::F32(vec![f32::NAN, 1.5])),
    ];
    let little = write(&mixed, Order::Little, Packing::Plain);
    let packed = write(&mixed, Order::Little, Packing::Compressed);
    let nested = |depth: usize| {
        let wrap = |array: Array, _: usize| Array::new("", &[1, 1], Values::Cell(vec![array]));
        Array { name: "deep".to_owned(), ..(0..depth).fold(support::number(1.0), wrap) }
    };
    let plain = support::mat_bytes(&[Array::new("x", &[1, 2], Values::F64(vec![1.0, 2.0]))]);
    // Header of the file, tag of the matrix, flags with their tag, tag of the dimensions.
    let dims = 128 + 8 + 16 + 8;
    replayed::write(
        "mat",
        &[
            ("good-little", little.clone()),
            ("good-big-compressed", write(&mixed, Order::Big, Packing::Compressed)),
            ("good-one", plain.clone()),
            ("good-nested", support::mat_bytes(&[nested(8)])),
            ("bad-cut", half(&little)),
            ("bad-compressed-cut", half(&packed)),
            ("bad-nested-too-deep", support::mat_bytes(&[nested(30)])),
            ("bad-2-to-the-62", patched(&plain, dims, &[0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0x7f])),
            ("bad-2-to-the-64", patched(&plain, dims, &[0xff; 8])),
            ("bad-length", patched(&plain, 132, &[0xff; 4])),
            ("bad-order", patched(&plain, 126, b"XX")),
            ("bad-checksum", patched(&packed, packed.len() - 4, &[0; 4])),
            ("bad-hdf5", [b"MATLAB 7.3 MAT-file".to_vec(), vec![b' '; 105], vec![0, 2, b'I', b'M']].concat()),
        ],
    );
    let sound = support::small_alphadigits();
    let with = |k: usize, array: Array| {
        let mut variables = sound.clone();
        variables[k] = array;
        support::mat_bytes(&variables)
    };
    let image = |value: u8| Array::new("", &[3, 2], Values::U8(vec![value, 0, 1, 0, 1, 0]));
    let dat = |cells: Vec<Array>| Array::new("dat", &[2, 3], Values::Cell(cells));
    let ragged = vec![support::number(3.0), support::number(2.0)];
    let small = Array::new("", &[1, 2], Values::U8(vec![0, 1]));
    let huge = Array::new("numclasses", &[1, 1], Values::F64(vec![9.3e18]));
    replayed::write(
        "alphadigits",
        &[
            ("good-little", support::mat_bytes(&sound)),
            ("good-big-compressed", write(&sound, Order::Big, Packing::Compressed)),
            ("bad-cut", half(&support::mat_bytes(&sound))),
            ("bad-no-counts", support::mat_bytes(&sound[..3])),
            ("bad-grey", with(0, dat(vec![image(2); 6]))),
            ("bad-other-size", with(0, dat([vec![image(1); 5], vec![small]].concat()))),
            ("bad-2-to-the-63-classes", with(1, huge)),
            ("bad-ragged", with(3, Array::new("classcounts", &[1, 2], Values::Cell(ragged)))),
            (
                "bad-label-twice",
                with(2, {
                    let twice = vec![support::text("", "A"), support::text("", "A")];
                    Array::new("classlabels", &[1, 2], Values::Cell(twice))
                }),
            ),
        ],
    );
}
