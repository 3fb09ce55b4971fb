//! Normalisation over a mini-batch without scale and shift: `y = (x − m) / √(s + ε)`, row by row, s with divisor n.

use tensor::{Matrix, simd};

use crate::layers::moments;

/// Far smaller than a variance that matters: the noise of the estimates is what keeps them apart, not ε.
pub(super) const EPSILON: f64 = 1e-10;

/// What a mini-batch showed of each row.
pub(super) struct Stats {
    pub mean: Vec<f64>,
    pub variance: Vec<f64>,
    pub root: Vec<f64>, // √(s + ε)
}

/// Normalises every row.
///
/// # Panics
/// If there are fewer than two samples: one has no variance.
pub(super) fn normalise(x: &Matrix) -> (Matrix, Stats) {
    assert!(x.cols() > 1, "{} sample has no variance", x.cols());
    let (mean, variance) = moments(x);
    let root: Vec<f64> = variance.iter().map(|s| (s + EPSILON).sqrt()).collect();
    let mut y = x.clone();
    // Each row is a lane of its own, so that wide vectors change no bit.
    simd::vectorize(
        #[inline(always)]
        || {
            for column in y.as_mut_slice().chunks_exact_mut(mean.len().max(1)) {
                let rows = column.iter_mut().zip(mean.iter().zip(&root));
                rows.for_each(|(x, (mean, root))| *x = ((f64::from(*x) - mean) / root) as f32);
            }
        },
    );
    (y, Stats { mean, variance, root })
}

/// What others than `y` ask of the statistics: gradients at mean and variance of each row.
pub(super) struct Asked {
    pub mean: Vec<f64>,
    pub variance: Vec<f64>,
}

impl Asked {
    pub fn nothing(rows: usize) -> Self {
        Self { mean: vec![0.0; rows], variance: vec![0.0; rows] }
    }
}

/// From `dy` to `dx = (dy − ⟨dy⟩ − y ⟨dy y⟩) / √(s + ε) + dm / n + 2 ds (x − m) / n`, with means over the mini-batch.
pub(super) fn normalise_backward(dy: &Matrix, y: &Matrix, stats: &Stats, asked: Option<&Asked>) -> Matrix {
    let (rows, n) = (y.rows(), y.cols() as f64);
    let (mut plain, mut along) = (vec![0.0_f64; rows], vec![0.0_f64; rows]);
    simd::vectorize(
        #[inline(always)]
        || {
            for (d, y) in dy.columns().zip(y.columns()) {
                let sums = plain.iter_mut().zip(along.iter_mut());
                for ((plain, along), (d, y)) in sums.zip(d.iter().zip(y)) {
                    *plain += f64::from(*d);
                    *along += f64::from(*d) * f64::from(*y);
                }
            }
        },
    );
    // Per row: dx = scale · dy + slope · y + shift.
    let scale: Vec<f64> = stats.root.iter().map(|root| 1.0 / root).collect();
    let mut slope: Vec<f64> = (0..rows).map(|i| -along[i] / n * scale[i]).collect();
    let mut shift: Vec<f64> = (0..rows).map(|i| -plain[i] / n * scale[i]).collect();
    if let Some(asked) = asked {
        for i in 0..rows {
            shift[i] += asked.mean[i] / n;
            slope[i] += 2.0 * asked.variance[i] * stats.root[i] / n;
        }
    }
    let mut dx = dy.clone();
    simd::vectorize(
        #[inline(always)]
        || {
            for (dx, y) in dx.as_mut_slice().chunks_exact_mut(rows.max(1)).zip(y.columns()) {
                let row = scale.iter().zip(slope.iter().zip(&shift));
                for ((d, y), (scale, (slope, shift))) in dx.iter_mut().zip(y).zip(row) {
                    *d = (scale * f64::from(*d) + slope * f64::from(*y) + shift) as f32;
                }
            }
        },
    );
    dx
}
