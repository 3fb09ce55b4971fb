//! What an autoencoder is trained to make small: the cross-entropy of a reconstruction, and the penalty of sparsity.

use serde::{Deserialize, Serialize};
use tensor::Matrix;
use tensor::plain::{sigmoid, softplus};

use crate::NetworkError;

/// The cost of a mini-batch, in nats: what is reconstructed badly and what is not sparse, apart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    /// `J`, summed over the outputs, mean over the samples.
    pub reconstruction: f64,
    /// `β D(H)`; 0 without sparsity.
    pub penalty: f64,
}

impl Cost {
    /// `J + β D(H)`.
    pub fn total(self) -> f64 {
        self.reconstruction + self.penalty
    }
}

/// `J = 1/n Σ (log(1 + eᶻ) − t z)` over outputs and samples, the cross-entropy of targets `t` in [0, 1] and logits `z`, and its
/// gradient at the logits, `(σ(z) − t) / n`.
///
/// Shapes: both outputs × n. Logits of ±10⁴ neither overflow nor lose the gradient.
///
/// # Panics
/// If the shapes differ.
pub fn logistic_cross_entropy(logits: &Matrix, targets: &Matrix) -> (f64, Matrix) {
    let [a, b] = [logits, targets].map(|x| [x.rows(), x.cols()]);
    assert_eq!(a, b, "logits of {a:?} for targets of {b:?}");
    let (n, mut total) = (logits.cols() as f64, 0.0);
    let mut gradient = Matrix::zeros(logits.rows(), logits.cols());
    let pairs = logits.as_slice().iter().zip(targets.as_slice());
    for (g, (&z, &t)) in gradient.as_mut_slice().iter_mut().zip(pairs) {
        let (z, t) = (f64::from(z), f64::from(t));
        total += softplus(z) - t * z;
        *g = ((sigmoid(z) - t) / n) as f32;
    }
    (total / n, gradient)
}

/// A target `ρ` for the mean activation of every unit, and the weight `β` of the penalty for missing it:
/// `D(H) = Σⱼ ρ log(ρ / ρⱼ) + (1 − ρ) log((1 − ρ) / (1 − ρⱼ))`, with `ρⱼ` the mean of unit j over the mini-batch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sparsity {
    /// `ρ`, between 0 and 1.
    pub target: f32,
    /// `β`, at least 0.
    pub weight: f32,
}

/// Means closer than this to 0 or 1 count as so close: a unit that is off everywhere, to the last bit, has a penalty and a
/// slope that are finite.
const CLOSEST: f64 = 1e-6;

impl Sparsity {
    /// The same if it makes sense.
    ///
    /// # Errors
    /// If the target is not between 0 and 1, or the weight is negative or not finite.
    pub fn checked(self) -> Result<Self, NetworkError> {
        let Self { target, weight } = self;
        let fine = target > 0.0 && target < 1.0 && weight >= 0.0 && weight.is_finite();
        if fine { Ok(self) } else { Err(NetworkError::Sparsity { target, weight }) }
    }

    /// `β D(H)` from the sums of each unit's activations over `n` samples; and what it adds to the gradient at every
    /// activation of each unit, `β/n ((1 − ρ)/(1 − ρⱼ) − ρ/ρⱼ)`, which is written to `slopes`.
    pub(crate) fn penalty(self, sums: &[f64], n: usize, slopes: &mut [f32]) -> f64 {
        let (rho, beta, n) = (f64::from(self.target), f64::from(self.weight), n as f64);
        let unit = |(&sum, slope): (&f64, &mut f32)| {
            // NaN stays, and is noticed as a cost that is not finite.
            let mean = (sum / n).clamp(CLOSEST, 1.0 - CLOSEST);
            *slope = (beta / n * ((1.0 - rho) / (1.0 - mean) - rho / mean)) as f32;
            rho * (rho / mean).ln() + (1.0 - rho) * ((1.0 - rho) / (1.0 - mean)).ln()
        };
        beta * sums.iter().zip(slopes).map(unit).sum::<f64>()
    }
}
