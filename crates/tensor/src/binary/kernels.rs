//! The loops over panels: forward from on-pixels, backward to the visible units, sampling, and the update.
//!
//! Accumulators stay in registers: a panel has at most [`PANEL`](super::PANEL) lanes. Sums run over on-pixels and
//! samples in ascending order, so the bits depend on the data alone.

use pulp::{Simd, WithSimd};

use super::panels::{Blocks, Rows};
use super::spikes::Spikes;
use crate::random::{COLUMN_BLOCK, Lanes, Seed};
use crate::simd::{
    LANE, Quarters, dispatch, draw, evenly, group, group_mut, part, per_lane, sigmoid_of, uniform, with_width,
};

/// Forward from binary inputs: `out[s] = bias + Σ weights[v]` over the `v` that are on in sample `s`.
///
/// Shapes: `out` samples × panel, `weights` visible × panel, `spikes` visible × samples.
///
/// # Panics
/// If the shapes do not fit.
pub fn gather(out: &mut Rows, bias: &[f32], weights: &Rows, spikes: &Spikes) {
    assert_eq!((out.count(), weights.count()), (spikes.len(), spikes.rows()), "samples and visible units");
    assert_eq!(
        (out.lanes(), bias.len()),
        (weights.lanes(), weights.lanes() * LANE),
        "lanes of states and bias"
    );
    dispatch(Gather { out, bias, weights, spikes });
}

struct Gather<'a> {
    out: &'a mut Rows,
    bias: &'a [f32],
    weights: &'a Rows,
    spikes: &'a Spikes,
}

impl WithSimd for Gather<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for (at, width) in evenly(self.weights.lanes() * per_lane::<S>(), 8) {
            with_width!(width, [1 2 3 4 5 6 7 8], N => gather_group::<S, N>(simd, &mut self, at));
        }
    }
}

#[inline(always)]
fn gather_group<S: Simd, const N: usize>(simd: S, task: &mut Gather<'_>, at: usize) {
    let vectors = task.weights.lanes() * per_lane::<S>();
    let weights = S::as_simd_f32s(task.weights.flat()).0;
    for s in 0..task.spikes.len() {
        let mut sum = *group::<S, N>(task.bias, at);
        for &v in task.spikes.column(s) {
            let row: &[_; N] = weights[v as usize * vectors + at..].first_chunk().expect("a row of lanes");
            for n in 0..N {
                sum[n] = simd.add_f32s(sum[n], row[n]);
            }
        }
        *group_mut::<S, N>(task.out.row_mut(s), at) = sum;
    }
}

/// The update from two binary-by-real products: `weights[v] += rate · (Σ plus[s] − Σ minus[s])`, where the sums run
/// over the samples in which `v` is on. Every weight is read and written once.
///
/// Shapes: `weights` visible × panel; the states samples × panel; the lists hold, for each visible unit, the samples in
/// which it is on ([`Spikes::set_transposed`]).
///
/// # Panics
/// If the shapes do not fit.
pub fn add_outer(weights: &mut Rows, rate: f32, plus: (&Spikes, &Rows), minus: (&Spikes, &Rows)) {
    for (on, states) in [plus, minus] {
        assert_eq!((on.len(), on.rows()), (weights.count(), states.count()), "visible units and samples");
        assert_eq!(weights.lanes(), states.lanes(), "lanes of weights and states");
    }
    dispatch(AddOuter { weights, rate, plus, minus });
}

struct AddOuter<'a> {
    weights: &'a mut Rows,
    rate: f32,
    plus: (&'a Spikes, &'a Rows),
    minus: (&'a Spikes, &'a Rows),
}

impl WithSimd for AddOuter<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for (at, width) in evenly(self.weights.lanes() * per_lane::<S>(), 8) {
            with_width!(width, [1 2 3 4 5 6 7 8], N => add_outer_group::<S, N>(simd, &mut self, at));
        }
    }
}

