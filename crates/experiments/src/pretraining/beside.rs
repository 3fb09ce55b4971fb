//! Networks of other kinds beside the regimes of a sweep: a stack of denoising autoencoders, fine-tuned, and a ladder.
//!
//! They have the shapes of their own kind, see grey levels, and learn without labels from the same images as the belief
//! network, with labels from the same draws. A kind that is added here is shown, tabled and judged without another line.

use anyhow::Result;
use engine::{Hypers, Key, Scaled, Settings};
use train::Descent;

use super::job::{Classifier, Labelled};
use super::ladder::Measured;
use super::{EPOCHS, GREEDY_EPOCHS, Regime, Shape};
use crate::autoencoder::Climb;
use crate::autoencoder::stack::{Layers, Learning, Reading};
use crate::recipe::Planning;

/// A network beside the regimes.
#[derive(Debug)]
pub struct Beside {
    /// Its name in figures and in the column `start`.
    pub name: &'static str,
    /// So many of the seeds, the first ones.
    pub seeds: Scaled<usize>,
    /// What it is.
    pub kind: Kind,
    /// Test errors that others published for such networks, in per cent, by the swept value.
    pub published: &'static [(&'static str, f64)],
}

/// What a network beside the regimes is, and how it learns.
#[derive(Debug)]
pub enum Kind {
    /// A network on a stack of denoising autoencoders.
    Stack {
        /// The stack. One is learnt, with the first seed, for all draws of labels; each layer reconstructs its own code.
        layers: Layers,
        /// How its layers learn, but for the number of images.
        learning: Learning,
        /// How the network descends.
        network: Regime,
    },
    /// A ladder network.
    Ladder {
        /// Units of the hidden layers, the one on the pixels first.
        hidden: &'static [usize],
        /// Images without labels in a step, and those with labels beside them.
        batch: usize,
        /// Rule, rate and schedule.
        descent: Descent,
        /// Passes over the images without labels.
        epochs: Scaled<usize>,
    },
}

impl Beside {
    /// Adds its points for one shape of the sweep, where they are not there already; gives the key of the network.
    ///
    /// # Errors
    /// If the data are missing, or a value of `--set` makes no sense.
    pub(super) fn plan(&self, shape: &Shape, seed: u64, planning: &mut Planning<'_>) -> Result<Key> {
        let settings = planning.settings;
        let unlabelled = shape.unlabelled.unwrap_or(shape.images);
        let there = shape.images.min(planning.data.digits()?.train.len());
        let label = format!("{}, {there} images with labels, seed {seed}", self.name);
        match &self.kind {
            Kind::Stack { layers, learning, network } => {
                let epochs = Scaled::same(GREEDY_EPOCHS.at(settings, &learning.epochs)?);
                let learning = Learning { images: Scaled::same(unlabelled), epochs, ..*learning };
                let first = planning.seeds.first().copied().unwrap_or(seed);
                let layers_of = layers.plan_as(&learning, Some(Reading::OwnCode), first, planning)?;
                let network = network.set(settings)?.classifier(shape, shape.images, seed, settings.profile);
                let job = Classifier { hidden: layers.widths.to_vec(), ..network };
                planning.add(label, job, &layers_of[layers_of.len().saturating_sub(1)..])
            }
            Kind::Ladder { hidden, batch, descent, epochs } => {
                let ladder = Climb {
                    hidden: hidden.to_vec(),
                    images: unlabelled,
                    labels: shape.images,
                    labelled: if shape.drawn { Labelled::Balanced(seed) } else { Labelled::First },
                    batch: *batch,
                    descent: *descent,
                    epochs: EPOCHS.at(settings, epochs)?,
                    seed,
                };
                planning.add(label, Measured { ladder }, &[])
            }
        }
    }

    /// Adds what the page's table says of it, and what a profile cuts.
    pub(super) fn describe(&self, settings: &Settings, hypers: &mut Hypers) {
        let profile = settings.profile;
        let passes = |epochs: &Scaled<usize>| EPOCHS.at(settings, epochs).unwrap_or(epochs.at(profile));
        let units = |all: &[usize]| all.iter().map(usize::to_string).collect::<Vec<_>>().join("–");
        let (words, epochs) = match &self.kind {
            Kind::Stack { layers, learning, network } => {
                let Learning { batch, rate, masking, init, .. } = learning;
                let layer_epochs = GREEDY_EPOCHS.at(settings, &learning.epochs).unwrap_or_default();
                let own = network.set(settings).map_or_else(|_| "–".into(), |own| own.describe(settings));
                let words = format!(
                    "{} units, each layer on its own code: masking {masking}, SGD, rate {rate}, batch {batch}, first weights \
                     {init}, {layer_epochs} epochs; then {own}",
                    units(layers.widths)
                );
                (words, network.epochs)
            }
            Kind::Ladder { hidden, batch, descent, epochs } => {
                let words =
                    format!("{} units, {descent}, batch {batch}, {} epochs", units(hidden), passes(epochs));
                (words, *epochs)
            }
        };
        hypers.fact(self.name, &words);
        hypers.cut(&format!("seeds of “{}”", self.name), profile, &[self.seeds]);
        if settings.text(EPOCHS.key).is_none() {
            hypers.cut(&format!("epochs of “{}”", self.name), profile, &[epochs]);
        }
    }
}
