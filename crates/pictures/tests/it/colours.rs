//! Colours in and out of the samples.

use pictures::{Depth, Layout, Picture};

#[test]
fn every_sample_comes_back_from_its_colour() {
    let samples: Vec<u8> = (0..=u16::MAX).flat_map(u16::to_be_bytes).collect();
    let sixteen = Picture::new(256, 256, Layout::Grey, Depth::Sixteen, samples);
    let eight = Picture::new(256, 1, Layout::Grey, Depth::Eight, (0..=u8::MAX).collect());
    for picture in [sixteen, eight] {
        let mut colours = vec![0.0; 3 * picture.pixels()];
        picture.rgb(0..picture.pixels(), &mut colours);
        assert_eq!((colours[0], colours[colours.len() - 1]), (0.0, 1.0));
        assert!(colours.windows(2).all(|pair| pair[0] <= pair[1]));
        let mut copy = Picture::black(picture.width(), picture.height(), picture.layout(), picture.depth());
        copy.set_rgb(0, &colours);
        assert_eq!(copy, picture);
    }
}

#[test]
fn colours_are_clamped_and_rounded_and_alpha_stays() {
    let mut picture = Picture::new(2, 1, Layout::Rgba, Depth::Eight, vec![1, 2, 3, 4, 5, 6, 7, 8]);
    picture.set_rgb(1, &[-0.5, 1.5, 0.5]);
    assert_eq!(picture.samples(), [1, 2, 3, 4, 0, 255, 128, 8]);
    picture.set_rgb(0, &[f64::NAN, f64::INFINITY, 100.4 / 255.0, 100.6 / 255.0, f64::NEG_INFINITY, 1.0]);
    assert_eq!(picture.samples(), [0, 255, 100, 4, 101, 0, 255, 8]);
    let mut colours = [0.0; 3];
    picture.rgb(0..1, &mut colours);
    assert_eq!(colours, [0.0, 1.0, 100.0 / 255.0]);
}

#[test]
fn grey_is_three_times_the_same_and_takes_the_mean() {
    let mut picture = Picture::new(1, 1, Layout::GreyAlpha, Depth::Sixteen, vec![0x12, 0x34, 0x56, 0x78]);
    let mut colours = [0.0; 3];
    picture.rgb(0..1, &mut colours);
    assert_eq!(colours, [f64::from(0x1234) / 65_535.0; 3]);
    picture.set_rgb(0, &[0.0, 0.5, 1.0]);
    assert_eq!(picture.samples(), [0x80, 0x00, 0x56, 0x78]);
}

#[test]
fn layouts_change_without_touching_colour_or_alpha() {
    let grey = Picture::new(2, 1, Layout::GreyAlpha, Depth::Eight, vec![10, 20, 30, 40]);
    let colour = grey.in_layout(Layout::GreyAlpha.with_colour());
    assert_eq!((colour.layout(), colour.samples()), (Layout::Rgba, &[10, 10, 10, 20, 30, 30, 30, 40][..]));
    assert_eq!(colour.in_layout(Layout::GreyAlpha), grey);
    assert_eq!(grey.in_layout(Layout::Grey).samples(), [10, 30]);
    let opaque = Picture::black(1, 1, Layout::Rgb, Depth::Sixteen).in_layout(Layout::Rgba);
    assert_eq!(opaque, Picture::black(1, 1, Layout::Rgba, Depth::Sixteen));
    assert_eq!(opaque.samples(), [0, 0, 0, 0, 0, 0, 255, 255]);
}

#[test]
fn a_pixel_is_visible_unless_its_alpha_is_zero() {
    let eight = Picture::new(3, 1, Layout::GreyAlpha, Depth::Eight, vec![9, 0, 0, 1, 0, 255]);
    assert_eq!([0, 1, 2].map(|pixel| eight.is_visible(pixel)), [false, true, true]);
    let sixteen = Picture::new(2, 1, Layout::GreyAlpha, Depth::Sixteen, vec![9, 9, 0, 0, 9, 9, 0, 1]);
    assert_eq!([0, 1].map(|pixel| sixteen.is_visible(pixel)), [false, true]);
    assert!(Picture::black(1, 1, Layout::Rgb, Depth::Eight).is_visible(0));
}

#[test]
fn strips_are_cut_out_and_put_back() {
    let samples: Vec<u8> = (0..60).collect();
    let picture = Picture::new(5, 2, Layout::Rgb, Depth::Sixteen, samples);
    let mut other = Picture::black(5, 2, Layout::Rgb, Depth::Sixteen);
    for cut in [0..3, 3..4, 4..10] {
        let strip = picture.strip(cut.clone());
        assert_eq!((strip.width(), strip.height()), (cut.len(), 1));
        other.paste(cut.start, &strip);
    }
    assert_eq!(other, picture);
}

#[test]
#[should_panic(expected = "12 bytes, found 11")]
fn a_wrong_number_of_samples_is_refused_with_both() {
    let _ = Picture::new(2, 2, Layout::Rgb, Depth::Eight, vec![0; 11]);
}

#[test]
#[should_panic(expected = "pixels 3..5 of a picture of 4")]
fn pixels_that_do_not_exist_are_refused() {
    Picture::black(2, 2, Layout::Rgb, Depth::Eight).set_rgb(3, &[0.0; 6]);
}

#[test]
fn a_picture_says_what_it_is() {
    let picture = |layout, depth| Picture::black(4, 3, layout, depth).to_string();
    assert_eq!(picture(Layout::Rgb, Depth::Eight), "4 × 3 pixels, RGB, 8 bits");
    assert_eq!(picture(Layout::GreyAlpha, Depth::Sixteen), "4 × 3 pixels, grey and alpha, 16 bits");
}
