//! The update after a small mini-batch, by sums over subsets of its samples.
//!
//! A visible unit is on in some of a handful of samples. What its weights gain is then one of a few sums of hidden
//! states: all of them are computed beforehand, and each row of weights is read and written once, without a list.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::panels::{Blocks, Rows};
use super::patterns::{FEW, GROUP, Patterns};
use crate::simd::{LANE, dispatch, evenly, group, in_steps, per_lane, tile, with_width};

/// A group of samples: the first and their number, and where its sums begin.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    begin: usize,
    len: usize,
    sums: usize,
}

/// The groups that `samples` are cut into, as evenly as can be.
fn groups(samples: usize) -> impl Iterator<Item = Group> {
    let count = samples.div_ceil(GROUP);
    (0..count).scan(0, move |next, g| {
        let (begin, end) = (samples * g / count, samples * (g + 1) / count);
        let sums = *next;
        *next += 1 << (end - begin);
        Some(Group { begin, len: end - begin, sums })
    })
}

/// Sums of hidden states over all subsets of each group of samples.
#[derive(Clone, Debug)]
pub struct Subsets {
    sums: Rows,
}

impl Subsets {
    /// Room for the sums of up to `samples` samples of `width` states.
    pub fn new(samples: usize, width: usize) -> Self {
        Self { sums: Rows::zeros(samples.div_ceil(GROUP) << GROUP, width) }
    }

    /// Computes `Σ states[s]` over every subset of every group.
    ///
    /// # Panics
    /// If there is no room.
    pub fn set(&mut self, states: &Rows) {
        assert_eq!(self.sums.lanes(), states.lanes(), "lanes of sums and states");
        dispatch(Fill { sums: &mut self.sums, states });
    }
}

struct Fill<'a> {
    sums: &'a mut Rows,
    states: &'a Rows,
}

impl WithSimd for Fill<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let stride = self.states.lanes() * LANE;
        for group in groups(self.states.count()) {
            let sums =
                &mut self.sums.flat_mut()[group.sums * stride..(group.sums + (1 << group.len)) * stride];
            sums[..stride].fill(0.0);
            for s in 0..group.len {
                // The subsets with sample s are those of earlier samples, plus its state.
                let (without, with) = sums.split_at_mut(stride << s);
                let state = S::as_simd_f32s(self.states.row(group.begin + s)).0;
                for (with, without) in with.chunks_exact_mut(stride).zip(without.chunks_exact(stride)) {
                    let (with, without) = (S::as_mut_simd_f32s(with).0, S::as_simd_f32s(without).0);
                    for ((with, without), state) in with.iter_mut().zip(without).zip(state) {
                        *with = simd.add_f32s(*without, *state);
                    }
                }
            }
        }
    }
}

/// One half of a dense update: `weights[v] += Σₛ inputs[s][v] · states[s]`.
#[derive(Clone, Copy)]
pub struct Products<'a> {
    /// Visible probabilities, samples × visible.
    pub inputs: &'a Blocks,
    /// Hidden probabilities times the rate, or its negative; samples × panel.
    pub states: &'a Rows,
}

/// Adds an update to the weights in one pass: `weights[v] += Σ listed[v] + Σ dense`, where the listed halves have
/// binary visible states and the others probabilities. Rows to which nothing is added are not touched.
///
/// Shapes: `weights` visible × panel.
///
/// # Panics
/// If the shapes do not fit.
pub fn add_few(weights: &mut Rows, listed: &[(&Patterns, &Subsets)], dense: &[Products<'_>]) {
    for (patterns, subsets) in listed {
        assert_eq!(patterns.bits.len(), weights.count(), "visible units");
        assert_eq!(subsets.sums.lanes(), weights.lanes(), "lanes of weights and states");
        assert!(patterns.samples.div_ceil(GROUP) << GROUP <= subsets.sums.count(), "room for all subsets");
    }
    for Products { inputs, states } in dense {
        assert_eq!((inputs.width(), inputs.count()), (weights.count(), states.count()), "visible, samples");
        assert_eq!(states.lanes(), weights.lanes(), "lanes of weights and states");
    }
    dispatch(AddFew { weights, listed, dense });
}

struct AddFew<'a> {
    weights: &'a mut Rows,
    listed: &'a [(&'a Patterns, &'a Subsets)],
    dense: &'a [Products<'a>],
}

/// Samples of a tile of dense products.
const SAMPLES: usize = 5;
/// Vectors of hidden states of each sample of a tile: all of them stay in registers while the visible units pass.
const VECTORS: usize = 5;
/// The same of 16 registers.
const FEWER: usize = 2;
/// Visible units of a block, where several tiles follow each other: meanwhile it stays in the first-level cache.
const UNITS: usize = 64;
/// Terms of a listed update: two halves of at most two groups.
const TERMS: usize = 2 * FEW.div_ceil(GROUP);

impl WithSimd for AddFew<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let mut terms = [(0, Group::default()); TERMS];
        let mut count = 0;
        for (side, (patterns, _)) in self.listed.iter().enumerate() {
            for group in groups(patterns.samples) {
                terms[count] = (side, group);
                count += 1;
            }
        }
        let visible = self.weights.count();
        let tiles: usize = self.dense.iter().map(|side| side.states.count().div_ceil(SAMPLES)).sum();
        let units = if tiles > 1 { UNITS } else { visible.max(1) };
        for v in (0..visible).step_by(units) {
            self.block::<S>(simd, &terms[..count], v..(v + units).min(visible));
        }
    }
}

