//! Mixtures of independent binary units: the baselines that a Boltzmann machine's likelihood stands beside.
//!
//! `p(v) = Σₖ πₖ Πᵢ μₖᵢ^vᵢ (1 − μₖᵢ)^(1−vᵢ)`, fitted by expectation and maximisation [Dempster1977]. One component is the model of
//! independent pixels.

use tensor::plain::log_sum_exp;
use tensor::{Accum, Matrix, Seed, gemm};

use crate::learning::input::means;

/// A mixture of products of coins.
#[derive(Clone, Debug, PartialEq)]
pub struct BernoulliMixture {
    /// `log πₖ`.
    pub log_shares: Vec<f64>,
    /// `log μ / (1 − μ)`, units × components.
    pub logits: Matrix,
}

/// Images that every pixel is taken to have been on in, and as many that it was off in, beside those of a component: no pixel
/// is impossible because it was never seen.
const PSEUDO_COUNT: f64 = 0.1;

impl BernoulliMixture {
    /// Fits so many components to binary data, units × samples, by as many rounds; components begin at images drawn with
    /// `seed`, half-way to the mean image. `each` hears the mean log-likelihood in nats before each round, and may stop.
    ///
    /// # Errors
    /// If `each` stops it.
    ///
    /// # Panics
    /// If there are more components than samples, or none.
    pub fn fit<E>(
        data: &Matrix,
        components: usize,
        rounds: usize,
        seed: Seed,
        each: &mut dyn FnMut(usize, f64) -> Result<(), E>,
    ) -> Result<Self, E> {
        let samples = data.cols();
        assert!(
            (1..=samples).contains(&components),
            "{components} components for {samples} samples, expected at least one and at most as many"
        );
        let order = seed.child("mixture", 0).stream().permutation(samples);
        let mean = means(data);
        let begin = |k: usize, i: usize| 0.5 * f64::from(data.column(order[k])[i]) + 0.5 * mean[i];
        let one = components == 1;
        let mut model = Self {
            log_shares: vec![-(components as f64).ln(); components],
            logits: Matrix::from_fn(data.rows(), components, |i, k| {
                logit(if one { mean[i] } else { begin(k, i) }.clamp(1e-3, 1.0 - 1e-3))
            }),
        };
        for round in 0..rounds {
            let (log_likelihood, shares) = model.expect(data);
            each(round, log_likelihood)?;
            model.maximise(data, &shares);
        }
        Ok(model)
    }

    /// `log p(v)` of each column, in nats.
    ///
    /// # Panics
    /// If `v` has other rows than the model has units.
    pub fn log_likelihood(&self, v: &Matrix) -> Vec<f64> {
        self.joint(v).iter().map(|scores| log_sum_exp(scores)).collect()
    }

    /// `log p(v, k)` of each column.
    fn joint(&self, v: &Matrix) -> Vec<Vec<f64>> {
        assert_eq!(v.rows(), self.logits.rows(), "{} pixels for {} units", v.rows(), self.logits.rows());
        let mut scores = Matrix::zeros(self.logits.cols(), v.cols());
        gemm(scores.view_mut(), Accum::Replace, self.logits.view().transpose(), v.view(), 1.0);
        let off: Vec<f64> = self
            .logits
            .columns()
            .map(|logits| logits.iter().map(|&x| tensor::plain::softplus(f64::from(x))).sum())
            .collect();
        let terms = |column: &[f32]| {
            let parts = column.iter().zip(&off).zip(&self.log_shares);
            parts.map(|((&score, off), share)| f64::from(score) - off + share).collect()
        };
        scores.columns().map(terms).collect()
    }

    /// The mean log-likelihood, and what share of each sample each component takes: components × samples.
    fn expect(&self, data: &Matrix) -> (f64, Matrix) {
        let joint = self.joint(data);
        let totals: Vec<f64> = joint.iter().map(|scores| log_sum_exp(scores)).collect();
        let shares =
            Matrix::from_fn(self.logits.cols(), data.cols(), |k, j| (joint[j][k] - totals[j]).exp() as f32);
        (totals.iter().sum::<f64>() / data.cols() as f64, shares)
    }

    fn maximise(&mut self, data: &Matrix, shares: &Matrix) {
        let mut sums = Matrix::zeros(data.rows(), shares.rows());
        gemm(sums.view_mut(), Accum::Replace, data.view(), shares.view().transpose(), 1.0);
        let mut counts = vec![0.0; shares.rows()];
        for column in shares.columns() {
            counts.iter_mut().zip(column).for_each(|(count, &share)| *count += f64::from(share));
        }
        self.logits = Matrix::from_fn(data.rows(), counts.len(), |i, k| {
            let on = f64::from(sums.column(k)[i]).clamp(0.0, counts[k]);
            logit((on + PSEUDO_COUNT) / (counts[k] + 2.0 * PSEUDO_COUNT))
        });
        let all: f64 = counts.iter().map(|count| count + PSEUDO_COUNT).sum();
        self.log_shares = counts.iter().map(|count| ((count + PSEUDO_COUNT) / all).ln()).collect();
    }
}

fn logit(p: f64) -> f32 {
    (p / (1.0 - p)).ln() as f32
}
