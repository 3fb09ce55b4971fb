//! Two landscapes that the program paints, so that colour transfer has pictures to work on without anybody's photographs.
//!
//! A picture is a function of a place: `x` runs from 0 to 1.5 to the right, `y` from 0 to 1 downwards, whatever the size in
//! pixels, and every pixel is the mean of four samples. Everything is made of sums, products, divisions and square roots
//! of `f64`, which every processor rounds alike, and of hashed whole numbers: the bytes are the same everywhere.

mod desert;
mod noise;
mod valley;

use noise::{hash, smooth};

/// Red, green and blue, from 0 to 1.
type Rgb = [f64; 3];

/// A painted picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Painting {
    /// height × width × 3, row by row: red, green and blue (sRGB).
    pub pixels: Vec<u8>,
    /// Rows.
    pub height: usize,
    /// Columns; three for every two rows.
    pub width: usize,
}

/// Which picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landscape {
    /// A valley in summer: a lake, woods and meadows in all greens under a blue sky.
    Valley,
    /// Dunes at sunset, in few yellows and browns.
    Desert,
}

impl Landscape {
    /// Paints it, so many rows high and half as wide again.
    ///
    /// # Panics
    /// If `height` is 0.
    pub fn paint(self, height: usize) -> Painting {
        assert!(height > 0, "a picture of 0 rows");
        let width = height * 3 / 2;
        let mut pixels = Vec::with_capacity(3 * height * width);
        for row in 0..height {
            for column in 0..width {
                pixels.extend(self.pixel(row, column, height));
            }
        }
        Painting { pixels, height, width }
    }

    fn pixel(self, row: usize, column: usize, height: usize) -> [u8; 3] {
        let mut sum = [0.0; 3];
        for (dy, dx) in [(0.25, 0.25), (0.25, 0.75), (0.75, 0.25), (0.75, 0.75)] {
            let (x, y) = ((column as f64 + dx) / height as f64, (row as f64 + dy) / height as f64);
            let colour = match self {
                Self::Valley => valley::colour(x, y),
                Self::Desert => desert::colour(x, y),
            };
            sum.iter_mut().zip(colour).for_each(|(sum, c)| *sum += c / 4.0);
        }
        let (x, y) = (column as f64 / height as f64 - 0.75, row as f64 / height as f64 - 0.5);
        let vignette = 1.0 - 0.22 * smooth(0.35, 1.0, x * x + y * y);
        let grain = 0.012 * (hash(column as i64, row as i64, 77) - 0.5);
        sum.map(|c| ((c * vignette + grain).clamp(0.0, 1.0) * 255.0).round() as u8)
    }
}

/// `a` where `share` is 0, `b` where it is 1.
fn mix(a: Rgb, b: Rgb, share: f64) -> Rgb {
    std::array::from_fn(|c| a[c] + share * (b[c] - a[c]))
}

/// The colour times a brightness.
fn lit(colour: Rgb, light: f64) -> Rgb {
    colour.map(|c| c * light)
}

/// The colour at `place` among stops in rising order.
fn gradient(stops: &[(f64, Rgb)], place: f64) -> Rgb {
    let mut colour = stops[0].1;
    for pair in stops.windows(2) {
        colour = mix(colour, pair[1].1, smooth(pair[0].0, pair[1].0, place));
    }
    colour
}
