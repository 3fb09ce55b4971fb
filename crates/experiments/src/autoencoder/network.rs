//! Classifiers on stacks of autoencoders and beside them: what they begin as, how they descend, and how many images they see.

use anyhow::Result;
use engine::{Hyper, Key, Scaled, Settings};
use feedforward::Init;
use train::Descent;

use super::stack::{Layers, Learning, Reading};
use crate::cnn::{GD, MOMENTUM, Optimiser, RMSPROP, SAMPLES};
use crate::hypers::{BATCH, RATE};
use crate::networks::{Architecture, Learner};
use crate::recipe::Planning;

/// What a network begins as.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    /// The encoders of a stack.
    Pretrained(&'static Layers),
    /// Fresh layers of so many units.
    Random(&'static [usize]),
    /// The report's convolutional network.
    Convolutional,
}

/// A classifier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Network {
    /// What it is called.
    pub name: &'static str,
    /// What it begins as.
    pub start: Start,
    /// How it descends.
    pub descent: Descent,
}

/// Networks that learn from so many images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// The first so many training images; by this number rows and figures call them, whatever the profile leaves.
    pub images: usize,
    /// The first so many test images.
    pub tested: usize,
    /// Passes over the training images.
    pub epochs: Scaled<usize>,
    /// Who learns.
    pub networks: &'static [Network],
}

/// The smallest run has one image of so many.
const OF_WHICH_ONE: usize = 50;

impl Size {
    /// Training images by profile.
    pub(super) fn learnt(&self) -> Scaled<usize> {
        Scaled::new(self.images / OF_WHICH_ONE, self.images, self.images)
    }

    /// Test images by profile.
    pub(super) fn judged(&self) -> Scaled<usize> {
        Scaled::new(self.tested / OF_WHICH_ONE, self.tested, self.tested)
    }

    /// Training images of a twin, which leaves out those from `rest` on; none where all are before.
    pub(super) fn twin(&self, rest: usize) -> Option<Scaled<usize>> {
        (self.images > rest).then(|| Scaled::new(rest / OF_WHICH_ONE, rest, rest))
    }
}

/// The role of the points of networks.
pub(super) const NETWORKS: &str = "networks";
/// The role of those that choose an epoch for a network that learns from all images.
pub(super) const TWINS: &str = "twins";
/// Passes of fine-tuning.
pub(super) const EPOCHS: Hyper<usize> = Hyper {
    key: "epochs",
    says: "epochs of the networks",
    unit: "epochs of the networks",
    range: 1..=1_000_000,
};

const UNITS: &[usize] = &[900, 625, 400];
/// The three layers of part B 1.
pub(super) const DENOISING: Layers =
    Layers { name: "denoising", widths: UNITS, momentum: 0.0, sparsity: None };
/// On the encoders of a stack, by plain descent.
pub(super) const PRETRAINED: Network =
    Network { name: "pretrained", start: Start::Pretrained(&DENOISING), descent: Descent::sgd(0.1) };
/// The same network without them.
pub(super) const RANDOM: Network =
    Network { name: "random", start: Start::Random(UNITS), descent: Descent::sgd(0.1) };
/// Part A 1.
pub(super) const CNN_SGD: Network = convolutional("CNN, SGD", GD);
/// Part A 2.
pub(super) const CNN_MOMENTUM: Network = convolutional("CNN, momentum", MOMENTUM);
/// Part A 3.
pub(super) const CNN_RMSPROP: Network = convolutional("CNN, RMSProp", RMSPROP);

/// The network of part A, the same points as there.
const fn convolutional(name: &'static str, optimiser: Optimiser) -> Network {
    Network { name, start: Start::Convolutional, descent: optimiser.descent() }
}

impl Network {
    /// Whether its layers are fully connected, as those of part B are.
    pub(super) fn is_connected(&self) -> bool {
        self.start != Start::Convolutional
    }

    /// The stack that it begins as.
    pub(super) fn stack(&self) -> Option<Layers> {
        match self.start {
            Start::Pretrained(layers) => Some(*layers),
            Start::Random(_) | Start::Convolutional => None,
        }
    }

    /// Adds its point, and those of the layers that it begins as, where they are not there already. `images` are those of
    /// [`Size`] in the profile, or fewer for a twin.
    ///
    /// # Errors
    /// If the data are missing, or a value of `--set` makes no sense.
    pub(super) fn plan(
        &self,
        (size, images): (&Size, usize),
        learning: &Learning,
        reading: Option<Reading>,
        seed: u64,
        planning: &mut Planning<'_>,
    ) -> Result<Key> {
        let needs: Vec<Key> = match self.start {
            Start::Pretrained(layers) => {
                layers.plan(learning, None, seed, planning)?.pop().into_iter().collect()
            }
            Start::Random(_) | Start::Convolutional => Vec::new(),
        };
        let job = self.job((size, images), learning, reading, seed, planning.settings)?;
        let label = format!("{} on {images} images, seed {seed}", self.name);
        planning.add(label, job, &needs)
    }

    fn job(
        &self,
        (size, images): (&Size, usize),
        learning: &Learning,
        reading: Option<Reading>,
        seed: u64,
        settings: &Settings,
    ) -> Result<Learner> {
        let init = match reading {
            Some(Reading::Fresh(init)) => init,
            _ => learning.init,
        };
        let (architecture, descent, batch) = match self.start {
            Start::Convolutional => (Architecture::classic(), self.descent, SAMPLES),
            Start::Pretrained(layers) => {
                let own = Architecture::Stacked { hidden: layers.widths.to_vec() };
                (own, self.connected(settings)?, BATCH.of(settings, learning.batch)?)
            }
            Start::Random(units) => {
                let own = Architecture::Perceptron { hidden: units.to_vec(), init };
                (own, self.connected(settings)?, BATCH.of(settings, learning.batch)?)
            }
        };
        let epochs = EPOCHS.at(settings, &size.epochs)?;
        let tested = size.judged().at(settings.profile);
        Ok(Learner { architecture, images, tested, descent, batch, epochs, seed })
    }

    fn connected(&self, settings: &Settings) -> Result<Descent> {
        Ok(Descent { rate: RATE.of(settings, self.descent.rate)?, ..self.descent })
    }

    /// Its name and how it learns, for the page's table.
    pub(super) fn words(&self, learning: &Learning) -> String {
        let batch = if self.is_connected() { learning.batch } else { SAMPLES };
        let init = match self.start {
            Start::Random(_) => format!(", first weights {}", learning.init),
            Start::Pretrained(_) | Start::Convolutional => String::new(),
        };
        format!("{}, batch {batch}{init}", self.descent)
    }
}

/// What readings of first weights concern: networks that begin at random.
pub(super) fn begins_fresh(network: &Network) -> bool {
    matches!(network.start, Start::Random(_))
}

/// Another distribution of first weights, a quarter as wide.
pub(super) const NARROW_START: Reading = Reading::Fresh(Init::Glorot);
