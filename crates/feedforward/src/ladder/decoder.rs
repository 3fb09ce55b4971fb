//! Down from the noisy top: estimates of every layer, their costs, and back.
//!
//! `u_L = N(h̃_L)`, `uₗ = N(Vₗᵀ ẑₗ₊₁)`; `ẑₗ` combines `z̃ₗ` and `uₗ`. The cost of layer l is
//! `λₗ / (n wₗ) Σ (zₗ − (ẑₗ − mₗ) / √(sₗ + ε))²` over its `wₗ` units and n samples, where `mₗ` and `sₗ` are the clean encoder's
//! statistics; the inputs, layer 0, are not normalised.

use tensor::{Accum, Matrix, gemm};

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
    let stats = l.checked_sub(1).map(|l| &clean.stats[l]);
    let mut asked = Asked::nothing(rows);
    let (mut cost, mut at_clean, mut at_own) = (0.0, Matrix::zeros(rows, n), Matrix::zeros(rows, n));
    for j in 0..n {
        let (estimate, z) = (estimate.column(j), clean.z[l].column(j));
        let (at_clean, at_own) = (at_clean.column_mut(j), at_own.column_mut(j));
        for i in 0..rows {
            let (mean, root) = stats.map_or((0.0, 1.0), |stats| (stats.mean[i], stats.root[i]));
            let normal = (f64::from(estimate[i]) - mean) / root;
            let error = normal - f64::from(z[i]);
            cost += scale * error * error;
            let slope = 2.0 * scale * error;
            at_clean[i] = -slope as f32;
            at_own[i] = (slope / root) as f32;
            asked.mean[i] -= slope / root;
            asked.variance[i] -= 0.5 * slope * normal / (root * root);
        }
    }
    if let Some(below) = l.checked_sub(1) {
        back.dz[l] = Some(at_clean);
        back.asked[below] = Some(asked);
    }
    (cost, at_own)
}
