//! The update after a small mini-batch, by sums over subsets of its samples.
//!
//! A visible unit is on in some of a handful of samples. What its weights gain is then one of a few sums of hidden
//! states: all of them are computed beforehand, and each row of weights is read and written once, without a list.

use pulp::{Simd, WithSimd};

use super::patterns::{FEW, GROUP, Patterns};
use super::{Blocks, Rows};
use crate::simd::{LANE, dispatch};

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

/// Visible units and samples of a tile of dense products: twenty factors stay in registers.
const UNITS: usize = 4;
const SAMPLES: usize = 5;
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
        let (visible, terms) = (self.weights.count(), &terms[..count]);
        let whole = visible / UNITS * UNITS;
        for v in (0..whole).step_by(UNITS) {
            self.tile::<S, UNITS>(simd, terms, v);
        }
        for v in whole..visible {
            self.tile::<S, 1>(simd, terms, v);
        }
    }
}

impl AddFew<'_> {
    /// All that `M` visible units from `v` gain.
    #[inline(always)]
    fn tile<S: Simd, const M: usize>(&mut self, simd: S, terms: &[(usize, Group)], v: usize) {
        let mut terms = terms;
        // The first listed half rides with the first dense one.
        for (i, side) in self.dense.iter().enumerate() {
            for s in (0..side.states.count()).step_by(SAMPLES) {
                let with = if i == 0 && s == 0 { terms.split_off_first() } else { None };
                match with.map(|(side, group)| (self.listed[*side], group)) {
                    None => products::<S, M, false>(simd, self.weights, [&[]; M], side, v, s),
                    Some((listed, group)) => {
                        let mut chosen: [&[S::f32s]; M] = [&[]; M];
                        for (m, sum) in chosen.iter_mut().enumerate() {
                            *sum = group.chosen::<S>(listed, v + m);
                        }
                        products::<S, M, true>(simd, self.weights, chosen, side, v, s);
                    }
                }
            }
        }
        if terms.is_empty() {
            return;
        }
        for v in v..v + M {
            if self.listed.iter().all(|(patterns, _)| patterns.bits[v] == 0) {
                continue;
            }
            match terms.len() {
                1 => self.add_listed::<S, 1>(simd, terms, v),
                2 => self.add_listed::<S, 2>(simd, terms, v),
                3 => self.add_listed::<S, 3>(simd, terms, v),
                _ => self.add_listed::<S, TERMS>(simd, terms, v),
            }
        }
    }

    /// Adds the selected sums to the weights of visible unit `v`.
    #[inline(always)]
    fn add_listed<S: Simd, const N: usize>(&mut self, simd: S, terms: &[(usize, Group)], v: usize) {
        let row = S::as_mut_simd_f32s(self.weights.row_mut(v)).0;
        let vectors = row.len();
        let mut sums: [&[S::f32s]; N] = [&[]; N];
        for (sum, (side, group)) in sums.iter_mut().zip(terms) {
            *sum = &group.chosen::<S>(self.listed[*side], v)[..vectors];
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
    /// The sum that visible unit `v` selects.
    #[inline(always)]
    fn chosen<'a, S: Simd>(&self, (patterns, subsets): (&Patterns, &'a Subsets), v: usize) -> &'a [S::f32s] {
        let chosen = usize::from(patterns.bits[v]) >> self.begin & ((1 << self.len) - 1);
        S::as_simd_f32s(subsets.sums.row(self.sums + chosen)).0
    }
}

/// `M` visible units from `v` gain the products of a group of samples from `s`, and the sums chosen for them if
/// they are `LISTED`.
#[inline(always)]
fn products<S: Simd, const M: usize, const LISTED: bool>(
    simd: S,
    weights: &mut Rows,
    chosen: [&[S::f32s]; M],
    side: &Products<'_>,
    v: usize,
    s: usize,
) {
    match side.states.count() - s {
        1 => add_products::<S, M, LISTED, 1>(simd, weights, chosen, side, v, s),
        2 => add_products::<S, M, LISTED, 2>(simd, weights, chosen, side, v, s),
        3 => add_products::<S, M, LISTED, 3>(simd, weights, chosen, side, v, s),
        4 => add_products::<S, M, LISTED, 4>(simd, weights, chosen, side, v, s),
        _ => add_products::<S, M, LISTED, SAMPLES>(simd, weights, chosen, side, v, s),
    }
}

/// The same for `N` samples.
#[inline(always)]
fn add_products<S: Simd, const M: usize, const LISTED: bool, const N: usize>(
    simd: S,
    weights: &mut Rows,
    chosen: [&[S::f32s]; M],
    side: &Products<'_>,
    v: usize,
    s: usize,
) {
    let vectors = weights.lanes() * LANE / S::F32_LANES;
    let mut factors = [[simd.splat_f32s(0.0); M]; N];
    let mut states: [&[S::f32s]; N] = [&[]; N];
    for n in 0..N {
        let inputs: &[f32; M] =
            side.inputs.row(s + n)[v..].first_chunk().expect("inputs of all visible units");
        for m in 0..M {
            factors[n][m] = simd.splat_f32s(inputs[m]);
        }
        states[n] = &S::as_simd_f32s(side.states.row(s + n)).0[..vectors];
    }
    let mut rest = &mut S::as_mut_simd_f32s(weights.flat_mut()).0[v * vectors..];
    let mut rows: [&mut [S::f32s]; M] = [(); M].map(|()| Default::default());
    for row in &mut rows {
        (*row, rest) = rest.split_at_mut(vectors);
    }
    let chosen = chosen.map(|sums| if LISTED { &sums[..vectors] } else { sums });
    for i in 0..vectors {
        let mut gains = [simd.splat_f32s(0.0); M];
        if LISTED {
            for m in 0..M {
                gains[m] = chosen[m][i];
            }
        }
        for n in 0..N {
            let state = states[n][i];
            for m in 0..M {
                gains[m] = simd.mul_add_f32s(factors[n][m], state, gains[m]);
            }
        }
        for m in 0..M {
            rows[m][i] = simd.add_f32s(rows[m][i], gains[m]);
        }
    }
}
