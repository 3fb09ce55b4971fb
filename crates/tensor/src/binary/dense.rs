//! The two dense products of the mean-field variant: visible probabilities forward, and their part of the update.

use faer::linalg::matmul::matmul;
use faer::{Accum, Par};
use pulp::{Simd, WithSimd};

use super::Rows;
use super::dots::PACKED;
use crate::simd::{LANE, dispatch};

/// Forward from any inputs: `out[s] = bias + Σᵥ inputs[s][v] · weights[v]`.
///
/// Shapes: `out` samples × panel, `weights` visible × panel, `inputs` samples × visible.
///
/// # Panics
/// If the shapes do not fit.
pub fn forward(out: &mut Rows, bias: &[f32], weights: &Rows, inputs: &Rows) {
    assert_eq!((out.count(), weights.count()), (inputs.count(), inputs.width()), "samples and visible units");
    assert_eq!(
        (out.lanes(), bias.len()),
        (weights.lanes(), weights.lanes() * LANE),
        "lanes of states and bias"
    );
    dispatch(Forward { out, bias, weights, inputs });
}

struct Forward<'a> {
    out: &'a mut Rows,
    bias: &'a [f32],
    weights: &'a Rows,
    inputs: &'a Rows,
}

/// Samples and vectors of a register tile.
const SAMPLES: usize = 5;
const VECTORS: usize = 4;

impl WithSimd for Forward<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let vectors = self.weights.lanes() * LANE / S::F32_LANES;
        for at in (0..vectors).step_by(VECTORS) {
            match (vectors - at).min(VECTORS) {
                1 => forward_tiles::<S, 1>(simd, &mut self, at),
                2 => forward_tiles::<S, 2>(simd, &mut self, at),
                3 => forward_tiles::<S, 3>(simd, &mut self, at),
                _ => forward_tiles::<S, 4>(simd, &mut self, at),
            }
        }
    }
}

#[inline(always)]
fn forward_tiles<S: Simd, const N: usize>(simd: S, task: &mut Forward<'_>, at: usize) {
    let samples = task.out.count();
    let whole = samples / SAMPLES * SAMPLES;
    for s in (0..whole).step_by(SAMPLES) {
        forward_tile::<S, N, SAMPLES>(simd, task, at, s);
    }
    for s in whole..samples {
        forward_tile::<S, N, 1>(simd, task, at, s);
    }
}

#[inline(always)]
fn forward_tile<S: Simd, const N: usize, const M: usize>(
    simd: S,
    task: &mut Forward<'_>,
    at: usize,
    s: usize,
) {
    let bias: &[S::f32s; N] =
        S::as_simd_f32s(task.bias).0[at..].first_chunk().expect("a bias has the panel's lanes");
    let mut sums = [*bias; M];
    let mut inputs: [&[f32]; M] = [&[]; M];
    for (m, input) in inputs.iter_mut().enumerate() {
        *input = task.inputs.floats(s + m);
    }
    for v in 0..task.inputs.width() {
        let row = S::as_simd_f32s(task.weights.row(v)).0;
        let row: &[S::f32s; N] = row[at..].first_chunk().expect("a row has the panel's lanes");
        for (m, input) in inputs.iter().enumerate() {
            let x = simd.splat_f32s(input[v]);
            for n in 0..N {
                sums[m][n] = simd.mul_add_f32s(x, row[n], sums[m][n]);
            }
        }
    }
    for (m, sum) in sums.iter().enumerate() {
        let row = S::as_mut_simd_f32s(task.out.row_mut(s + m)).0;
        row[at..at + N].copy_from_slice(sum);
    }
}

/// The dense update: `weights[v] += rate · Σₛ inputs[s][v] · states[s]`; by faer on one thread for large batches.
///
/// Shapes: `weights` visible × panel, `inputs` samples × visible, `states` samples × panel.
///
/// # Panics
/// If the shapes do not fit.
pub fn add_products(weights: &mut Rows, rate: f32, inputs: &Rows, states: &Rows) {
    assert_eq!(
        (weights.count(), inputs.count()),
        (inputs.width(), states.count()),
        "visible units and samples"
    );
    assert_eq!(weights.lanes(), states.lanes(), "lanes of weights and states");
    if states.count() >= PACKED {
        let inputs = inputs.view().subrows(0, weights.count());
        return matmul(weights.view_mut(), Accum::Add, states.view(), inputs.transpose(), rate, Par::Seq);
    }
    dispatch(AddProducts { weights, rate, inputs, states });
}

struct AddProducts<'a> {
    weights: &'a mut Rows,
    rate: f32,
    inputs: &'a Rows,
    states: &'a Rows,
}

impl WithSimd for AddProducts<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let vectors = self.weights.lanes() * LANE / S::F32_LANES;
        for at in (0..vectors).step_by(VECTORS) {
            match (vectors - at).min(VECTORS) {
                1 => products_columns::<S, 1>(simd, &mut self, at),
                2 => products_columns::<S, 2>(simd, &mut self, at),
                3 => products_columns::<S, 3>(simd, &mut self, at),
                _ => products_columns::<S, 4>(simd, &mut self, at),
            }
        }
    }
}

#[inline(always)]
fn products_columns<S: Simd, const N: usize>(simd: S, task: &mut AddProducts<'_>, at: usize) {
    let visible = task.weights.count();
    let whole = visible / 4 * 4;
    for v in (0..whole).step_by(4) {
        products_tile::<S, N, 4>(simd, task, at, v);
    }
    for v in whole..visible {
        products_tile::<S, N, 1>(simd, task, at, v);
    }
}

#[inline(always)]
fn products_tile<S: Simd, const N: usize, const M: usize>(
    simd: S,
    task: &mut AddProducts<'_>,
    at: usize,
    v: usize,
) {
    let mut sums = [[simd.splat_f32s(0.0); N]; M];
    for s in 0..task.states.count() {
        let state = S::as_simd_f32s(task.states.row(s)).0;
        let state: &[S::f32s; N] = state[at..].first_chunk().expect("states have the panel's lanes");
        let input: &[f32; M] = task.inputs.row(s)[v..].first_chunk().expect("inputs have all visible units");
        for m in 0..M {
            let x = simd.splat_f32s(input[m]);
            for n in 0..N {
                sums[m][n] = simd.mul_add_f32s(x, state[n], sums[m][n]);
            }
        }
    }
    let rate = simd.splat_f32s(task.rate);
    for (m, sum) in sums.iter().enumerate() {
        let row = &mut S::as_mut_simd_f32s(task.weights.row_mut(v + m)).0[at..at + N];
        for n in 0..N {
            row[n] = simd.mul_add_f32s(rate, sum[n], row[n]);
        }
    }
}
