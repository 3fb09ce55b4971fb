//! Hostile IDX files.

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::build::{Make, bomb, case, gzip, idx_header, patched};
use crate::{ALLOWED_FOR_A_BOMB, Case, Reader};

/// A gzipped file of bytes in these dimensions, which holds 512 MiB.
fn gzip_bomb(what: &'static str, reader: Reader, word: &'static str, dims: &'static [u32]) -> Make {
    Box::new(move || {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        bomb(&mut encoder, &idx_header(8, dims));
        let bytes = encoder.finish().unwrap();
        Case { what, reader, word, bytes, allowed: ALLOWED_FOR_A_BOMB }
    })
}

/// The same, with the length at the end of the gzip stream changed to what the dimensions announce.
fn forged_gzip_bomb(what: &'static str, reader: Reader, word: &'static str, dims: &'static [u32]) -> Make {
    let honest = gzip_bomb(what, reader, word, dims);
    Box::new(move || {
        let case = honest();
        let end = case.bytes.len();
        let announced = 4 + 4 * dims.len() as u32 + dims.iter().product::<u32>();
        Case { bytes: patched(case.bytes, end - 4, &announced.to_le_bytes()), ..case }
    })
}

fn bombs() -> Vec<Make> {
    let (idx, whole) = (Reader::Idx, Reader::Gzip);
    let (images, labels) = (Reader::MnistImages, Reader::MnistLabels);
    vec![
        gzip_bomb("gzip bomb that says so", idx, "at most 67108864", &[512 << 20]),
        gzip_bomb("gzip bomb that says 64 MiB", idx, "inflated length", &[64 << 20]),
        gzip_bomb("gzip bomb that says 4 bytes", idx, "inflated length", &[4]),
        forged_gzip_bomb("gzip bomb that says 60 MiB twice", idx, "found more content", &[60 << 20]),
        forged_gzip_bomb("gzip bomb that says 4 bytes twice", idx, "more elements than announced", &[4]),
        forged_gzip_bomb("gzip bomb of 60 000 images", images, "found more content", &[60_000, 28, 28]),
        forged_gzip_bomb("gzip bomb of no image", images, "n × 28 × 28", &[60 << 20]),
        forged_gzip_bomb("gzip bomb of 60 million labels", labels, "2 labels", &[60 << 20]),
        gzip_bomb("whole gzip bomb that says so", whole, "at most 62914560 bytes of content", &[4]),
        forged_gzip_bomb("whole gzip bomb that says 47 MB", whole, "the 47040016 bytes", &[60_000, 28, 28]),
        forged_gzip_bomb("whole gzip bomb that says 12 bytes", whole, "the 12 bytes", &[4]),
    ]
}

pub fn cases() -> Vec<Make> {
    let idx = |what, word, bytes| case(what, Reader::Idx, word, bytes);
    let header = idx_header;
    let sound = [header(8, &[4]), vec![1, 2, 3, 4]].concat();
    let packed = gzip(&sound);
    let end = packed.len();
    let others = vec![
        idx("no byte at all", "end of the file", vec![]),
        idx("not IDX", "begins with 00 00", b"\x89PNG\r\n\x1a\n".to_vec()),
        idx("text", "begins with 00 00", b"<!DOCTYPE html><html>".to_vec()),
        idx("unknown type", "element type", header(0x0a, &[1])),
        idx("no dimension", "at least one dimension", header(8, &[])),
        idx("255 dimensions, none there", "dimension of four bytes", vec![0, 0, 8, 255]),
        idx("255 dimensions of 2³²−1", "at most 67108864", header(8, &[u32::MAX; 255])),
        idx("65536³ elements", "at most 67108864", header(8, &[65536; 3])),
        idx("a product that overflows to 0", "at most 67108864", header(0x0e, &[1 << 31, 1 << 31, 1 << 31])),
        idx("2³²−1 doubles", "at most 67108864", header(0x0e, &[u32::MAX])),
        idx("60 000 images, none there", "47040000 bytes", header(8, &[60_000, 28, 28])),
        idx("dimensions hidden by a 0", "end of the elements", [header(8, &[0, u32::MAX]), vec![1]].concat()),
        idx("trailing byte", "1 more bytes", [sound.clone(), vec![5]].concat()),
        idx("last byte missing", "4 bytes", sound[..sound.len() - 1].to_vec()),
        idx("half a double", "8 bytes", [header(0x0e, &[1]), vec![0; 4]].concat()),
        idx("64 MiB announced in 40 bytes", "compressed ones", gzip(&header(8, &[64 << 20]))),
        idx("gzip that stops", "cut short", packed[..end - 9].to_vec()),
        idx("gzip without its checksum", "cut short", packed[..end - 8].to_vec()),
        idx("gzip with half its checksum", "cut short", packed[..end - 4].to_vec()),
        idx("gzip with a wrong checksum", "gzip", patched(packed.clone(), end - 8, &[0xde, 0xad])),
        idx("gzip with a wrong length", "inflated length", patched(packed.clone(), end - 4, &[0xff])),
        idx("gzip with a wrong method", "gzip", patched(packed.clone(), 2, &[9])),
        idx("bytes after the gzip member", "cut short", [packed.clone(), vec![0; 3]].concat()),
        idx(
            "the file twice in two members",
            "length of 12, found 24",
            [packed.clone(), packed.clone()].concat(),
        ),
        idx("a second member cut short", "cut short", [&packed[..], &packed[..end - 9]].concat()),
        idx("bytes after two members", "cut short", [packed.clone(), gzip(&[]), vec![7; 3]].concat()),
        idx("gzip of nothing", "end of the file", gzip(&[])),
        idx("gzip of gzip", "begins with 00 00", gzip(&packed)),
        idx("gzip with a trailing byte inside", "length of 12, found 13", gzip(&[sound, vec![0]].concat())),
    ];
    others.into_iter().chain(bombs()).collect()
}
