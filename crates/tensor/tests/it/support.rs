//! Random matrices, rows, and the bound on a sum that every kernel must keep.

use proptest::prelude::*;
use tensor::binary::{Blocks, Rows, Spikes};
use tensor::{Matrix, Seed};

pub fn normal(rows: usize, cols: usize, seed: u64) -> Matrix {
    let mut m = Matrix::zeros(rows, cols);
    Seed::new(seed).stream().normal(&mut m, 1.0);
    m
}

/// Zeros and ones; a density of 0 gives empty lists only.
pub fn coins(rows: usize, cols: usize, density: f32, seed: u64) -> Matrix {
    let mut m = Matrix::from_fn(rows, cols, |_, _| density);
    Seed::new(seed).child("coins", 0).stream().bernoulli(&mut m);
    m
}

/// The columns of a matrix as rows, with zeros in the padding.
pub fn rows_of(m: &Matrix) -> Rows {
    let mut rows = Rows::zeros(m.cols(), m.rows());
    (0..m.cols()).for_each(|j| rows.row_mut(j)[..m.rows()].copy_from_slice(m.column(j)));
    rows
}

pub fn blocks_of(m: &Matrix) -> Blocks {
    let mut blocks = Blocks::zeros(m.cols(), m.rows());
    (0..m.cols()).for_each(|j| blocks.row_mut(j)[..m.rows()].copy_from_slice(m.column(j)));
    blocks
}

/// Rows of the given size that hold garbage in their floats, to be replaced.
pub fn garbage(count: usize, width: usize) -> Rows {
    rows_of(&Matrix::from_fn(width, count, |_, _| f32::NAN))
}

pub fn padding_is_zero(rows: &Rows) -> bool {
    (0..rows.count()).all(|i| rows.row(i)[rows.width()..].iter().all(|&x| x == 0.0))
}

/// `start[i] + Σₖ factor · a[k] · b[k]` must be `found`: a sum of n products errs by at most (n + 3) · 2⁻²⁴ of the
/// sum of absolute values, whatever the order.
pub fn assert_sum(found: f32, start: f32, terms: impl Iterator<Item = f64>, what: &str) {
    let (mut sum, mut size, mut n) = (f64::from(start), f64::from(start).abs(), 0);
    for term in terms {
        (sum, size, n) = (sum + term, size + term.abs(), n + 1);
    }
    let bound = f64::from(n + 4) * 2f64.powi(-24) * size;
    assert!((f64::from(found) - sum).abs() <= bound, "{what}: {found} against {sum} ± {bound}");
}

pub fn transposed(spikes: &Spikes) -> Spikes {
    let mut by_row = Spikes::new(0);
    by_row.set_transposed(spikes.rows(), (0..spikes.len()).map(|j| spikes.column(j)));
    by_row
}

/// Visible and hidden units, samples, density of the visible states, seed. Hidden units cover one panel and two, and
/// multiples of a lane with their neighbours.
pub fn shapes() -> impl Strategy<Value = (usize, usize, usize, f32, u64)> {
    let around = (1usize..19, 0usize..3).prop_map(|(lanes, off)| lanes * 16 + off - 1);
    let hidden = prop_oneof![1usize..300, around];
    (1usize..70, hidden, 1usize..41, prop_oneof![Just(0.0), Just(1.0), 0.05f32..0.9], any::<u64>())
}
