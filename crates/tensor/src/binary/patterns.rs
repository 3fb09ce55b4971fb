//! A handful of binary samples, unit by unit: in which of them it is on.

use pulp::{Simd, WithSimd};

use super::panels::Rows;
use super::spikes::Spikes;
use crate::simd::{LANE, dispatch, evenly, group, group_mut, per_lane, with_width};

/// Largest mini-batch that counts as few samples.
pub const FEW: usize = 10;

/// Samples of one group: a unit has up to 2⁵ patterns.
pub(super) const GROUP: usize = 5;

/// For each visible unit, the samples in which it is on, as bits.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    pub(super) samples: usize,
    pub(super) bits: Vec<u16>,
    /// The visible units in the order of their patterns, and where each pattern ends; for one group of samples.
    order: Vec<u32>,
    ends: [usize; 1 << GROUP],
}

impl Patterns {
    /// Notes in which samples each visible unit is on.
    ///
    /// # Panics
    /// If there are more than [`FEW`] samples.
    pub fn set(&mut self, on: &Spikes) {
        assert!(on.len() <= FEW, "{} samples are not few", on.len());
        self.samples = on.len();
        self.bits.clear();
        self.bits.resize(on.rows(), 0);
        for s in 0..on.len() {
            for &v in on.column(s) {
                self.bits[v as usize] |= 1 << s;
            }
        }
        self.order.clear();
        // Sorting pays when a unit is on in several samples.
        if on.len() <= GROUP && on.is_dense() {
            self.sort();
        }
    }

    /// Whether the units are sorted by pattern, as [`gather_few`] needs: the samples are at most five, and much is on.
    pub fn are_sorted(&self) -> bool {
        !self.order.is_empty()
    }

    fn sort(&mut self) {
        self.ends.fill(0);
        for &bits in &self.bits {
            self.ends[usize::from(bits)] += 1;
        }
        let mut begin = 0;
        for end in &mut self.ends {
            (*end, begin) = (begin, begin + *end);
        }
        self.order.resize(self.bits.len(), 0);
        for (v, &bits) in self.bits.iter().enumerate() {
            let at = &mut self.ends[usize::from(bits)];
            self.order[*at] = v as u32;
            *at += 1;
        }
    }

    /// The visible units with this pattern.
    fn units(&self, pattern: usize) -> &[u32] {
        &self.order[self.ends[pattern - 1]..self.ends[pattern]]
    }
}

/// Forward from a handful of binary samples: `out[s] = bias + Σ weights[v]` over the `v` that are on in sample `s`. The
/// rows of units with the same pattern are summed once for all their samples.
///
/// Shapes: `out` samples × panel, `weights` visible × panel.
///
/// # Panics
/// If the shapes do not fit, or the units are not [sorted](Patterns::are_sorted).
pub fn gather_few(out: &mut Rows, bias: &[f32], weights: &Rows, on: &Patterns) {
    assert!(on.are_sorted(), "{} samples, sorted", on.samples);
    assert_eq!((out.count(), weights.count()), (on.samples, on.bits.len()), "samples and visible units");
    assert_eq!(
        (out.lanes(), bias.len()),
        (weights.lanes(), weights.lanes() * LANE),
        "lanes of states and bias"
    );
    for s in 0..out.count() {
        out.row_mut(s).copy_from_slice(bias);
    }
    dispatch(GatherFew { out, weights, on });
}

struct GatherFew<'a> {
    out: &'a mut Rows,
    weights: &'a Rows,
    on: &'a Patterns,
}

impl WithSimd for GatherFew<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for (at, width) in evenly(self.weights.lanes() * per_lane::<S>(), 8) {
            with_width!(width, [1 2 3 4 5 6 7 8], N => gather_few_group::<S, N>(simd, &mut self, at));
        }
    }
}

#[inline(always)]
fn gather_few_group<S: Simd, const N: usize>(simd: S, task: &mut GatherFew<'_>, at: usize) {
    for pattern in 1..1 << task.on.samples {
        let units = task.on.units(pattern);
        if units.is_empty() {
            continue;
        }
        let mut sum = [simd.splat_f32s(0.0); N];
        for &v in units {
            let row = group::<S, N>(task.weights.row(v as usize), at);
            for n in 0..N {
                sum[n] = simd.add_f32s(sum[n], row[n]);
            }
        }
        for s in (0..task.on.samples).filter(|s| pattern >> s & 1 == 1) {
            let out = group_mut::<S, N>(task.out.row_mut(s), at);
            for n in 0..N {
                out[n] = simd.add_f32s(out[n], sum[n]);
            }
        }
    }
}
