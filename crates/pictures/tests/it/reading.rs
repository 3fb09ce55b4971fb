//! Every kind of PNG becomes the samples that it stands for, and comes out again as it came in.

use pictures::{Depth, Header, Layout, Picture};
use proptest::prelude::*;

use crate::support::{Head, chunk, scramble};

const LAYOUTS: [Layout; 4] = [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba];
const DEPTHS: [Depth; 2] = [Depth::Eight, Depth::Sixteen];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_picture_survives_encoding_in_every_layout_and_depth(
        width in 1usize..24, height in 1usize..24, seed in any::<u64>(), smooth in any::<bool>(),
    ) {
        for layout in LAYOUTS {
            for depth in DEPTHS {
                let bytes = width * height * layout.channels() * depth.bytes();
                // Smooth ones use the filters, noise the stored blocks.
                let sample = |k: usize| if smooth { k as u8 } else { scramble(seed ^ k as u64) as u8 };
                let picture = Picture::new(width, height, layout, depth, (0..bytes).map(sample).collect());
                let coded = picture.encode();
                prop_assert_eq!(&Picture::decode(&coded).unwrap(), &picture);
                prop_assert_eq!(coded, picture.encode());
            }
        }
    }
}

/// Pixels of a kind: all combinations of colour type and bits.
fn kinds() -> Vec<(u8, u8)> {
    let of = |kind: u8, bits: &[u8]| bits.iter().map(|b| (kind, *b)).collect::<Vec<_>>();
    [of(0, &[1, 2, 4, 8, 16]), of(2, &[8, 16]), of(3, &[1, 2, 4, 8]), of(4, &[8, 16]), of(6, &[8, 16])]
        .concat()
}

fn palette(bits: u8) -> Vec<u8> {
    let colours = 0..(1u64 << bits);
    chunk(b"PLTE", &colours.flat_map(|k| (0..3).map(move |c| scramble(3 * k + c) as u8)).collect::<Vec<_>>())
}

#[test]
fn interlaced_pictures_are_read_as_their_plain_twins() {
    for (kind, bits) in kinds() {
        for (width, height) in [(1, 1), (3, 2), (8, 8), (13, 11), (1, 9), (9, 1)] {
            let plain = Head::new(width, height, bits, kind);
            let interlaced = Head { interlaced: true, ..plain };
            let more = if kind == 3 { vec![palette(bits)] } else { vec![] };
            let pixel = |x: usize, y: usize| scramble((x * 100 + y) as u64);
            let [a, b] =
                [plain, interlaced].map(|head| Picture::decode(&head.picture(&more, pixel)).unwrap());
            assert_eq!(a, b, "colour type {kind}, {bits} bits, {width} × {height}");
            assert!(a.samples().len() as u64 <= Header::read(&plain.picture(&more, pixel)).unwrap().memory());
        }
    }
}

#[test]
fn few_bits_of_grey_span_black_to_white() {
    for bits in [1, 2, 4] {
        let most = (1 << bits) - 1;
        let file = Head::new(most as u32 + 1, 1, bits, 0).picture(&[], |x, _| x as u64);
        let picture = Picture::decode(&file).unwrap();
        assert_eq!((picture.layout(), picture.depth()), (Layout::Grey, Depth::Eight));
        let expected: Vec<u8> = (0..=most).map(|k| (k * 255 / most) as u8).collect();
        assert_eq!(picture.samples(), expected, "{bits} bits");
    }
}

#[test]
fn samples_are_those_of_the_file() {
    let wide =
        Head::new(2, 1, 16, 2).picture(&[], |x, _| if x == 0 { 0x0102_0304_0506 } else { 0xfffe_8000_0001 });
    let picture = Picture::decode(&wide).unwrap();
    assert_eq!((picture.layout(), picture.depth()), (Layout::Rgb, Depth::Sixteen));
    assert_eq!(picture.samples(), [1, 2, 3, 4, 5, 6, 255, 254, 128, 0, 0, 1]);
    let narrow = Head::new(1, 2, 8, 4).picture(&[], |_, y| if y == 0 { 0x10ff } else { 0x2000 });
    let picture = Picture::decode(&narrow).unwrap();
    assert_eq!((picture.layout(), picture.width(), picture.height()), (Layout::GreyAlpha, 1, 2));
    assert_eq!(picture.samples(), [0x10, 0xff, 0x20, 0x00]);
}

