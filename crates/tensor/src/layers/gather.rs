//! Forward from sparse inputs: only the weight rows of pixels that are not zero.

use pulp::{Simd, WithSimd};

use super::sparse::Sparse;
use crate::binary::Rows;
use crate::simd::{LANE, dispatch, evenly, group, group_mut, per_lane, with_width};

/// `out[s] = bias + Σᵥ xᵥ · weights[v]` over the non-zeros of sample `batch[s]`, at the lanes from `lane` on.
///
/// Shapes: `out` at least batch × (lane + panel), `weights` inputs × panel, `data` inputs × samples.
///
/// # Panics
/// If the shapes do not fit.
pub fn gather(out: &mut Rows, lane: usize, panel: (&[f32], &Rows), data: &Sparse, batch: &[usize]) {
    let (bias, weights) = panel;
    assert_eq!((out.count(), weights.count()), (batch.len(), data.rows()), "samples and inputs");
    assert_eq!(bias.len(), weights.lanes() * LANE, "lanes of bias");
    assert!(lane + weights.lanes() <= out.lanes(), "lanes of states");
    dispatch(Gather { out, lane, bias, weights, data, batch });
}

struct Gather<'a> {
    out: &'a mut Rows,
    lane: usize,
    bias: &'a [f32],
    weights: &'a Rows,
    data: &'a Sparse,
    batch: &'a [usize],
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
    let out_at = task.lane * per_lane::<S>() + at;
    for (s, &j) in task.batch.iter().enumerate() {
        let mut sum = *group::<S, N>(task.bias, at);
        for &(v, x) in task.data.column(j) {
            let (x, row) = (simd.splat_f32s(x), group::<S, N>(task.weights.row(v as usize), at));
            for n in 0..N {
                sum[n] = simd.mul_add_f32s(x, row[n], sum[n]);
            }
        }
        *group_mut::<S, N>(task.out.row_mut(s), out_at) = sum;
    }
}
