//! The gradient of a panel's weights and biases, straight into the update: `g[i] = Σₛ inputs[s][i] · deltas[s]`.

use pulp::{Simd, WithSimd};

use super::sparse::Sparse;
use super::touched::Touched;
use super::update::{Moments, Update, apply};
use crate::binary::Rows;
use crate::simd::{LANE, dispatch, evenly, group, group_mut, per_lane, with_width};

/// The inputs of a block of samples.
#[derive(Clone, Copy)]
pub enum Inputs<'a> {
    /// Samples × inputs.
    Dense(&'a Rows),
    /// For each input, the samples in which it is not zero ([`Sparse::set_transposed`]).
    Sparse(&'a Sparse),
    /// A few samples by the inputs that they touch; for plain descent alone.
    Few(&'a Touched),
}

/// A block of samples: their inputs, and the gradient at the logits, samples × units.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    /// What came in.
    pub inputs: Inputs<'a>,
    /// What came back.
    pub deltas: &'a Rows,
}

/// Updates a panel's weights by their gradient, summed over the samples of all parts in order.
///
/// Shapes: `weights` inputs × panel, whose units are at the lanes from `lane` on in the deltas. The parts are all dense
/// or all lists, or dense ones come before lists (weights that serve twice), or there is one part of a few samples.
///
/// # Panics
/// If the shapes do not fit, or few samples meet another update than plain descent.
pub fn learn(panel: (&mut Rows, &mut Moments), lane: usize, parts: &[Part<'_>], update: &Update) {
    let (weights, moments) = panel;
    for part in parts {
        let inputs = match part.inputs {
            Inputs::Dense(rows) => (rows.width(), rows.count()),
            Inputs::Sparse(lists) => (lists.len(), lists.rows()),
            Inputs::Few(touched) => {
                assert!(update.rests_without_gradient() && parts.len() == 1, "{update:?} on a few samples");
                (touched.height(), touched.samples())
            }
        };
        assert_eq!(inputs, (weights.count(), part.deltas.count()), "inputs and samples");
        assert!(lane + weights.lanes() <= part.deltas.lanes(), "lanes of deltas");
    }
    dispatch(Learn { weights, moments, lane, parts, update });
}

struct Learn<'a> {
    weights: &'a mut Rows,
    moments: &'a mut Moments,
    lane: usize,
    parts: &'a [Part<'a>],
    update: &'a Update,
}

impl WithSimd for Learn<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let vectors = self.weights.lanes() * per_lane::<S>();
        let (wide, plain) = (S::F32_LANES == LANE, self.update.rests_without_gradient());
        match self.parts {
            [] => {}
            [part]
                if plain
                    && part.deltas.count() <= Touched::MOST
                    && !matches!(part.inputs, Inputs::Sparse(_)) =>
            {
                let most = match (wide, part.deltas.count() <= 5) {
                    (true, true) => 5,
                    (true, false) => 3,
                    (false, true) => 2,
                    (false, false) => 1,
                };
                for (at, width) in evenly(vectors, most) {
                    with_width!(width, [1 2 3 4 5], N => learn_few::<S, N>(simd, &mut self, *part, at));
                }
            }
            [Part { inputs: Inputs::Dense(_), .. }, ..] => {
                for (at, width) in evenly(vectors, if wide { 4 } else { 2 }) {
                    with_width!(width, [1 2 3 4], N => learn_dense::<S, N>(simd, &mut self, at));
                }
            }
            _ => {
                for (at, width) in evenly(vectors, 8) {
                    with_width!(width, [1 2 3 4 5 6 7 8], N => learn_sparse::<S, N>(simd, &mut self, at));
                }
            }
        }
    }
}

