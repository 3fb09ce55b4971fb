//! Element by element: non-linearities, dropout, and their derivatives.

use pulp::{Simd, WithSimd};

use super::update::flush;
use crate::binary::Rows;
use crate::random::{COLUMN_BLOCK, Lanes, Seed};
use crate::simd::{dispatch, exp, sigmoid_of, with_noise};

/// A non-linearity. NaN stays NaN in each: it is the mark of a diverged model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Squash {
    /// `1 / (1 + e⁻ˣ)`.
    Sigmoid,
    /// `x` where it is positive, else 0.
    Relu,
    /// `x` where it is positive, else 0.2 x.
    LeakyRelu,
    /// `tanh x`, absolute error below 4e-7.
    Tanh,
}

/// The slope of [`Squash::LeakyRelu`] below zero, as adversarial networks use it [Radford2016, section 3].
pub const LEAK: f32 = 0.2;

/// `x ← f(x)` in place; the padding becomes zero.
pub fn squash(states: &mut Rows, by: Squash) {
    dispatch(Apply { states: states.flat_mut(), by });
    states.clear_padding();
}

struct Apply<'a> {
    states: &'a mut [f32],
    by: Squash,
}

impl WithSimd for Apply<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let vectors = S::as_mut_simd_f32s(self.states).0.iter_mut();
        let zero = simd.splat_f32s(0.0);
        match self.by {
            Squash::Sigmoid => vectors.for_each(|x| *x = sigmoid_of(simd, *x)),
            Squash::Relu => {
                vectors.for_each(|x| *x = simd.select_f32s(simd.less_than_f32s(*x, zero), zero, *x));
            }
            Squash::LeakyRelu => {
                let leak = simd.splat_f32s(LEAK);
                vectors.for_each(|x| {
                    let small = simd.mul_f32s(leak, *x);
                    *x = simd.select_f32s(simd.less_than_f32s(*x, zero), small, *x);
                });
            }
            Squash::Tanh => vectors.for_each(|x| *x = tanh_of(simd, *x)),
        }
    }
}

/// `(1 − e) / (1 + e)` with `e = exp(−2|x|)`, and the sign of `x`.
#[inline(always)]
fn tanh_of<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    let (zero, one) = (simd.splat_f32s(0.0), simd.splat_f32s(1.0));
    let e = exp(simd, simd.mul_f32s(simd.splat_f32s(-2.0), simd.abs_f32s(x)));
    let size = simd.div_f32s(simd.sub_f32s(one, e), simd.add_f32s(one, e));
    let value = simd.select_f32s(simd.less_than_f32s(x, zero), simd.neg_f32s(size), size);
    // The clamp inside `exp` hides NaN; x − x brings it back, and marks an infinity.
    simd.add_f32s(value, simd.sub_f32s(x, x))
}

/// Dropout: `mask ← 1 / keep` with probability `keep`, else 0, and `states ← states · mask`.
///
/// Sample `s` of `states` is sample `first + s` of the batch. The generators are those of a matrix fill
/// ([`crate::simd::fill_uniform`]): one for each block of [`COLUMN_BLOCK`] samples, keyed by `seed` and the block.
///
/// # Panics
/// If the shapes differ, or `first` does not begin a block.
pub fn drop_out(states: &mut Rows, mask: &mut Rows, keep: f32, seed: Seed, first: usize) {
    assert_eq!((states.count(), states.width()), (mask.count(), mask.width()), "states and mask");
    assert_eq!(first % COLUMN_BLOCK, 0, "sample {first} does not begin a block");
    dispatch(DropOut { states, mask, keep, seed, first });
}

struct DropOut<'a> {
    states: &'a mut Rows,
    mask: &'a mut Rows,
    keep: f32,
    seed: Seed,
    first: usize,
}

impl WithSimd for DropOut<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { states, mask, keep, seed, first } = self;
        let (keep, grown, zero) = (simd.splat_f32s(keep), simd.splat_f32s(1.0 / keep), simd.splat_f32s(0.0));
        let count = states.count();
        for begin in (0..count).step_by(COLUMN_BLOCK) {
            let mut lanes = Lanes::new(seed.child("block", ((first + begin) / COLUMN_BLOCK) as u64));
            for s in begin..(begin + COLUMN_BLOCK).min(count) {
                with_noise(simd, mask.row_mut(s), &mut lanes, |_, u| {
                    simd.select_f32s(simd.less_than_f32s(u, keep), grown, zero)
                });
                let vectors = S::as_mut_simd_f32s(states.row_mut(s)).0.iter_mut();
                for (x, m) in vectors.zip(S::as_simd_f32s(mask.row(s)).0) {
                    *x = simd.mul_f32s(*x, *m);
                }
            }
        }
    }
}

/// A gradient below this size becomes zero: see [`super::Update`] on subnormal numbers.
pub(super) const FLUSH_DELTA: f32 = 1e-30;

/// `deltas ← deltas · mask · f′`, with the derivative in terms of the states, which are `f · mask`.
///
/// # Panics
/// If the shapes differ.
pub fn differentiate(deltas: &mut Rows, states: &Rows, mask: Option<&Rows>, by: Squash) {
    let shape = (deltas.count(), deltas.width());
    assert_eq!(shape, (states.count(), states.width()), "deltas and states");
    assert!(mask.is_none_or(|mask| shape == (mask.count(), mask.width())), "deltas and mask");
    dispatch(Differentiate {
        deltas: deltas.flat_mut(),
        states: states.flat(),
        mask: mask.map(Rows::flat),
        by,
    });
}

struct Differentiate<'a> {
    deltas: &'a mut [f32],
    states: &'a [f32],
    mask: Option<&'a [f32]>,
    by: Squash,
}

impl WithSimd for Differentiate<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (zero, one) = (simd.splat_f32s(0.0), simd.splat_f32s(1.0));
        let leak = simd.splat_f32s(LEAK);
        let slope = |y: S::f32s| match self.by {
            Squash::Sigmoid => simd.mul_f32s(y, simd.sub_f32s(one, y)),
            Squash::Relu => simd.select_f32s(simd.greater_than_f32s(y, zero), one, zero),
            Squash::LeakyRelu => simd.select_f32s(simd.greater_than_f32s(y, zero), one, leak),
            Squash::Tanh => simd.sub_f32s(one, simd.mul_f32s(y, y)),
        };
        let pairs = S::as_mut_simd_f32s(self.deltas).0.iter_mut().zip(S::as_simd_f32s(self.states).0);
        let Some(mask) = self.mask else {
            return pairs.for_each(|(d, y)| *d = flush(simd, simd.mul_f32s(*d, slope(*y)), FLUSH_DELTA));
        };
        for ((d, y), m) in pairs.zip(S::as_simd_f32s(mask).0) {
            // Where the mask is 0 the delta is 0, whatever the state was before.
            let dropped = simd.less_than_or_equal_f32s(*m, zero);
            let before = simd.div_f32s(*y, simd.select_f32s(dropped, one, *m));
            *d = flush(simd, simd.mul_f32s(simd.mul_f32s(*d, *m), slope(before)), FLUSH_DELTA);
        }
    }
}
