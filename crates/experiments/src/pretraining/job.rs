//! Trains a perceptron on labelled digits and measures its errors after every epoch.
//!
//! It begins at random or on the layers of a deep belief network. The test images are looked at after every epoch so
//! that the errors at the last epoch, at the epoch chosen on held-out training images, and at the best epoch can be told
//! apart; nothing in training depends on them.

use std::sync::Arc;

use anyhow::{Context, Result};
use energy::stack::Layers;
use engine::Workbench;
use feedforward::fast::{FastMlp, FastOptions};
use feedforward::{Activation, Dense, Init, Network};
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed};
use train::{Descent, Fit};

pub use super::scored::CONFUSION;
use super::scored::{Look, Scored, Set, TRAIN_MEASURED, black_and_white, grey, sets};

use crate::cost::{MEASURED, Pace, Weights};
use crate::data::{Data, Digits, Reads};
use crate::greedy::{InPoints, Stacked};
use crate::job::{Cost, Job};
use crate::networks::read_stack;
pub use crate::networks::{NETWORK, PREDICTIONS};

/// One network, and how it learns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Classifier {
    /// So many training images; of the stand-in those that there are.
    pub images: usize,
    /// Which. Points made before it could be chosen took the first ones, and keep their keys.
    #[serde(default, skip_serializing_if = "Labelled::is_first")]
    pub labelled: Labelled,
    /// Hidden units, the layer on the pixels first.
    pub hidden: Vec<usize>,
    /// Where weights begin.
    pub start: Start,
    /// Of the hidden units.
    pub activation: Activation,
    /// Share of hidden units silenced in training.
    pub dropout: f32,
    /// Rule and rate.
    pub descent: Descent,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Passes over the images.
    pub epochs: usize,
    /// How the output layer on pretrained layers begins.
    #[serde(default = "small", skip_serializing_if = "is_small")]
    pub output: Init,
    /// Seed of weights, shuffles and dropout.
    pub seed: u64,
}

fn small() -> Init {
    Init::Small
}

fn is_small(init: &Init) -> bool {
    *init == Init::Small
}

/// Which training images a network learns from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Labelled {
    /// The first ones.
    #[default]
    First,
    /// As many of each class, drawn at random with this seed.
    Balanced(u64),
}

impl Labelled {
    fn is_first(&self) -> bool {
        *self == Self::First
    }

    /// So many of the training images, by their place.
    ///
    /// # Errors
    /// If there are not so many, or not so many of a class.
    pub(crate) fn choose(self, images: usize, digits: &Digits) -> Result<Vec<usize>> {
        let count = digits.amount("images", images, digits.train.len())?;
        match self {
            Self::First => Ok((0..count).collect()),
            Self::Balanced(seed) => digits.balanced(count, Seed::new(seed).child("labels", 0)),
        }
    }
}

/// Where weights begin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// Weights and biases of the points needed, one layer each; a small random output layer.
    Pretrained,
    /// The encoders of the stack of denoising autoencoders that the last point needed holds. As they do, the network sees grey
    /// levels, where the others see black and white.
    Denoised,
    /// At random.
    #[serde(untagged)]
    Random(Init),
}

impl Job for Classifier {
    const KIND: &'static str = "classifier";
    // What each test image is taken for is kept.
    const NUMERICS: u32 = 2;

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let digits = data.digits()?;
        let count = self.images.min(digits.train.len());
        let passes = (self.epochs * count) as f64;
        let looks = digits.test.len() + digits.held_out().len() + count.min(TRAIN_MEASURED);
        let weights = self.weights(digits.train.features());
        let steps = passes / self.batch as f64 * (self.hidden.len() + 1) as f64;
        Ok(Cost {
            seconds: Pace::descent(self.batch).seconds(passes, weights, steps)
                + MEASURED.seconds((looks * self.epochs) as f64, weights, 0.0)
                + 0.1,
            bytes: (weights.first + weights.rest) as u64 * 4 * 6
                + (count + digits.test.len()) as u64 * 1100
                + (96 << 20),
        })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let chosen = self.labelled(&digits)?;
        let sets = sets(&digits, &chosen, self.look());
        let scored = self.descend(&digits, &chosen, sets, "descent", bench)?;
        scored.put(bench)
    }
}

