//! Down and up again in one pass: a mean-field reconstruction and the hidden logits that it gives.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::panels::{Blocks, Rows};
use crate::simd::{
    LANE, Totals, add_products, dispatch, evenly, group, group_mut, in_steps, per_lane, sigmoid_of, tile,
    with_width,
};

/// A panel of hidden units in a reconstruction.
pub struct Pass<'a> {
    /// Visible × panel.
    pub weights: &'a Rows,
    /// Hidden biases, padded to whole lanes.
    pub bias: &'a [f32],
    /// Hidden states that reconstruct, samples × panel.
    pub states: &'a Rows,
    /// Hidden logits given the reconstruction, samples × panel; written.
    pub logits: &'a mut Rows,
}

/// `visible[s] = σ(a + Σ W h[s])` over all panels, and for each panel `logits[s] = b + Wᵀ visible[s]`.
///
/// Each row of weights is read once for both: small mini-batches are bound by how fast weights arrive. The padding of
/// `visible` becomes zero.
///
/// Shapes: `visible` samples × visible.
///
/// # Panics
/// If the shapes do not fit, or there is no panel.
pub fn reconstruct(visible: &mut Blocks, bias: &[f32], panels: &mut [Pass<'_>]) {
    assert!(!panels.is_empty() && bias.len() == visible.width(), "{} panels", panels.len());
    for panel in &mut *panels {
        let (samples, lanes) = (visible.count(), panel.weights.lanes());
        assert_eq!(panel.weights.count(), visible.width(), "visible units");
        assert_eq!((panel.states.count(), panel.logits.count()), (samples, samples), "samples");
        assert_eq!(
            (panel.states.lanes(), panel.logits.lanes()),
            (lanes, lanes),
            "lanes of weights and states"
        );
        for s in 0..samples {
            panel.logits.row_mut(s).copy_from_slice(panel.bias);
        }
    }
    dispatch(Reconstruct { visible, bias, panels });
}

/// Samples at a time, and vectors of their hidden logits: all of these stay in registers.
const SAMPLES: usize = 5;
const VECTORS: usize = 5;
/// The same of 16 registers: samples beside four visible units, and vectors beside all samples.
const FEWER: usize = 2;
/// Rows of weights that stay in the first-level cache between the ways down and up.
const ROWS: usize = 2 * LANE;

struct Reconstruct<'a, 'b> {
    visible: &'a mut Blocks,
    bias: &'a [f32],
    panels: &'a mut [Pass<'b>],
}

impl WithSimd for Reconstruct<'_, '_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let samples = self.visible.count();
        for (s, count) in in_steps(samples, SAMPLES) {
            with_width!(count, [1 2 3 4 5], N => sweep::<S, N>(simd, &mut self, s));
        }
    }
}

/// `N` samples from `s`, block by block.
#[inline(always)]
fn sweep<S: Simd, const N: usize>(simd: S, task: &mut Reconstruct<'_, '_>, s: usize) {
    let Reconstruct { visible, bias, panels } = task;
    let mut views: Vec<View<'_, N>> =
        panels.iter().map(|panel| View::new(panel.weights, panel.states, s)).collect();
    let (mut sums, mut means) = ([Totals::ZERO; N], [[0.0; ROWS]; N]);
    for v in (0..visible.width()).step_by(ROWS) {
        let end = (v + ROWS).min(visible.width());
        for at in (0..end - v).step_by(LANE) {
            let units = v + at..end.min(v + at + LANE);
            let block = sixteen_means(simd, &mut views, &mut sums, bias, units.clone());
            for n in 0..N {
                means[n][at..at + LANE].copy_from_slice(&block[n]);
                visible.row_mut(s + n)[v + at..v + at + LANE].copy_from_slice(&block[n]);
            }
        }
        for (panel, view) in panels.iter_mut().zip(&views) {
            let rows = &view.weights[v * view.lanes..end * view.lanes];
            up::<S, N>(simd, panel.logits, S::as_simd_f32s(rows.as_flattened()).0, &means, s);
        }
    }
}

/// What a sweep reads of a panel, row after row.
struct View<'a, const N: usize> {
    lanes: usize,
    weights: &'a [Lane],
    rest: &'a [Lane], // the rows yet to go down
    states: [&'a [Lane]; N],
}

impl<'a, const N: usize> View<'a, N> {
    #[inline(always)]
    fn new(weights: &'a Rows, states: &'a Rows, s: usize) -> Self {
        let lanes = weights.lanes();
        let (weights, states) = (weights.flat().as_chunks().0, states.flat().as_chunks().0);
        Self { lanes, weights, rest: weights, states: neighbours(states, lanes, s) }
    }
}

type Lane = [f32; LANE];

/// Rows of equal length as pairs of lanes, and what is left of each.
type Pairs<'a, const R: usize> = ([&'a [[Lane; 2]]; R], [&'a [Lane]; R]);

#[inline(always)]
fn pairs<const R: usize>(rows: [&[Lane]; R], lanes: usize) -> Pairs<'_, R> {
    let (mut pairs, mut odd): Pairs<'_, R> = ([&[]; R], [&[]; R]);
    for i in 0..R {
        (pairs[i], odd[i]) = rows[i][..lanes].as_chunks();
    }
    (pairs, odd)
}

/// `N` neighbouring rows from row `first`; beyond the last, that one again.
#[inline(always)]
fn neighbours<const N: usize>(rows: &[Lane], lanes: usize, first: usize) -> [&[Lane]; N] {
    let mut found: [&[Lane]; N] = [&[]; N];
    let mut rest = &rows[first * lanes..];
    for row in &mut found {
        *row = &rest[..lanes];
        if rest.len() > lanes {
            rest = &rest[lanes..];
        }
    }
    found
}

