//! Stacks of autoencoders as an experiment names them, other readings of what the report leaves open, and their points: one a
//! layer, shared by whoever asks for the same layers.

use anyhow::Result;
use engine::{Hyper, Key, Profile, Scaled, Settings};
use feedforward::autoencoder::{Denoising, Goal, Sparsity};
use feedforward::{Corruption, Init};
use train::{Descent, Rule};

use super::layer::Layer;
use crate::hypers::{BATCH, RATE};
use crate::recipe::Planning;

/// A stack, and what is special in how it is learnt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layers {
    /// What it is called.
    pub name: &'static str,
    /// Units of each layer, the one on the pixels first.
    pub widths: &'static [usize],
    /// Momentum.
    pub momentum: f32,
    /// A penalty on units that are often on.
    pub sparsity: Option<Sparsity>,
}

/// How all layers of an experiment are learnt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learning {
    /// Training images.
    pub images: Scaled<usize>,
    /// Passes over them, for each layer.
    pub epochs: Scaled<usize>,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Learning rate.
    pub rate: f32,
    /// Share of the inputs that are removed.
    pub masking: f32,
    /// First weights.
    pub init: Init,
}

/// One thing, read otherwise than the protocol does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// Each layer learns to reconstruct the code of the one below, and that code is corrupted.
    OwnCode,
    /// The probability is that of a pixel to stay.
    Kept,
    /// Other first weights, of networks that were not pretrained.
    Fresh(Init),
}

/// The role of the points of layers.
pub(super) const LAYERS: &str = "layers";
/// Epochs of each layer.
pub(super) const LAYER_EPOCHS: Hyper<usize> =
    Hyper { key: "layer-epochs", says: "epochs a layer", unit: "epochs a layer", range: 1..=1_000_000 };

impl Learning {
    /// The same with what was set by hand.
    ///
    /// # Errors
    /// If a value of `--set` makes no sense.
    fn set(&self, settings: &Settings) -> Result<Self> {
        let epochs = Scaled::same(LAYER_EPOCHS.at(settings, &self.epochs)?);
        let (batch, rate) = (BATCH.of(settings, self.batch)?, RATE.of(settings, self.rate)?);
        Ok(Self { epochs, batch, rate, ..*self })
    }
}

impl Reading {
    /// Its name in tables and verdicts; none is the protocol.
    pub(super) fn name(own: Option<Self>) -> String {
        match own {
            None => String::new(),
            Some(Self::OwnCode) => "each layer on its own code".to_owned(),
            Some(Self::Kept) => "a tenth of the pixels kept".to_owned(),
            Some(Self::Fresh(init)) => format!("first weights {init} without pretraining"),
        }
    }

    /// Whether layers are learnt otherwise.
    pub(super) fn of_layers(self) -> bool {
        matches!(self, Self::OwnCode | Self::Kept)
    }
}

impl Layers {
    /// What is called `model` in the rows of a layer, counted from 0.
    pub fn model(&self, layer: usize) -> String {
        match self.widths.len() {
            1 => self.name.to_owned(),
            _ => format!("{}, layer {}", self.name, layer + 1),
        }
    }

    /// Adds the points of all layers where they are not there already; gives their keys, the one on the pixels first.
    ///
    /// # Errors
    /// If the data are missing, or a value of `--set` makes no sense.
    pub(super) fn plan(
        &self,
        learning: &Learning,
        reading: Option<Reading>,
        seed: u64,
        planning: &mut Planning<'_>,
    ) -> Result<Vec<Key>> {
        self.plan_as(&learning.set(planning.settings)?, reading, seed, planning)
    }

    /// The same of layers that learn as is said here, whatever `--set` says of rate, batch and epochs.
    ///
    /// # Errors
    /// If the data are missing, or a share that is removed makes no sense.
    pub(crate) fn plan_as(
        &self,
        learning: &Learning,
        reading: Option<Reading>,
        seed: u64,
        planning: &mut Planning<'_>,
    ) -> Result<Vec<Key>> {
        let mut keys: Vec<Key> = Vec::new();
        for layer in 0..self.widths.len() {
            let job = self.job(layer, learning, reading, seed, planning.settings.profile)?;
            let below = keys.last().cloned();
            let units = self.widths[layer];
            let how = match job.denoising.goal {
                Goal::Image => job.denoising.corruption.to_string(),
                Goal::Code => format!("{} of its own code", job.denoising.corruption),
            };
            let label = format!("{} ({units} units), {how}, seed {seed}", self.model(layer));
            keys.push(planning.add(label, job, below.as_slice())?);
        }
        Ok(keys)
    }

    fn job(
        &self,
        layer: usize,
        learning: &Learning,
        reading: Option<Reading>,
        seed: u64,
        profile: Profile,
    ) -> Result<Layer> {
        let Learning { images, epochs, batch, rate, masking, init } = *learning;
        // On the pixels both goals are the same.
        let goal = if reading == Some(Reading::OwnCode) && layer > 0 { Goal::Code } else { Goal::Image };
        let removed = if reading == Some(Reading::Kept) { 1.0 - masking } else { masking };
        let rule = Rule::Sgd { momentum: self.momentum };
        Ok(Layer {
            widths: self.widths[..=layer].to_vec(),
            images: images.at(profile),
            denoising: Denoising { corruption: Corruption::masking(removed)?, goal, sparsity: self.sparsity },
            descent: Descent::new(rule, rate),
            batch,
            epochs: epochs.at(profile),
            init,
            seed,
        })
    }
}
