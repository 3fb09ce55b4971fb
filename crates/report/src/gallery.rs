//! Colour pictures beside each other, each with a title and lines under it; and one picture as a PNG.

use crate::card::{MARGIN, STAMP_SIZE, close, title};
use crate::ink::MUTED;
use crate::picture::png_uri;
use crate::svg::{Svg, Type};
use crate::text::{coordinate, width, wrap, wrap_bold};

const LABEL: f64 = 13.0;
const CAPTION: f64 = 12.0;
const LEADING: f64 = 16.0;
const COLUMN_GAP: f64 = 16.0;
const ROW_GAP: f64 = 18.0;
/// Pictures are at most so many times as high as the figure's tiles are wide.
const STEEPEST: f64 = 1.25;

/// A picture in colour: `pixels` row-major, `height × width × 3` bytes of red, green and blue (sRGB).
#[derive(Clone, Copy, Debug)]
pub struct ColourImage<'a> {
    /// The bytes.
    pub pixels: &'a [u8],
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl<'a> ColourImage<'a> {
    /// A picture of `height × width`.
    ///
    /// # Panics
    /// If `pixels` has another length than `height · width · 3`, or a side is zero.
    pub fn new(pixels: &'a [u8], height: usize, width: usize) -> Self {
        assert!(height > 0 && width > 0, "a picture of {height}×{width} pixels has nothing to show");
        let have = pixels.len();
        assert_eq!(have, height * width * 3, "a picture of {height}×{width} in colour has {have} bytes");
        Self { pixels, height, width }
    }
}

/// One picture with its words.
#[derive(Clone, Debug)]
pub struct Tile<'a> {
    /// Above the picture: "A in B's colours".
    pub title: String,
    /// The picture.
    pub picture: ColourImage<'a>,
    /// Under it; wraps.
    pub caption: String,
}

/// Pictures in rows and columns.
#[derive(Clone, Debug)]
pub struct GalleryFigure<'a> {
    /// Above all pictures; may be empty.
    pub title: String,
    /// The pictures, row by row.
    pub tiles: Vec<Tile<'a>>,
    /// Pictures a row.
    pub columns: usize,
    /// Width of each on the screen, in pixels; a picture that is much higher than wide is made narrower.
    pub tile_width: f64,
    /// Printed small in the corner.
    pub stamp: Option<&'a str>,
}

/// The picture as an 8-bit RGB PNG.
pub fn png_picture(picture: &ColourImage<'_>) -> Vec<u8> {
    let side = |pixels: usize| u32::try_from(pixels).expect("a picture's side fits in 32 bits");
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, side(picture.width), side(picture.height));
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().expect("a header fits in memory");
    writer.write_image_data(picture.pixels).expect("the picture has the header's size");
    writer.finish().expect("memory does not fail to take a trailer");
    out
}

/// The figure as an SVG document; the pictures are inside it.
pub fn gallery(figure: &GalleryFigure<'_>) -> String {
    let across = figure.tile_width.max(1.0);
    let columns = figure.columns.clamp(1, figure.tiles.len().max(1));
    let stamp = figure.stamp.map_or(0.0, |stamp| width(stamp, STAMP_SIZE));
    let inner = (columns as f64 * (across + COLUMN_GAP) - COLUMN_GAP).max(stamp);
    let total = 2.0 * MARGIN + inner;
    let mut svg = Svg::default();
    let mut y = MARGIN + title(&mut svg, &figure.title, inner);
    for (index, row) in figure.tiles.chunks(columns).enumerate() {
        y += if index > 0 { ROW_GAP } else { 0.0 };
        let titles: Vec<_> = row.iter().map(|tile| wrap_bold(&tile.title, LABEL, across)).collect();
        let captions: Vec<_> = row.iter().map(|tile| wrap(&tile.caption, CAPTION, across)).collect();
        let deepest = |lines: &[Vec<String>]| lines.iter().map(Vec::len).max().unwrap_or(0) as f64 * LEADING;
        let tallest = row.iter().map(|tile| size(tile, across).1).fold(0.0, f64::max);
        for (column, tile) in row.iter().enumerate() {
            let x = MARGIN + column as f64 * (across + COLUMN_GAP);
            let over = deepest(&titles) - titles[column].len() as f64 * LEADING;
            svg.lines((x, y + over + LABEL), Type::plain(LABEL).bold(), LEADING, &titles[column]);
            let top = y + deepest(&titles) + 4.0;
            image(&mut svg, (x, top), size(tile, across), &tile.picture);
            let under = (x, top + tallest + CAPTION + 5.0);
            svg.lines(under, Type::plain(CAPTION).fill(MUTED), LEADING, &captions[column]);
        }
        y += deepest(&titles) + 4.0 + tallest + 5.0 + deepest(&captions);
    }
    close(svg, (total, y + MARGIN), &figure.title, figure.stamp)
}

/// Width and height on the screen: as wide as all, but for pictures that would be much higher than wide.
fn size(tile: &Tile<'_>, across: f64) -> (f64, f64) {
    let steep = tile.picture.height as f64 / tile.picture.width as f64;
    let wide = across.min(STEEPEST * across / steep);
    (wide, wide * steep)
}

/// A photograph is scaled smoothly; pictures of few pixels, elsewhere, are not.
fn image(svg: &mut Svg, (x, y): (f64, f64), (width, height): (f64, f64), picture: &ColourImage<'_>) {
    let [x, y, width, height] = [x, y, width, height].map(coordinate);
    let uri = png_uri(&png_picture(picture));
    svg.raw(&format!("<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" href=\"{uri}\"/>"));
}
