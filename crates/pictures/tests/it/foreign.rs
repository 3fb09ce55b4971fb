//! JPEG, WebP, and pictures as cameras and other programs leave them.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use pictures::{Depth, Format, Layout, MAX_PIXELS, Picture};

use crate::support::{Head, chunk, stored};

/// A smooth picture of some colours.
fn smooth(width: usize, height: usize, layout: Layout) -> Picture {
    let at = |k: usize| {
        let (pixel, channel) = (k / layout.channels(), k % layout.channels());
        let (x, y) = (pixel % width, pixel / width);
        match channel {
            0 => 40 + 150 * x / width,
            1 => 60 + 120 * y / height,
            _ => 200 - 100 * (x + y) / (width + height),
        }
    };
    let samples = (0..width * height * layout.channels()).map(|k| at(k) as u8).collect();
    Picture::new(width, height, layout, Depth::Eight, samples)
}

/// Exif data that hold an orientation, after another entry, in either order of bytes.
fn exif(orientation: u16, big: bool) -> Vec<u8> {
    let two = |n: u16| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    let four = |n: u32| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    let entry = |tag: u16, value: u16| [&two(tag)[..], &two(3), &four(1), &two(value), &[0, 0]].concat();
    let order: &[u8] = if big { b"MM\0*" } else { b"II*\0" };
    [order, &four(8), &two(2), &entry(0x0100, 9), &entry(0x0112, orientation), &four(0)].concat()
}

fn jpeg(picture: &Picture, with: impl Fn(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, 100);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    with(&mut encoder);
    let kind = if picture.layout() == Layout::Grey { ColorType::Luma } else { ColorType::Rgb };
    encoder.encode(picture.samples(), picture.width() as u16, picture.height() as u16, kind).unwrap();
    out
}