#[test]
fn palettes_become_colours_and_their_transparencies_alpha() {
    for bits in [1u8, 2, 4, 8] {
        let colours = 1usize << bits;
        let head = Head::new(5, 4, bits, 3);
        let index = |x: usize, y: usize| scramble((x + 5 * y) as u64) as usize % colours;
        let plte = palette(bits);
        let table = &plte[8..8 + 3 * colours];
        let opaque =
            Picture::decode(&head.picture(std::slice::from_ref(&plte), |x, y| index(x, y) as u64)).unwrap();
        assert_eq!((opaque.layout(), opaque.depth()), (Layout::Rgb, Depth::Eight));
        // One transparency: the other colours stay opaque.
        let more = [plte.clone(), chunk(b"tRNS", &[7])];
        let clear = Picture::decode(&head.picture(&more, |x, y| index(x, y) as u64)).unwrap();
        assert_eq!(clear.layout(), Layout::Rgba);
        for pixel in 0..20 {
            let k = index(pixel % 5, pixel / 5);
            let rgb = &table[3 * k..3 * k + 3];
            assert_eq!(&opaque.samples()[3 * pixel..3 * pixel + 3], rgb, "{bits} bits, pixel {pixel}");
            let alpha = if k == 0 { 7 } else { 255 };
            assert_eq!(clear.samples()[4 * pixel..4 * pixel + 4], [rgb[0], rgb[1], rgb[2], alpha]);
        }
    }
}

#[test]
fn a_transparent_colour_becomes_alpha() {
    let grey = Head::new(4, 1, 2, 0).picture(&[chunk(b"tRNS", &[0, 2])], |x, _| x as u64);
    let picture = Picture::decode(&grey).unwrap();
    assert_eq!(picture.layout(), Layout::GreyAlpha);
    assert_eq!(picture.samples(), [0, 255, 85, 255, 170, 0, 255, 255]);
    // Of sixteen bits all count, not the upper eight alone.
    let clear = chunk(b"tRNS", &[0, 1, 0, 2, 0, 3]);
    let rgb = Head::new(2, 1, 16, 2).picture(&[clear], |x, _| 0x0001_0002_0003 + x as u64);
    let picture = Picture::decode(&rgb).unwrap();
    assert_eq!((picture.layout(), picture.depth()), (Layout::Rgba, Depth::Sixteen));
    assert_eq!(picture.samples(), [0, 1, 0, 2, 0, 3, 0, 0, 0, 1, 0, 2, 0, 4, 255, 255]);
}

#[test]
fn other_chunks_and_bytes_after_the_end_change_nothing() {
    let head = Head::new(3, 3, 8, 2);
    let pixel = |x: usize, y: usize| scramble((x + 3 * y) as u64);
    let plain = Picture::decode(&head.picture(&[], pixel)).unwrap();
    let more = [
        chunk(b"gAMA", &45_455u32.to_be_bytes()),
        chunk(b"tEXt", b"Comment\0hello"),
        chunk(b"abCd", &[1; 9]),
    ];
    assert_eq!(Picture::decode(&head.picture(&more, pixel)).unwrap(), plain);
    let longer = [head.picture(&[], pixel), b"the end".to_vec()].concat();
    assert_eq!(Picture::decode(&longer).unwrap(), plain);
}

#[test]
fn a_header_tells_the_memory_that_a_picture_takes() {
    for (kind, bits, expected) in
        [(0, 1, 2), (0, 16, 4), (2, 8, 4), (2, 16, 8), (3, 4, 4), (4, 8, 2), (6, 16, 8)]
    {
        let more = if kind == 3 { vec![palette(bits)] } else { vec![] };
        let header = Header::read(&Head::new(7, 3, bits, kind).picture(&more, |_, _| 0)).unwrap();
        assert_eq!((header.width, header.height, header.bits), (7, 3, bits));
        assert_eq!(header.memory(), 21 * expected, "colour type {kind}, {bits} bits");
    }
}
