//! Pictures made small enough for the page.

use anyhow::{Result, anyhow};

use super::recolour::Picture;

/// Width of a picture on the page, in pixels.
pub(super) const TILE: usize = 360;

/// A picture made small.
pub(super) struct Small {
    /// Red, green and blue of one pixel after another.
    pub pixels: Vec<u8>,
    /// Rows.
    pub height: usize,
    /// Pixels of a row.
    pub width: usize,
}

/// At most [`TILE`] pixels wide and a quarter more high: each pixel the mean of those it stands for.
pub(super) fn shrink(png: &[u8]) -> Result<Small> {
    let picture = Picture::decode(png).map_err(|error| anyhow!("{error}"))?;
    let (wide, high) = (picture.width(), picture.height());
    let width = wide.min(TILE).min((TILE * wide * 5 / 4).div_ceil(high));
    let height = (high * width / wide).max(1);
    let mut pixels = Vec::with_capacity(3 * width * height);
    let mut line = vec![0.0; 3 * wide];
    for row in 0..height {
        let (top, bottom) = (row * high / height, ((row + 1) * high).div_ceil(height));
        let mut sums = vec![[0.0; 4]; width];
        for y in top..bottom {
            picture.rgb(y * wide..(y + 1) * wide, &mut line);
            for (column, sum) in sums.iter_mut().enumerate() {
                let (left, right) = (column * wide / width, ((column + 1) * wide).div_ceil(width));
                for colour in line[3 * left..3 * right].as_chunks::<3>().0 {
                    sum.iter_mut().zip(colour).for_each(|(sum, c)| *sum += c);
                    sum[3] += 1.0;
                }
            }
        }
        for [r, g, b, n] in sums {
            pixels.extend([r, g, b].map(|c| (255.0 * c / n).round() as u8));
        }
    }
    Ok(Small { pixels, height, width })
}
