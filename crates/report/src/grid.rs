//! Image grids as 8-bit PNGs: many small pictures on one sheet, nearest-neighbour scaling, light grey separators.
//!
//! A picture is a row-major slice of `height × width` values. Grey tones clamp to [0, 1]; signed tones run from blue
//! (negative) through white (0) to red (positive) on a scale that is symmetric about zero. What is not a number is drawn
//! in the separators' grey. Same-sized pictures only: a sheet is a comparison.

use crate::ink::PAPER;

/// Grey value of the separators.
const SEPARATOR: u8 = 0xd8;

/// One picture: `pixels` row-major, `height × width`.
#[derive(Clone, Copy, Debug)]
pub struct GreyImage<'a> {
    /// Values in [0, 1] for grey tones, any real number for signed ones.
    pub pixels: &'a [f32],
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl<'a> GreyImage<'a> {
    /// A picture of `height × width`.
    ///
    /// # Panics
    /// If `pixels` has another length, or a side is zero.
    pub fn new(pixels: &'a [f32], height: usize, width: usize) -> GreyImage<'a> {
        let image = GreyImage { pixels, height, width };
        image.check();
        image
    }

    fn check(&self) {
        let GreyImage { pixels, height, width } = self;
        assert!(*height > 0 && *width > 0, "a picture of {height}×{width} pixels has nothing to show");
        assert_eq!(pixels.len(), height * width, "a picture of {height}×{width} has {} pixels", pixels.len());
    }

    fn largest(&self) -> f32 {
        self.pixels.iter().filter(|v| v.is_finite()).fold(0.0, |largest, v| largest.max(v.abs()))
    }
}

/// What a pixel's value looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tone {
    /// 0 is white paper, 1 is black ink.
    InkOnPaper,
    /// 0 is black, 1 is white.
    LightOnDark,
    /// Blue, white, red; for weights and filters.
    Signed(SignedScale),
}

impl Tone {
    /// How a sheet in this tone follows the dark scheme: what is white by itself is turned dark, with its hues kept.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Tone::InkOnPaper | Tone::Signed(_) => PAPER,
            Tone::LightOnDark => "",
        }
    }
}

/// The value that signed tones show in full colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SignedScale {
    /// The largest magnitude on the sheet (in a figure: in the figure), so that pictures compare.
    Shared,
    /// Each picture's own largest magnitude.
    Each,
    /// This magnitude.
    Limit(f32),
}

/// How a sheet is laid out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GridStyle {
    /// Pictures a row.
    pub columns: usize,
    /// Screen pixels a picture pixel, each way.
    pub scale: usize,
    /// Width of the separators and of the frame, in screen pixels; 0 for none.
    pub gap: usize,
    /// What a pixel's value looks like.
    pub tone: Tone,
}

impl Default for GridStyle {
    fn default() -> GridStyle {
        GridStyle { columns: 10, scale: 2, gap: 1, tone: Tone::InkOnPaper }
    }
}

/// The size in screen pixels, `(width, height)`, of the sheet that [`png_grid`] draws.
pub fn png_size(images: &[GreyImage<'_>], style: &GridStyle) -> (usize, usize) {
    let Some(first) = images.first() else { return (1, 1) };
    let columns = style.columns.clamp(1, images.len());
    let rows = images.len().div_ceil(columns);
    let side = |cells: usize, pixels: usize| cells * (pixels * style.scale.max(1) + style.gap) + style.gap;
    (side(columns, first.width), side(rows, first.height))
}

/// A sheet of pictures, row by row, as an 8-bit PNG: grey, or RGB for signed tones. Without pictures, one white pixel.
///
/// # Panics
/// If the pictures' sizes differ, or a picture's length is not its height times its width.
pub fn png_grid(images: &[GreyImage<'_>], style: &GridStyle) -> Vec<u8> {
    let (width, height) = png_size(images, style);
    let Some(first) = images.first() else { return encode(&[[255; 3]], 1, 1, png::ColorType::Grayscale) };
    let (scale, columns) = (style.scale.max(1), style.columns.clamp(1, images.len()));
    let shared = images.iter().map(GreyImage::largest).fold(0.0, f32::max);
    let mut sheet = vec![[255u8; 3]; width * height];
    for (index, image) in images.iter().enumerate() {
        image.check();
        let (size, wanted) = ((image.height, image.width), (first.height, first.width));
        assert_eq!(
            size, wanted,
            "picture {index} is {}×{}, the first {}×{}",
            size.0, size.1, wanted.0, wanted.1
        );
        let limit = match style.tone {
            Tone::Signed(SignedScale::Each) => image.largest(),
            Tone::Signed(SignedScale::Limit(limit)) => limit.abs(),
            _ => shared,
        };
        let left = index % columns * (image.width * scale + style.gap);
        let top = index / columns * (image.height * scale + style.gap);
        // The frame first: neighbours share theirs, empty cells of the last row stay white.
        let (framed_width, framed_height) =
            (image.width * scale + 2 * style.gap, image.height * scale + 2 * style.gap);
        for y in top..top + framed_height {
            sheet[y * width + left..y * width + left + framed_width].fill([SEPARATOR; 3]);
        }
        for y in 0..image.height * scale {
            let from = (top + style.gap + y) * width + left + style.gap;
            for (x, out) in sheet[from..from + image.width * scale].iter_mut().enumerate() {
                *out = colour(image.pixels[y / scale * image.width + x / scale], style.tone, limit);
            }
        }
    }
    let kind =
        if matches!(style.tone, Tone::Signed(_)) { png::ColorType::Rgb } else { png::ColorType::Grayscale };
    encode(&sheet, width, height, kind)
}

/// The tone with [`SignedScale::Shared`] settled over several sheets.
pub(crate) fn settle<'a>(tone: Tone, images: impl Iterator<Item = &'a GreyImage<'a>>) -> Tone {
    match tone {
        Tone::Signed(SignedScale::Shared) => {
            Tone::Signed(SignedScale::Limit(images.map(GreyImage::largest).fold(0.0, f32::max)))
        }
        tone => tone,
    }
}

fn colour(value: f32, tone: Tone, limit: f32) -> [u8; 3] {
    if value.is_nan() {
        return [SEPARATOR; 3];
    }
    let grey = (value.clamp(0.0, 1.0) * 255.0).round() as u8;
    match tone {
        Tone::InkOnPaper => [255 - grey; 3],
        Tone::LightOnDark => [grey; 3],
        Tone::Signed(_) => {
            let strength = if limit > 0.0 { (value / limit).clamp(-1.0, 1.0) } else { 0.0 };
            let full = if strength < 0.0 { [0x21, 0x66, 0xac] } else { [0xb2, 0x18, 0x2b] };
            full.map(|end| (255.0 + strength.abs() * (end as f32 - 255.0)).round() as u8)
        }
    }
}

fn encode(sheet: &[[u8; 3]], width: usize, height: usize, kind: png::ColorType) -> Vec<u8> {
    let bytes: Vec<u8> = match kind {
        png::ColorType::Grayscale => sheet.iter().map(|pixel| pixel[0]).collect(),
        _ => sheet.concat(),
    };
    let mut out = Vec::new();
    let side = |pixels: usize| u32::try_from(pixels).expect("a sheet's side fits in 32 bits");
    let mut encoder = png::Encoder::new(&mut out, side(width), side(height));
    encoder.set_color(kind);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().expect("a header fits in memory");
    writer.write_image_data(&bytes).expect("the sheet has the header's size");
    writer.finish().expect("memory does not fail to take a trailer");
    out
}
