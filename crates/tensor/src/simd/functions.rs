//! The exponential and the logistic function, vector by vector.

use pulp::{Simd, WithSimd};

use super::lanes::dispatch;

/// `eˣ` by range reduction to `|r| ≤ ½ ln 2` and a polynomial of degree 6; relative error below 3e-7 on
/// [−87, 88], clamped outside, so that the result is a normal positive number.
#[inline(always)]
pub(crate) fn exp<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    let splat = |value: f32| simd.splat_f32s(value);
    // Adding and subtracting 1.5 · 2²³ rounds to the nearest whole number.
    let round = splat(12_582_912.0);
    // The clamp keeps its first argument when x is NaN: see `sigmoid` for how NaN survives.
    let x = simd.min_f32s(simd.max_f32s(x, splat(-87.0)), splat(88.0));
    let shifted = simd.mul_add_f32s(x, splat(std::f32::consts::LOG2_E), round);
    let n = simd.sub_f32s(shifted, round);
    // ln 2 in two parts: the first has few bits, so that its product with n is exact.
    let r = simd.mul_add_f32s(n, splat(2.121_944_4e-4), simd.mul_add_f32s(n, splat(-0.693_359_4), x));
    let mut p = splat(1.388_888_9e-3);
    for c in [8.333_334e-3, 4.166_666_6e-2, 0.166_666_67, 0.5, 1.0, 1.0] {
        p = simd.mul_add_f32s(p, r, splat(c));
    }
    // The low bits of `shifted` hold n: move it into the exponent of 2ⁿ.
    let bits = simd.wrapping_dyn_shl_u32s(simd.transmute_u32s_f32s(shifted), simd.splat_u32s(23));
    simd.mul_f32s(p, simd.transmute_f32s_u32s(simd.add_u32s(bits, simd.splat_u32s(0x3f80_0000))))
}

/// `1 / (1 + e⁻ˣ)`.
#[inline(always)]
pub(crate) fn sigmoid_of<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    let one = simd.splat_f32s(1.0);
    let value = simd.div_f32s(one, simd.add_f32s(one, exp(simd, simd.neg_f32s(x))));
    // x − x is 0 for finite x and NaN for NaN and ∞, which the clamp inside `exp` would hide. An infinite logit is a
    // diverged model as well.
    simd.add_f32s(value, simd.sub_f32s(x, x))
}

struct Sigmoid<'a>(&'a mut [f32]);

impl WithSimd for Sigmoid<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (whole, rest) = S::as_mut_simd_f32s(self.0);
        for x in whole {
            *x = sigmoid_of(simd, *x);
        }
        if !rest.is_empty() {
            let value = sigmoid_of(simd, simd.partial_load_f32s(rest));
            simd.partial_store_f32s(rest, value);
        }
    }
}

/// `x ← 1 / (1 + e⁻ˣ)`, in place; absolute error below 2e-7. NaN and infinities become NaN: both are the mark of a
/// diverged model.
pub fn sigmoid(values: &mut [f32]) {
    dispatch(Sigmoid(values));
}