/// The means of up to sixteen visible units; zeros beyond.
#[inline(always)]
fn sixteen_means<S: Simd, const N: usize>(
    simd: S,
    views: &mut [View<'_, N>],
    sums: &mut [Totals; N],
    bias: &[f32],
    units: Range<usize>,
) -> [[f32; LANE]; N] {
    for four in 0..units.len().div_ceil(4) {
        down(simd, views, sums, four);
    }
    let mut means = [[0.0; LANE]; N];
    for n in 0..N {
        means[n] = sums[n].get(simd);
    }
    let mut padded = [0.0; LANE];
    if let Some(whole) = bias[units.start..].first_chunk::<LANE>() {
        padded = *whole;
    } else {
        padded[..units.len()].copy_from_slice(&bias[units.clone()]);
    }
    for mean in &mut means {
        for (x, bias) in S::as_mut_simd_f32s(mean).0.iter_mut().zip(S::as_simd_f32s(&padded).0) {
            *x = sigmoid_of(simd, simd.add_f32s(*x, *bias));
        }
        mean[units.len()..].fill(0.0);
    }
    means
}

/// Products of the rows of the next four visible units with `N` states: the sums from `4 · four` on, lanes not yet summed.
#[inline(always)]
fn down<S: Simd, const N: usize>(simd: S, views: &mut [View<'_, N>], totals: &mut [Totals; N], four: usize) {
    for (n, count) in in_steps(N, tile::<S>(SAMPLES, FEWER)) {
        with_width!(count, [1 2 3 4 5], M => down_tile::<S, N, M>(simd, views, totals, four, n));
    }
    for View { lanes, rest, .. } in views {
        *rest = &rest[(4 * *lanes).min(rest.len())..];
    }
}

/// The same with the `M` states from `n` on; the parts of the lanes come one after the other.
#[inline(always)]
fn down_tile<S: Simd, const N: usize, const M: usize>(
    simd: S,
    views: &[View<'_, N>],
    totals: &mut [Totals; N],
    four: usize,
    n: usize,
) {
    for p in 0..per_lane::<S>() {
        let mut sums = [[simd.splat_f32s(0.0); 4]; M];
        for View { lanes, rest, states, .. } in views {
            let states: [&[Lane]; M] = *states[n..].first_chunk().expect("a tile is within the sweep");
            let (rows, odd_rows) = pairs(neighbours(rest, *lanes, 0), *lanes);
            let (states, odd_states) = pairs(states, *lanes);
            // Two lanes a turn: a loop counts once for the products of both.
            for k in 0..lanes / 2 {
                for j in 0..2 {
                    add_products(simd, &mut sums, rows.map(|row| &row[k][j]), states.map(|x| &x[k][j]), p);
                }
            }
            for k in 0..lanes % 2 {
                add_products(simd, &mut sums, odd_rows.map(|row| &row[k]), odd_states.map(|x| &x[k]), p);
            }
        }
        (0..M).for_each(|m| totals[n + m].set(simd, four, p, sums[m]));
    }
}

/// What a block of visible units of `N` samples adds to the hidden logits.
#[inline(always)]
fn up<S: Simd, const N: usize>(
    simd: S,
    logits: &mut Rows,
    rows: &[S::f32s],
    means: &[[f32; ROWS]; N],
    s: usize,
) {
    let vectors = logits.lanes() * per_lane::<S>();
    for (at, width) in evenly(vectors, tile::<S>(VECTORS, FEWER)) {
        with_width!(width, [1 2 3 4 5], C => up_columns::<S, N, C>(simd, logits, rows, means, s, at));
    }
}

/// The same for `C` vectors from `at`.
#[inline(always)]
fn up_columns<S: Simd, const N: usize, const C: usize>(
    simd: S,
    logits: &mut Rows,
    rows: &[S::f32s],
    means: &[[f32; ROWS]; N],
    s: usize,
    at: usize,
) {
    let vectors = logits.lanes() * per_lane::<S>();
    let mut sums = [[simd.splat_f32s(0.0); C]; N];
    for (n, sum) in sums.iter_mut().enumerate() {
        *sum = *group::<S, C>(logits.row(s + n), at);
    }
    // Two rows a turn: a loop counts once for the products of both.
    let twos = rows.chunks_exact(2 * vectors);
    let last = twos.remainder();
    for (i, two) in twos.enumerate().take(ROWS / 2) {
        let (one, two) = two.split_at(vectors);
        add_row(simd, &mut sums, &one[at..], means, 2 * i);
        add_row(simd, &mut sums, &two[at..], means, 2 * i + 1);
    }
    if !last.is_empty() {
        add_row(simd, &mut sums, &last[at..], means, (rows.len() / vectors - 1) % ROWS);
    }
    for (n, sum) in sums.iter().enumerate() {
        *group_mut::<S, C>(logits.row_mut(s + n), at) = *sum;
    }
}

/// What visible unit `i` of a block adds, for `C` vectors.
#[inline(always)]
fn add_row<S: Simd, const N: usize, const C: usize>(
    simd: S,
    sums: &mut [[S::f32s; C]; N],
    row: &[S::f32s],
    means: &[[f32; ROWS]; N],
    i: usize,
) {
    let row: &[S::f32s; C] = row.first_chunk().expect("a row has the panel's lanes");
    for n in 0..N {
        let x = simd.splat_f32s(means[n][i]);
        for c in 0..C {
            sums[n][c] = simd.mul_add_f32s(x, row[c], sums[n][c]);
        }
    }
}