impl AddFew<'_> {
    /// All that a block of visible units gains.
    #[inline(always)]
    fn block<S: Simd>(&mut self, simd: S, mut terms: &[(usize, Group)], units: Range<usize>) {
        // The sums of the first group of listed samples are added in the same pass over the rows as the first dense
        // tile.
        if !self.dense.is_empty() {
            let first = terms.split_off_first().map(|(side, group)| (self.listed[*side], *group));
            for (at, width) in evenly(self.weights.lanes() * per_lane::<S>(), tile::<S>(VECTORS, FEWER)) {
                with_width!(width, [1 2 3 4 5], C => add_dense::<S, C>(simd, self, first, &units, at));
            }
        }
        if terms.is_empty() {
            return;
        }
        for v in units {
            if self.listed.iter().all(|(patterns, _)| patterns.bits[v] == 0) {
                continue;
            }
            with_width!(terms.len(), [1 2 3 4], N => self.add_listed::<S, N>(simd, terms, v));
        }
    }

    /// Adds the selected sums to the weights of visible unit `v`.
    #[inline(always)]
    fn add_listed<S: Simd, const N: usize>(&mut self, simd: S, terms: &[(usize, Group)], v: usize) {
        let row = S::as_mut_simd_f32s(self.weights.row_mut(v)).0;
        let vectors = row.len();
        let mut sums: [&[S::f32s]; N] = [&[]; N];
        for (sum, (side, group)) in sums.iter_mut().zip(terms) {
            let (patterns, subsets) = self.listed[*side];
            *sum =
                &S::as_simd_f32s(subsets.sums.row(group.sums + group.chosen(patterns.bits[v]))).0[..vectors];
        }
        for (i, w) in row.iter_mut().enumerate() {
            let mut x = sums[0][i];
            for sum in &sums[1..] {
                x = simd.add_f32s(x, sum[i]);
            }
            *w = simd.add_f32s(*w, x);
        }
    }
}

impl Group {
    /// Which of the group's sums a visible unit with these bits selects.
    #[inline(always)]
    fn chosen(&self, bits: u16) -> usize {
        usize::from(bits) >> self.begin & ((1 << self.len) - 1)
    }
}

/// `C` vectors from `at` of a block of visible units gain all products, and the sums listed for them beside the first.
#[inline(always)]
fn add_dense<S: Simd, const C: usize>(
    simd: S,
    task: &mut AddFew<'_>,
    first: Option<((&Patterns, &Subsets), Group)>,
    units: &Range<usize>,
    at: usize,
) {
    let mut first = first;
    for side in task.dense {
        for (s, count) in in_steps(side.states.count(), SAMPLES) {
            let listed = first.take();
            with_width!(count, [1 2 3 4 5], N => {
                add_products::<S, C, N>(simd, task.weights, listed, side, units, s, at);
            });
        }
    }
}

/// The same for `N` samples from `s`.
#[inline(always)]
fn add_products<S: Simd, const C: usize, const N: usize>(
    simd: S,
    weights: &mut Rows,
    listed: Option<((&Patterns, &Subsets), Group)>,
    side: &Products<'_>,
    units: &Range<usize>,
    s: usize,
    at: usize,
) {
    let vectors = weights.lanes() * per_lane::<S>();
    let mut states = [[simd.splat_f32s(0.0); C]; N];
    let mut inputs: [&[f32]; N] = [&[]; N];
    for n in 0..N {
        states[n] = *group::<S, C>(side.states.row(s + n), at);
        inputs[n] = &side.inputs.row(s + n)[units.clone()];
    }
    let rows = &mut S::as_mut_simd_f32s(weights.flat_mut()).0[units.start * vectors..units.end * vectors];
    let rows = rows.chunks_exact_mut(vectors).enumerate();
    match listed {
        Some(((patterns, subsets), listed)) => {
            let mut sums = [group::<S, C>(subsets.sums.row(listed.sums), at); 1 << GROUP];
            for (i, sum) in sums.iter_mut().enumerate().take(1 << listed.len) {
                *sum = group::<S, C>(subsets.sums.row(listed.sums + i), at);
            }
            for ((i, row), bits) in rows.zip(&patterns.bits[units.clone()]) {
                // `chosen` is below 2⁵ anyway; the remainder says so to the compiler, which then leaves out a check.
                let sum = sums[listed.chosen(*bits) % (1 << GROUP)];
                add_gain(simd, &mut row[at..], *sum, &states, &inputs, i);
            }
        }
        None => {
            for (i, row) in rows {
                add_gain(simd, &mut row[at..], [simd.splat_f32s(0.0); C], &states, &inputs, i);
            }
        }
    }
}

/// The same for visible unit `i` of the block, on top of a sum.
#[inline(always)]
fn add_gain<S: Simd, const C: usize, const N: usize>(
    simd: S,
    row: &mut [S::f32s],
    sum: [S::f32s; C],
    states: &[[S::f32s; C]; N],
    inputs: &[&[f32]; N],
    i: usize,
) {
    let mut gain = sum;
    for n in 0..N {
        let x = simd.splat_f32s(inputs[n][i]);
        for c in 0..C {
            gain[c] = simd.mul_add_f32s(x, states[n][c], gain[c]);
        }
    }
    for (w, gain) in row[..C].iter_mut().zip(gain) {
        *w = simd.add_f32s(*w, gain);
    }
}
