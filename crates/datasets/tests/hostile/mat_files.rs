//! Hostile MAT-files.

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::build::{Make, bomb, case, element, file, matrix, patched, sound_mat, zlib};
use crate::{ALLOWED_FOR_A_BOMB, Case, Reader};

const DOUBLE: u32 = 6;
const CELL: u32 = 1;

/// `depth` cells in one another around an empty matrix, written from the outside in.
fn nested(depth: usize) -> Vec<u8> {
    let layer = matrix(CELL, &[1, 1], "x", &[]);
    let mut bytes = Vec::with_capacity((depth + 1) * layer.len());
    for inside in (0..depth).rev() {
        let length = layer.len() - 8 + inside * layer.len() + 8;
        bytes.extend(14_u32.to_le_bytes());
        bytes.extend((length as u32).to_le_bytes());
        bytes.extend(&layer[8..]);
    }
    bytes.extend(element(14, &[]));
    bytes
}

/// A compressed variable whose stream begins with `start` and goes on with 512 MiB of zeros.
fn zlib_bomb(what: &'static str, word: &'static str, start: Vec<u8>) -> Make {
    Box::new(move || {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        bomb(&mut encoder, &start);
        let bytes = file(&element(15, &encoder.finish().unwrap()));
        Case { what, reader: Reader::Mat, word, bytes, allowed: ALLOWED_FOR_A_BOMB }
    })
}

