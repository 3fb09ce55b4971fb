//! Forward and backward in one kernel: a tile of maps and pixels in registers, while all weights that meet them go by.
//!
//! Both directions are `out[c, place] = b[c] + Σ w[t, c] · in[place + at(t)]` over **taps** `t`, each a weight for every
//! channel and an offset in the input. Forward, all rows have the same taps, one for each weight of a filter.
//! Backward, `∂x[c, i, j] = Σ w[f, c, k, l] · ∂y[f, (i + p − k) / s, (j + p − l) / s]` over the filters and those `k, l` for which the
//! divisions are exact; rows and columns of equal remainder share their taps, and what lies beside a row is zero.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::{SIDE, Spread, Window};
use crate::binary::Rows;
use crate::simd::{LANE, dispatch, evenly, per_lane, with_width};

/// Channels of a register tile.
pub(super) const CHANNELS: usize = 4;

/// A weight, and how far from the place of an output its input lies.
#[derive(Clone, Copy, Debug)]
struct Tap {
    at: u32,
    weight: u32,
}

/// Neighbours along a row that share their taps.
#[derive(Clone, Debug)]
struct Line {
    taps: Range<usize>,
    /// Where the input of the first one lies, but for the taps.
    base: usize,
    /// The first one's place in a map that comes out, and the step to the next.
    out: usize,
    step: usize,
    count: usize,
}

/// One direction of a convolution: where every product is found.
#[derive(Clone, Debug)]
pub struct Correlation {
    taps: Vec<Tap>,
    lines: Vec<Line>,
    /// Maps that come out, and pixels of each.
    channels: usize,
    pixels: usize,
    /// Pixels that go in, spread or widened.
    inputs: usize,
    /// Of a widened row backward: columns, zeros to its left, columns of the row itself.
    wide: [usize; 3],
}

/// The weights of a [`Correlation`], tile by tile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Packed {
    values: Vec<f32>,
    taps: usize,
    bias: Vec<f32>,
}

impl Correlation {
    /// From the window's inputs, spread by [`Spread`], to its outputs.
    ///
    /// # Panics
    /// If the window does not fit.
    pub fn forward(window: &Window) -> Self {
        let (spread, [height, width], [rows, cols]) = (Spread::new(window), window.output(), window.kernel);
        let places = (0..window.channels * rows * cols).map(|t| (t / cols / rows, t / cols % rows, t % cols));
        let tap = |(weight, (c, k, l))| Tap { at: spread.at(c, k, l) as u32, weight: weight as u32 };
        let taps: Vec<Tap> = places.enumerate().map(tap).collect();
        let line = |y: usize| Line {
            taps: 0..taps.len(),
            base: y * window.stride * spread.row(),
            out: y * width,
            step: 1,
            count: width,
        };
        let lines = (0..height).map(line).collect();
        let inputs = if spread.is_identity() { window.inputs() } else { spread.room().count() };
        Self { taps, lines, channels: window.filters, pixels: height * width, inputs, wide: [0; 3] }
    }

    /// From gradients at the window's outputs, widened by [`Correlation::widen`], to those at its inputs; also what a transposed
    /// convolution does to its inputs.
    ///
    /// # Panics
    /// If the window does not fit.
    pub fn backward(window: &Window) -> Self {
        let ([height, width], [rows, cols]) = (window.output(), window.kernel);
        let (stride, padding) = (window.stride, window.padding);
        // As many zeros to the left of a row as the last weight of a filter may reach.
        let left = (cols - 1).div_ceil(stride);
        let wide = left + width.max((window.width - 1 + padding) / stride + 1);
        let row = |y: usize, k: usize| (y + padding).checked_sub(k).filter(|gap| gap.is_multiple_of(stride));
        // Input column `r + stride · j` hears of output column `j + shift − left`.
        let shift = |r: usize, l: usize| {
            Some(r + padding + stride * left - l)
                .filter(|gap| gap.is_multiple_of(stride))
                .map(|gap| gap / stride)
        };
        let (mut taps, mut lines) = (Vec::new(), Vec::new());
        for (y, r) in (0..window.height).flat_map(|y| (0..stride.min(window.width)).map(move |r| (y, r))) {
            let begin = taps.len();
            for place in 0..window.filters * rows * cols {
                let (f, k, l) = (place / cols / rows, place / cols % rows, place % cols);
                let (Some(gap), Some(shift)) = (row(y, k), shift(r, l)) else { continue };
                if gap / stride < height {
                    let at = (f * height + gap / stride) * wide + shift;
                    taps.push(Tap { at: at as u32, weight: place as u32 });
                }
            }
            let (taps, count) = (begin..taps.len(), (window.width - r).div_ceil(stride));
            lines.push(Line { taps, base: 0, out: y * window.width + r, step: stride, count });
        }
        let (channels, pixels) = (window.channels, window.height * window.width);
        let inputs = window.filters * height * wide;
        Self { taps, lines, channels, pixels, inputs, wide: [wide, left, width] }
    }

    /// Room for widened gradients.
    pub fn room(&self) -> Rows {
        Rows::zeros(if self.wide[0] == 0 { 0 } else { self.inputs }, SIDE)
    }

