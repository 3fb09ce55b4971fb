//! Backward from hidden to visible units: dense dot products against the rows of the panels.

use pulp::{Simd, WithSimd};

use super::panels::Rows;
use crate::simd::{LANE, Quarters, add_products, dispatch, in_steps, per_lane, tile, with_width};

/// Backward by dot products: `out[s][v] = Σ weights[v] · states[s]`, summed over the units of all panels given.
///
/// Shapes: `out` samples × visible; for each panel, `weights` visible × panel and `states` samples × panel. Whole
/// vectors of products are summed first, their lanes at the end. Sampled hidden states are too often on for lists to pay;
/// for large batches of them, [`super::backward_lookup`] is faster.
///
/// # Panics
/// If the shapes do not fit.
pub fn dots(out: &mut Rows, weights: &[&Rows], states: &[&Rows]) {
    assert_eq!(weights.len(), states.len(), "panels of weights and of states");
    for (weights, states) in weights.iter().zip(states) {
        assert_eq!(
            (out.count(), out.width()),
            (states.count(), weights.count()),
            "samples and visible units"
        );
        assert_eq!(weights.lanes(), states.lanes(), "lanes of weights and states");
    }
    dispatch(Dots { out, weights, states });
}

/// Samples of a register tile beside four visible units: twenty accumulators of 32 registers, or eight of 16.
const TILE: usize = 5;
const SMALL_TILE: usize = 2;
/// Samples in a block.
const BLOCK: usize = 2 * TILE;

struct Dots<'a> {
    out: &'a mut Rows,
    weights: &'a [&'a Rows],
    states: &'a [&'a Rows],
}

impl WithSimd for Dots<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (visible, samples) = (self.out.width(), self.out.count());
        let most = tile::<S>(TILE, SMALL_TILE);
        // The states of a block of samples stay in the first-level cache while the weights stream by.
        for block in (0..samples).step_by(BLOCK) {
            let end = (block + BLOCK).min(samples);
            for v in (0..visible).step_by(4) {
                for (s, count) in in_steps(end - block, most) {
                    with_width!(count, [1 2 3 4 5], N => four_units::<S, N>(simd, &mut self, v, block + s));
                }
            }
        }
        self.out.clear_padding();
    }
}

/// Four visible units times `N` samples, from visible unit `v` and sample `s`; the parts of the lanes one after the other.
#[inline(always)]
fn four_units<S: Simd, const N: usize>(simd: S, task: &mut Dots<'_>, v: usize, s: usize) {
    let last = task.out.width() - 1;
    let mut quarters = [Quarters::ZERO; N];
    for p in 0..per_lane::<S>() {
        let mut sums = [[simd.splat_f32s(0.0); 4]; N];
        for (weights, states) in task.weights.iter().zip(task.states) {
            let row = |i: usize| weights.row((v + i).min(last)).as_chunks().0;
            let (w0, w1, w2, w3) = (row(0), row(1), row(2), row(3));
            let lanes = w0.len();
            let (w1, w2, w3) = (&w1[..lanes], &w2[..lanes], &w3[..lanes]);
            let state: [&[[f32; LANE]]; N] =
                std::array::from_fn(|j| &states.row(s + j).as_chunks().0[..lanes]);
            for n in 0..lanes {
                add_products(simd, &mut sums, [&w0[n], &w1[n], &w2[n], &w3[n]], state.map(|x| &x[n]), p);
            }
        }
        (0..N).for_each(|j| quarters[j].set(simd, p, sums[j]));
    }
    for (j, quarters) in quarters.iter().enumerate() {
        // Rows are padded to whole lanes, so four entries always fit.
        task.out.row_mut(s + j)[v..v + 4].copy_from_slice(&quarters.sums());
    }
}
