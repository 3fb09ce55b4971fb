//! Sums over the lanes of vectors, several vectors at a time.
//!
//! Products of a handful of samples are so short that summing their lanes costs a fifth as much as the products. With
//! AVX-512, shuffles of two vectors with constant patterns are half of what the portable operations need.

use pulp::Simd;

use super::lanes::LANE;

/// The sums of the lanes of four vectors.
#[inline(always)]
pub(crate) fn totals<S: Simd>(simd: S, vectors: [S::f32s; 4]) -> [f32; 4] {
    if S::F32_LANES < 4 {
        return vectors.map(|vector| simd.reduce_sum_f32s(vector));
    }
    let (mut floats, mut total) = ([0.0_f32; LANE], [0.0; 4]);
    S::as_mut_simd_f32s(&mut floats).0[0] = quarters(simd, vectors);
    for block in floats[..S::F32_LANES].as_chunks::<4>().0 {
        for i in 0..4 {
            total[i] += block[i];
        }
    }
    total
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
    let [a, b, c, d]: [S::f32s; 4] = simd.deinterleave_shfl_f32s(vectors);
    simd.add_f32s(simd.add_f32s(a, b), simd.add_f32s(c, d))
}

/// A vector in memory; zeros beyond.
#[inline(always)]
fn floats<S: Simd>(vector: S::f32s) -> [f32; LANE] {
    let mut floats = [0.0; LANE];
    S::as_mut_simd_f32s(&mut floats).0[0] = vector;
    floats
}

/// Sixteen sums of lanes in the making, four vectors at a time.
#[derive(Clone, Copy)]
pub(crate) struct Totals([[f32; LANE]; 4]);

impl Totals {
    pub(crate) const ZERO: Self = Self([[0.0; LANE]; 4]);

    /// The sums `4 · part` to `4 · part + 3` are those of these vectors.
    #[inline(always)]
    pub(crate) fn set<S: Simd>(&mut self, simd: S, part: usize, vectors: [S::f32s; 4]) {
        if S::F32_LANES < 4 {
            self.0[part] = [0.0; LANE];
            self.0[part][..4].copy_from_slice(&totals(simd, vectors));
        } else {
            self.0[part] = floats::<S>(quarters(simd, vectors));
        }
    }

    /// The sums, of [`quarters`] pair by pair.
    #[inline(always)]
    pub(crate) fn get<S: Simd>(&self, simd: S) -> [f32; LANE] {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = avx512::same(simd) {
            return avx512::pairs_of_quarters(simd, self.0);
        }
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
