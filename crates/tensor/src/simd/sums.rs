//! Sums over lanes of sixteen floats, several at a time.
//!
//! Each of the sixteen adds up what stands in its place, whatever the width of a vector: processors of smaller vectors go through the
//! lanes part by part. Then come fours of neighbours, `(x₀ + x₁) + (x₂ + x₃)`, then the four sums of fours. So the order is the same
//! on all of them, and the bits are.
//!
//! Products of a handful of samples are so short that summing their lanes costs a fifth as much as the products. With
//! AVX-512, shuffles of two vectors with constant patterns are half of what the portable operations need.

use pulp::Simd;

use super::lanes::{LANE, PARTS, part, per_lane};

/// Adds the products of part `p` of a lane of four rows with the same of `N` states: what all dot products of a tile do.
#[inline(always)]
pub(crate) fn add_products<S: Simd, const N: usize>(
    simd: S,
    sums: &mut [[S::f32s; 4]; N],
    rows: [&[f32; LANE]; 4],
    states: [&[f32; LANE]; N],
    p: usize,
) {
    for n in 0..N {
        let x = part::<S>(states[n], p);
        for i in 0..4 {
            sums[n][i] = simd.mul_add_f32s(part::<S>(rows[i], p), x, sums[n][i]);
        }
    }
}

/// Four sums over lanes in the making: for every four of the sixteen, one partial sum of each.
#[derive(Clone, Copy)]
pub(crate) struct Quarters([f32; LANE]);

impl Quarters {
    pub(crate) const ZERO: Self = Self([0.0; LANE]);

    /// Part `part` of the sixteen lanes of the four is in these vectors.
    #[inline(always)]
    pub(crate) fn set<S: Simd>(&mut self, simd: S, part: usize, vectors: [S::f32s; 4]) {
        S::as_mut_simd_f32s(&mut self.0).0[part] = quarters(simd, vectors);
    }

    /// The four sums.
    #[inline(always)]
    pub(crate) fn sums(&self) -> [f32; 4] {
        let mut total = [0.0; 4];
        for block in self.0.as_chunks::<4>().0 {
            for i in 0..4 {
                total[i] += block[i];
            }
        }
        total
    }
}

/// The sum of one lane of sixteen floats, in the parts that vectors of this width make of it; what is beyond is not looked at.
#[inline(always)]
pub(crate) fn sum_of_lane<S: Simd>(simd: S, lane: [S::f32s; PARTS]) -> f32 {
    let (mut quarters, zero) = (Quarters::ZERO, simd.splat_f32s(0.0));
    (0..per_lane::<S>()).for_each(|part| quarters.set(simd, part, [lane[part], zero, zero, zero]));
    quarters.sums()[0]
}

/// In every four lanes, one partial sum of each of four vectors: `(x₀ + x₁) + (x₂ + x₃)` of the four lanes in its
/// place.
#[inline(always)]
fn quarters<S: Simd>(simd: S, vectors: [S::f32s; 4]) -> S::f32s {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = avx512::same(simd) {
        let [a, b, c, d] = vectors;
        let sums = avx512::quarters(simd, [floats::<S>(a), floats::<S>(b), floats::<S>(c), floats::<S>(d)]);
        return S::as_simd_f32s(&sums).0[0];
    }
    if is_imitation(simd) {
        return S::as_simd_f32s(&quarters_one_by_one(vectors.map(floats::<S>))).0[0];
    }
    let [a, b, c, d]: [S::f32s; 4] = simd.deinterleave_shfl_f32s(vectors);
    simd.add_f32s(simd.add_f32s(a, b), simd.add_f32s(c, d))
}

/// Whether these are no instructions but arrays of floats: taken apart, they come in an order of their own. Known when this is
/// compiled.
#[inline(always)]
fn is_imitation<S: Simd>(simd: S) -> bool {
    let simd: &dyn std::any::Any = &simd;
    simd.is::<pulp::Scalar128b>()
}

