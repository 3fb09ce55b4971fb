//! Trains a perceptron on labelled digits and measures its errors after every epoch.
//!
//! It begins at random or on the layers of a deep belief network. The test images are looked at after every epoch so
//! that the errors at the last epoch, at the epoch chosen on held-out training images, and at the best epoch can be told
//! apart; nothing in training depends on them.

use std::sync::Arc;

use anyhow::{Context, Result};
use energy::stack::Layers;
use engine::Workbench;
use feedforward::fast::{FastMlp, FastOptions, Samples};
use feedforward::{Activation, Confusion, Dense, Init, Network, NetworkError};
use serde::{Deserialize, Serialize};
use tensor::Seed;
use train::{Delegate, Descent, Fit, Tensor, Trainee};

use crate::cost::{MEASURED, Pace, Weights};
use crate::data::{Data, Digits, Reads};
use crate::greedy::{InPoints, Stacked};
use crate::job::{Cost, Job};
use crate::networks::put_predictions;
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
    /// At random.
    #[serde(untagged)]
    Random(Init),
}

/// True class × predicted class of the test images, after the last epoch.
pub const CONFUSION: &str = "confusion.csv";
/// Training images whose error is measured.
const TRAIN_MEASURED: usize = 5000;

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
        let (images, held_out) = (&digits.train, digits.held_out());
        let chosen = self.labelled(&digits)?;
        let mut sets = vec![
            Set::new("test", Digits::samples(&digits.test, 0..digits.test.len())),
            Set::new("train", Digits::samples(images, chosen.iter().copied().take(TRAIN_MEASURED))),
        ];
        if chosen.len() <= held_out.start {
            sets.push(Set::new("held_out", Digits::samples(images, held_out)));
        }
        let scored = self.descend(&digits, &chosen, sets, "descent", bench)?;
        let test = &scored.sets[0].samples;
        let (predictions, _) = scored.network.predict(test)?;
        bench.put(CONFUSION, &table(&Confusion::new(&test.labels, &predictions, images.classes.len())))?;
        put_predictions(&test.labels, &predictions, bench)?;
        let tensors = Tensor::list(&scored.network.network(), "");
        bench.put_tensors(NETWORK, tensors)
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
        let judge = Digits::samples(&digits.train, judge.iter().copied());
        let scored = self.descend(digits, learn, Vec::new(), &format!("candidate {number}"), bench)?;
        let (confusion, loss) = scored.network.evaluate(&judge)?;
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
    ) -> Result<Scored> {
        let (images, count) = (&digits.train, chosen.len());
        let samples = Arc::new(Digits::samples(images, chosen.iter().copied()));
        let network = self.network(images.features(), images.classes.len(), bench)?;
        let options =
            FastOptions { descent: self.descent, batch: self.batch.min(count), threads: bench.threads };
        let network = FastMlp::new(&network, samples, options)?;
        let seed = Seed::new(self.seed).child("classifier", 0);
        let fit = Fit { epochs: self.epochs, batch: self.batch, seed: seed.child("fit", 0), resume: None };
        let mut scored = Scored { network, sets };
        bench.train(what, &mut scored, count, &fit, &mut |_, _, _| Ok(()))?;
        Ok(scored)
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
                let top =
                    *self.hidden.last().context("a pretrained network has at least one hidden layer")?;
                let output = Dense::new(top, classes, self.output, seed.child("output", 0));
                Ok(Network::from_affine(recognition, output, self.activation, self.dropout)?)
            }
        }
    }
}

/// Images that a network is measured on after every epoch.
struct Set {
    error: &'static str,
    cross_entropy: &'static str,
    samples: Samples,
}

impl Set {
    fn new(name: &str, samples: Samples) -> Self {
        let (error, cross_entropy) = match name {
            "test" => ("error_test", "cross_entropy_test"),
            "train" => ("error_train", "cross_entropy_train"),
            _ => ("error_held_out", "cross_entropy_held_out"),
        };
        Self { error, cross_entropy, samples }
    }
}

/// A network with the images that it is measured on.
struct Scored {
    network: FastMlp,
    sets: Vec<Set>,
}

impl Delegate for Scored {
    fn inner(&self) -> &dyn Trainee {
        &self.network
    }

    fn inner_mut(&mut self) -> &mut dyn Trainee {
        &mut self.network
    }

    fn measure_more(&self, metrics: &mut Vec<(&'static str, f64)>) {
        for set in &self.sets {
            let measured: Result<_, NetworkError> = self.network.evaluate(&set.samples);
            // Labels were checked when the data were read.
            let (error, loss) = measured.map_or((f64::NAN, f64::NAN), |(c, loss)| (c.error_rate(), loss));
            metrics.extend([(set.error, error), (set.cross_entropy, loss)]);
        }
    }
}

/// One line for each true class, one column for each predicted one.
fn table(confusion: &Confusion) -> Vec<u8> {
    let classes = confusion.rows().len();
    let mut lines =
        vec![std::iter::once("label".to_owned()).chain((0..classes).map(|c| c.to_string())).collect()];
    for (label, counts) in confusion.rows().enumerate() {
        lines.push(
            std::iter::once(label.to_string()).chain(counts.iter().map(u64::to_string)).collect::<Vec<_>>(),
        );
    }
    engine::rows::csv(&lines)
}