#[inline(always)]
fn learn_sparse<S: Simd, const N: usize>(simd: S, task: &mut Learn<'_>, at: usize) {
    let delta_at = task.lane * per_lane::<S>() + at;
    let rests = task.update.rests_without_gradient();
    for v in 0..task.weights.count() {
        let (mut sum, mut touched) = ([simd.splat_f32s(0.0); N], false);
        for part in task.parts {
            let Inputs::Sparse(lists) = part.inputs else { continue };
            for &(s, x) in lists.column(v) {
                let (x, row) = (simd.splat_f32s(x), group::<S, N>(part.deltas.row(s as usize), delta_at));
                for n in 0..N {
                    sum[n] = simd.mul_add_f32s(x, row[n], sum[n]);
                }
                touched = true;
            }
        }
        if touched || !rests {
            apply::<S, N>(simd, task.update, (task.weights, task.moments), (v, at), sum);
        }
    }
}

#[inline(always)]
fn learn_few<S: Simd, const N: usize>(simd: S, task: &mut Learn<'_>, part: Part<'_>, at: usize) {
    match part.deltas.count() {
        1 => few_samples::<S, N, 1>(simd, task, part, at),
        2..=5 => few_samples::<S, N, 5>(simd, task, part, at),
        _ => few_samples::<S, N, { Touched::MOST }>(simd, task, part, at),
    }
}

/// Plain descent on up to `M` samples: their deltas, times the rate, stay in registers while the weights go by.
#[inline(always)]
fn few_samples<S: Simd, const N: usize, const M: usize>(
    simd: S,
    task: &mut Learn<'_>,
    part: Part<'_>,
    at: usize,
) {
    let (delta_at, count) = (task.lane * per_lane::<S>() + at, task.weights.count());
    let scale = simd.splat_f32s(-task.update.rate);
    let mut deltas = [[simd.splat_f32s(0.0); N]; M];
    for (s, delta) in deltas.iter_mut().enumerate().take(part.deltas.count()) {
        for (d, from) in delta.iter_mut().zip(group::<S, N>(part.deltas.row(s), delta_at)) {
            *d = simd.mul_f32s(scale, *from);
        }
    }
    match part.inputs {
        Inputs::Dense(inputs) => {
            let mut rows: [&[f32]; M] = [&[]; M];
            for (m, row) in rows.iter_mut().enumerate() {
                // With fewer than M samples, each missing one reads the first one's inputs, and its deltas are zero.
                *row = &inputs.row(if m < inputs.count() { m } else { 0 })[..count];
            }
            for (v, _) in rows[0].iter().enumerate() {
                let mut inputs = [0.0; M];
                for m in 0..M {
                    inputs[m] = rows[m][v];
                }
                descend::<S, N, M>(simd, group_mut::<S, N>(task.weights.row_mut(v), at), &inputs, &deltas);
            }
        }
        Inputs::Few(touched) => {
            for (v, values) in touched.entries() {
                let inputs: &[f32; M] = values.first_chunk().expect("at most a few samples");
                descend::<S, N, M>(simd, group_mut::<S, N>(task.weights.row_mut(v), at), inputs, &deltas);
            }
        }
        Inputs::Sparse(_) => {}
    }
}

/// `row += Σₘ inputs[m] · deltas[m]`; the row is written once.
#[inline(always)]
fn descend<S: Simd, const N: usize, const M: usize>(
    simd: S,
    row: &mut [S::f32s; N],
    inputs: &[f32; M],
    deltas: &[[S::f32s; N]; M],
) {
    let mut sum = *row;
    for m in 0..M {
        let x = simd.splat_f32s(inputs[m]);
        for n in 0..N {
            sum[n] = simd.mul_add_f32s(x, deltas[m][n], sum[n]);
        }
    }
    *row = sum;
}

/// Inputs of a register tile.
const INPUTS: usize = 4;

#[inline(always)]
fn learn_dense<S: Simd, const N: usize>(simd: S, task: &mut Learn<'_>, at: usize) {
    for i in (0..task.weights.count()).step_by(INPUTS) {
        learn_tile::<S, N>(simd, task, i, at);
    }
}