#[inline(always)]
fn add_outer_group<S: Simd, const N: usize>(simd: S, task: &mut AddOuter<'_>, at: usize) {
    let rate = simd.splat_f32s(task.rate);
    for v in 0..task.weights.count() {
        let (on, off) = (task.plus.0.column(v), task.minus.0.column(v));
        if on.is_empty() && off.is_empty() {
            continue;
        }
        let mut sum = [simd.splat_f32s(0.0); N];
        for &s in on {
            let row = group::<S, N>(task.plus.1.row(s as usize), at);
            for n in 0..N {
                sum[n] = simd.add_f32s(sum[n], row[n]);
            }
        }
        for &s in off {
            let row = group::<S, N>(task.minus.1.row(s as usize), at);
            for n in 0..N {
                sum[n] = simd.sub_f32s(sum[n], row[n]);
            }
        }
        let row = group_mut::<S, N>(task.weights.row_mut(v), at);
        for n in 0..N {
            row[n] = simd.mul_add_f32s(rate, sum[n], row[n]);
        }
    }
}

/// Logits to probabilities in place, and states drawn from them: `states[s][j] = 1` where `u < probability`.
///
/// Each block of [`COLUMN_BLOCK`] samples has its own generator, keyed by `seed` and the block. The padding of
/// both becomes zero.
///
/// # Panics
/// If the shapes differ.
pub fn sample_rows(logits: &mut Rows, states: &mut Rows, seed: Seed) {
    assert_eq!((logits.count(), logits.width()), (states.count(), states.width()), "logits and states");
    dispatch(SampleRows { logits, states, seed });
}

struct SampleRows<'a> {
    logits: &'a mut Rows,
    states: &'a mut Rows,
    seed: Seed,
}

impl WithSimd for SampleRows<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { logits, states, seed } = self;
        let (width, parts) = (logits.width(), LANE / S::F32_LANES);
        for block in 0..logits.count().div_ceil(COLUMN_BLOCK) {
            let mut lanes = Lanes::new(seed.child("block", block as u64));
            for s in block * COLUMN_BLOCK..((block + 1) * COLUMN_BLOCK).min(logits.count()) {
                let row = S::as_mut_simd_f32s(logits.row_mut(s)).0;
                let drawn = S::as_mut_simd_f32s(states.row_mut(s)).0;
                for (i, (p, state)) in row.iter_mut().zip(drawn).enumerate() {
                    *p = sigmoid_of(simd, *p);
                    *state = draw(simd, *p, uniform(simd, &mut lanes, i % parts));
                }
                logits.row_mut(s)[width..].fill(0.0);
                states.row_mut(s)[width..].fill(0.0);
            }
        }
    }
}

/// What several parts send to a block of samples: `out[s] = bias + Σ parts[begin + s]`, in the order of the parts.
///
/// Shapes: `out` samples × units, each part at least `begin` + samples rows of as many.
///
/// # Panics
/// If the shapes do not fit.
pub fn sum_rows(out: &mut Rows, bias: &[f32], parts: &[&Rows], begin: usize) {
    assert_eq!(bias.len(), out.width(), "biases");
    for part in parts {
        assert!(part.count() >= begin + out.count(), "{} rows from {begin}", part.count());
        assert_eq!(part.width(), out.width(), "units");
    }
    for s in 0..out.count() {
        out.row_mut(s)[..bias.len()].copy_from_slice(bias);
    }
    dispatch(SumRows { out, parts, begin });
}

struct SumRows<'a> {
    out: &'a mut Rows,
    parts: &'a [&'a Rows],
    begin: usize,
}

impl WithSimd for SumRows<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for s in 0..self.out.count() {
            let row = S::as_mut_simd_f32s(self.out.row_mut(s)).0;
            for part in self.parts {
                for (x, down) in row.iter_mut().zip(S::as_simd_f32s(part.row(self.begin + s)).0) {
                    *x = simd.add_f32s(*x, *down);
                }
            }
        }
    }
}

