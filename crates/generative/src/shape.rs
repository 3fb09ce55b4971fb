//! What a variational autoencoder consists of.

use feedforward::{Activation, AnyLayer, BatchNorm, Dense, Init};
use serde::{Deserialize, Serialize};
use tensor::Seed;

use crate::{GenerativeError, Likelihood};

/// Whether the layers but the last are normalised over the mini-batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Normalised {
    /// Every hidden layer before its activation, and both heads.
    Batch,
    /// None.
    No,
}

/// Widths, non-linearity and law of pixels. The decoder mirrors the encoder: `784–512–256–2` is followed by `2–256–512–784`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VaeShape {
    /// Pixels of an image.
    pub pixels: usize,
    /// Units of the encoder's hidden layers, the one on the pixels first.
    pub hidden: Vec<usize>,
    /// Latent variables.
    pub latent: usize,
    /// Of hidden units.
    pub activation: Activation,
    /// Whether layers are normalised.
    pub normalised: Normalised,
    /// Law of pixels.
    pub likelihood: Likelihood,
}

impl VaeShape {
    /// Whether the shape can be built.
    ///
    /// # Errors
    /// If a layer is empty, there is none, or σ is not positive.
    pub fn check(&self) -> Result<(), GenerativeError> {
        if self.pixels == 0 || self.latent == 0 || self.hidden.is_empty() || self.hidden.contains(&0) {
            return Err(GenerativeError::NoLatent);
        }
        match self.likelihood {
            Likelihood::Gaussian { sigma } if !(sigma.is_finite() && sigma > 0.0) => {
                Err(GenerativeError::Amount { what: "standard deviation of pixels", found: sigma })
            }
            _ => Ok(()),
        }
    }

    /// A dense layer, and its normalisation if there is any.
    pub(crate) fn head(&self, [below, units]: [usize; 2], init: Init, seed: Seed) -> Vec<AnyLayer> {
        let mut layers = vec![AnyLayer::Dense(Dense::new(below, units, init, seed))];
        if self.normalised == Normalised::Batch {
            layers.push(AnyLayer::BatchNorm(BatchNorm::new(units)));
        }
        layers
    }

    /// The same, and its activation.
    pub(crate) fn hidden(&self, widths: [usize; 2], init: Init, seed: Seed) -> Vec<AnyLayer> {
        let mut layers = self.head(widths, init, seed);
        layers.push(AnyLayer::Activation(self.activation));
        layers
    }
}