#[inline(always)]
fn learn_tile<S: Simd, const N: usize>(simd: S, task: &mut Learn<'_>, i: usize, at: usize) {
    let delta_at = task.lane * per_lane::<S>() + at;
    let mut sums = [[simd.splat_f32s(0.0); N]; INPUTS];
    for part in task.parts {
        let Inputs::Dense(inputs) = part.inputs else { continue };
        for s in 0..part.deltas.count() {
            let delta = group::<S, N>(part.deltas.row(s), delta_at);
            // Rows are padded to whole lanes, so a whole tile can be read; what lies beyond is not written.
            let x: &[f32; INPUTS] = inputs.row(s)[i..].first_chunk().expect("rows have whole lanes");
            for m in 0..INPUTS {
                let x = simd.splat_f32s(x[m]);
                for n in 0..N {
                    sums[m][n] = simd.mul_add_f32s(x, delta[n], sums[m][n]);
                }
            }
        }
    }
    let inputs = task.weights.count();
    for part in task.parts {
        let Inputs::Sparse(lists) = part.inputs else { continue };
        // One after another by name: an index known only at run time would drive all sums out of the registers.
        let [sum0, sum1, sum2, sum3] = &mut sums;
        add_list::<S, N>(simd, sum0, (lists, part.deltas), delta_at, i);
        add_list::<S, N>(simd, sum1, (lists, part.deltas), delta_at, i + 1);
        add_list::<S, N>(simd, sum2, (lists, part.deltas), delta_at, i + 2);
        add_list::<S, N>(simd, sum3, (lists, part.deltas), delta_at, i + 3);
    }
    for (m, sum) in sums.into_iter().enumerate().take(inputs - i) {
        apply::<S, N>(simd, task.update, (task.weights, task.moments), (i + m, at), sum);
    }
}

/// What the samples in which input `v` is not zero add to its `N` vectors; nothing beyond the last input.
#[inline(always)]
fn add_list<S: Simd, const N: usize>(
    simd: S,
    sum: &mut [S::f32s; N],
    (lists, deltas): (&Sparse, &Rows),
    delta_at: usize,
    v: usize,
) {
    if v >= lists.len() {
        return;
    }
    for &(s, x) in lists.column(v) {
        let (x, row) = (simd.splat_f32s(x), group::<S, N>(deltas.row(s as usize), delta_at));
        for n in 0..N {
            sum[n] = simd.mul_add_f32s(x, row[n], sum[n]);
        }
    }
}

/// Updates a panel's biases, one row, by their gradient: the sum of the deltas of all samples of all parts in order.
///
/// # Panics
/// If the shapes do not fit.
pub fn learn_bias(panel: (&mut Rows, &mut Moments), lane: usize, deltas: &[&Rows], update: &Update) {
    let (weights, moments) = panel;
    assert_eq!(weights.count(), 1, "rows of biases");
    assert!(deltas.iter().all(|d| lane + weights.lanes() <= d.lanes()), "lanes of deltas");
    dispatch(LearnBias { weights, moments, lane, deltas, update });
}

struct LearnBias<'a> {
    weights: &'a mut Rows,
    moments: &'a mut Moments,
    lane: usize,
    deltas: &'a [&'a Rows],
    update: &'a Update,
}

impl WithSimd for LearnBias<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for (at, width) in evenly(self.weights.lanes() * per_lane::<S>(), 8) {
            with_width!(width, [1 2 3 4 5 6 7 8], N => bias_group::<S, N>(simd, &mut self, at));
        }
    }
}

#[inline(always)]
fn bias_group<S: Simd, const N: usize>(simd: S, task: &mut LearnBias<'_>, at: usize) {
    let delta_at = task.lane * per_lane::<S>() + at;
    let mut sum = [simd.splat_f32s(0.0); N];
    for deltas in task.deltas {
        for s in 0..deltas.count() {
            let row = group::<S, N>(deltas.row(s), delta_at);
            for n in 0..N {
                sum[n] = simd.add_f32s(sum[n], row[n]);
            }
        }
    }
    apply::<S, N>(simd, task.update, (task.weights, task.moments), (0, at), sum);
}