fn apart(a: &Picture, b: &Picture) -> u8 {
    assert_eq!((a.width(), a.height(), a.layout()), (b.width(), b.height(), b.layout()));
    a.samples().iter().zip(b.samples()).map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

#[test]
fn a_jpeg_is_read_grey_or_coloured_baseline_or_progressive() {
    for layout in [Layout::Grey, Layout::Rgb] {
        for (width, height) in [(1, 1), (7, 5), (64, 48), (33, 70)] {
            for progressive in [false, true] {
                let picture = smooth(width, height, layout);
                let read = Picture::from_bytes(&jpeg(&picture, |e| e.set_progressive(progressive))).unwrap();
                // Coefficients are rounded to whole numbers; of blue differences, colours take 1.8 times that.
                let off = apart(&read.picture, &picture);
                assert!(off <= 6, "{width} × {height}, progressive: {progressive}: {off}");
                assert!(read.notes.is_empty(), "{:?}", read.notes);
            }
        }
    }
}

#[test]
fn a_picture_is_turned_as_the_camera_was_held() {
    let upright = smooth(24, 16, Layout::Rgb);
    for orientation in 1..=8u8 {
        // How it is stored: by the orientation that undoes it.
        let inverse = match orientation {
            6 => 8,
            8 => 6,
            same => same,
        };
        let lying = upright.clone().upright(inverse);
        assert_eq!(lying.clone().upright(orientation), upright);
        for big in [false, true] {
            let exif = exif(orientation.into(), big);
            let of_camera = [&b"Exif\0\0"[..], &exif].concat();
            let photo = jpeg(&lying, |encoder| encoder.add_app_segment(1, of_camera.clone()).unwrap());
            let read = Picture::from_bytes(&photo).unwrap();
            assert!(apart(&read.picture, &upright) <= 3, "{orientation}");
            assert_eq!(read.notes.len(), usize::from(orientation > 1), "{:?}", read.notes);
            let mut plain = lying.encode();
            let end = plain.len() - 12;
            plain.splice(end..end, chunk(b"eXIf", &exif));
            let read = Picture::from_bytes(&plain).unwrap();
            assert_eq!(read.picture, upright, "{orientation}");
        }
    }
    // By hand: what is stored on the left comes to the top when it is turned clockwise.
    let row = Picture::new(2, 1, Layout::Grey, Depth::Eight, vec![10, 20]);
    assert_eq!(row.clone().upright(6), Picture::new(1, 2, Layout::Grey, Depth::Eight, vec![10, 20]));
    assert_eq!(row.clone().upright(8), Picture::new(1, 2, Layout::Grey, Depth::Eight, vec![20, 10]));
    assert_eq!(row.upright(2).samples(), [20, 10]);
}

#[test]
fn exif_data_that_make_no_sense_turn_nothing() {
    let picture = smooth(9, 6, Layout::Rgb);
    let sound = exif(6, false);
    let broken = (0..sound.len()).map(|length| sound[..length].to_vec());
    let others = [exif(0, true), exif(9, false), exif(600, true), vec![0xff; 40]];
    for exif in broken.chain(others) {
        let mut file = picture.encode();
        let end = file.len() - 12;
        file.splice(end..end, chunk(b"eXIf", &exif));
        let read = Picture::from_bytes(&file).unwrap();
        assert!(read.picture == picture || exif.len() >= sound.len() - 6, "{exif:?}");
    }
}

#[test]
fn a_webp_is_read_with_its_alpha() {
    for (layout, kind) in
        [(Layout::Rgb, image_webp::ColorType::Rgb8), (Layout::Rgba, image_webp::ColorType::Rgba8)]
    {
        let picture = smooth(31, 17, layout);
        let mut file = Vec::new();
        image_webp::WebPEncoder::new(&mut file).encode(picture.samples(), 31, 17, kind).unwrap();
        let read = Picture::from_bytes(&file).unwrap();
        assert_eq!(read.picture, picture);
        for length in 0..file.len() - 2 {
            assert!(Picture::from_bytes(&file[..length]).is_err(), "cut at {length} of {}", file.len());
        }
    }
}

/// Of one colour and lossless, a WebP has the same bytes for any size: only the header is longer or shorter.
#[test]
fn a_webp_that_announces_more_than_it_can_hold_is_refused() {
    let white = Picture::new(16, 16, Layout::Rgb, Depth::Eight, vec![255; 3 * 256]);
    let mut file = Vec::new();
    image_webp::WebPEncoder::new(&mut file)
        .encode(white.samples(), 16, 16, image_webp::ColorType::Rgb8)
        .unwrap();
    assert!(Picture::from_bytes(&file).is_ok());
    // Width and height less one, 14 bits each, behind the mark of a lossless picture.
    let place = file.windows(4).position(|w| w == b"VP8L").unwrap() + 9;
    for (width, height, word) in [
        (16_383u32, 16_383u32, format!("expected at most {MAX_PIXELS}")),
        (8192, 8192, "can hold them".into()),
        (16_000, 1024, "can hold them".into()),
        (16_384, 16_384, "a side of 0 or of 16384 pixels".into()),
    ] {
        let mut large = file.clone();
        let old = u32::from_le_bytes(*large[place..].first_chunk().unwrap());
        let sizes = (width - 1) | (height - 1) << 14 | old & 0xf000_0000;
        large[place..place + 4].copy_from_slice(&sizes.to_le_bytes());
        let error = Picture::from_bytes(&large).unwrap_err().to_string();
        assert!(error.contains(&word) && error.contains(&width.to_string()), "{error}");
    }
}

#[test]
fn a_jpeg_that_breaks_off_or_announces_too_much_is_refused() {
    let file = jpeg(&smooth(64, 48, Layout::Rgb), |_| {});
    for length in 3..file.len() - 1 {
        assert!(Picture::from_bytes(&file[..length]).is_err(), "cut at {length} of {}", file.len());
    }
    // Height and width stand after the mark of the frame, its length and its precision.
    let frame = file.windows(2).position(|w| w == [0xff, 0xc0]).unwrap() + 5;
    for (height, width, word) in [
        (65_000u16, 65_000u16, format!("expected at most {MAX_PIXELS}")),
        (8000, 8000, "can hold them".into()),
    ] {
        let mut large = file.clone();
        large[frame..frame + 2].copy_from_slice(&height.to_be_bytes());
        large[frame + 2..frame + 4].copy_from_slice(&width.to_be_bytes());
        let error = Picture::from_bytes(&large).unwrap_err().to_string();
        assert!(error.contains(&word), "{error}");
    }
}

#[test]
fn damaged_bytes_of_other_formats_are_read_or_refused() {
    let picture = smooth(20, 20, Layout::Rgb);
    let mut webp = Vec::new();
    let kind = image_webp::ColorType::Rgb8;
    image_webp::WebPEncoder::new(&mut webp).encode(picture.samples(), 20, 20, kind).unwrap();
    for file in [jpeg(&picture, |_| {}), jpeg(&picture, |e| e.set_progressive(true)), webp] {
        for place in 0..file.len() {
            for value in [0, 1, 0x7f, 0xff, file[place] ^ 0x10] {
                let mut damaged = file.clone();
                damaged[place] = value;
                let _ = Picture::from_bytes(&damaged);
            }
        }
    }
}

#[test]
fn what_is_damaged_and_not_seen_is_left_out_with_a_note() {
    let picture = smooth(12, 9, Layout::Rgb);
    let sound = picture.encode();
    for kind in [b"tEXt", b"tIME", b"pHYs", b"iCCP", b"gAMA", b"eXIf"] {
        let mut damaged = chunk(kind, b"some words of it");
        *damaged.last_mut().unwrap() ^= 1;
        // Behind the header.
        let file = [&sound[..33], &damaged, &sound[33..]].concat();
        assert!(Picture::decode(&file).is_err(), "decoding stays strict");
        let read = Picture::from_bytes(&file).unwrap();
        assert_eq!(read.picture, picture);
        let name = std::str::from_utf8(kind).unwrap();
        assert!(read.notes.len() == 1 && read.notes[0].contains(name), "{:?}", read.notes);
    }
    // What is seen is as strict as before.
    for place in [29, sound.len() - 20] {
        let mut damaged = sound.clone();
        damaged[place] ^= 1;
        assert!(Picture::from_bytes(&damaged).is_err(), "{place}");
    }
    // Three transparencies for two colours.
    let head = Head::new(2, 1, 8, 3);
    let colours = chunk(b"PLTE", &[9, 8, 7, 6, 5, 4]);
    let file = head.file(&[colours, chunk(b"tRNS", &[1, 2, 3])], &stored(&[0, 0, 1]));
    let read = Picture::from_bytes(&file).unwrap();
    assert_eq!(read.picture.samples(), [9, 8, 7, 1, 6, 5, 4, 2]);
    assert!(read.notes[0].contains("3 transparencies for 2 colours"), "{:?}", read.notes);
}

#[test]
fn formats_that_are_not_read_are_named_with_those_that_are() {
    for (bytes, name) in [
        (&b"\0\0\0\x18ftypheix\0\0\0\0"[..], "an HEIF or AVIF"),
        (b"\xff\x0a\x10\x20", "a JPEG XL"),
        (b"\0\0\0\x0cJXL \x0d\x0a\x87\x0a", "a JPEG XL"),
        (b"8BPS\0\x01", "a Photoshop file"),
        (b"GIF89a\x01\0", "a GIF"),
        (b"<!DOCTYPE html>", "a web page"),
    ] {
        let error = Picture::from_bytes(bytes).unwrap_err().to_string();
        assert_eq!(error, format!("expected a PNG, a JPEG or a WebP, found {name}"));
    }
    let sound = smooth(3, 3, Layout::Rgba).encode();
    let file = [&sound[..8], &chunk(b"CgBI", &[0x50, 0, 0x20, 2]), &sound[8..]].concat();
    assert!(Picture::from_bytes(&file).unwrap_err().to_string().contains("CgBI"));
}

#[test]
fn a_jpeg_is_written_and_says_what_it_does_not_hold() {
    for (layout, depth, notes) in [
        (Layout::Rgb, Depth::Eight, 0),
        (Layout::Grey, Depth::Eight, 0),
        (Layout::Rgba, Depth::Eight, 1),
        (Layout::GreyAlpha, Depth::Sixteen, 2),
    ] {
        let flat = smooth(40, 30, layout);
        let samples: Vec<u8> = match depth {
            Depth::Eight => flat.samples().to_vec(),
            Depth::Sixteen => flat.samples().iter().flat_map(|s| [*s, 77]).collect(),
        };
        let picture = Picture::new(40, 30, layout, depth, samples);
        let (bytes, said) = picture.encode_as(Format::Jpeg).unwrap();
        assert_eq!((said.len(), &bytes), (notes, &picture.encode_as(Format::Jpeg).unwrap().0));
        let back = Picture::from_bytes(&bytes).unwrap().picture;
        assert_eq!(back.layout(), if layout.has_colour() { Layout::Rgb } else { Layout::Grey });
        let expected = smooth(40, 30, layout);
        for (k, pixel) in back.samples().chunks(back.layout().channels()).enumerate() {
            for (found, wanted) in pixel.iter().zip(&expected.samples()[k * layout.channels()..]) {
                assert!(found.abs_diff(*wanted) <= 12, "pixel {k}: {found} for {wanted}");
            }
        }
    }
    assert_eq!(
        smooth(3, 3, Layout::Rgba).encode_as(Format::Png).unwrap().0,
        smooth(3, 3, Layout::Rgba).encode()
    );
    assert!(smooth(65_536, 1, Layout::Grey).encode_as(Format::Jpeg).is_err());
    assert_eq!(
        ["JPG", "jpeg", "png", "gif"].map(Format::of_extension).map(|f| f.is_some()),
        [true, true, true, false]
    );
}
