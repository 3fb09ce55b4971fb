//! The gradient of a convolution at its weights: `∂w[f, c, k, l] = Σ ∂y[f, i, j] · x[c, i·s + k − p, j·s + l − p]`.
//!
//! The sum over places is made in registers for a tile of filters and neighbouring weights, sixteen samples apart; the sum
//! over the samples comes at the end.

use pulp::{Simd, WithSimd};

use super::correlate::CHANNELS;
use super::{SIDE, Spread, Window};
use crate::binary::Rows;
use crate::simd::{LANE, dispatch, evenly, per_lane, totals, with_width};

/// Adds the gradient at the weights to `gradient`, [filters, channels, kernel rows, kernel columns].
///
/// Shapes: `input` a side of the window's inputs, spread; `deltas` a side of its outputs.
///
/// # Panics
/// If the shapes do not fit.
pub fn add_weight_gradient(gradient: &mut [f32], window: &Window, input: &Rows, deltas: &Rows) {
    assert_eq!(gradient.len(), window.filters * window.taps(), "weights of {window:?}");
    assert_eq!((deltas.count(), deltas.width()), (window.outputs(), SIDE), "gradients of {window:?}");
    let spread = Spread::new(window);
    let pixels = if spread.is_identity() { window.inputs() } else { spread.room().count() };
    assert_eq!((input.count(), input.width()), (pixels, SIDE), "inputs of {window:?}");
    dispatch(Gradient { gradient, window, spread, input, deltas });
}

/// Adds the sums of `deltas` over the pixels of each map, and the samples, to `gradient`.
///
/// # Panics
/// If there are not equally many rows for each entry of `gradient`.
pub fn add_bias_gradient(gradient: &mut [f32], deltas: &Rows) {
    assert_eq!(
        deltas.count() % gradient.len().max(1),
        0,
        "{} rows in {} maps",
        deltas.count(),
        gradient.len()
    );
    let map = deltas.count() / gradient.len().max(1) * SIDE;
    for (g, map) in gradient.iter_mut().zip(deltas.flat().chunks_exact(map)) {
        let mut sums = [0.0_f32; SIDE];
        for row in map.as_chunks::<SIDE>().0 {
            sums.iter_mut().zip(row).for_each(|(sum, d)| *sum += d);
        }
        *g += sums.iter().sum::<f32>();
    }
}

struct Gradient<'a> {
    gradient: &'a mut [f32],
    window: &'a Window,
    spread: Spread,
    input: &'a Rows,
    deltas: &'a Rows,
}

/// Neighbouring weights: those of one row of the kernel whose columns have the same remainder.
#[derive(Clone, Copy)]
struct Run {
    channel: usize,
    row: usize,
    col: usize,
}

impl WithSimd for Gradient<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let most = if S::F32_LANES == LANE { CHANNELS } else { 2 };
        for (begin, count) in evenly(self.window.filters, most) {
            with_width!(count, [1 2 3 4], C => runs::<S, C>(simd, &mut self, begin));
        }
    }
}

/// All weights of `C` filters from `begin` on.
#[inline(always)]
fn runs<S: Simd, const C: usize>(simd: S, task: &mut Gradient<'_>, begin: usize) {
    let ([rows, cols], stride) = (task.window.kernel, task.window.stride);
    for line in 0..task.window.channels * rows {
        for remainder in 0..stride.min(cols) {
            for (at, width) in evenly((cols - remainder).div_ceil(stride), 5) {
                let run = Run { channel: line / rows, row: line % rows, col: remainder + at * stride };
                with_width!(width, [1 2 3 4 5], K => tile::<S, C, K>(simd, task, begin, run));
            }
        }
    }
}

/// `C` filters times `K` neighbouring weights.
#[inline(always)]
fn tile<S: Simd, const C: usize, const K: usize>(simd: S, task: &mut Gradient<'_>, begin: usize, run: Run) {
    let ([height, width], stride, parts) = (task.window.output(), task.window.stride, per_lane::<S>());
    let (input, deltas) = (S::as_simd_f32s(task.input.flat()).0, S::as_simd_f32s(task.deltas.flat()).0);
    let mut sums = [[simd.splat_f32s(0.0); K]; C];
    for y in 0..height {
        let first = task.spread.at(run.channel, y * stride + run.row, run.col) * parts;
        let input = &input[first..][..(width + K - 1) * parts];
        let row = |c: usize| &deltas[((begin + c) * height + y) * width * parts..][..width * parts];
        let deltas: [&[S::f32s]; C] = std::array::from_fn(row);
        // Both parts of a pixel's sixteen samples go into one sum where a vector holds fewer.
        for x in 0..width * parts {
            let input = &input[x..][..(K - 1) * parts + 1];
            for c in 0..C {
                let d = deltas[c][x];
                for k in 0..K {
                    sums[c][k] = simd.mul_add_f32s(d, input[k * parts], sums[c][k]);
                }
            }
        }
    }
    let weight = |c: usize, k: usize| {
        let place = (begin + c) * task.window.channels + run.channel;
        (place * task.window.kernel[0] + run.row) * task.window.kernel[1] + run.col + k * stride
    };
    let column = |k: usize| std::array::from_fn(|c| sums.get(c).map_or(simd.splat_f32s(0.0), |sums| sums[k]));
    for k in 0..K {
        let total = totals(simd, column(k));
        (0..C).for_each(|c| task.gradient[weight(c, k)] += total[c]);
    }
}
