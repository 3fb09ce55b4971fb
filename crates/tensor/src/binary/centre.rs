//! The gradient of centred units, from that of a machine whose units are not [Melchior2016].
//!
//! With offsets `μ` of visible and `λ` of hidden units, and gradients `G`, `a` and `b` of weights, visible and hidden biases:
//! `G′ = G − a λᵀ − μ bᵀ`, `a′ = a − G′λ`, `b′ = b − G′ᵀμ`. A panel holds some of the hidden units; it can say all of its own
//! `G′` and `b′`, and its part of `G′λ`.

use pulp::{Simd, WithSimd};

use super::panels::Rows;
use crate::simd::{LANE, PARTS, dispatch, per_lane, sum_of_lane};

/// The visible side of a gradient that is centred.
#[derive(Clone, Copy, Debug)]
pub struct VisibleSlope<'a> {
    /// `a`: the gradient of the visible biases.
    pub slope: &'a [f32],
    /// `μ`: the mean of every visible unit in the data.
    pub means: &'a [f32],
}

/// Centres the gradient of one panel: `gradient` becomes `G′` and `slope` becomes `b′`; `G′λ` is added to `pull`.
///
/// Shapes: `gradient` visible × panel; `slope` and `offsets`, which are `b` and `λ`, one for each hidden unit, with the padding of a
/// row, which is zero; `pull` one for each visible unit.
///
/// # Panics
/// If the shapes do not fit.
pub fn centre(
    gradient: &mut Rows,
    visible: VisibleSlope<'_>,
    offsets: &[f32],
    slope: &mut [f32],
    pull: &mut [f32],
) {
    let (units, width) = (gradient.count(), gradient.lanes() * LANE);
    assert_eq!([visible.slope.len(), visible.means.len(), pull.len()], [units; 3], "visible units");
    assert_eq!([offsets.len(), slope.len()], [width; 2], "lanes of offsets and slope");
    dispatch(Centre { gradient, visible, offsets, slope, pull });
}

struct Centre<'a> {
    gradient: &'a mut Rows,
    visible: VisibleSlope<'a>,
    offsets: &'a [f32],
    slope: &'a mut [f32],
    pull: &'a mut [f32],
}

impl WithSimd for Centre<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let offsets = S::as_simd_f32s(self.offsets).0;
        let before = self.slope.to_vec();
        let before = S::as_simd_f32s(&before).0;
        let slope = S::as_mut_simd_f32s(self.slope).0;
        for v in 0..self.gradient.count() {
            let (a, mu) = (simd.splat_f32s(self.visible.slope[v]), simd.splat_f32s(self.visible.means[v]));
            let row = S::as_mut_simd_f32s(self.gradient.row_mut(v)).0;
            let (mut sums, parts) = ([simd.splat_f32s(0.0); PARTS], per_lane::<S>());
            let lanes = row.chunks_exact_mut(parts).zip(offsets.chunks_exact(parts));
            let biases = before.chunks_exact(parts).zip(slope.chunks_exact_mut(parts));
            for ((g, offset), (b, slope)) in lanes.zip(biases) {
                for p in 0..parts {
                    let taken = simd.mul_add_f32s(a, offset[p], simd.mul_f32s(mu, b[p]));
                    g[p] = simd.sub_f32s(g[p], taken);
                    sums[p] = simd.mul_add_f32s(g[p], offset[p], sums[p]);
                    slope[p] = simd.sub_f32s(slope[p], simd.mul_f32s(mu, g[p]));
                }
            }
            self.pull[v] += sum_of_lane(simd, sums);
        }
    }
}
