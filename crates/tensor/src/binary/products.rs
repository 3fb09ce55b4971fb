//! The two dense products of the mean-field variant: visible probabilities forward, and their part of the update.

use pulp::{Simd, WithSimd};

use super::panels::{Blocks, Rows};
use crate::simd::{LANE, dispatch, evenly, in_steps, per_lane, tile, with_width};

/// Forward from any inputs: `out[s] = bias + Σᵥ inputs[s][v] · weights[v]`.
///
/// Shapes: `out` samples × panel, `weights` visible × panel, `inputs` samples × visible.
///
/// # Panics
/// If the shapes do not fit.
pub fn forward(out: &mut Rows, bias: &[f32], weights: &Rows, inputs: &Blocks) {
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
    inputs: &'a Blocks,
}

/// Samples and vectors of a register tile.
const SAMPLES: usize = 6;

/// Vectors of a register tile beside six samples or six visible units: 24 accumulators of 32 registers, or 12 of 16.
const VECTORS: usize = 4;
const FEWER: usize = 2;

impl WithSimd for Forward<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for (at, width) in evenly(self.weights.lanes() * per_lane::<S>(), tile::<S>(VECTORS, FEWER)) {
            with_width!(width, [1 2 3 4], N => forward_tiles::<S, N>(simd, &mut self, at));
        }
    }
}

#[inline(always)]
fn forward_tiles<S: Simd, const N: usize>(simd: S, task: &mut Forward<'_>, at: usize) {
    let samples = task.out.count();
    for (s, count) in in_steps(samples, SAMPLES) {
        with_width!(count, [1 2 3 4 5 6], M => forward_tile::<S, N, M>(simd, task, at, s));
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
    let visible = task.weights.count();
    for input in &mut inputs {
        *input = &input[..visible];
    }
    let vectors = task.weights.lanes() * LANE / S::F32_LANES;
    // Two rows a turn: a loop counts once for the products of both.
    let twos = S::as_simd_f32s(task.weights.flat()).0.chunks_exact(2 * vectors);
    let last = twos.remainder();
    for (i, two) in twos.enumerate().take(visible / 2) {
        let (one, two) = two.split_at(vectors);
        forward_row(simd, &mut sums, &inputs, 2 * i, &one[at..]);
        forward_row(simd, &mut sums, &inputs, 2 * i + 1, &two[at..]);
    }
    if !last.is_empty() {
        forward_row(simd, &mut sums, &inputs, visible - 1, &last[at..]);
    }
    for (m, sum) in sums.iter().enumerate() {
        let row = S::as_mut_simd_f32s(task.out.row_mut(s + m)).0;
        row[at..at + N].copy_from_slice(sum);
    }
}

/// What visible unit `v` sends to `N` hidden vectors of `M` samples.
#[inline(always)]
fn forward_row<S: Simd, const N: usize, const M: usize>(
    simd: S,
    sums: &mut [[S::f32s; N]; M],
    inputs: &[&[f32]; M],
    v: usize,
    row: &[S::f32s],
) {
    let row: &[S::f32s; N] = row.first_chunk().expect("a row has the panel's lanes");
    for m in 0..M {
        let x = simd.splat_f32s(inputs[m][v]);
        for n in 0..N {
            sums[m][n] = simd.mul_add_f32s(x, row[n], sums[m][n]);
        }
    }
}

/// The dense update: `weights[v] += rate · Σₛ inputs[s][v] · states[s]`.
///
/// Shapes: `weights` visible × panel, `inputs` samples × visible, `states` samples × panel.
///
/// # Panics
/// If the shapes do not fit.
pub fn add_products(weights: &mut Rows, rate: f32, inputs: &Blocks, states: &Rows) {
    assert_eq!(
        (weights.count(), inputs.count()),
        (inputs.width(), states.count()),
        "visible units and samples"
    );
    assert_eq!(weights.lanes(), states.lanes(), "lanes of weights and states");
    dispatch(AddProducts { weights, rate, inputs, states });
}

struct AddProducts<'a> {
    weights: &'a mut Rows,
    rate: f32,
    inputs: &'a Blocks,
    states: &'a Rows,
}

/// Samples whose states for a tile stay in the first-level cache.
const BLOCK: usize = 128;
/// Visible units of a register tile.
const UNITS: usize = 6;

impl WithSimd for AddProducts<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let vectors = self.weights.lanes() * LANE / S::F32_LANES;
        let samples = self.states.count();
        for s in (0..samples).step_by(BLOCK) {
            let mut rows: [&[f32]; BLOCK] = [&[]; BLOCK];
            for (i, row) in rows.iter_mut().enumerate().take(samples - s) {
                *row = self.inputs.row(s + i);
            }
            let inputs = &rows[..BLOCK.min(samples - s)];
            for (at, width) in in_steps(vectors, tile::<S>(VECTORS, FEWER)) {
                with_width!(width, [1 2 3 4], N => products_columns::<S, N>(simd, &mut self, inputs, at, s));
            }
        }
    }
}

#[inline(always)]
fn products_columns<S: Simd, const N: usize>(
    simd: S,
    task: &mut AddProducts<'_>,
    inputs: &[&[f32]],
    at: usize,
    s: usize,
) {
    let visible = task.weights.count();
    for (v, count) in in_steps(visible, UNITS) {
        with_width!(count, [1 2 3 4 5 6], M => products_tile::<S, N, M>(simd, task, inputs, at, s, v));
    }
}

#[inline(always)]
fn products_tile<S: Simd, const N: usize, const M: usize>(
    simd: S,
    task: &mut AddProducts<'_>,
    inputs: &[&[f32]],
    at: usize,
    s: usize,
    v: usize,
) {
    let mut sums = [[simd.splat_f32s(0.0); N]; M];
    let vectors = task.weights.lanes() * LANE / S::F32_LANES;
    let states = &S::as_simd_f32s(task.states.flat()).0[s * vectors..(s + inputs.len()) * vectors];
    // Two samples a turn: a loop counts once for the products of both.
    let (pairs, last_input) = inputs.as_chunks::<2>();
    let twos = states.chunks_exact(2 * vectors);
    let last = twos.remainder();
    for (two, [first, second]) in twos.zip(pairs) {
        let (one, two) = two.split_at(vectors);
        update_sample(simd, &mut sums, &first[v..], &one[at..]);
        update_sample(simd, &mut sums, &second[v..], &two[at..]);
    }
    if let [input] = last_input {
        update_sample(simd, &mut sums, &input[v..], &last[at..]);
    }
    let rate = simd.splat_f32s(task.rate);
    for (m, sum) in sums.iter().enumerate() {
        let row = &mut S::as_mut_simd_f32s(task.weights.row_mut(v + m)).0[at..at + N];
        for n in 0..N {
            row[n] = simd.mul_add_f32s(rate, sum[n], row[n]);
        }
    }
}

/// What one sample adds to `N` vectors of the weights of `M` visible units.
#[inline(always)]
fn update_sample<S: Simd, const N: usize, const M: usize>(
    simd: S,
    sums: &mut [[S::f32s; N]; M],
    input: &[f32],
    state: &[S::f32s],
) {
    let input: &[f32; M] = input.first_chunk().expect("inputs have all visible units");
    let state: &[S::f32s; N] = state.first_chunk().expect("states have the panel's lanes");
    for m in 0..M {
        let x = simd.splat_f32s(input[m]);
        for n in 0..N {
            sums[m][n] = simd.mul_add_f32s(x, state[n], sums[m][n]);
        }
    }
}
