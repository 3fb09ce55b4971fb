//! Drawn stand-ins for AlphaDigits and MNIST, for a machine with neither the data nor a network.
//!
//! Stroke templates of 36 glyphs are written by random hands (slant, turn, width, shaking, thickness) and come
//! out as files of the same formats, with the same variables and sizes per image, so that everything that reads
//! the real data reads these. They are *not* the data: no number measured on them says anything about a report.

mod glyphs;
mod pen;

use tensor::Seed;

use crate::idx::{self, Idx};
use crate::mat::{self, Array, Order, Packing};
use crate::mnist::SIDE;
use glyphs::NAMES;
use pen::{Fit, Layout};

/// Examples of each class in the published AlphaDigits.
pub const PER_CLASS: usize = 39;
/// Training images of the stand-in for MNIST that is drawn by default.
pub const N_TRAIN: usize = 6000;
/// Test images of the stand-in for MNIST that is drawn by default.
pub const N_TEST: usize = 1000;

/// The four files of MNIST, as bytes that are not compressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MnistFiles {
    /// `train-images-idx3-ubyte`
    pub train_images: Vec<u8>,
    /// `train-labels-idx1-ubyte`
    pub train_labels: Vec<u8>,
    /// `t10k-images-idx3-ubyte`
    pub test_images: Vec<u8>,
    /// `t10k-labels-idx1-ubyte`
    pub test_labels: Vec<u8>,
}

/// A `binaryalphadigs.mat` of 36 classes with `per_class` drawn images of 20 × 16 each.
///
/// The same seed gives the same bytes; more examples only append.
pub fn alphadigits(seed: Seed, per_class: usize) -> Vec<u8> {
    let size @ [height, width] = [20, 16];
    let layout = Layout { size, bounds: [20.0, 16.0], fit: Fit::Stretched, radius: [1.55, 0.45] };
    let n_classes = NAMES.len();
    let mut cells = Vec::with_capacity(n_classes * per_class);
    for example in 0..per_class {
        for glyph in 0..n_classes {
            let index = (example * n_classes + glyph) as u64;
            let ink = pen::draw(glyph, &layout, &mut seed.child("drawn alphadigits", index).stream());
            let mut pixels = vec![0; height * width];
            for (i, &value) in ink.iter().enumerate() {
                pixels[(i % width) * height + i / width] = u8::from(value > 0.5);
            }
            cells.push(Array::new("", &size, mat::Values::U8(pixels)));
        }
    }
    let count = |n: usize| mat::Values::F64(vec![n as f64]);
    let labels = NAMES.map(|name| Array::new("", &[1, 1], mat::Values::Char(vec![name as u16])));
    let counts = NAMES.map(|_| Array::new("", &[1, 1], count(per_class)));
    let variables = [
        Array::new("dat", &[n_classes, per_class], mat::Values::Cell(cells)),
        Array::new("numclasses", &[1, 1], count(n_classes)),
        Array::new("classlabels", &[1, n_classes], mat::Values::Cell(labels.to_vec())),
        Array::new("classcounts", &[1, n_classes], mat::Values::Cell(counts.to_vec())),
    ];
    mat::write(&variables, Order::Little, Packing::Plain)
}

/// The four files of MNIST with drawn digits, as equally many of each as can be, in random order.
pub fn mnist(seed: Seed, n_train: usize, n_test: usize) -> MnistFiles {
    let [train_images, train_labels] = digits(seed.child("drawn mnist train", 0), n_train);
    let [test_images, test_labels] = digits(seed.child("drawn mnist test", 0), n_test);
    MnistFiles { train_images, train_labels, test_images, test_labels }
}

fn digits(seed: Seed, count: usize) -> [Vec<u8>; 2] {
    let layout =
        Layout { size: [SIDE, SIDE], bounds: [20.0, 20.0], fit: Fit::Proportional, radius: [1.2, 0.3] };
    let order = seed.child("order", 0).stream().permutation(count);
    let labels: Vec<u8> = order.iter().map(|&i| (i % 10) as u8).collect();
    let mut pixels = Vec::with_capacity(count * SIDE * SIDE);
    for (i, &label) in labels.iter().enumerate() {
        let mut noise = seed.child("digit", i as u64).stream();
        let ink = pen::draw(usize::from(label), &layout, &mut noise);
        pixels.extend(ink.iter().map(|&value| (255.0 * value).round() as u8));
    }
    let images = Idx { dims: vec![count, SIDE, SIDE], values: idx::Values::U8(pixels) };
    let labels = Idx { dims: vec![count], values: idx::Values::U8(labels) };
    [idx::write(&images), idx::write(&labels)]
}
