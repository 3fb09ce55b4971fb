//! AlphaDigits in the layouts that others have given it: turned cells or images, pixels of 0 and 255, ink and paper swapped, one
//! matrix `fea` of all images with classes `gnd` (or `X` and `y`).
//!
//! A layout cannot be told from its bytes alone: an image of 320 numbers may go by rows or by columns. So all [`readings`] are
//! given, each with a word on what was changed, and whoever has a digest of the published images finds the one that is meant.

use crate::alphadigits::names;
use crate::mat::{self, Array, Values};
use crate::{DataError, Images, Levels, Place};

/// Rows and columns of a published image.
pub const SIZE: [usize; 2] = [20, 16];
/// Most pixels in all.
const MAX_PIXELS: usize = 1 << 21;

/// One way to read a file.
#[derive(Debug, Clone)]
pub struct Reading {
    /// 36 classes of images of 20 × 16.
    pub images: Images,
    /// What was changed, for a message: `images turned, 255 for 1`.
    pub change: String,
}

/// Images one after the other, class by class, as a file has them.
struct Pile {
    /// Of each image.
    pixels: Vec<Vec<f64>>,
    classes: Vec<u8>,
    /// What was changed so far.
    change: &'static str,
}

/// All readings of a MAT-file that may be AlphaDigits; `file` is its name for error messages.
///
/// # Errors
/// [`DataError`] when the bytes are no MAT-file that can be read, or no layout fits its variables.
pub fn readings(bytes: &[u8], file: &str) -> Result<Vec<Reading>, DataError> {
    let wanted = ["dat", "fea", "gnd", "X", "y"];
    let variables = mat::read_wanted(bytes, file, |name| wanted.contains(&name))?;
    let find = |name: &str| variables.iter().find(|variable| variable.name == name);
    let mut piles = Vec::new();
    if let Some(dat) = find("dat") {
        piles.extend(of_cells(dat));
    }
    for (images, classes) in [("fea", "gnd"), ("X", "y")] {
        if let (Some(images), Some(classes)) = (find(images), find(classes)) {
            piles.extend(of_matrix(images, classes));
        }
    }
    let readings: Vec<Reading> = piles.iter().flat_map(read).collect();
    if readings.is_empty() {
        let expected = "AlphaDigits in dat, classlabels and classcounts, or in fea and gnd, or in X and y";
        return Err(DataError::malformed(
            file,
            Place::Byte(128),
            expected,
            "variables of other names or shapes",
        ));
    }
    Ok(readings)
}

/// Cells of one image each: classes × examples, or turned.
fn of_cells(dat: &Array) -> Vec<Pile> {
    let (Values::Cell(cells), &[rows, columns]) = (&dat.values, &dat.dims[..]) else { return Vec::new() };
    let turned = [SIZE[1], SIZE[0]];
    if cells.len().saturating_mul(SIZE[0] * SIZE[1]) > MAX_PIXELS
        || !cells.iter().all(|cell| cell.dims == SIZE || cell.dims == turned)
    {
        return Vec::new();
    }
    let Some(images) = cells.iter().map(Array::numbers).collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let n = names().len();
    let pile = |examples: usize, at: &dyn Fn(usize, usize) -> usize, change| {
        let places = (0..n).flat_map(|class| (0..examples).map(move |example| (class, example)));
        let pixels = places.clone().map(|(class, example)| images[at(class, example)].clone()).collect();
        Pile { pixels, classes: places.map(|(class, _)| class as u8).collect(), change }
    };
    let mut piles = Vec::new();
    if rows == n {
        piles.push(pile(columns, &|class, example| class + example * rows, ""));
    }
    if columns == n {
        piles.push(pile(rows, &|class, example| example + class * rows, "cells turned"));
    }
    piles
}

/// A matrix with an image in each row, or in each column, and the class of each.
fn of_matrix(images: &Array, classes: &Array) -> Option<Pile> {
    let pixels = SIZE[0] * SIZE[1];
    let (&[rows, columns], Some(labels)) = (&images.dims[..], classes.numbers()) else { return None };
    let values = if images.values.len() <= MAX_PIXELS { images.numbers()? } else { return None };
    let image = |k: usize| -> Vec<f64> {
        match columns == pixels {
            true => (0..pixels).map(|p| values[k + p * rows]).collect(),
            false => values[k * pixels..(k + 1) * pixels].to_vec(),
        }
    };
    let count = if columns == pixels { rows } else { columns };
    let mut kinds = labels.clone();
    kinds.sort_by(f64::total_cmp);
    kinds.dedup();
    if (rows != pixels && columns != pixels) || labels.len() != count || kinds.len() != names().len() {
        return None;
    }
    let class = |label: f64| kinds.iter().position(|kind| *kind == label).map(|class| class as u8);
    let classes = labels.iter().map(|label| class(*label)).collect::<Option<Vec<u8>>>()?;
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|&k| classes[k]);
    let pixels = order.iter().map(|&k| image(k)).collect();
    let classes = order.iter().map(|&k| classes[k]).collect();
    Some(Pile { pixels, classes, change: "images from one matrix" })
}

/// The readings of a pile: by columns or by rows, with either of its two values for ink.
fn read(pile: &Pile) -> Vec<Reading> {
    let all = || pile.pixels.iter().flatten().copied();
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    if !all().all(|x| x == low || x == high) || low >= high {
        return Vec::new();
    }
    let mut readings = Vec::new();
    for turned in [false, true] {
        for ink in [high, low] {
            let mut changes: Vec<String> = Vec::new();
            changes.extend((!pile.change.is_empty()).then(|| pile.change.to_owned()));
            changes.extend(turned.then(|| "images by rows".to_owned()));
            changes.extend((ink != 1.0).then(|| format!("{ink} for ink")));
            let images = images(pile, ink, turned);
            readings.push(Reading { images, change: changes.join(", ") });
        }
    }
    readings
}

/// Images row by row from numbers that go by columns, or by rows where they are `turned`.
fn images(pile: &Pile, ink: f64, turned: bool) -> Images {
    let [height, width] = SIZE;
    let mut pixels = Vec::with_capacity(pile.pixels.len() * height * width);
    for image in &pile.pixels {
        for row in 0..height {
            for column in 0..width {
                let at = if turned { row * width + column } else { row + column * height };
                pixels.push(u8::from(image[at] == ink));
            }
        }
    }
    let labels = pile.classes.clone();
    Images { pixels, height, width, labels, classes: names(), levels: Levels::Binary }
}
