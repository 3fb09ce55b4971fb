//! Random numbers in bulk: matrices filled by blocks of columns, sixteen generators at a time.

use pulp::{Simd, WithSimd};

use super::functions::sigmoid_of;
use super::lanes::{LANE, dispatch};
use crate::matrix::Matrix;
use crate::random::{COLUMN_BLOCK, Lanes, Stream};

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
        // A loop of its own: as a closure for `with_noise` this is too large to be inlined, and then every vector instruction
        // of it becomes a call.
        Fill::SigmoidBernoulli => {
            let parts = LANE / S::F32_LANES;
            for (i, x) in S::as_mut_simd_f32s(values).0.iter_mut().enumerate() {
                *x = draw(simd, sigmoid_of(simd, *x), uniform(simd, lanes, i % parts));
            }
        }
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

/// The draws of a stream that fill whole matrices.
impl Stream {
    /// Fills a matrix with numbers uniform on `{0, 1, …, 2²³ − 1} / 2²³`.
    pub fn uniform(&mut self, out: &mut Matrix) {
        fill_uniform(out, self);
    }

    /// Replaces every probability by a draw: `x ← 1 with probability x, else 0`, in place.
    pub fn bernoulli(&mut self, probabilities: &mut Matrix) {
        bernoulli(probabilities, self);
    }

    /// Fills a matrix with normal numbers of the given standard deviation, from pairs of uniform ones (Box–Muller).
    pub fn normal(&mut self, out: &mut Matrix, deviation: f32) {
        self.uniform(out);
        let mut angle = Matrix::zeros(out.rows(), out.cols());
        self.uniform(&mut angle);
        for (x, u) in out.as_mut_slice().iter_mut().zip(angle.as_slice()) {
            // 1 − x lies in (0, 1], so that the logarithm is finite.
            let radius = (-2.0 * f64::from(1.0 - *x).ln()).sqrt();
            *x = (radius * (std::f64::consts::TAU * f64::from(*u)).cos()) as f32 * deviation;
        }
    }
}
