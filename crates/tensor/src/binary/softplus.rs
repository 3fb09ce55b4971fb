//! What hidden units, summed out, change in a log-weight when the temperature does.

use pulp::{Simd, WithSimd};

use super::panels::Rows;
use crate::plain::softplus;
use crate::simd::{PARTS, dispatch, part, per_lane, sigmoid_of, sum_of_lane};

/// The widest step of a logit that three points of the logistic function can integrate: the error of a unit is below
/// `step⁷ / 2 000 000`, less than a float can hold.
const WIDEST: f32 = 0.5;

/// `out[s] += Σⱼ softplus(to · xₛⱼ) − softplus(from · xₛⱼ)` over the units of a panel.
///
/// The difference is `(to − from) x` times the mean of the logistic function between `from · x` and `to · x`, by Gauss and Legendre's
/// three points: two softplus would cancel all but their last digits. Where a step is too wide for that, they are subtracted in
/// `f64`.
///
/// # Panics
/// If there is not one number in `out` for each row.
pub fn add_softplus_steps(logits: &Rows, [from, to]: [f64; 2], out: &mut [f64]) {
    assert_eq!(logits.count(), out.len(), "samples and sums");
    dispatch(Steps { logits, from, to, out });
}

struct Steps<'a> {
    logits: &'a Rows,
    from: f64,
    to: f64,
    out: &'a mut [f64],
}

impl WithSimd for Steps<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { logits, from, to, out } = self;
        let splat = |x: f64| simd.splat_f32s(x as f32);
        let (middle, half) = ((from + to) / 2.0, (to - from) / 2.0);
        let aside = 0.6_f64.sqrt() * half;
        let points = [middle - aside, middle, middle + aside].map(splat);
        let weights = [5.0, 8.0, 5.0].map(|w| splat(w / 18.0));
        let (step, widest) = (splat(to - from), simd.splat_f32s(WIDEST));
        for (s, out) in out.iter_mut().enumerate() {
            let (mut sums, mut most) = ([simd.splat_f32s(0.0); PARTS], simd.splat_f32s(0.0));
            for lane in logits.row(s).as_chunks().0 {
                for (p, sum) in sums.iter_mut().enumerate().take(per_lane::<S>()) {
                    let x = part::<S>(lane, p);
                    let change = simd.mul_f32s(step, x);
                    most = simd.max_f32s(most, simd.abs_f32s(change));
                    let mut mean = simd.splat_f32s(0.0);
                    for (point, weight) in points.into_iter().zip(weights) {
                        let sigmoid = sigmoid_of(simd, simd.mul_f32s(point, x));
                        mean = simd.mul_add_f32s(weight, sigmoid, mean);
                    }
                    *sum = simd.mul_add_f32s(change, mean, *sum);
                }
            }
            let narrow = simd.first_true_m32s(simd.less_than_f32s(widest, most)) == S::F32_LANES;
            *out += match narrow {
                true => f64::from(sum_of_lane(simd, sums)),
                false => wide(logits.floats(s), from, to),
            };
        }
    }
}

/// The same for one sample, unit by unit.
fn wide(logits: &[f32], from: f64, to: f64) -> f64 {
    let each = logits.iter().map(|&x| f64::from(x));
    each.map(|x| softplus(to * x) - softplus(from * x)).sum()
}
