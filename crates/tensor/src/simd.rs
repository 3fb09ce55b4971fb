//! Element-wise kernels, compiled for the widest vectors that the processor has and chosen at run time.
//!
//! A kernel is written once, over the vectors of [`pulp::Simd`], and compiled for AVX-512, for AVX2 with FMA, and
//! for the plain instruction set; [`dispatch`] picks. Element-wise arithmetic does not change with the width, so
//! these kernels give the same bits on every processor with fused multiply-add. [`crate::plain`] holds their
//! twins, one value at a time in `f64`, as test oracles.

mod sums;

use pulp::{Arch, Simd, WithSimd};

use crate::random::Lanes;
use crate::{COLUMN_BLOCK, Matrix, Stream};

pub(crate) use sums::{Totals, totals};

/// Floats in the unit of padding and of random numbers: one AVX-512 register, two of AVX2.
pub const LANE: usize = 16;

/// Lanes needed for `n` floats.
pub fn lanes_for(n: usize) -> usize {
    n.div_ceil(LANE)
}

/// Runs a kernel in the widest version that this processor can execute.
pub fn dispatch<K: WithSimd>(kernel: K) -> K::Output {
    Arch::new().dispatch(kernel)
}

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

/// The next `S::F32_LANES` of the sixteen numbers of a draw: part `part` of the state advances.
#[inline(always)]
pub(crate) fn uniform<S: Simd>(simd: S, lanes: &mut Lanes, part: usize) -> S::f32s {
    let [s0, s1, s2, s3] = &mut lanes.state;
    let at = |state: &mut [u32; 16]| S::as_simd_u32s(state).0[part];
    let (a, b, c, d) = (at(s0), at(s1), at(s2), at(s3));
    let shl = |x, by: u32| simd.wrapping_dyn_shl_u32s(x, simd.splat_u32s(by));
    let shr = |x, by: u32| simd.wrapping_dyn_shr_u32s(x, simd.splat_u32s(by));
    let rotate = |x, by: u32| simd.or_u32s(shl(x, by), shr(x, 32 - by));
    let bits = simd.add_u32s(rotate(simd.add_u32s(a, d), 7), a);
    let t = shl(b, 9);
    let (c, d) = (simd.xor_u32s(c, a), simd.xor_u32s(d, b));
    let (b, a) = (simd.xor_u32s(b, c), simd.xor_u32s(a, d));
    S::as_mut_simd_u32s(s0).0[part] = a;
    S::as_mut_simd_u32s(s1).0[part] = b;
    S::as_mut_simd_u32s(s2).0[part] = simd.xor_u32s(c, t);
    S::as_mut_simd_u32s(s3).0[part] = rotate(d, 11);
    // 23 random bits under the exponent of 1: uniform on [1, 2).
    let mantissa = simd.or_u32s(shr(bits, 9), simd.splat_u32s(0x3f80_0000));
    simd.sub_f32s(simd.transmute_f32s_u32s(mantissa), simd.splat_f32s(1.0))
}

/// Replaces each value of whole lanes by `f(value, u)`, with a fresh uniform number `u` for each.
#[inline(always)]
pub(crate) fn with_noise<S: Simd>(
    simd: S,
    values: &mut [f32],
    lanes: &mut Lanes,
    f: impl Fn(S::f32s, S::f32s) -> S::f32s,
) {
    let parts = LANE / S::F32_LANES;
    for (i, x) in S::as_mut_simd_f32s(values).0.iter_mut().enumerate() {
        *x = f(*x, uniform(simd, lanes, i % parts));
    }
}

/// 1 where `u < p`, else 0.
#[inline(always)]
pub(crate) fn draw<S: Simd>(simd: S, p: S::f32s, u: S::f32s) -> S::f32s {
    simd.select_f32s(simd.less_than_f32s(u, p), simd.splat_f32s(1.0), simd.splat_f32s(0.0))
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

/// What a column of random numbers becomes.
#[derive(Clone, Copy)]
enum Fill {
    Uniform,
    Bernoulli,
    SigmoidBernoulli,
}

struct FillColumns<'a> {
    columns: &'a mut [f32],
    rows: usize,
    lanes: Lanes,
    fill: Fill,
}