/// [`quarters`] without a shuffle.
fn quarters_one_by_one(vectors: [[f32; LANE]; 4]) -> [f32; LANE] {
    std::array::from_fn(|lane| {
        let four = &vectors[lane % 4][lane / 4 * 4..];
        (four[0] + four[1]) + (four[2] + four[3])
    })
}

/// A vector in memory; zeros beyond.
#[inline(always)]
fn floats<S: Simd>(vector: S::f32s) -> [f32; LANE] {
    let mut floats = [0.0; LANE];
    S::as_mut_simd_f32s(&mut floats).0[0] = vector;
    floats
}

/// Sixteen sums of lanes in the making.
#[derive(Clone, Copy)]
pub(crate) struct Totals([[f32; LANE]; 4]);

impl Totals {
    pub(crate) const ZERO: Self = Self([[0.0; LANE]; 4]);

    /// Part `part` of the lanes of the sums `4 · four` to `4 · four + 3` is in these vectors.
    #[inline(always)]
    pub(crate) fn set<S: Simd>(&mut self, simd: S, four: usize, part: usize, vectors: [S::f32s; 4]) {
        S::as_mut_simd_f32s(&mut self.0[four]).0[part] = quarters(simd, vectors);
    }

    /// The sums, of [`quarters`] pair by pair.
    #[inline(always)]
    pub(crate) fn get<S: Simd>(&self, simd: S) -> [f32; LANE] {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = avx512::same(simd) {
            return avx512::pairs_of_quarters(simd, self.0);
        }
        // Only AVX-512 has instructions of its own for this.
        #[cfg(not(target_arch = "x86_64"))]
        let _ = simd;
        let mut total = [0.0; LANE];
        for (total, part) in total.as_chunks_mut::<4>().0.iter_mut().zip(&self.0) {
            for i in 0..4 {
                total[i] = (part[i] + part[4 + i]) + (part[8 + i] + part[12 + i]);
            }
        }
        total
    }
}

#[cfg(target_arch = "x86_64")]
mod avx512 {
    use std::any::Any;

    use pulp::{Simd, cast, x86::V4};

    /// The same instructions, if they are AVX-512.
    #[inline(always)]
    pub fn same<S: Simd>(simd: S) -> Option<V4> {
        let simd: &dyn Any = &simd;
        simd.downcast_ref().copied()
    }

    /// Even and odd ones of two vectors' lanes, or of their quarters.
    const EVEN: i32 = 0b10_00_10_00;
    const ODD: i32 = 0b11_01_11_01;

    /// In every four lanes, sums of pairs: two of `a`, then two of `b`.
    #[inline(always)]
    fn pairs(simd: V4, a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        let (a, b) = (cast(a), cast(b));
        let even = simd.avx512f._mm512_shuffle_ps::<EVEN>(a, b);
        let odd = simd.avx512f._mm512_shuffle_ps::<ODD>(a, b);
        cast(simd.add_f32s(cast(even), cast(odd)))
    }

    /// Sums of pairs of quarters: two of `a`, then two of `b`.
    #[inline(always)]
    fn quarter_pairs(simd: V4, a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        let (a, b) = (cast(a), cast(b));
        let even = simd.avx512f._mm512_shuffle_f32x4::<EVEN>(a, b);
        let odd = simd.avx512f._mm512_shuffle_f32x4::<ODD>(a, b);
        cast(simd.add_f32s(cast(even), cast(odd)))
    }

    #[inline(always)]
    pub fn quarters(simd: V4, [a, b, c, d]: [[f32; 16]; 4]) -> [f32; 16] {
        pairs(simd, pairs(simd, a, b), pairs(simd, c, d))
    }

    #[inline(always)]
    pub fn pairs_of_quarters(simd: V4, [a, b, c, d]: [[f32; 16]; 4]) -> [f32; 16] {
        quarter_pairs(simd, quarter_pairs(simd, a, b), quarter_pairs(simd, c, d))
    }
}