pub fn cases() -> Vec<Make> {
    let mat = |what, word, bytes| case(what, Reader::Mat, word, bytes);
    let of = |class: u32, dims: &[i32], rest: &[u8]| file(&matrix(class, dims, "x", rest));
    let one = element(9, &1.5_f64.to_le_bytes());
    let sound = sound_mat();
    let with_tag = |kind: u32, length: u32| file(&[kind.to_le_bytes(), length.to_le_bytes()].concat());
    let stream = zlib(&matrix(DOUBLE, &[1, 1], "x", &one));
    let tag = |length: u32| [14_u32.to_le_bytes(), length.to_le_bytes()].concat();
    // A sound matrix of 2²² doubles that are stored as bytes.
    let spread = 1_i32 << 22;
    let mut spreading = tag(8 * 7 + (1 << 22));
    spreading.extend(&matrix(DOUBLE, &[spread, 1], "x", &[])[8..]);
    spreading.extend([2_u32.to_le_bytes(), (spread as u32).to_le_bytes()].concat());
    spreading.resize(spreading.len() + (1 << 22), 0);
    // A sound matrix of 2¹⁸ bytes that are stored as 64-bit integers.
    let shrinking = matrix(9, &[1 << 18, 1], "x", &element(12, &[0; 8 << 18]));
    vec![
        mat("no byte at all", "header of 128 bytes", vec![]),
        mat("127 bytes", "header of 128 bytes", sound[..127].to_vec()),
        mat("a header and nothing else", "at least one variable", file(&[])),
        mat("wrong byte order mark", "IM or MI", patched(sound.clone(), 126, b"XX")),
        mat("wrong version", "version 0x0100", patched(sound.clone(), 124, &[0, 2])),
        mat("byte order mark of the other order", "version", patched(sound.clone(), 126, b"MI")),
        mat("level 4", "level 4", vec![0; 4096]),
        mat("HDF5", "7.3 (HDF5)", b"\x89HDF\r\n\x1a\n".repeat(40)),
        mat("7.3", "7.3 (HDF5)", b"MATLAB 7.3 MAT-file, Platform: GLNXA64".repeat(8)),
        mat("half a tag", "second half of a tag", file(&[14, 0, 0, 0])),
        mat("an element of 4 GiB", "fits in 0 bytes", with_tag(14, u32::MAX)),
        mat("a compressed element of 2 GiB", "fits in 0 bytes", with_tag(15, 1 << 31)),
        mat("an unknown element", "type 99", with_tag(99, 0)),
        mat("numbers that are no variable", "type 9", file(&one)),
        mat("a small element of 5 bytes", "at most 4 bytes", file(&[14, 0, 5, 0, 0, 0, 0, 0])),
        mat("an empty variable", "tag of an element", file(&element(14, &[]))),
        mat("trailing bytes", "tag of an element", [sound.clone(), vec![1, 2, 3]].concat()),
        mat(
            "trailing bytes in the matrix",
            "8 more bytes",
            of(DOUBLE, &[1, 1], &[one.clone(), vec![0; 8]].concat()),
        ),
        mat("(2³¹−1) × 2 cells", "at most 16777216", of(CELL, &[i32::MAX, 2], &[])),
        mat("65536³ doubles", "at most 16777216", of(DOUBLE, &[65536; 3], &[])),
        mat("a product that overflows to 0", "at most 16777216", of(DOUBLE, &[1 << 30; 32], &[])),
        mat("negative dimensions", "at least 0", of(DOUBLE, &[-1, -1], &one)),
        mat("one dimension", "2 to 32 dimensions", of(DOUBLE, &[1], &one)),
        mat("no dimension", "2 to 32 dimensions", of(DOUBLE, &[], &one)),
        mat("33 dimensions", "2 to 32 dimensions", of(DOUBLE, &[1; 33], &one)),
        mat("zero dimensions, but a value", "0 values", of(DOUBLE, &[0, 0], &one)),
        mat("16 777 216 cells, none there", "cells of at least 8 bytes", of(CELL, &[4096, 4096], &[])),
        mat("16 777 216 doubles, none there", "16777216 values", of(DOUBLE, &[4096, 4096], &one)),
        mat("20 000 nested cells", "at most 16", file(&nested(20_000))),
        mat("17 nested cells", "at most 16", file(&nested(17))),
        mat("a cell that is a number", "an element of type 14", of(CELL, &[1, 1], &one)),
        mat("a cell too few", "cells of at least", of(CELL, &[1, 2], &element(14, &[]))),
        mat("a class that does not exist", "class 200", of(200, &[1, 1], &one)),
        mat("a structure", "a structure array", of(2, &[1, 1], &[])),
        mat("a sparse array", "a sparse array", of(5, &[1, 1], &[])),
        mat("flags of 4 bytes", "array flags", file(&element(14, &element(6, &[6, 0, 0, 0])))),
        mat(
            "a name with a control character",
            "letters, digits",
            file(&matrix(DOUBLE, &[1, 1], "a\u{1b}", &one)),
        ),
        mat("a name of 5000 letters", "at most 63", file(&matrix(DOUBLE, &[1, 1], &"n".repeat(5000), &one))),
        mat("a byte of 300", "class of the array", of(9, &[1, 1], &element(4, &[44, 1]))),
        mat("a byte of 1.5", "class of the array", of(9, &[1, 1], &one)),
        mat("a truth of 2", "class of the array", of(0x209, &[1, 1], &element(2, &[2]))),
        mat("text that is not UTF-8", "UTF-16 units", of(4, &[1, 2], &element(16, &[0xff, 0xfe]))),
        mat("text beyond Unicode", "UTF-16 units", of(4, &[1, 1], &element(18, &[0xff; 4]))),
        mat("a compressed element in a matrix", "numeric type", of(DOUBLE, &[1, 1], &element(15, &[0; 8]))),
        mat("no zlib stream", "zlib stream", file(&element(15, b"not compressed at all"))),
        mat("a zlib stream that stops", "whole matrix", file(&element(15, &stream[..stream.len() - 9]))),
        mat(
            "a wrong checksum",
            "corrupt",
            file(&element(15, &patched(stream.clone(), stream.len() - 4, &[7; 4]))),
        ),
        mat(
            "bytes after the zlib stream",
            "5 more bytes",
            file(&element(15, &[stream.clone(), vec![0; 5]].concat())),
        ),
        mat(
            "a compressed compressed element",
            "14 (matrix)",
            file(&element(15, &zlib(&element(15, &stream)))),
        ),
        mat(
            "4 GiB announced in a few bytes",
            "fits the compressed",
            file(&element(15, &zlib(&tag(u32::MAX)))),
        ),
        zlib_bomb("a bomb that says so", "at most 16777216 inflated", tag(512 << 20)),
        zlib_bomb("a bomb that says 63 MiB", "at most 16777216 inflated", tag(63 << 20)),
        zlib_bomb("a bomb that says 15 MiB", "array flags", tag(15 << 20)),
        zlib_bomb("a bomb that says 8 bytes", "the end of the matrix", tag(8)),
        zlib_bomb(
            "a bomb behind a sound matrix",
            "the end of the matrix",
            matrix(DOUBLE, &[1, 1], "x", &one),
        ),
        zlib_bomb("a bomb that says 4 GiB − 1", "a length that fits", tag(u32::MAX)),
        mat(
            "4 MiB of bytes that spread out to 32 MiB of doubles",
            "bytes in memory",
            file(&element(15, &zlib(&spreading))),
        ),
        mat(
            "9 × 2 MiB of integers that are 256 KiB of bytes each",
            "at most 16777216 inflated",
            file(&element(15, &zlib(&shrinking)).repeat(9)),
        ),
    ]
}
