//! The corpus of pictures, replayed whole and damaged: see `fuzz/README.md`.

#[path = "../../../../fuzz/checks/picture.rs"]
mod picture;
#[path = "../../../../fuzz/checks/corpus.rs"]
mod replayed;

use image_webp::WebPEncoder;
use jpeg_encoder::{ColorType, Encoder};
use pictures::Picture;

use crate::support::{Head, chunk, scramble, stored};

#[test]
fn pictures_of_all_formats() {
    replayed::replay("picture", picture::check);
}

/// The decoder's words for a file that ends within a segment have a line break at their end.
#[test]
fn a_message_is_one_line_whatever_the_decoder_says() {
    for bytes in
        [&b"\xff\xd8\xff"[..], b"\xff\xd8\xff\xe0\0", b"\xff\xd8\xff\xe0\0\0", b"\xff\xd8\xff\xe0\0\x10JF"]
    {
        let message = Picture::from_bytes(bytes).unwrap_err().to_string();
        assert!(message.starts_with("a JPEG: ") && message.trim_end() == message, "{message:?}");
        assert!(!message.contains(['\n', '"', '\\']), "{message:?}");
    }
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

/// Where `part` begins in `bytes`.
fn place(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).position(|window| window == part).unwrap()
}

/// A picture of 8 × 8 pixels as a JPEG with these segments `APP1`.
fn jpeg(progressive: bool, exif: &[&[u8]]) -> Vec<u8> {
    let samples: Vec<u8> = (0..64).map(|k| 40 + 3 * k).collect();
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, 60);
    encoder.set_progressive(progressive);
    exif.iter().for_each(|exif| encoder.add_app_segment(1, exif.to_vec()).unwrap());
    encoder.encode(&samples, 8, 8, ColorType::Luma).unwrap();
    out
}

/// A WebP of these chunks.
fn webp(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (kind, data) in chunks {
        body.extend([&kind[..], &(data.len() as u32).to_le_bytes(), data, &vec![0; data.len() % 2]].concat());
    }
    [b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body].concat()
}

/// Of an extended WebP: what is in it, width and height less one.
fn extended(flags: u8, width: u32, height: u32) -> Vec<u8> {
    [&[flags, 0, 0, 0][..], &width.to_le_bytes()[..3], &height.to_le_bytes()[..3]].concat()
}

/// A key frame of VP8 in which every decision is the first: all grey.
fn lossy(width: u16, height: u16) -> Vec<u8> {
    // Shown, with a first partition of 48 bytes.
    let tag = (1u32 << 4 | 48 << 5).to_le_bytes();
    let sides = [width.to_le_bytes(), height.to_le_bytes()].concat();
    [&tag[..3], &[0x9d, 1, 0x2a], &sides, &[0; 48 + 32]].concat()
}

/// Exif data of one entry, the orientation, in a list that is said to begin at `list`.
fn exif(list: u32, orientation: u16) -> Vec<u8> {
    let entry = [[0x12, 1, 3, 0, 1, 0, 0, 0].as_slice(), &orientation.to_le_bytes(), &[0, 0]].concat();
    [b"II*\0", &list.to_le_bytes()[..], &[1, 0], &entry, &[0; 4]].concat()
}

fn pngs() -> Vec<(&'static str, Vec<u8>)> {
    let pixel = |x: usize, y: usize| scramble((x * 7 + y) as u64);
    let plte = chunk(b"PLTE", &[10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]);
    let rgb = Head::new(3, 2, 8, 2);
    let plain = rgb.picture(&[], pixel);
    let with = |exif: &[u8]| rgb.picture(&[chunk(b"eXIf", exif)], pixel);
    let mut text = chunk(b"tEXt", b"Comment\0words");
    *text.last_mut().unwrap() ^= 1;
    let mut blank = chunk(b"aa  ", b"");
    *blank.last_mut().unwrap() ^= 1;
    let mut zlib = stored(&[0, 1, 2, 3]);
    *zlib.last_mut().unwrap() ^= 1;
    let interlaced = Head { interlaced: true, ..Head::new(5, 5, 16, 6) };
    vec![
        ("good-png-grey-of-1-bit", Head::new(11, 3, 1, 0).picture(&[], pixel)),
        ("good-png-interlaced", interlaced.picture(&[], pixel)),
        ("good-png-palette", Head::new(5, 3, 2, 3).picture(&[plte.clone(), chunk(b"tRNS", &[1, 2])], pixel)),
        ("good-png-turned", with(&exif(8, 6))),
        ("good-png-exif-far-away", with(&exif(u32::MAX, 6))),
        ("good-png-exif-orientation-of-65535", with(&exif(8, u16::MAX))),
        ("good-png-comment-damaged", rgb.picture(&[text], pixel)),
        ("good-png-chunk-of-blanks-damaged", rgb.picture(&[blank], pixel)),
        ("bad-png-critical-chunk-with-a-blank", rgb.picture(&[chunk(b"VP8 ", b"")], pixel)),
        ("bad-png-first-chunk-with-a-blank", patched(&plain, 14, b"A ")),
        ("bad-png-cut", half(&plain)),
        ("bad-png-checksum-of-the-header", patched(&plain, 29, &[0; 4])),
        ("bad-png-checksum-of-the-data", patched(&plain, plain.len() - 16, &[0; 4])),
        ("bad-png-checksum-inside", Head::new(1, 1, 8, 2).file(&[], &zlib)),
        ("bad-png-2-to-the-62-pixels", Head::new(1 << 31, 1 << 31, 8, 2).file(&[], &stored(&[0; 16]))),
        ("bad-png-overstated", Head::new(8192, 8192, 16, 6).file(&[], &stored(&[0; 16]))),
        ("bad-png-no-palette", Head::new(5, 3, 2, 3).picture(&[], pixel)),
        ("bad-png-colour-beyond-the-palette", Head::new(2, 1, 8, 3).picture(&[plte], |x, _| 9 * x as u64)),
        ("bad-png-filter", Head::new(2, 2, 8, 0).file(&[], &stored(&[9; 6]))),
        ("bad-png-cgbi", [&plain[..8], &chunk(b"CgBI", &[0x50, 0, 0x20, 2]), &plain[8..]].concat()),
    ]
}

