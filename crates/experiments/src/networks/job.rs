//! Trains a classifier of grey digits and measures it after every epoch.
//!
//! The test images are looked at after every epoch, so that the accuracy at the last epoch, at the one chosen on held-out
//! training images and at the best one, which is what some reports print, can be told apart; nothing in training depends on
//! them.

use std::sync::Arc;

use anyhow::Result;
use engine::Workbench;
use feedforward::fast::{FastMlp, FastNetwork, FastOptions, Samples};
use feedforward::{Confusion, NetworkError};
use serde::{Deserialize, Serialize};
use tensor::Seed;
use train::{Delegate, Descent, Fit, Tensor, Trainee};

use super::architecture::Architecture;
use super::files::{NETWORK, put_predictions};
use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};

/// A classifier, and how it learns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Learner {
    /// Its layers.
    pub architecture: Architecture,
    /// The first so many training images.
    pub images: usize,
    /// The first so many test images.
    pub tested: usize,
    /// Rule, rate and decay.
    pub descent: Descent,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Passes over the images.
    pub epochs: usize,
    /// Seed of weights, shuffles and dropout.
    pub seed: u64,
}

/// Multiply-adds in a second of learning and of looking.
const PACE: [f64; 2] = [6e10, 9e10];

impl Job for Learner {
    const KIND: &'static str = "learner";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let digits = data.digits()?;
        let count = self.images.min(digits.train.len());
        let once = self.architecture.multiply_adds(digits.train.features());
        let looks = self.tested + digits.held_out().len();
        let seconds = self.epochs as f64 * once * (3.0 * count as f64 / PACE[0] + looks as f64 / PACE[1]);
        Ok(Cost { seconds: seconds + 0.2, bytes: (count + looks) as u64 * 2200 + (128 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let count = digits.amount("images", self.images, digits.train.len())?;
        let tested = digits.amount("test images", self.tested, digits.test.len())?;
        let held_out = digits.held_out();
        let mut sets =
            vec![Set::new("accuracy_test", "cross_entropy_test", Digits::grey(&digits.test, 0..tested))];
        if count <= held_out.start {
            let grey = Digits::grey(&digits.train, held_out);
            sets.push(Set::new("accuracy_held_out", "cross_entropy_held_out", grey));
        }
        let seed = Seed::new(self.seed).child("learner", 0);
        let (pixels, classes) = (digits.train.features(), digits.train.classes.len());
        let network = self.architecture.network(pixels, classes, seed.child("network", 0), bench)?;
        let samples = Arc::new(Digits::grey(&digits.train, 0..count));
        let options =
            FastOptions { descent: self.descent, batch: self.batch.min(count), threads: bench.threads };
        let trainee = match self.architecture {
            Architecture::Convolutional { .. } => Fast::Any(FastNetwork::new(&network, samples, options)?),
            _ => Fast::Mlp(FastMlp::new(&network, samples, options)?),
        };
        let mut scored = Scored { trainee, sets };
        let fit = Fit { epochs: self.epochs, batch: self.batch, seed: seed.child("fit", 0), resume: None };
        bench.train("descent", &mut scored, count, &fit, &mut |_, _, _| Ok(()))?;
        let test = &scored.sets[0].samples;
        put_predictions(&test.labels, &scored.trainee.predict(test)?, bench)?;
        bench.put_tensors(NETWORK, Tensor::list(&scored.trainee.network(), ""))
    }
}

/// The fast path that fits.
enum Fast {
    Mlp(FastMlp),
    Any(FastNetwork),
}

impl Fast {
    fn predict(&self, samples: &Arc<Samples>) -> Result<Vec<u8>, NetworkError> {
        Ok(match self {
            Self::Mlp(network) => network.predict(samples)?.0,
            Self::Any(network) => network.predict(samples)?.0,
        })
    }

    fn evaluate(&self, samples: &Arc<Samples>) -> Result<(Confusion, f64), NetworkError> {
        match self {
            Self::Mlp(network) => network.evaluate(samples),
            Self::Any(network) => network.evaluate(samples),
        }
    }

    fn network(&self) -> feedforward::Network {
        match self {
            Self::Mlp(network) => network.network(),
            Self::Any(network) => network.network(),
        }
    }
}

impl Delegate for Fast {
    fn inner(&self) -> &dyn Trainee {
        match self {
            Self::Mlp(network) => network,
            Self::Any(network) => network,
        }
    }

    fn inner_mut(&mut self) -> &mut dyn Trainee {
        match self {
            Self::Mlp(network) => network,
            Self::Any(network) => network,
        }
    }
}

/// Images that a network is measured on after every epoch.
struct Set {
    accuracy: &'static str,
    cross_entropy: &'static str,
    samples: Arc<Samples>,
}

impl Set {
    fn new(accuracy: &'static str, cross_entropy: &'static str, samples: Samples) -> Self {
        Self { accuracy, cross_entropy, samples: Arc::new(samples) }
    }
}

/// A network with the images that it is measured on.
struct Scored {
    trainee: Fast,
    sets: Vec<Set>,
}

impl Delegate for Scored {
    fn inner(&self) -> &dyn Trainee {
        &self.trainee
    }

    fn inner_mut(&mut self) -> &mut dyn Trainee {
        &mut self.trainee
    }

    fn measure_more(&self, metrics: &mut Vec<(&'static str, f64)>) {
        for set in &self.sets {
            let measured = self.trainee.evaluate(&set.samples);
            // Labels were checked when the data were read.
            let (accuracy, loss) = measured
                .map_or((f64::NAN, f64::NAN), |(confusion, loss)| (1.0 - confusion.error_rate(), loss));
            metrics.extend([(set.accuracy, accuracy), (set.cross_entropy, loss)]);
        }
    }
}
