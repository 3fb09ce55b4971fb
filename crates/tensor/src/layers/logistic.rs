//! Independent logistic outputs and their cross-entropy at the end of a decoder.

use pulp::{Simd, WithSimd};

use super::elements::FLUSH_DELTA;
use super::update::flush;
use crate::binary::Rows;
use crate::simd::{LANE, PARTS, dispatch, exp, per_lane};

/// Logits to the gradient of the cross-entropy, `(σ(z) − t) · scale`, in place; returns the sum over samples and outputs of
/// `log(1 + eᶻ) − t z`, in nats. The padding becomes zero.
///
/// Shapes: `logits` and `targets` samples × outputs, targets in [0, 1]. A logit that is not finite gives a loss that is not.
///
/// `log(1 + eᶻ)` is `max(z, 0) + log(1 + e^−|z|)`. Each of these logarithms is at most log 2, so that the arguments of
/// some sixty-four can be multiplied and one logarithm be taken of the product, which loses no more than the sum of sixty-four
/// rounded logarithms would.
///
/// # Panics
/// If the shapes differ.
pub fn logistic(logits: &mut Rows, targets: &Rows, scale: f32) -> f64 {
    let shape = (logits.count(), logits.width());
    assert_eq!(shape, (targets.count(), targets.width()), "logits and targets");
    let loss = dispatch(Logistic { logits, targets, scale });
    logits.clear_padding();
    loss
}

/// `rows[s] += bias` for every sample.
///
/// # Panics
/// If the bias has other lanes than the rows.
pub fn add_bias(rows: &mut Rows, bias: &[f32]) {
    assert_eq!(bias.len(), rows.lanes() * LANE, "lanes of bias");
    dispatch(AddBias { rows, bias });
}

struct AddBias<'a> {
    rows: &'a mut Rows,
    bias: &'a [f32],
}

impl WithSimd for AddBias<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for s in 0..self.rows.count() {
            let row = S::as_mut_simd_f32s(self.rows.row_mut(s)).0;
            for (x, b) in row.iter_mut().zip(S::as_simd_f32s(self.bias).0) {
                *x = simd.add_f32s(*x, *b);
            }
        }
    }
}

/// Factors of a product, each between 1 and 2: it stays far below the largest `f32`.
const FACTORS: usize = 64;
/// A logit at which, with the target 0, loss and gradient vanish: the padding's.
const SILENT: f32 = -80.0;

struct Logistic<'a> {
    logits: &'a mut Rows,
    targets: &'a Rows,
    scale: f32,
}

impl WithSimd for Logistic<'_> {
    type Output = f64;
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let width = self.logits.width();
        let mut loss = 0.0;
        for s in 0..self.logits.count() {
            let row = self.logits.row_mut(s);
            row[width..].fill(SILENT);
            let vectors = S::as_mut_simd_f32s(row).0.chunks_mut(FACTORS * per_lane::<S>());
            let targets = S::as_simd_f32s(self.targets.row(s)).0.chunks(FACTORS * per_lane::<S>());
            for (z, t) in vectors.zip(targets) {
                loss += several(simd, z, t, self.scale);
            }
        }
        loss
    }
}

/// Loss and gradient of up to [`FACTORS`] lanes of sixteen floats.
#[inline(always)]
fn several<S: Simd>(simd: S, logits: &mut [S::f32s], targets: &[S::f32s], scale: f32) -> f64 {
    let (zero, one, scale) = (simd.splat_f32s(0.0), simd.splat_f32s(1.0), simd.splat_f32s(scale));
    let (mut products, mut linears) = ([one; PARTS], [zero; PARTS]);
    let parts = per_lane::<S>();
    for (z, t) in logits.chunks_exact_mut(parts).zip(targets.chunks_exact(parts)) {
        for part in 0..parts {
            let (z, t) = (&mut z[part], t[part]);
            let e = exp(simd, simd.neg_f32s(simd.abs_f32s(*z)));
            let sum = simd.add_f32s(one, e);
            let negative = simd.less_than_f32s(*z, zero);
            let sigmoid = simd.div_f32s(simd.select_f32s(negative, e, one), sum);
            products[part] = simd.mul_f32s(products[part], sum);
            let positive = simd.select_f32s(negative, zero, *z);
            linears[part] = simd.add_f32s(linears[part], simd.sub_f32s(positive, simd.mul_f32s(t, *z)));
            // The clamp inside `exp` hides NaN and infinities; z − z brings them back.
            let sigmoid = simd.add_f32s(sigmoid, simd.sub_f32s(*z, *z));
            *z = flush(simd, simd.mul_f32s(scale, simd.sub_f32s(sigmoid, t)), FLUSH_DELTA);
        }
    }
    let mut lanes = [[1.0_f32; LANE], [0.0; LANE]];
    S::as_mut_simd_f32s(&mut lanes[0]).0.copy_from_slice(&products[..parts]);
    S::as_mut_simd_f32s(&mut lanes[1]).0.copy_from_slice(&linears[..parts]);
    // Eight products of 64 factors stay below 2⁵¹², far inside `f64`.
    let logs = lanes[0].chunks(8).map(|part| part.iter().map(|&p| f64::from(p)).product::<f64>().ln());
    logs.sum::<f64>() + lanes[1].iter().map(|&x| f64::from(x)).sum::<f64>()
}
