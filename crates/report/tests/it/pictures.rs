//! Image grids: the pixels of the PNG are the pixels that went in.

use proptest::prelude::*;
use report::{GreyImage, GridStyle, SignedScale, Tone, png_grid, png_size};

/// Width, height, bytes a pixel, pixels.
fn decode(png: &[u8]) -> (usize, usize, usize, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.bit_depth, png::BitDepth::Eight);
    (info.width as usize, info.height as usize, info.color_type.samples(), pixels)
}

fn style(tone: Tone, gap: usize) -> GridStyle {
    GridStyle { columns: 2, scale: 1, gap, tone }
}

#[test]
fn ink_is_dark_on_white_paper() {
    let image = GreyImage::new(&[0.0, 1.0, 0.5, 2.0, -1.0, 0.2], 2, 3);
    let (width, height, samples, pixels) = decode(&png_grid(&[image], &style(Tone::InkOnPaper, 0)));
    assert_eq!((width, height, samples), (3, 2, 1));
    assert_eq!(pixels, [255, 0, 127, 0, 255, 204]);
    let (_, _, _, light) = decode(&png_grid(&[image], &style(Tone::LightOnDark, 0)));
    assert_eq!(light, [0, 255, 128, 255, 0, 51]);
}

#[test]
fn signed_tones_are_symmetric_about_white() {
    let image = GreyImage::new(&[-2.0, 0.0, 2.0, 1.0], 2, 2);
    let (_, _, samples, pixels) = decode(&png_grid(&[image], &style(Tone::Signed(SignedScale::Shared), 0)));
    assert_eq!(samples, 3);
    assert_eq!(pixels[..9], [0x21, 0x66, 0xac, 255, 255, 255, 0xb2, 0x18, 0x2b]);
    let half = decode(&png_grid(&[image], &style(Tone::Signed(SignedScale::Limit(4.0)), 0))).3;
    assert_eq!(half[6..9], pixels[9..12], "2 of 4 looks like 1 of 2");
    let flat = [0.0; 4];
    let flat = png_grid(&[GreyImage::new(&flat, 2, 2)], &style(Tone::Signed(SignedScale::Each), 0));
    assert!(decode(&flat).3.iter().all(|&byte| byte == 255), "nothing but zeros is white");
}

#[test]
fn a_signed_scale_is_shared_or_each_picture_s_own() {
    let (small, large) = ([1.0f32], [10.0f32]);
    let images = [GreyImage::new(&small, 1, 1), GreyImage::new(&large, 1, 1)];
    let each = decode(&png_grid(&images, &style(Tone::Signed(SignedScale::Each), 0))).3;
    assert_eq!(each[..3], each[3..]);
    let shared = decode(&png_grid(&images, &style(Tone::Signed(SignedScale::Shared), 0))).3;
    assert_ne!(shared[..3], shared[3..]);
}

#[test]
fn the_empty_cells_of_a_ragged_row_are_white() {
    let pixel = [1.0f32];
    let images = [GreyImage::new(&pixel, 1, 1); 3];
    let (width, height, _, pixels) = decode(&png_grid(&images, &style(Tone::InkOnPaper, 1)));
    assert_eq!((width, height), (5, 5));
    let grey = 0xd8;
    #[rustfmt::skip]
    assert_eq!(pixels, [
        grey, grey, grey, grey, grey,
        grey,    0, grey,    0, grey,
        grey, grey, grey, grey, grey,
        grey,    0, grey,  255,  255,
        grey, grey, grey,  255,  255,
    ]);
}

#[test]
fn what_is_not_a_number_is_grey_and_no_picture_is_one_white_pixel() {
    let pixels = [f32::NAN, f32::INFINITY];
    let image = GreyImage::new(&pixels, 1, 2);
    assert_eq!(decode(&png_grid(&[image], &style(Tone::InkOnPaper, 0))).3, [0xd8, 0]);
    assert_eq!(decode(&png_grid(&[], &GridStyle::default())), (1, 1, 1, vec![255]));
}

#[test]
#[should_panic(expected = "a picture of 2×3 has 5 pixels")]
fn a_picture_of_the_wrong_length_is_refused() {
    GreyImage::new(&[0.0; 5], 2, 3);
}

#[test]
#[should_panic(expected = "picture 1 is 2×3, the first 3×2")]
fn pictures_of_two_sizes_are_refused() {
    let pixels = [0.0; 6];
    png_grid(&[GreyImage::new(&pixels, 3, 2), GreyImage::new(&pixels, 2, 3)], &GridStyle::default());
}

proptest! {
    #[test]
    fn every_pixel_stands_where_the_layout_says(
        (height, width, scale, gap) in (1usize..6, 1usize..6, 1usize..4, 0usize..3),
        (columns, count) in (1usize..5, 1usize..8),
        seed in any::<u32>(),
    ) {
        let value = |i: usize| ((seed as usize).wrapping_add(i * 2_654_435_761) >> 7) % 256;
        let pictures: Vec<Vec<f32>> = (0..count)
            .map(|p| (0..height * width).map(|i| value(p * 1000 + i) as f32 / 255.0).collect())
            .collect();
        let images: Vec<GreyImage<'_>> = pictures.iter().map(|p| GreyImage::new(p, height, width)).collect();
        let style = GridStyle { columns, scale, gap, tone: Tone::LightOnDark };
        let png = png_grid(&images, &style);
        let (w, h, _, pixels) = decode(&png);
        prop_assert_eq!((w, h), png_size(&images, &style));
        let columns = columns.min(count);
        for p in 0..count {
            for (y, x) in (0..height * scale).flat_map(|y| (0..width * scale).map(move |x| (y, x))) {
                let row = (p / columns) * (height * scale + gap) + gap + y;
                let column = (p % columns) * (width * scale + gap) + gap + x;
                let want = value(p * 1000 + y / scale * width + x / scale);
                prop_assert_eq!(usize::from(pixels[row * w + column]), want);
            }
        }
        prop_assert_eq!(png, png_grid(&images, &style));
    }
}