    /// Copies a side of the window's outputs into room that has zeros beside every row.
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub fn widen(&self, deltas: &Rows, room: &mut Rows) {
        let [wide, left, width] = self.wide;
        assert_eq!(deltas.count() * wide, self.inputs * width, "gradients of {} pixels", deltas.count());
        for (line, row) in deltas.flat().chunks_exact(width * SIDE).enumerate() {
            let begin = (line * wide + left) * SIDE;
            room.flat_mut()[begin..begin + row.len()].copy_from_slice(row);
        }
    }

    /// `out ← b + w · input`; without bias where `packed` has none.
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub fn apply(&self, out: &mut Rows, packed: &Packed, input: &Rows) {
        let shapes = (self.channels * self.pixels, SIDE, self.inputs, SIDE);
        assert_eq!(shapes, (out.count(), out.width(), input.count(), input.width()), "pixels and samples");
        assert_eq!(packed.values.len(), packed.taps * self.channels, "weights of {} maps", self.channels);
        dispatch(Correlate { plan: self, out, packed, input });
    }
}

impl Packed {
    /// Weights [filters, channels, kernel rows, kernel columns] for [`Correlation::forward`], and one bias a filter or none.
    ///
    /// # Panics
    /// If they are not as many as the window says.
    pub fn forward(window: &Window, weights: &[f32], bias: &[f32]) -> Self {
        let taps = window.taps();
        assert_eq!(weights.len(), window.filters * taps, "weights");
        Self::pack(window.filters, taps, bias, |t, c| weights[c * taps + t])
    }

    /// The same weights for [`Correlation::backward`], and one bias a channel or none.
    ///
    /// # Panics
    /// If they are not as many as the window says.
    pub fn backward(window: &Window, weights: &[f32], bias: &[f32]) -> Self {
        let (channels, kernel) = (window.channels, window.kernel[0] * window.kernel[1]);
        assert_eq!(weights.len(), window.filters * window.taps(), "weights");
        Self::pack(channels, window.filters * kernel, bias, |t, c| {
            weights[(t / kernel * channels + c) * kernel + t % kernel]
        })
    }

    fn pack(channels: usize, taps: usize, bias: &[f32], weight: impl Fn(usize, usize) -> f32) -> Self {
        assert!(bias.is_empty() || bias.len() == channels, "{} biases for {channels} maps", bias.len());
        let mut values = Vec::with_capacity(channels * taps);
        for (begin, count) in evenly(channels, CHANNELS) {
            (0..taps).for_each(|t| values.extend((begin..begin + count).map(|c| weight(t, c))));
        }
        let bias = if bias.is_empty() { vec![0.0; channels] } else { bias.to_vec() };
        Self { values, taps, bias }
    }
}

struct Correlate<'a> {
    plan: &'a Correlation,
    out: &'a mut Rows,
    packed: &'a Packed,
    input: &'a Rows,
}

impl WithSimd for Correlate<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for (begin, count) in evenly(self.plan.channels, CHANNELS) {
            with_width!(count, [1 2 3 4], C => lines::<S, C>(simd, &mut self, begin));
        }
    }
}

/// All pixels of `C` channels from `begin` on.
#[inline(always)]
fn lines<S: Simd, const C: usize>(simd: S, task: &mut Correlate<'_>, begin: usize) {
    // Four channels times six pixels fit the 32 registers of AVX-512.
    let most = if S::F32_LANES == LANE { 6 } else { 3 };
    for line in &task.plan.lines {
        for (at, width) in evenly(line.count, most) {
            for part in 0..per_lane::<S>() {
                let place = (begin, at, part);
                with_width!(width, [1 2 3 4 5 6], N => tile::<S, C, N>(simd, task, line, place));
            }
        }
    }
}

/// `C` channels times `N` neighbours along a line.
#[inline(always)]
fn tile<S: Simd, const C: usize, const N: usize>(
    simd: S,
    task: &mut Correlate<'_>,
    line: &Line,
    (begin, at, part): (usize, usize, usize),
) {
    let (plan, packed, parts) = (task.plan, task.packed, per_lane::<S>());
    let bias: &[f32; C] = packed.bias[begin..].first_chunk().expect("a bias for each channel");
    let mut sums: [[S::f32s; N]; C] = std::array::from_fn(|c| [simd.splat_f32s(bias[c]); N]);
    let weights = packed.values[begin * packed.taps..].as_chunks::<C>().0;
    let input = S::as_simd_f32s(task.input.flat()).0;
    for tap in &plan.taps[line.taps.clone()] {
        let first = (line.base + at + tap.at as usize) * parts + part;
        let input = &input[first..][..(N - 1) * parts + 1];
        let weights = &weights[tap.weight as usize];
        for c in 0..C {
            let w = simd.splat_f32s(weights[c]);
            for n in 0..N {
                sums[c][n] = simd.mul_add_f32s(w, input[n * parts], sums[c][n]);
            }
        }
    }
    let out = S::as_mut_simd_f32s(task.out.flat_mut()).0;
    for (c, sums) in sums.into_iter().enumerate() {
        for (n, sum) in sums.into_iter().enumerate() {
            let pixel = (begin + c) * plan.pixels + line.out + (at + n) * line.step;
            out[pixel * parts + part] = sum;
        }
    }
}
