//! Which autoencoders there are and how they learn: hyperparameters and points, shared by whoever asks for the same one.

use anyhow::Result;
use engine::{Hyper, Key, Scaled};
use feedforward::Activation;
use generative::{Likelihood, Normalised, VaeShape};
use train::Descent;

use super::train::{Seen, Variational};
use crate::data::Digits;
use crate::hypers::{BATCH, IMAGES, RATE, TEST_IMAGES};
use crate::recipe::Planning;

/// An autoencoder `784 – hidden – latent`, whose decoder mirrors its encoder.
#[derive(Clone, Copy, Debug)]
pub struct Model {
    /// Its name.
    pub name: &'static str,
    /// Units of the encoder's hidden layers, the one on the pixels first.
    pub hidden: &'static [usize],
    /// Latent variables.
    pub latent: usize,
    /// Whether layers are normalised.
    pub normalised: Normalised,
    /// What it sees of an image.
    pub seen: Seen,
}

/// How autoencoders learn.
#[derive(Clone, Copy, Debug)]
pub struct Learning {
    /// Training images.
    pub images: Scaled<usize>,
    /// Passes over them.
    pub epochs: Scaled<usize>,
    /// Test images that the bound is measured on.
    pub tested: Scaled<usize>,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Adam's rate.
    pub rate: f32,
}

pub(super) const EPOCHS: Hyper<usize> =
    Hyper { key: "epochs", says: "epochs", unit: "epochs", range: 1..=1_000_000 };

impl Model {
    /// Its layers: ReLU, and pixels that are on or off.
    pub fn shape(&self) -> VaeShape {
        VaeShape {
            pixels: Digits::SIZE.0 * Digits::SIZE.1,
            hidden: self.hidden.to_vec(),
            latent: self.latent,
            activation: Activation::Relu,
            normalised: self.normalised,
            likelihood: Likelihood::Bernoulli,
        }
    }

    /// Numbers that it learns: weights and biases of both networks and both heads, and, of normalised layers, scale, shift and running
    /// averages of every unit.
    pub const fn parameters(&self) -> usize {
        let (mut below, mut sum, mut units, mut layer) =
            (Digits::SIZE.0 * Digits::SIZE.1, 0, 2 * self.latent, 0);
        while layer < self.hidden.len() {
            let above = self.hidden[layer];
            // Up, and down again.
            sum += 2 * below * above + below + above;
            units += 2 * above;
            (below, layer) = (above, layer + 1);
        }
        // Both heads, and the way down from the latent variables to the same layer.
        sum += 3 * below * self.latent + 2 * self.latent + below;
        match self.normalised {
            Normalised::Batch => sum + 4 * units,
            Normalised::No => sum,
        }
    }

    /// What it is, in words.
    pub fn words(&self) -> String {
        let hidden: Vec<String> = self.hidden.iter().map(usize::to_string).collect();
        let normalised = match self.normalised {
            Normalised::Batch => "batch normalisation",
            Normalised::No => "no normalisation",
        };
        let seen = match self.seen {
            Seen::Grey => "grey pixels",
            Seen::Drawn => "black and white, drawn anew each time",
        };
        format!("{}: 784–{}–{}, {normalised}, {seen}", self.name, hidden.join("–"), self.latent)
    }
}

impl Learning {
    /// Adds the point of an autoencoder, if it is not there already; gives its key.
    ///
    /// # Errors
    /// If a value of `--set` makes no sense, or the data are missing.
    pub fn plan(&self, model: &Model, seed: u64, planning: &mut Planning<'_>) -> Result<Key> {
        let settings = planning.settings;
        let job = Variational {
            shape: model.shape(),
            seen: model.seen,
            images: IMAGES.at(settings, &self.images)?,
            tested: TEST_IMAGES.at(settings, &self.tested)?,
            batch: BATCH.of(settings, self.batch)?,
            descent: Descent::adam(RATE.of(settings, self.rate)?),
            epochs: EPOCHS.at(settings, &self.epochs)?,
            seed,
        };
        planning.add(format!("{}, seed {seed}", model.name), job, &[])
    }
}