fn jpegs() -> Vec<(&'static str, Vec<u8>)> {
    let plain = jpeg(false, &[]);
    let frame = place(&plain, &[0xff, 0xc0]);
    let turned = [&b"Exif\0\0"[..], &exif(8, 6)].concat();
    let far = [&b"Exif\0\0"[..], &exif(u32::MAX, 6)].concat();
    vec![
        ("good-jpeg-baseline", plain.clone()),
        ("good-jpeg-progressive", jpeg(true, &[])),
        ("good-jpeg-turned", jpeg(false, &[&turned])),
        ("good-jpeg-exif-nonsense", jpeg(false, &[&far, b"Exif\0\0", b"Exif\0\0MM\0*\xff\xff\xff\xff"])),
        ("bad-jpeg-cut", half(&plain)),
        ("bad-jpeg-without-an-end", plain[..plain.len() - 2].to_vec()),
        ("bad-jpeg-2-to-the-32-pixels", patched(&plain, frame + 5, &[0xff; 4])),
        ("bad-jpeg-overstated", patched(&plain, frame + 5, &[0x20, 0, 0x20, 0])),
        ("bad-jpeg-of-no-width", patched(&plain, frame + 7, &[0, 0])),
        ("bad-jpeg-arithmetic", patched(&plain, frame + 1, &[0xc9])),
        ("bad-jpeg-segment-of-no-length", b"\xff\xd8\xff\xe0\0\0\xff\xd9".to_vec()),
        ("bad-jpeg-mark-alone", b"\xff\xd8\xff".to_vec()),
    ]
}

fn webps() -> Vec<(&'static str, Vec<u8>)> {
    let samples: Vec<u8> = (0..4 * 12).map(|k| 5 * k).collect();
    let mut plain = Vec::new();
    WebPEncoder::new(&mut plain).encode(&samples, 4, 3, image_webp::ColorType::Rgba8).unwrap();
    let (lossless, grey) = (plain[20..].to_vec(), lossy(16, 9));
    let turned = webp(&[(b"VP8X", &extended(8, 15, 8)), (b"VP8 ", &grey), (b"EXIF", &exif(8, 8))]);
    // Width and height less one, 14 bits each, behind a mark.
    let sides = |sides: u32| patched(&plain, 21, &sides.to_le_bytes());
    vec![
        ("good-webp-lossless", plain.clone()),
        ("good-webp-lossy", webp(&[(b"VP8 ", &grey)])),
        ("good-webp-turned", turned),
        (
            "good-webp-exif-nonsense",
            webp(&[(b"VP8X", &extended(8, 15, 8)), (b"VP8 ", &grey), (b"EXIF", b"MM\0*\xff\xff\xff\xff")]),
        ),
        // Lossless pixels say themselves where they end.
        ("good-webp-chunk-of-2-to-the-32", patched(&plain, 16, &[0xff; 4])),
        ("bad-webp-cut", half(&plain)),
        ("bad-webp-2-to-the-28-pixels", sides(u32::MAX >> 4)),
        ("bad-webp-overstated", sides(0x1fff | 0x1fff << 14)),
        ("bad-webp-other-size-inside", webp(&[(b"VP8X", &extended(0, 99, 99)), (b"VP8L", &lossless)])),
        ("bad-webp-frame-cut", webp(&[(b"VP8 ", &grey[..20])])),
        ("bad-webp-of-no-width", webp(&[(b"VP8 ", &lossy(0, 9))])),
        ("bad-webp-without-a-picture", webp(&[(b"EXIF", &exif(8, 6))])),
    ]
}

#[test]
#[ignore = "writes fuzz/corpus anew"]
fn the_corpus_of_pictures_is_written() {
    let others = vec![
        ("bad-gif", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec()),
        ("bad-html", b"<!DOCTYPE html><title>404</title>".to_vec()),
        ("bad-escape", b"\x1b[2J\r\n\x1b]0;a\x07".to_vec()),
        ("bad-empty", Vec::new()),
    ];
    replayed::write("picture", &[pngs(), jpegs(), webps(), others].concat());
}