impl WithSimd for FillColumns<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for column in self.columns.chunks_mut(self.rows) {
            let (whole, rest) = column.split_at_mut(column.len() / LANE * LANE);
            fill_lanes(simd, whole, &mut self.lanes, self.fill);
            if !rest.is_empty() {
                let mut lane = [0.0; LANE];
                lane[..rest.len()].copy_from_slice(rest);
                fill_lanes(simd, &mut lane, &mut self.lanes, self.fill);
                rest.copy_from_slice(&lane[..rest.len()]);
            }
        }
    }
}

#[inline(always)]
fn fill_lanes<S: Simd>(simd: S, values: &mut [f32], lanes: &mut Lanes, fill: Fill) {
    match fill {
        Fill::Uniform => with_noise(simd, values, lanes, |_, u| u),
        Fill::Bernoulli => with_noise(simd, values, lanes, |p, u| draw(simd, p, u)),
        Fill::SigmoidBernoulli => with_noise(simd, values, lanes, |x, u| draw(simd, sigmoid_of(simd, x), u)),
    }
}

/// One draw from `noise`: fills a matrix by blocks of [`COLUMN_BLOCK`] columns, each with a generator of its own.
fn fill_matrix(values: &mut Matrix, noise: &mut Stream, fill: Fill) {
    let (seed, rows) = (noise.next_seed(), values.rows().max(1));
    for (block, columns) in values.as_mut_slice().chunks_mut(rows * COLUMN_BLOCK).enumerate() {
        let lanes = Lanes::new(seed.child("block", block as u64));
        dispatch(FillColumns { columns, rows, lanes, fill });
    }
}

/// Fills a matrix with numbers uniform on [0, 1).
pub fn fill_uniform(values: &mut Matrix, noise: &mut Stream) {
    fill_matrix(values, noise, Fill::Uniform);
}

/// Replaces every probability by a draw: 1 with that probability, else 0.
pub fn bernoulli(probabilities: &mut Matrix, noise: &mut Stream) {
    fill_matrix(probabilities, noise, Fill::Bernoulli);
}

/// The fused kernel of Gibbs sampling: logits → states drawn with probability `1 / (1 + e⁻ˣ)`, in place. Draws what
/// [`bernoulli`] would draw from the probabilities.
pub fn sigmoid_sample(logits: &mut Matrix, noise: &mut Stream) {
    fill_matrix(logits, noise, Fill::SigmoidBernoulli);
}

/// Calls a function generic over a number of vectors for nearly equal groups of at most `$most` (up to 8) vectors.
macro_rules! by_groups {
    ($vectors:expr, $most:expr, $call:ident, $simd:expr, $($argument:expr),+) => {{
        let vectors: usize = $vectors;
        let parts = vectors.div_ceil($most);
        for part in 0..parts {
            let at = vectors * part / parts;
            match vectors * (part + 1) / parts - at {
                1 => $call::<S, 1>($simd, $($argument),+, at),
                2 => $call::<S, 2>($simd, $($argument),+, at),
                3 => $call::<S, 3>($simd, $($argument),+, at),
                4 => $call::<S, 4>($simd, $($argument),+, at),
                5 => $call::<S, 5>($simd, $($argument),+, at),
                6 => $call::<S, 6>($simd, $($argument),+, at),
                7 => $call::<S, 7>($simd, $($argument),+, at),
                _ => $call::<S, 8>($simd, $($argument),+, at),
            }
        }
    }};
}
pub(crate) use by_groups;

/// `N` vectors of a row, from vector `at`.
#[inline(always)]
pub(crate) fn group<S: Simd, const N: usize>(row: &[f32], at: usize) -> &[S::f32s; N] {
    S::as_simd_f32s(row).0[at..].first_chunk().expect("a row has the panel's lanes")
}

/// The same to be written.
#[inline(always)]
pub(crate) fn group_mut<S: Simd, const N: usize>(row: &mut [f32], at: usize) -> &mut [S::f32s; N] {
    S::as_mut_simd_f32s(row).0[at..].first_chunk_mut().expect("a row has the panel's lanes")
}

/// Vectors in a lane of sixteen floats.
#[inline(always)]
pub(crate) fn per_lane<S: Simd>() -> usize {
    LANE / S::F32_LANES
}
