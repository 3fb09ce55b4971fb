//! What is seen of a stack of autoencoders: costs on test images, how active its units are, its filters on the pixels, and how
//! close reconstructions come.
//!
//! A unit of layer l acts on pixels by way of the layers below: its filter is a column of `W₁W₂ … W_l`, which leaves out what
//! the sigmoid units between them bend. Shapes: images pixels × n, codes units × n, filters pixels × units.

use engine::Rows;
use feedforward::Corruption;
use feedforward::autoencoder::Stack;
use tensor::{Accum, Matrix, Seed, gemm};
use train::Tensor;

use crate::data::Digits;
use crate::dbm::detail;

/// Test images that a stack is looked at with after every epoch, the first ones.
pub(super) const LOOKED_AT: usize = 1000;
/// Images and filters that are shown, as many as the report shows.
pub const SHOWN: usize = 100;
/// A unit counts as active above this.
pub const ACTIVE: f32 = 0.5;

/// The filters of the first `most` units of the topmost layer: pixels × units.
///
/// # Panics
/// If `most` is 0.
pub fn filters(stack: &Stack, most: usize) -> Matrix {
    let mut weights = stack.layers().iter().rev().map(|layer| &layer.encoder.weights);
    let top = weights.next().expect("a stack has a layer");
    let first = top.gather(&(0..most.min(top.cols())).collect::<Vec<_>>());
    weights.fold(first, |above, own| {
        let mut product = Matrix::zeros(own.rows(), above.cols());
        gemm(product.view_mut(), Accum::Replace, own.view(), above.view(), 1.0);
        product
    })
}

/// The mean activation of all units on all images, and the share of them that are above [`ACTIVE`].
pub fn activity(code: &Matrix) -> (f64, f64) {
    let values = code.as_slice();
    let sum: f64 = values.iter().map(|&y| f64::from(y)).sum();
    let active = values.iter().filter(|y| **y > ACTIVE).count();
    (sum / values.len() as f64, active as f64 / values.len() as f64)
}

/// How much of the pixels' variance over images a reconstruction explains: `1 − Σ (x − z)² / Σ (x − x̄)²` with `x̄` each pixel's
/// mean. 1 for a perfect one, 0 for the mean image.
///
/// # Panics
/// If the shapes differ.
pub fn explained(images: &Matrix, made: &Matrix) -> f64 {
    let [a, b] = [images, made].map(|x| [x.rows(), x.cols()]);
    assert_eq!(a, b, "images of {a:?} for reconstructions of {b:?}");
    let n = images.cols() as f64;
    let mut mean = vec![0.0; images.rows()];
    images.columns().for_each(|x| mean.iter_mut().zip(x).for_each(|(sum, &x)| *sum += f64::from(x) / n));
    let (mut missed, mut there) = (0.0, 0.0);
    for (x, z) in images.columns().zip(made.columns()) {
        for ((&x, &z), mean) in x.iter().zip(z).zip(&mean) {
            missed += f64::from(x - z).powi(2);
            there += (f64::from(x) - mean).powi(2);
        }
    }
    1.0 - missed / there
}

/// Records what a stack is like after an epoch: `cost_test` (nats an image, of clean test images through the whole stack),
/// `activation`, `active`, and the mean `filter_detail` of the filters that are shown.
pub(super) fn measure(stack: &Stack, images: &Matrix, epoch: usize, rows: &mut Rows) {
    let depth = stack.layers().len();
    let code = stack.codes(images).pop().expect("a stack has a layer");
    let (activation, active) = activity(&code);
    let filters = filters(stack, SHOWN);
    let details = filters.columns().map(|filter| detail(filter, Digits::SIZE));
    for (metric, value) in [
        ("cost_test", stack.cost(images, depth)),
        ("activation", activation),
        ("active", active),
        ("filter_detail", details.sum::<f64>() / filters.cols() as f64),
    ] {
        rows.push_at(Some(epoch), metric, value, &[]);
    }
}

/// What is shown of a finished stack, one row an image or filter: `images`, the same `noisy`, their `reconstructions` from
/// that, the `codes` of the clean ones, and `filters`. Records how much of all images the reconstructions explain, and how much
/// the noisy images themselves do.
pub(super) fn pictures(
    stack: &Stack,
    images: &Matrix,
    corruption: Corruption,
    seed: Seed,
    rows: &mut Rows,
) -> Vec<Tensor> {
    let mut noisy = images.clone();
    corruption.corrupt(&mut noisy, &mut seed.child("shown", 0).stream());
    let made = stack.reconstruct(&noisy, stack.layers().len());
    rows.push("explained", explained(images, &made), &[]);
    rows.push("explained_noisy", explained(images, &noisy), &[]);
    let codes = stack.codes(images).pop().expect("a stack has a layer");
    let some = |name: &str, all: &Matrix| {
        let some = all.gather(&(0..SHOWN.min(all.cols())).collect::<Vec<_>>());
        Tensor::from_f32(name, vec![some.cols(), some.rows()], some.into_vec())
    };
    vec![
        some("images", images),
        some("noisy", &noisy),
        some("reconstructions", &made),
        some("codes", &codes),
        some("filters", &filters(stack, SHOWN)),
    ]
}
