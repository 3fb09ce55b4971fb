//! The two dense products of a layer, tile by tile in registers: forward to the units, backward to the inputs.

use pulp::{Simd, WithSimd};

use crate::binary::Rows;
use crate::simd::{
    LANE, Quarters, add_products, dispatch, evenly, group, group_mut, in_steps, per_lane, tile, with_width,
};

/// Samples of a register tile.
const SAMPLES: usize = 5;

/// Forward: `out[s] = bias + Σᵢ inputs[s][i] · weights[i]`, at the lanes from `lane` on.
///
/// Shapes: `out` samples × at least (lane + panel), `weights` inputs × panel, `inputs` samples × inputs.
///
/// # Panics
/// If the shapes do not fit.
pub fn forward(out: &mut Rows, lane: usize, panel: (&[f32], &Rows), inputs: &Rows) {
    let (bias, weights) = panel;
    let shapes = (out.count(), weights.count(), bias.len());
    assert_eq!(shapes, (inputs.count(), inputs.width(), weights.lanes() * LANE), "samples, inputs, lanes");
    assert!(lane + weights.lanes() <= out.lanes(), "lanes of states");
    dispatch(Forward { out, lane, bias, weights, inputs });
}

struct Forward<'a> {
    out: &'a mut Rows,
    lane: usize,
    bias: &'a [f32],
    weights: &'a Rows,
    inputs: &'a Rows,
}

impl WithSimd for Forward<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for (at, width) in evenly(self.weights.lanes() * per_lane::<S>(), tile::<S>(5, 2)) {
            with_width!(width, [1 2 3 4 5], N => forward_tiles::<S, N>(simd, &mut self, at));
        }
    }
}

#[inline(always)]
fn forward_tiles<S: Simd, const N: usize>(simd: S, task: &mut Forward<'_>, at: usize) {
    for (s, count) in in_steps(task.out.count(), SAMPLES) {
        with_width!(count, [1 2 3 4 5], M => forward_tile::<S, N, M>(simd, task, at, s));
    }
}

#[inline(always)]
fn forward_tile<S: Simd, const N: usize, const M: usize>(
    simd: S,
    task: &mut Forward<'_>,
    at: usize,
    s: usize,
) {
    let mut sums = [*group::<S, N>(task.bias, at); M];
    let width = task.inputs.width();
    let inputs: [&[f32]; M] = std::array::from_fn(|m| &task.inputs.row(s + m)[..width]);
    let rows = (0..width).map(|i| group::<S, N>(task.weights.row(i), at));
    for (i, row) in rows.enumerate() {
        for m in 0..M {
            let x = simd.splat_f32s(inputs[m][i]);
            for n in 0..N {
                sums[m][n] = simd.mul_add_f32s(x, row[n], sums[m][n]);
            }
        }
    }
    let out_at = task.lane * per_lane::<S>() + at;
    for (m, sum) in sums.into_iter().enumerate() {
        *group_mut::<S, N>(task.out.row_mut(s + m), out_at) = sum;
    }
}

/// Backward: `out[s][i] = Σⱼ weights[i][j] · deltas[s][j]`, summed over the units of all panels of a layer.
///
/// Shapes: `out` samples × inputs; `weights` inputs × panel each, one after another at the lanes of `deltas`, samples ×
/// units. Whole vectors of products are summed first, their lanes at the end. The padding of `out` becomes zero.
///
/// # Panics
/// If the shapes do not fit.
pub fn backward(out: &mut Rows, weights: &[&Rows], deltas: &Rows) {
    let lanes: usize = weights.iter().map(|w| w.lanes()).sum();
    assert_eq!((out.count(), lanes), (deltas.count(), deltas.lanes()), "samples and lanes of units");
    assert!(weights.iter().all(|w| w.count() == out.width()), "inputs of weights and of {}", out.width());
    dispatch(Backward { out, weights, deltas });
}

struct Backward<'a> {
    out: &'a mut Rows,
    weights: &'a [&'a Rows],
    deltas: &'a Rows,
}

impl WithSimd for Backward<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (inputs, samples) = (self.out.width(), self.out.count());
        for i in (0..inputs).step_by(4) {
            for (s, count) in in_steps(samples, SAMPLES) {
                with_width!(count, [1 2 3 4 5], M => backward_tile::<S, M>(simd, &mut self, i, s));
            }
        }
        self.out.clear_padding();
    }
}

/// Four inputs times `M` samples, from input `i` and sample `s`; the parts of the lanes one after the other.
#[inline(always)]
fn backward_tile<S: Simd, const M: usize>(simd: S, task: &mut Backward<'_>, i: usize, s: usize) {
    let last = task.out.width() - 1;
    let mut quarters = [Quarters::ZERO; M];
    for p in 0..per_lane::<S>() {
        let (mut sums, mut at) = ([[simd.splat_f32s(0.0); 4]; M], 0);
        for weights in task.weights {
            let row = |r: usize| weights.row((i + r).min(last)).as_chunks().0;
            let (w0, w1, w2, w3) = (row(0), row(1), row(2), row(3));
            let lanes = w0.len();
            let (w1, w2, w3) = (&w1[..lanes], &w2[..lanes], &w3[..lanes]);
            let deltas: [&[[f32; LANE]]; M] =
                std::array::from_fn(|m| &task.deltas.row(s + m).as_chunks().0[at..at + lanes]);
            for n in 0..lanes {
                add_products(simd, &mut sums, [&w0[n], &w1[n], &w2[n], &w3[n]], deltas.map(|d| &d[n]), p);
            }
            at += lanes;
        }
        (0..M).for_each(|m| quarters[m].set(simd, p, sums[m]));
    }
    for (m, quarters) in quarters.iter().enumerate() {
        // Rows are padded to whole lanes, so four entries always fit.
        task.out.row_mut(s + m)[i..i + 4].copy_from_slice(&quarters.sums());
    }
}
