//! A step along a gradient that is written down.

use pulp::{Simd, WithSimd};

use super::update::{Moments, Update, apply};
use crate::binary::Rows;
use crate::simd::{dispatch, evenly, group, group_mut, per_lane, with_width};

/// Updates every weight of a panel by its gradient, which is zero afterwards, ready for the next mini-batch.
///
/// Shapes: `weights` and `gradient` fan-in × panel, the moments as [`Moments::new`] makes them for the update's change.
///
/// # Panics
/// If the shapes do not fit.
pub fn descend(weights: &mut Rows, moments: &mut Moments, gradient: &mut Rows, update: &Update) {
    assert_eq!(
        (weights.count(), weights.lanes()),
        (gradient.count(), gradient.lanes()),
        "weights and gradient"
    );
    dispatch(Descend { weights, moments, gradient, update });
}

struct Descend<'a> {
    weights: &'a mut Rows,
    moments: &'a mut Moments,
    gradient: &'a mut Rows,
    update: &'a Update,
}

impl WithSimd for Descend<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for (at, width) in evenly(self.weights.lanes() * per_lane::<S>(), 8) {
            with_width!(width, [1 2 3 4 5 6 7 8], N => descend_group::<S, N>(simd, &mut self, at));
        }
    }
}

#[inline(always)]
fn descend_group<S: Simd, const N: usize>(simd: S, task: &mut Descend<'_>, at: usize) {
    for row in 0..task.weights.count() {
        let g = *group::<S, N>(task.gradient.row(row), at);
        *group_mut::<S, N>(task.gradient.row_mut(row), at) = [simd.splat_f32s(0.0); N];
        apply::<S, N>(simd, task.update, (&mut *task.weights, &mut *task.moments), (row, at), g);
    }
}
