//! What a decoder's outputs say of an image: independent pixels, black and white or grey.

use serde::{Deserialize, Serialize};
use tensor::plain::softplus;
use tensor::{Matrix, simd};

/// The law of pixels given a decoder's outputs `a`, pixels × batch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likelihood {
    /// Each pixel is on with probability `1 / (1 + e⁻ᵃ)`: `log p = Σ x a − ln(1 + eᵃ)`. For grey pixels from 0 to 1 it is their mean
    /// cross-entropy, which is no density.
    Bernoulli,
    /// `N(a, σ²)`, one standard deviation for all pixels: `log p = −½ Σ (ln 2πσ² + (x − a)²/σ²)`.
    Gaussian {
        /// σ.
        sigma: f32,
    },
}

impl Likelihood {
    /// `log p(x | z)` of each sample, in nats, summed over its pixels.
    ///
    /// # Panics
    /// If the shapes differ.
    pub fn log_likelihood(self, outputs: &Matrix, x: &Matrix) -> Vec<f64> {
        assert_eq!((outputs.rows(), outputs.cols()), (x.rows(), x.cols()), "outputs and images");
        let of = |(a, x): (&[f32], &[f32])| -> f64 {
            let pairs = a.iter().zip(x).map(|(&a, &x)| (f64::from(a), f64::from(x)));
            match self {
                Self::Bernoulli => pairs.map(|(a, x)| x * a - softplus(a)).sum(),
                Self::Gaussian { sigma } => {
                    let variance = f64::from(sigma).powi(2);
                    let constant = (std::f64::consts::TAU * variance).ln();
                    pairs.map(|(a, x)| -0.5 * (constant + (x - a).powi(2) / variance)).sum()
                }
            }
        };
        outputs.columns().zip(x.columns()).map(of).collect()
    }

    /// `−scale · ∂ log p(x | z) / ∂a`: `scale (p − x)` of Bernoulli pixels, `scale (a − x) / σ²` of Gaussian ones.
    ///
    /// # Panics
    /// If the shapes differ.
    pub fn descent(self, outputs: Matrix, x: &Matrix, scale: f32) -> Matrix {
        assert_eq!((outputs.rows(), outputs.cols()), (x.rows(), x.cols()), "outputs and images");
        let mut d = self.means(outputs);
        let scale = match self {
            Self::Bernoulli => scale,
            Self::Gaussian { sigma } => scale / (sigma * sigma),
        };
        d.as_mut_slice().iter_mut().zip(x.as_slice()).for_each(|(d, x)| *d = scale * (*d - x));
        d
    }

    /// The mean of every pixel.
    pub fn means(self, outputs: Matrix) -> Matrix {
        let mut means = outputs;
        if self == Self::Bernoulli {
            simd::sigmoid(means.as_mut_slice());
        }
        means
    }
}
