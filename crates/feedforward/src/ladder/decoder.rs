//! Down from the noisy top: estimates of every layer, their costs, and back.
//!
//! `u_L = N(h̃_L)`, `uₗ = N(Vₗᵀ ẑₗ₊₁)`; `ẑₗ` combines `z̃ₗ` and `uₗ`. The cost of layer l is
//! `λₗ / (n wₗ) Σ (zₗ − (ẑₗ − mₗ) / √(sₗ + ε))²` over its `wₗ` units and n samples, where `mₗ` and `sₗ` are the clean encoder's
//! statistics; the inputs, layer 0, are not normalised.

use tensor::{Accum, Matrix, gemm, simd};

use super::Ladder;
use super::combinator::{Combined, combine, combine_backward};
use super::encoder::{Back, Path, softmax_backward};
use super::normal::{Asked, Stats, normalise, normalise_backward};

/// One layer on the way down.
struct Step {
    u: Matrix,
    stats: Stats,
    combined: Combined,
}

impl Ladder {
    /// The denoising costs of all layers, from 0, and what they ask of the clean and of the noisy path; adds to the
    /// gradient of decoder and combinators.
    pub(super) fn denoise(
        &self,
        clean: &Path,
        noisy: &Path,
        lambdas: &[f32],
        gradient: &mut Self,
    ) -> (Vec<f64>, [Back; 2]) {
        let depth = self.depth();
        let mut steps: Vec<Step> = Vec::with_capacity(depth + 1); // the top first
        for l in (0..=depth).rev() {
            let before = match steps.last() {
                None => noisy.h[depth].clone(),
                Some(above) => {
                    let mut u = Matrix::zeros(self.width(l), noisy.h[0].cols());
                    let weights = self.decoder[l].view().transpose();
                    gemm(u.view_mut(), Accum::Replace, weights, above.combined.estimate.view(), 1.0);
                    u
                }
            };
            let (u, stats) = normalise(&before);
            let combined = combine(&self.combinators[l], &noisy.z[l], &u);
            steps.push(Step { u, stats, combined });
        }
        steps.reverse();
        let mut back = [Back::nothing(depth), Back::nothing(depth)];
        let (mut costs, mut below): (Vec<f64>, Option<Matrix>) = (Vec::new(), None);
        for (l, step) in steps.iter().enumerate() {
            let (cost, mut d) = compare(l, &step.combined.estimate, clean, lambdas[l], &mut back[0]);
            costs.push(cost);
            if let Some(below) = below.take() {
                d.as_mut_slice().iter_mut().zip(below.as_slice()).for_each(|(d, b)| *d += b);
            }
            let own = &mut gradient.combinators[l];
            let (dz, du) =
                combine_backward(&self.combinators[l], (&noisy.z[l], &step.u), &step.combined, &d, own);
            back[1].dz[l] = Some(dz);
            let before = normalise_backward(&du, &step.u, &step.stats, None);
            let Some(above) = steps.get(l + 1) else {
                back[1].logits = Some(softmax_backward(&noisy.h[depth], before));
                break;
            };
            let estimate = &above.combined.estimate;
            let weights = gradient.decoder[l].view_mut();
            gemm(weights, Accum::Add, estimate.view(), before.view().transpose(), 1.0);
            let mut d = Matrix::zeros(estimate.rows(), estimate.cols());
            gemm(d.view_mut(), Accum::Replace, self.decoder[l].view(), before.view(), 1.0);
            below = Some(d);
        }
        (costs, back)
    }
}

/// The cost of the estimate of layer `l` and its gradient there; what it asks of the clean path is noted in `back`.
fn compare(l: usize, estimate: &Matrix, clean: &Path, lambda: f32, back: &mut Back) -> (f64, Matrix) {
    let (rows, n) = (estimate.rows(), estimate.cols());
    let scale = f64::from(lambda) / (rows * n) as f64;
    let (zeros, ones) = (vec![0.0; rows], vec![1.0; rows]);
    let stats = l.checked_sub(1).map(|l| &clean.stats[l]);
    let (mean, root) = stats.map_or((&zeros, &ones), |stats| (&stats.mean, &stats.root));
    let mut asked = Asked::nothing(rows);
    let (mut cost, mut at_clean, mut at_own) = (0.0, Matrix::zeros(rows, n), Matrix::zeros(rows, n));
    let mut terms = vec![0.0_f64; rows];
    for j in 0..n {
        let column = Column { estimate: estimate.column(j), z: clean.z[l].column(j), mean, root, scale };
        column.compare((at_clean.column_mut(j), at_own.column_mut(j)), &mut asked, &mut terms);
        // The sum keeps its order, whatever the width of vectors.
        terms.iter().for_each(|term| cost += term);
    }
    if let Some(below) = l.checked_sub(1) {
        back.dz[l] = Some(at_clean);
        back.asked[below] = Some(asked);
    }
    (cost, at_own)
}

/// One sample of a layer: its estimate and what it should be, and the statistics of the clean encoder.
struct Column<'a> {
    estimate: &'a [f32],
    z: &'a [f32],
    mean: &'a [f64],
    root: &'a [f64],
    scale: f64,
}

impl Column<'_> {
    /// The terms of the cost, the gradients at `z` and at the estimate, and what is added to those at the statistics. Each unit is
    /// a lane of its own, so that wide vectors change no bit.
    fn compare(&self, (at_clean, at_own): (&mut [f32], &mut [f32]), asked: &mut Asked, terms: &mut [f64]) {
        simd::vectorize(
            #[inline(always)]
            || {
                let seen = self.estimate.iter().zip(self.z).zip(self.mean.iter().zip(self.root));
                let asked = asked.mean.iter_mut().zip(asked.variance.iter_mut());
                let slopes = at_clean.iter_mut().zip(at_own.iter_mut());
                for (
                    (((&estimate, &z), (&mean, &root)), (at_clean, at_own)),
                    ((to_mean, to_variance), term),
                ) in seen.zip(slopes).zip(asked.zip(terms.iter_mut()))
                {
                    let normal = (f64::from(estimate) - mean) / root;
                    let error = normal - f64::from(z);
                    *term = self.scale * error * error;
                    let slope = 2.0 * self.scale * error;
                    *at_clean = -slope as f32;
                    *at_own = (slope / root) as f32;
                    *to_mean -= slope / root;
                    *to_variance -= 0.5 * slope * normal / (root * root);
                }
            },
        );
    }
}
