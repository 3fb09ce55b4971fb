//! Down and up again in one pass: a mean-field reconstruction and the hidden logits that it gives.

use pulp::{Simd, WithSimd};

use super::{Blocks, Rows};
use crate::simd::{LANE, Totals, dispatch, group, group_mut, per_lane, sigmoid_of};

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

/// Samples at a time.
const SAMPLES: usize = 5;
/// Rows of weights that stay in the first-level cache between the ways down and up.
const ROWS: usize = LANE;

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
        for v in (0..self.visible.width()).step_by(ROWS) {
            for s in (0..samples).step_by(SAMPLES) {
                match samples - s {
                    1 => tile::<S, 1>(simd, &mut self, v, s),
                    2 => tile::<S, 2>(simd, &mut self, v, s),
                    3 => tile::<S, 3>(simd, &mut self, v, s),
                    4 => tile::<S, 4>(simd, &mut self, v, s),
                    _ => tile::<S, SAMPLES>(simd, &mut self, v, s),
                }
            }
        }
    }
}

/// Sixteen visible units from `v`, `N` samples from `s`.
#[inline(always)]
fn tile<S: Simd, const N: usize>(simd: S, task: &mut Reconstruct<'_, '_>, v: usize, s: usize) {
    let rows = ROWS.min(task.visible.width() - v);
    let mut sums = [Totals::ZERO; N];
    for part in 0..rows.div_ceil(4) {
        for (sum, vectors) in sums.iter_mut().zip(down::<S, N>(simd, task.panels, v + 4 * part, s)) {
            sum.set(simd, part, vectors);
        }
    }
    let mut means = [[0.0; ROWS]; N];
    let bias = &task.bias[v..v + rows];
    for (mean, sum) in means.iter_mut().zip(&sums) {
        *mean = sum.get(simd);
        mean.iter_mut().zip(bias).for_each(|(x, bias)| *x += bias);
    }
    for mean in &mut means {
        for x in S::as_mut_simd_f32s(mean).0 {
            *x = sigmoid_of(simd, *x);
        }
    }
    for (n, mean) in means.iter_mut().enumerate() {
        mean[rows..].fill(0.0);
        task.visible.row_mut(s + n)[v..v + ROWS].copy_from_slice(mean);
    }
    for panel in &mut *task.panels {
        up::<S, N>(simd, panel, &means, v, s);
    }
}

/// The rows of four visible units from `v`; beyond the last, that one again.
#[inline(always)]
fn four<S: Simd>(weights: &Rows, v: usize) -> [&[S::f32s]; 4] {
    let last = weights.count() - 1;
    let row = |i: usize| S::as_simd_f32s(weights.row((v + i).min(last))).0;
    let (w0, w1, w2, w3) = (row(0), row(1), row(2), row(3));
    let vectors = w0.len();
    [w0, &w1[..vectors], &w2[..vectors], &w3[..vectors]]
}

/// Products of the rows of four visible units with `N` states, lanes not yet summed.
#[inline(always)]
fn down<S: Simd, const N: usize>(simd: S, panels: &[Pass<'_>], v: usize, s: usize) -> [[S::f32s; 4]; N] {
    let mut sums = [[simd.splat_f32s(0.0); 4]; N];
    for panel in panels {
        let [w0, w1, w2, w3] = four::<S>(panel.weights, v);
        let vectors = w0.len();
        let mut states: [&[S::f32s]; N] = [&[]; N];
        for (n, state) in states.iter_mut().enumerate() {
            *state = &S::as_simd_f32s(panel.states.row(s + n)).0[..vectors];
        }
        for k in 0..vectors {
            for n in 0..N {
                let x = states[n][k];
                sums[n][0] = simd.mul_add_f32s(w0[k], x, sums[n][0]);
                sums[n][1] = simd.mul_add_f32s(w1[k], x, sums[n][1]);
                sums[n][2] = simd.mul_add_f32s(w2[k], x, sums[n][2]);
                sums[n][3] = simd.mul_add_f32s(w3[k], x, sums[n][3]);
            }
        }
    }
    sums
}

/// What the visible units from `v` of `N` samples add to the hidden logits.
#[inline(always)]
fn up<S: Simd, const N: usize>(simd: S, panel: &mut Pass<'_>, means: &[[f32; ROWS]; N], v: usize, s: usize) {
    let vectors = panel.weights.lanes() * per_lane::<S>();
    let parts = vectors.div_ceil(5);
    for part in 0..parts {
        let at = vectors * part / parts;
        match vectors * (part + 1) / parts - at {
            1 => up_columns::<S, N, 1>(simd, panel, means, v, s, at),
            2 => up_columns::<S, N, 2>(simd, panel, means, v, s, at),
            3 => up_columns::<S, N, 3>(simd, panel, means, v, s, at),
            4 => up_columns::<S, N, 4>(simd, panel, means, v, s, at),
            _ => up_columns::<S, N, 5>(simd, panel, means, v, s, at),
        }
    }
}

/// The same for `C` vectors from `at`.
#[inline(always)]
fn up_columns<S: Simd, const N: usize, const C: usize>(
    simd: S,
    panel: &mut Pass<'_>,
    means: &[[f32; ROWS]; N],
    v: usize,
    s: usize,
    at: usize,
) {
    let mut sums = [[simd.splat_f32s(0.0); C]; N];
    for (n, sum) in sums.iter_mut().enumerate() {
        *sum = *group::<S, C>(panel.logits.row(s + n), at);
    }
    let stride = panel.weights.lanes() * LANE;
    let rows = panel.weights.flat()[v * stride..].chunks_exact(stride);
    for (i, row) in rows.enumerate().take(ROWS) {
        let row = group::<S, C>(row, at);
        for (sum, mean) in sums.iter_mut().zip(means) {
            let x = simd.splat_f32s(mean[i]);
            for c in 0..C {
                sum[c] = simd.mul_add_f32s(x, row[c], sum[c]);
            }
        }
    }
    for (n, sum) in sums.iter().enumerate() {
        *group_mut::<S, C>(panel.logits.row_mut(s + n), at) = *sum;
    }
}
