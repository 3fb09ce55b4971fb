//! Bytes that are no pictures: always an error that says what is wrong, never a panic, nothing large allocated.

use pictures::{MAX_PIXELS, Picture, PictureError};
use proptest::prelude::*;

use crate::support::{Head, chunk, scramble, stored, zeros};

fn error(bytes: &[u8]) -> String {
    Picture::decode(bytes).unwrap_err().to_string()
}

/// Small files of several kinds, palette and transparency among them.
fn samples() -> Vec<Vec<u8>> {
    let pixel = |x: usize, y: usize| scramble((x * 7 + y) as u64);
    let plte = chunk(b"PLTE", &[10; 12]);
    vec![
        Head::new(3, 2, 8, 2).picture(&[], pixel),
        Head::new(5, 3, 2, 3).picture(&[plte, chunk(b"tRNS", &[1, 2])], pixel),
        Head { interlaced: true, ..Head::new(5, 5, 16, 6) }.picture(&[], pixel),
        Picture::decode(&Head::new(9, 4, 8, 4).picture(&[], pixel)).unwrap().encode(),
    ]
}

#[test]
fn a_file_that_breaks_off_anywhere_says_so() {
    for file in samples() {
        for length in 1..file.len() {
            let found = Picture::decode(&file[..length]).unwrap_err();
            let short = matches!(found, PictureError::Truncated { bytes } if bytes == length);
            assert!(short, "{length} of {}: {found}", file.len());
        }
        assert!(Picture::decode(&file).is_ok());
    }
}

#[test]
fn every_flipped_bit_is_noticed() {
    for file in samples() {
        for bit in 0..8 * file.len() {
            let mut damaged = file.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(Picture::decode(&damaged).is_err(), "bit {bit} of {} bytes", file.len());
        }
    }
}

