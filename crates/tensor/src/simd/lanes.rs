//! Vectors and the lanes of sixteen floats that they make up: widths, groups of neighbours, and the choice of a kernel.

use pulp::{Simd, WithSimd};

/// Floats in the unit of padding and of random numbers: one AVX-512 register, two of AVX2.
pub const LANE: usize = 16;

/// Lanes needed for `n` floats.
pub fn lanes_for(n: usize) -> usize {
    n.div_ceil(LANE)
}

/// Runs a kernel in the widest version that this processor can execute. None gives other bits.
///
/// Closures go to [`vectorize`]: here they would be called through a function that may stay on its own, compiled for the plain
/// instruction set.
pub fn dispatch<K: WithSimd>(kernel: K) -> K::Output {
    #[cfg(test)]
    if super::imitation::imitating() {
        return pulp::Scalar128b.vectorize(kernel);
    }
    // Where there are no vectors with fused multiply-add, arrays of four floats stand in for them.
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    match pulp::Arch::new() {
        pulp::Arch::Scalar => {}
        arch => return arch.dispatch(kernel),
    }
    pulp::Scalar128b.vectorize(kernel)
}

/// Runs a closure of plain loops, compiled for the widest vectors that this processor can execute: `vectorize(#[inline(always)] || …)`.
/// Without the attribute it may stay a function of its own, compiled for the plain instruction set.
pub fn vectorize<R>(body: impl FnMut() -> R) -> R {
    dispatch(Body(body))
}

struct Body<F>(F);

impl<R, F: FnMut() -> R> WithSimd for Body<F> {
    type Output = R;
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, _: S) -> R {
        (self.0)()
    }
}

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

/// Most vectors in a lane of sixteen floats.
pub(crate) const PARTS: usize = LANE / 4;

/// Vector `part` of a lane of sixteen floats.
#[inline(always)]
pub(crate) fn part<S: Simd>(lane: &[f32; LANE], part: usize) -> S::f32s {
    S::as_simd_f32s(lane).0[part]
}

/// Vectors in a lane of sixteen floats.
#[inline(always)]
pub(crate) fn per_lane<S: Simd>() -> usize {
    LANE / S::F32_LANES
}

/// The side of a register tile: `wide` where there are 32 registers, `narrow` where there are 16, since accumulators beyond them
/// would go to memory and back. No sum depends on the tile that it is in.
#[inline(always)]
pub(crate) fn tile<S: Simd>(wide: usize, narrow: usize) -> usize {
    if S::REGISTER_COUNT < 32 { narrow } else { wide }
}

/// Cuts `len` neighbours into nearly equal parts of at most `most`: where each begins, and how many it holds.
pub(crate) fn evenly(len: usize, most: usize) -> impl Iterator<Item = (usize, usize)> {
    let parts = len.div_ceil(most);
    (0..parts).map(move |part| {
        let at = len * part / parts;
        (at, len * (part + 1) / parts - at)
    })
}

/// Cuts `len` neighbours into parts of `step`, the last one as long as it is: where each begins, and how many it holds.
pub(crate) fn in_steps(len: usize, step: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..len).step_by(step).map(move |at| (at, step.min(len - at)))
}

/// Calls a kernel for a number of neighbours that the compiler must know, since it keeps them in registers:
/// `with_width!(width, [1 2 3], N => kernel::<S, N>(simd, task, at))`. The list holds every width that can occur; no function
/// could turn the number into a parameter of a generic one.
macro_rules! with_width {
    ($width:expr, [$($known:literal)+], $number:ident => $call:expr) => {
        match $width {
            $($known => {
                const $number: usize = $known;
                $call
            })+
            width => unreachable!("no kernel for {width} neighbours"),
        }
    };
}
pub(crate) use with_width;