/// `sums[v] += Σₛ rows[s][v]`, the samples in their order.
///
/// # Panics
/// If the widths differ.
pub fn add_samples(sums: &mut [f32], rows: &Blocks) {
    assert_eq!(sums.len(), rows.width(), "sums and units");
    dispatch(AddSamples { sums, rows });
}

struct AddSamples<'a> {
    sums: &'a mut [f32],
    rows: &'a Blocks,
}

impl WithSimd for AddSamples<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let width = self.sums.len();
        let (whole, rest) = S::as_mut_simd_f32s(self.sums);
        for s in 0..self.rows.count() {
            let (values, more) = S::as_simd_f32s(&self.rows.row(s)[..width]);
            for (sum, x) in whole.iter_mut().zip(values) {
                *sum = simd.add_f32s(*sum, *x);
            }
            for (sum, x) in rest.iter_mut().zip(more) {
                *sum += x;
            }
        }
    }
}

/// `Σ x²`, over four lanes of sixteen floats at a time.
pub fn sum_of_squares(values: &[f32]) -> f32 {
    dispatch(Squares(values))
}

struct Squares<'a>(&'a [f32]);

impl WithSimd for Squares<'_> {
    type Output = f32;
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let (whole, rest) = self.0.as_chunks::<LANE>();
        let (fours, ones) = whole.as_chunks::<4>();
        let mut quarters = Quarters::ZERO;
        for p in 0..per_lane::<S>() {
            let square = |lane: &[f32; LANE], sum: &mut S::f32s| {
                let x = part::<S>(lane, p);
                *sum = simd.mul_add_f32s(x, x, *sum);
            };
            let mut sums = [simd.splat_f32s(0.0); 4];
            fours
                .iter()
                .for_each(|four| four.iter().zip(&mut sums).for_each(|(lane, sum)| square(lane, sum)));
            ones.iter().for_each(|lane| square(lane, &mut sums[0]));
            quarters.set(simd, p, sums);
        }
        quarters.sums().iter().sum::<f32>() + rest.iter().map(|x| x * x).sum::<f32>()
    }
}

/// `sums[j] += rate · (plus[s][j] − minus[s][j])`, the samples in their order.
///
/// # Panics
/// If the shapes do not fit; `sums` has the padding of a row.
pub fn add_differences(sums: &mut [f32], rate: f32, plus: &Rows, minus: &Rows) {
    assert_eq!((plus.count(), plus.lanes()), (minus.count(), minus.lanes()), "samples and lanes");
    assert_eq!(sums.len(), plus.lanes() * LANE, "lanes of sums and states");
    dispatch(AddDifferences { sums, rate, plus, minus });
}

struct AddDifferences<'a> {
    sums: &'a mut [f32],
    rate: f32,
    plus: &'a Rows,
    minus: &'a Rows,
}

impl WithSimd for AddDifferences<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (sums, rate) = (S::as_mut_simd_f32s(self.sums).0, simd.splat_f32s(self.rate));
        for s in 0..self.plus.count() {
            let (plus, minus) = (S::as_simd_f32s(self.plus.row(s)).0, S::as_simd_f32s(self.minus.row(s)).0);
            for ((sum, plus), minus) in sums.iter_mut().zip(plus).zip(minus) {
                *sum = simd.add_f32s(*sum, simd.mul_f32s(rate, simd.sub_f32s(*plus, *minus)));
            }
        }
    }
}

/// Multiplies all rows by `factor`.
pub fn scale_rows(rows: &mut Rows, factor: f32) {
    dispatch(Scale { values: rows.flat_mut(), factor });
}

struct Scale<'a> {
    values: &'a mut [f32],
    factor: f32,
}

impl WithSimd for Scale<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let factor = simd.splat_f32s(self.factor);
        for x in S::as_mut_simd_f32s(self.values).0 {
            *x = simd.mul_f32s(*x, factor);
        }
    }
}

/// Logits to probabilities, in place; the padding becomes zero.
pub fn sigmoid_rows(logits: &mut Rows) {
    crate::simd::sigmoid(logits.flat_mut());
    logits.clear_padding();
}