#[test]
fn other_formats_are_named() {
    let cases: [(&[u8], &str); 12] = [
        (b"", "an empty file"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG"),
        (b"GIF89a\x01\0\x01\0", "a GIF"),
        (b"GIF87a\x01\0\x01\0", "a GIF"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "a WebP"),
        (b"BM\x46\0\0\0", "a BMP"),
        (b"II*\0\x08\0\0\0", "a TIFF"),
        (b"MM\0*\0\0\0\x08", "a TIFF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "an HEIF or AVIF"),
        (b"\x89PNG\n\x1a\n\0", "a PNG whose line ends were changed on the way"),
        (b"<svg xmlns", "a file that begins with \"<svg xml\""),
        (b"\0\x01\x02", "a file that begins with \"\\x00\\x01\\x02\""),
    ];
    for (bytes, name) in cases {
        assert_eq!(error(bytes), format!("expected a PNG, found {name}"));
    }
}

#[test]
fn impossible_headers_are_refused_before_anything_of_their_size_is_allocated() {
    let huge = u32::MAX;
    let cases = [
        (Head::new(40_000, 40_000, 8, 2), "announces 40000 × 40000 pixels: expected at most 67108864"),
        (Head::new(i32::MAX as u32, i32::MAX as u32, 16, 6), "expected at most 67108864 in all"),
        (Head::new(8192, 8192, 16, 6), "8192 × 8192 pixels: expected a file that can hold them, found"),
        (Head::new(1, MAX_PIXELS as u32, 1, 0), "expected a file that can hold them"),
        (Head::new(MAX_PIXELS as u32, 1, 16, 6), "expected a file that can hold them"),
        (Head::new(0, 5, 8, 2), "byte 16: width: expected 1 to 2147483647, found 0"),
        (Head::new(5, 0, 8, 2), "byte 20: height: expected 1 to 2147483647, found 0"),
        (Head::new(huge, 1, 8, 0), "byte 16: width: expected 1 to 2147483647, found 4294967295"),
        (Head::new(1, huge, 8, 0), "byte 20: height"),
        (Head::new(5, 5, 3, 0), "byte 24: bit depth: expected 1, 2, 4, 8 or 16 bits of grey, found 3"),
        (Head::new(5, 5, 0, 6), "byte 24: bit depth: expected 8 or 16 bits of a sample, found 0"),
        (Head::new(5, 5, 16, 3), "byte 24: bit depth: expected 1, 2, 4 or 8"),
        (Head::new(5, 5, 4, 2), "byte 24: bit depth"),
        (Head::new(5, 5, 8, 1), "byte 25: colour type: expected 0, 2, 3, 4 or 6, found 1"),
        (Head::new(5, 5, 8, 7), "byte 25: colour type"),
    ];
    for (head, part) in cases {
        let found = error(&head.file(&[], &stored(&[0; 16])));
        assert!(found.contains(part), "{found}: expected {part}");
    }
    let mut first = Head::new(5, 5, 8, 2).file(&[], &[]);
    first[12..16].copy_from_slice(b"IDAT");
    assert!(
        error(&first).contains("byte 8: first chunk: expected a header of 13 bytes"),
        "{}",
        error(&first)
    );
}

#[test]
fn wrong_check_sums_are_named() {
    let file = Head::new(3, 2, 8, 2).picture(&[], |x, _| x as u64);
    let mut header = file.clone();
    header[30] ^= 1;
    assert!(error(&header).contains("CRC") && error(&header).ends_with("IHDR chunk"), "{}", error(&header));
    let mut data = file.clone();
    let at = file.len() - 12 - 1;
    data[at] ^= 1;
    assert!(error(&data).contains("CRC"), "{}", error(&data));
    // Chunk sums right, the sum inside the compressed data wrong.
    let mut zlib = stored(&[0, 1, 2, 3]);
    *zlib.last_mut().unwrap() ^= 1;
    assert!(Picture::decode(&Head::new(1, 1, 8, 2).file(&[], &zlib)).is_err());
}

#[test]
fn bad_palettes_are_refused() {
    let head = Head::new(2, 1, 8, 3);
    let with = |chunks: &[Vec<u8>]| error(&head.picture(chunks, |x, _| 3 * x as u64));
    let two = chunk(b"PLTE", &[1, 2, 3, 4, 5, 6]);
    assert_eq!(
        with(std::slice::from_ref(&two)),
        "pixel 1 has colour 3: expected one of the 2 of the palette"
    );
    for bad in [chunk(b"PLTE", &[]), chunk(b"PLTE", &[1, 2, 3, 4]), chunk(b"PLTE", &[0; 771])] {
        let found = with(&[bad]);
        assert!(found.contains("palette") || found.ends_with("PLTE"), "{found}");
    }
    assert!(!with(&[]).is_empty());
    assert!(!with(&[two.clone(), two.clone()]).is_empty());
    assert!(!with(&[two, chunk(b"tRNS", &[1, 2, 3])]).is_empty());
}

#[test]
fn data_that_inflate_to_less_than_the_picture_are_an_error() {
    for head in [Head::new(4, 4, 8, 2), Head { interlaced: true, ..Head::new(4, 4, 8, 2) }] {
        for length in [0, 1, 13, 38] {
            assert!(!error(&head.file(&[], &stored(&vec![0; length]))).is_empty(), "{length}");
        }
        assert!(!error(&head.file(&[], b"no zlib stream")).is_empty());
        assert!(!error(&head.file(&[], &[])).is_empty());
        let bad_filter = stored(&[9; 4 * 13]);
        assert!(!error(&head.file(&[], &bad_filter)).is_empty());
    }
}

#[test]
fn data_that_inflate_to_far_more_than_the_picture_do_no_harm() {
    // Ten megabytes behind a picture of one pixel: an error or the pixel, not ten megabytes.
    let bomb = Head::new(1, 1, 8, 0).file(&[], &zeros(40_000));
    if let Ok(picture) = Picture::decode(&bomb) {
        assert_eq!(picture.samples(), [0]);
    }
    // The same stream is fine where the picture is that large.
    let (width, height) = (2579, 4000);
    let file = Head::new(width, height, 8, 0).file(&[], &zeros(40_000));
    assert_eq!(1 + 258 * 40_000, 10_320_001);
    assert!(u64::from(width + 1) * u64::from(height) <= 10_320_001);
    let picture = Picture::decode(&file).unwrap();
    assert!(picture.samples().iter().all(|sample| *sample == 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn noise_behind_a_header_never_panics(
        width in 1u32..40, height in 1u32..40, bits in 0u8..17, kind in 0u8..7, interlaced in any::<bool>(),
        data in prop::collection::vec(any::<u8>(), 0..200), raw in any::<bool>(),
    ) {
        let head = Head { width, height, bits, kind, interlaced };
        let zlib = if raw { data.clone() } else { stored(&data) };
        let _ = Picture::decode(&head.file(&[chunk(b"PLTE", &data)], &zlib));
        let _ = Picture::decode(&[b"\x89PNG\r\n\x1a\n".to_vec(), head.chunk(), data].concat());
    }
}
