//! Fine-tunes a network by up-down, and asks it for labels after every epoch.

use anyhow::Result;
use energy::VisibleState;
use energy::wake_sleep::{StepRule, UpDown, UpDownTrainer};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::Seed;
use train::{Fit, Tensor};

use super::network::{Labelled, NETWORK, WAYS, WEIGHTS, named, read_network, record};
use super::recognise::{FEW, TEST, TEST_FEW, TRAINING, seconds};
use crate::data::{Data, Reads};
use crate::job::{Cost, Job};

/// Up-down from a network that was trained greedily.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FineTune {
    /// The first so many training images.
    pub images: usize,
    /// Images in a mini-batch.
    pub batch: usize,
    /// Passes over the images.
    pub epochs: usize,
    /// How it learns.
    pub options: UpDown,
    /// The first so many test images, and as many of the training images.
    pub tested: usize,
    /// Gibbs steps of recognition.
    pub sweeps: usize,
    /// Seed of orders and noise.
    pub seed: u64,
}

/// The options of up-down that do not differ: what is dreamt is drawn in every layer.
pub fn options(rate: f32, step: StepRule, sweeps: usize) -> UpDown {
    UpDown { rate, step, sweeps, dream: VisibleState::Sampled }
}

/// Seconds of a mini-batch, and of a weight times an image in it.
const PACE: (f64, f64) = (2e-3, 2.2e-10);

impl Job for FineTune {
    const KIND: &'static str = "label-fine-tune";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let steps = (self.epochs * self.images).div_ceil(self.batch.max(1)) as f64;
        let weights = (2 * (WEIGHTS[0] + WEIGHTS[1]) + (2 + self.options.sweeps) * WEIGHTS[2]) as f64;
        let training = steps * (PACE.0 + PACE.1 * weights * self.batch as f64);
        let measuring = seconds((self.epochs + 3) * self.tested, self.sweeps);
        let bytes = ((self.images + self.tested) * 784 * 4 + weights as usize * 16) as u64 + (128 << 20);
        Ok(Cost { seconds: training + measuring + 0.2, bytes })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let (train, test) = (Labelled::train(data, self.images)?, Labelled::test(data, self.tested)?);
        let labels = train.one_hot()?;
        let learnt = Labelled::train(data, self.images.min(self.tested))?;
        let mut dbn = read_network(0, bench)?;
        let mut now = dbn.clone();
        let seed = Seed::new(self.seed).child("fine-tune", 0);
        let measure = |dbn: &energy::LabelDbn, epoch: usize, bench: &mut Workbench<'_>| -> Result<()> {
            let seed = seed.child("measure", epoch as u64);
            // Some of the training images, at the ends alone: reading labels takes as long as learning.
            let ends = [0, self.epochs].contains(&epoch);
            let sets = [(TEST, &test), (TRAINING, &learnt)];
            for (set, images) in sets.into_iter().take(1 + usize::from(ends)) {
                let hits = named(dbn, images, self.sweeps, seed.child(set, 0), bench)?;
                for (by, hits) in WAYS.iter().zip(hits) {
                    record(&hits, &[("set", &set), ("by", by), ("epochs", &epoch)], bench);
                    if set == TEST {
                        let few = &hits[..FEW.min(hits.len())];
                        record(few, &[("set", &TEST_FEW), ("by", by), ("epochs", &epoch)], bench);
                    }
                }
            }
            Ok(())
        };
        measure(&dbn, 0, bench)?;
        let mut trainer = UpDownTrainer::new(&mut dbn, (&train.images, &labels), &self.options)?;
        let fit = Fit { epochs: self.epochs, batch: self.batch, seed: seed.child("fit", 0), resume: None };
        bench.train("up-down", &mut trainer, train.len(), &fit, &mut |epoch, snapshot, bench| {
            snapshot().write_into(&mut now, "model")?;
            measure(&now, epoch, bench)
        })?;
        bench.put_tensors(NETWORK, Tensor::list(&dbn, ""))
    }
}
