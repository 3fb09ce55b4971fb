//! The gradient of a convolution at its weights: `∂w[f, c, k, l] = Σ ∂y[f, i, j] · x[c, i·s + k − p, j·s + l − p]`.
//!
//! The sum over places is made in registers for a tile of filters and neighbouring weights, sixteen samples apart; the sum
//! over the samples comes at the end.

use pulp::{Simd, WithSimd};

use super::correlate::CHANNELS;
use super::{SIDE, Spread, Window};
use crate::binary::Rows;
use crate::simd::{LANE, Quarters, dispatch, evenly, part, per_lane, with_width};

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
    let ([height, width], stride) = (task.window.output(), task.window.stride);
    let (input, deltas) = (task.input.flat().as_chunks::<LANE>().0, task.deltas.flat().as_chunks::<LANE>().0);
    let mut quarters = [Quarters::ZERO; K];
    // A pixel's sixteen samples are as many sums, taken part by part where a vector holds fewer.
    for p in 0..per_lane::<S>() {
        let mut sums = [[simd.splat_f32s(0.0); K]; C];
        for y in 0..height {
            let first = task.spread.at(run.channel, y * stride + run.row, run.col);
            let input = &input[first..][..width + K - 1];
            let row = |c: usize| &deltas[((begin + c) * height + y) * width..][..width];
            let deltas: [&[[f32; LANE]]; C] = std::array::from_fn(row);
            for x in 0..width {
                let input: &[[f32; LANE]; K] = input[x..].first_chunk().expect("the window's columns");
                for c in 0..C {
                    let d = part::<S>(&deltas[c][x], p);
                    for k in 0..K {
                        sums[c][k] = simd.mul_add_f32s(d, part::<S>(&input[k], p), sums[c][k]);
                    }
                }
            }
        }
        for k in 0..K {
            let filter = |c: usize| sums.get(c).map_or(simd.splat_f32s(0.0), |sums| sums[k]);
            quarters[k].set(simd, p, std::array::from_fn(filter));
        }
    }
    let weight = |c: usize, k: usize| {
        let place = (begin + c) * task.window.channels + run.channel;
        (place * task.window.kernel[0] + run.row) * task.window.kernel[1] + run.col + k * stride
    };
    for (k, quarters) in quarters.iter().enumerate() {
        let total = quarters.sums();
        (0..C).for_each(|c| task.gradient[weight(c, k)] += total[c]);
    }
}
