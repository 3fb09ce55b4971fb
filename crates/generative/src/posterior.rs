//! A diagonal normal law over latent variables, one for each sample: `q(z | x) = N(μ, diag σ²)`, kept as `μ` and `ln σ²`.

use tensor::Matrix;

/// ln 2π.
const LN_TAU: f64 = 1.837_877_066_409_345_3;

/// Means and logarithms of variances, latent variables × batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior {
    /// `μ`.
    pub mean: Matrix,
    /// `ln σ²`.
    pub log_variance: Matrix,
}

impl Posterior {
    /// `z = μ + σ ε`: a draw as a smooth function of the parameters [Kingma2014, section 2.4].
    ///
    /// # Panics
    /// If `epsilon` has another shape.
    pub fn draw(&self, epsilon: &Matrix) -> Matrix {
        let (mean, log_variance) = (&self.mean, &self.log_variance);
        assert_eq!((epsilon.rows(), epsilon.cols()), (mean.rows(), mean.cols()), "noise and means");
        let parts = mean.as_slice().iter().zip(log_variance.as_slice()).zip(epsilon.as_slice());
        let z = parts.map(|((mean, log_variance), e)| draw(*mean, *log_variance, *e)).collect();
        Matrix::from_vec(mean.rows(), mean.cols(), z)
    }

    /// `KL(q ‖ N(0, 1)) = ½ Σ (μ² + σ² − 1 − ln σ²)` of each sample, in nats [Kingma2014, appendix B]; never negative.
    pub fn divergence(&self) -> Vec<f64> {
        let columns = self.mean.columns().zip(self.log_variance.columns());
        let of = |(mean, log_variance): (&[f32], &[f32])| -> f64 {
            let terms =
                mean.iter().zip(log_variance).map(|(&mean, &log_variance)| divergence(mean, log_variance));
            terms.sum::<f64>().max(0.0)
        };
        columns.map(of).collect()
    }

    /// `log q(z | x)` of each sample, in nats.
    ///
    /// # Panics
    /// If `z` has another shape.
    pub fn log_density(&self, z: &Matrix) -> Vec<f64> {
        assert_eq!((z.rows(), z.cols()), (self.mean.rows(), self.mean.cols()), "latent variables and means");
        let of = |((z, mean), log_variance): ((&[f32], &[f32]), &[f32])| -> f64 {
            let terms = z.iter().zip(mean).zip(log_variance).map(|((&z, &m), &l)| {
                let (d, l) = (f64::from(z) - f64::from(m), f64::from(l));
                -0.5 * (LN_TAU + l + d * d * (-l).exp())
            });
            terms.sum()
        };
        z.columns().zip(self.mean.columns()).zip(self.log_variance.columns()).map(of).collect()
    }

    /// `log N(z; 0, 1)` of each sample, in nats.
    pub fn log_prior(z: &Matrix) -> Vec<f64> {
        let of = |z: &[f32]| -> f64 { z.iter().map(|&z| -0.5 * (LN_TAU + f64::from(z).powi(2))).sum() };
        z.columns().map(of).collect()
    }

    /// Gradients at `μ` and `ln σ²` of a loss with gradient `dz` at the draw, plus `weight` times the divergence:
    /// `dz + weight · μ` and `½ dz ε σ + ½ weight (σ² − 1)`.
    ///
    /// # Panics
    /// If a shape differs.
    pub fn backward(&self, epsilon: &Matrix, dz: &Matrix, weight: f32) -> [Matrix; 2] {
        let shape = (self.mean.rows(), self.mean.cols());
        assert_eq!(shape, (dz.rows(), dz.cols()), "means and gradients");
        assert_eq!(shape, (epsilon.rows(), epsilon.cols()), "means and noise");
        let (mut mean, mut log_variance) = (dz.clone(), dz.clone());
        let own = self.mean.as_slice().iter().zip(self.log_variance.as_slice()).zip(epsilon.as_slice());
        let both = mean.as_mut_slice().iter_mut().zip(log_variance.as_mut_slice());
        for ((d_mean, d_log_variance), ((m, l), e)) in both.zip(own) {
            [*d_mean, *d_log_variance] = slopes(*d_mean, [*m, *l, *e], weight);
        }
        [mean, log_variance]
    }
}

/// `μ + σ ε` of one variable.
pub(crate) fn draw(mean: f32, log_variance: f32, epsilon: f32) -> f32 {
    mean + (0.5 * log_variance).exp() * epsilon
}

/// What one variable adds to the divergence; `e^l − 1 − l` without the cancellation near `l = 0`.
pub(crate) fn divergence(mean: f32, log_variance: f32) -> f64 {
    let (m, l) = (f64::from(mean), f64::from(log_variance));
    0.5 * (m * m + (l.exp_m1() - l))
}

/// Gradients at `μ` and `ln σ²` of one variable: see [`Posterior::backward`].
pub(crate) fn slopes(dz: f32, [mean, log_variance, epsilon]: [f32; 3], weight: f32) -> [f32; 2] {
    let spread = dz * epsilon * (0.5 * log_variance).exp();
    [dz + weight * mean, 0.5 * (spread + weight * log_variance.exp_m1())]
}
