//! The cost of a labelled and an unlabelled mini-batch and its gradient.
//!
//! Labelled images go through the noisy encoder alone, and their cross-entropy is taken at its top. Unlabelled ones go through
//! both encoders and the decoder. Each batch is normalised by its own statistics, as published. Running averages follow the
//! clean encoder's statistics of the unlabelled images, which are all images.

use serde::{Deserialize, Serialize};
use tensor::{Matrix, Stream};
use train::Parameters;

use super::Ladder;
use super::encoder::Back;
use crate::{NetworkError, softmax_cross_entropy};

/// Noise and weights of the costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// σ of the noise on the inputs and at every layer.
    pub noise: f32,
    /// λ of every layer, the inputs first: one more than there are encoder layers.
    pub denoising: Vec<f32>,
}

impl Recipe {
    /// Noise 0.3 and the weights 1000, 10, 0.1, 0.1, … from the inputs on [Rasmus2015, section 4.1].
    pub fn published(depth: usize) -> Self {
        let weight = |l: usize| [1000.0, 10.0].get(l).copied().unwrap_or(0.1);
        Self { noise: 0.3, denoising: (0..=depth).map(weight).collect() }
    }

    /// The same if it fits a ladder of `depth` encoder layers.
    ///
    /// # Errors
    /// If the noise is not in [0, 1], or there is not one weight for each layer, the inputs included.
    pub fn checked(self, depth: usize) -> Result<Self, NetworkError> {
        if !(0.0..=1.0).contains(&self.noise) {
            return Err(NetworkError::Noise { kind: "Gaussian noise", amount: self.noise });
        }
        match self.denoising.len() == depth + 1 {
            true => Ok(self),
            false => Err(NetworkError::Costs { layers: depth + 1, found: self.denoising.len() }),
        }
    }
}

/// What a mini-batch costs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LadderCost {
    /// Cross-entropy of the labelled images, nats.
    pub supervised: f64,
    /// Of every layer, the inputs first, with its weight.
    pub denoising: Vec<f64>,
}

impl LadderCost {
    /// What is descended on.
    pub fn total(&self) -> f64 {
        self.supervised + self.denoising.iter().sum::<f64>()
    }
}

impl Ladder {
    /// Costs and gradient of some labelled images and some without labels; noise is drawn for the labelled ones first.
    ///
    /// # Panics
    /// If either batch has fewer than two images or other rows than there are inputs, or as [`softmax_cross_entropy`].
    pub fn gradient(
        &self,
        (x, labels): (&Matrix, &[u8]),
        unlabelled: &Matrix,
        recipe: &Recipe,
        noise: &mut Stream,
    ) -> (LadderCost, Self) {
        let mut gradient = self.zeros_like();
        let path = self.encode(x, Some((recipe.noise, noise)));
        let (supervised, logits) = softmax_cross_entropy(&path.logits, labels);
        let back = Back { logits: Some(logits), ..Back::nothing(self.depth()) };
        self.encode_backward(&path, back, &mut gradient);

        let noisy = self.encode(unlabelled, Some((recipe.noise, noise)));
        let clean = self.encode(unlabelled, None);
        let (denoising, [at_clean, at_noisy]) =
            self.denoise(&clean, &noisy, &recipe.denoising, &mut gradient);
        self.encode_backward(&noisy, at_noisy, &mut gradient);
        self.encode_backward(&clean, at_clean, &mut gradient);
        let n = unlabelled.cols() as f64;
        for (rung, stats) in gradient.encoder.iter_mut().zip(&clean.stats) {
            let doubles = rung.running_mean.iter_mut().zip(&mut rung.running_var);
            for ((mean, variance), (m, s)) in doubles.zip(stats.mean.iter().zip(&stats.variance)) {
                (*mean, *variance) = (*m as f32, (s * n / (n - 1.0)) as f32);
            }
        }
        (LadderCost { supervised, denoising }, gradient)
    }
}
