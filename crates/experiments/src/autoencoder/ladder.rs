//! Trains a ladder network on all images, of which some have labels, and measures it on the test images once, after the last
//! epoch.
//!
//! The epoch loop goes through the images without labels; every step also sees labelled ones. Noise and the weights of the costs are
//! those of [Rasmus2015, section 4.1], which were published for these data, so that nothing is chosen here.

use std::sync::Arc;

use anyhow::Result;
use engine::Workbench;
use feedforward::Activation;
use feedforward::fast::{FastMlp, FastOptions};
use feedforward::ladder::{Labelled as Beside, Ladder, LadderTrainer, Recipe};
use serde::{Deserialize, Serialize};
use tensor::Seed;
use train::{Descent, Fit, Tensor, Trainee};

use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};
use crate::pretraining::job::Labelled;

/// A ladder, and how it learns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Climb {
    /// Units of the hidden layers, the one on the pixels first.
    pub hidden: Vec<usize>,
    /// The first so many training images, without labels.
    pub images: usize,
    /// So many images with labels.
    pub labels: usize,
    /// Which.
    pub labelled: Labelled,
    /// Images without labels in a step, and those with labels beside them.
    pub batch: usize,
    /// Rule, rate and schedule.
    pub descent: Descent,
    /// Passes over the images.
    pub epochs: usize,
    /// Seed of weights, shuffles and noise.
    pub seed: u64,
}

/// The whole ladder.
pub const LADDER: &str = "ladder.safetensors";
/// Multiply-adds in a second, of products that wait for what lies between them.
const PACE: f64 = 4e10;

impl Job for Climb {
    const KIND: &'static str = "ladder";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let digits = data.digits()?;
        let count = self.images.min(digits.train.len());
        let widths = self.widths(digits.train.features(), digits.train.classes.len());
        let weights: f64 = widths.windows(2).map(|pair| (pair[0] * pair[1]) as f64).sum();
        // Three encoders and a decoder, each forward and twice as much back.
        let once = 12.0 * weights;
        let states = widths.iter().sum::<usize>() * self.batch * 4 * 60;
        let bytes = count * 1600 + weights as usize * 4 * 14 + states;
        let seconds = (self.epochs * count) as f64 * once / PACE + 0.5;
        Ok(Cost { seconds, bytes: bytes as u64 + (96 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let mut trainer = self.trainer(&digits)?;
        self.descend(&mut trainer, &digits, bench)?;
        let test = Digits::grey(&digits.test, 0..digits.test.len());
        let options = FastOptions { descent: self.descent, batch: self.batch, threads: 1 };
        let classifier = FastMlp::new(&trainer.ladder().classifier()?, Arc::new(test.clone()), options)?;
        let (confusion, entropy) = classifier.evaluate(&test)?;
        bench.rows.push("error_test", confusion.error_rate(), &[]);
        bench.rows.push("cross_entropy_test", entropy, &[]);
        bench.put_tensors(LADDER, Tensor::list(trainer.ladder(), ""))
    }
}

impl Climb {
    /// The ladder before its first step.
    ///
    /// # Errors
    /// If there are not so many images, or not so many of a class.
    pub(crate) fn trainer(&self, digits: &Digits) -> Result<LadderTrainer> {
        let count = digits.amount("images", self.images, digits.train.len())?;
        let indices = self.labelled.choose(self.labels, digits)?;
        let widths = self.widths(digits.train.features(), digits.train.classes.len());
        let ladder = Ladder::new(&widths, Activation::Relu, self.seed().child("weights", 0))?;
        // Labelled images are among those without labels: drawn ones lie beyond the first where these are few.
        let all = indices.iter().map(|&image| image + 1).max().unwrap_or(0).max(count);
        let images = Arc::new(Digits::grey(&digits.train, 0..all).images);
        let labels = indices.iter().map(|&image| digits.train.labels[image]).collect();
        let beside = Beside { indices, labels, batch: self.batch };
        let recipe = Recipe::published(ladder.depth());
        Ok(LadderTrainer::new(ladder, images, beside, recipe, self.descent)?)
    }

    /// Trains it, or whoever measures it on the way.
    ///
    /// # Errors
    /// If training diverges or the run is interrupted.
    pub(crate) fn descend<T: Trainee>(
        &self,
        trainee: &mut T,
        digits: &Digits,
        bench: &mut Workbench<'_>,
    ) -> Result<()> {
        let count = digits.amount("images", self.images, digits.train.len())?;
        // One image has no variance: a last step of a single one would have none.
        let samples = if count % self.batch == 1 { count - 1 } else { count };
        let seed = self.seed().child("fit", 0);
        let fit = Fit { epochs: self.epochs, batch: self.batch, seed, resume: None };
        bench.train("the ladder", trainee, samples, &fit, &mut |_, _, _| Ok(()))
    }

    fn seed(&self) -> Seed {
        Seed::new(self.seed).child("ladder", 0)
    }

    fn widths(&self, pixels: usize, classes: usize) -> Vec<usize> {
        [pixels].iter().chain(&self.hidden).copied().chain([classes]).collect()
    }
}