impl Classifier {
    /// The training images that it learns from.
    ///
    /// # Errors
    /// If there are not so many.
    pub(super) fn labelled(&self, digits: &Digits) -> Result<Vec<usize>> {
        self.labelled.choose(self.images, digits)
    }

    /// Learns from some images and is judged by others: the error and the cross-entropy there after the last epoch.
    ///
    /// # Errors
    /// If training diverges or the run is interrupted.
    pub(super) fn try_out(
        &self,
        digits: &Digits,
        [learn, judge]: &[Vec<usize>; 2],
        number: usize,
        bench: &mut Workbench<'_>,
    ) -> Result<[f64; 2]> {
        let judge = self.look()(&digits.train, judge);
        let scored = self.descend(digits, learn, Vec::new(), &format!("candidate {number}"), bench)?;
        let (confusion, loss) = scored.evaluate(&judge)?;
        Ok([confusion.error_rate(), loss])
    }

    /// Trains it on these images.
    fn descend(
        &self,
        digits: &Digits,
        chosen: &[usize],
        sets: Vec<Set>,
        what: &str,
        bench: &mut Workbench<'_>,
    ) -> Result<Scored<FastMlp>> {
        let (images, count, classes) = (&digits.train, chosen.len(), digits.train.classes.len());
        let samples = Arc::new(self.look()(images, chosen));
        let network = self.network(images.features(), classes, bench)?;
        let options =
            FastOptions { descent: self.descent, batch: self.batch.min(count), threads: bench.threads };
        let network = FastMlp::new(&network, samples, options)?;
        let seed = Seed::new(self.seed).child("classifier", 0);
        let fit = Fit { epochs: self.epochs, batch: self.batch, seed: seed.child("fit", 0), resume: None };
        let mut scored = Scored { network, sets, classes };
        bench.train(what, &mut scored, count, &fit, &mut |_, _, _| Ok(()))?;
        Ok(scored)
    }

    /// How it sees images: as the layers that it begins on did.
    fn look(&self) -> Look {
        match self.start {
            Start::Denoised => grey,
            Start::Pretrained | Start::Random(_) => black_and_white,
        }
    }

    /// Weights of the hidden layers; the output layer has too few to count.
    fn weights(&self, pixels: usize) -> Weights {
        let first = pixels * self.hidden.first().copied().unwrap_or(0);
        let rest: usize = self.hidden.windows(2).map(|pair| pair[0] * pair[1]).sum();
        Weights { first: first as f64, rest: rest as f64 }
    }

    fn network(&self, pixels: usize, classes: usize, bench: &Workbench<'_>) -> Result<Network> {
        let seed = Seed::new(self.seed).child("network", 0);
        match self.start {
            Start::Random(init) => {
                let widths: Vec<usize> =
                    std::iter::once(pixels).chain(self.hidden.iter().copied()).chain([classes]).collect();
                Ok(Network::mlp(&widths, self.activation, self.dropout, init, seed)?)
            }
            Start::Pretrained => {
                let stacked = Stacked::one_each(&self.hidden);
                let places = InPoints::new(&stacked, pixels, bench);
                let layers: Vec<_> =
                    (0..self.hidden.len()).map(|index| places.layer(index)).collect::<Result<_>>()?;
                let recognition = layers.iter().map(|rbm| (&rbm.weights, &rbm.hidden.bias[..]));
                self.on(recognition, classes, seed)
            }
            Start::Denoised => {
                let widths: Vec<usize> = [pixels].iter().chain(&self.hidden).copied().collect();
                let stack = read_stack(&widths, bench)?;
                let encoders = stack.layers().iter().map(|layer| &layer.encoder);
                self.on(encoders.map(|dense| (&dense.weights, &dense.bias[..])), classes, seed)
            }
        }
    }

    /// The network on layers that were learnt before, with a fresh output layer.
    fn on<'a>(
        &self,
        layers: impl Iterator<Item = (&'a Matrix, &'a [f32])>,
        classes: usize,
        seed: Seed,
    ) -> Result<Network> {
        let top = *self.hidden.last().context("a pretrained network has at least one hidden layer")?;
        let output = Dense::new(top, classes, self.output, seed.child("output", 0));
        Ok(Network::from_affine(layers, output, self.activation, self.dropout)?)
    }
}
