//! What a generator and its critic each want: two losses and their gradients at the critic's outputs.
//!
//! `r` are outputs for real samples, `f` for generated ones; means are over the mini-batch. A critic that tells both apart by a
//! probability, `D = 1 / (1 + e⁻ʳ)`, is a *discriminator*.

use serde::{Deserialize, Serialize};
use tensor::Matrix;
use tensor::plain::{sigmoid, softplus};

use crate::GenerativeError;

/// The losses of both players.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Objective {
    /// Cross-entropy for the discriminator, `½ (⟨ln(1 + e⁻ʳ)⟩ + ⟨ln(1 + eᶠ)⟩)`, and `⟨ln(1 + e⁻ᶠ)⟩` for the generator, whose gradient
    /// does not vanish where the discriminator is sure [Goodfellow2014, section 3].
    NonSaturating,
    /// The same discriminator, and `⟨−ln(1 + eᶠ)⟩` for the generator: the game of two players with one value.
    Minimax,
    /// `⟨f⟩ − ⟨r⟩` for the critic, whose parameters are kept within ±clip after every step, and `−⟨f⟩` for the generator
    /// [Arjovsky2017, algorithm 1]: with a critic of bounded slope, minus the critic's loss is a multiple of a lower bound on the
    /// Wasserstein distance.
    Wasserstein {
        /// The bound on every parameter.
        clip: f32,
    },
    /// The same losses, and `weight · ⟨(‖∂f/∂x‖ − 1)²⟩` for the critic, at points between real and generated samples
    /// [Gulrajani2017, algorithm 1].
    Penalised {
        /// What a slope other than 1 costs.
        weight: f32,
    },
}

impl Objective {
    /// Whether its number makes sense.
    ///
    /// # Errors
    /// If it is not positive and finite.
    pub fn check(self) -> Result<(), GenerativeError> {
        let (what, found) = match self {
            Self::NonSaturating | Self::Minimax => return Ok(()),
            Self::Wasserstein { clip } => ("clip", clip),
            Self::Penalised { weight } => ("weight of the penalty", weight),
        };
        if found.is_finite() && found > 0.0 { Ok(()) } else { Err(GenerativeError::Amount { what, found }) }
    }

    /// Whether the critic's outputs are logits of "real".
    pub fn is_logistic(self) -> bool {
        matches!(self, Self::NonSaturating | Self::Minimax)
    }

    /// The critic's loss and its gradient at `real` and `fake`, its outputs (1 × batch); a penalty comes on top.
    ///
    /// # Panics
    /// If a side has no sample.
    pub fn critic(self, real: &Matrix, fake: &Matrix) -> (f64, [Matrix; 2]) {
        if self.is_logistic() {
            let (on_real, d_real) = mean(real, 0.5, |r| (softplus(-r), -sigmoid(-r)));
            let (on_fake, d_fake) = mean(fake, 0.5, |f| (softplus(f), sigmoid(f)));
            return (on_real + on_fake, [d_real, d_fake]);
        }
        let (on_real, d_real) = mean(real, 1.0, |r| (-r, -1.0));
        let (on_fake, d_fake) = mean(fake, 1.0, |f| (f, 1.0));
        (on_real + on_fake, [d_real, d_fake])
    }

    /// The generator's loss and its gradient at `fake`, the critic's outputs (1 × batch).
    ///
    /// # Panics
    /// If there is no sample.
    pub fn generator(self, fake: &Matrix) -> (f64, Matrix) {
        match self {
            Self::NonSaturating => mean(fake, 1.0, |f| (softplus(-f), -sigmoid(-f))),
            Self::Minimax => mean(fake, 1.0, |f| (-softplus(f), -sigmoid(f))),
            Self::Wasserstein { .. } | Self::Penalised { .. } => mean(fake, 1.0, |f| (-f, -1.0)),
        }
    }
}

/// `share · ⟨loss⟩` and its gradient, from a loss and its slope for each output.
fn mean(outputs: &Matrix, share: f64, of: impl Fn(f64) -> (f64, f64)) -> (f64, Matrix) {
    assert!(outputs.cols() > 0, "the mean loss of no sample");
    let weight = share / outputs.as_slice().len() as f64;
    let mut total = 0.0;
    let gradient = Matrix::from_fn(outputs.rows(), outputs.cols(), |i, j| {
        let (loss, slope) = of(f64::from(outputs.column(j)[i]));
        total += weight * loss;
        (weight * slope) as f32
    });
    (total, gradient)
}
