//! Joint training of all layers: mean field on the data's side, persistent chains on the model's, and a rate that falls
//! geometrically, once an epoch.

use anyhow::Result;
use energy::{DbmLearning, DbmTrainer, MeanField, VisibleBias};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::Seed;
use train::{Descent, Fit, Rule, Schedule, Tensor};

use super::machine::{DEEP, Machine, PACE};
use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};

/// Training of a pretrained deep machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Joint {
    /// Hidden units, bottom first.
    pub hidden: [usize; 2],
    /// The first so many training images, in black and white.
    pub images: usize,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Learning rate of the first epoch, and of the last.
    pub rates: [f32; 2],
    /// Momentum.
    pub momentum: f32,
    /// Passes over the images.
    pub epochs: usize,
    /// Updates of the means for each mini-batch.
    pub mean_field: MeanField,
    /// Persistent chains.
    pub chains: usize,
    /// Seed of shuffles and noise.
    pub seed: u64,
}

impl Joint {
    /// The factor by which the rate falls from epoch to epoch, so that the first and the last have theirs.
    pub fn factor(&self) -> f32 {
        let [first, last] = self.rates.map(f64::from);
        (last / first).powf(1.0 / self.epochs.saturating_sub(1).max(1) as f64) as f32
    }
}

impl Job for Joint {
    const KIND: &'static str = "deep-training";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let images = self.images.min(data.digits()?.train.len());
        let ([first, second], weights) = (self.hidden, Machine::Deep(self.hidden).weights());
        let means = 2 * self.mean_field.sweeps * first * second + 2 * weights;
        let chains = 3 * weights * self.chains / self.batch.max(1);
        let seconds = (self.epochs * images) as f64 * (means + chains + 2 * weights) as f64 / PACE + 0.2;
        let bytes = images * 784 * 4 + weights * 4 * 10;
        Ok(Cost { seconds, bytes: bytes as u64 + (96 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let count = digits.amount("training-images", self.images, digits.train.len())?;
        let images = Digits::spikes(&digits.train, 0..count).to_matrix();
        let mut dbm = Machine::Deep(self.hidden).read(bench, 0)?;
        let schedule = Schedule::Exponential { factor: self.factor() };
        let rule = Rule::Sgd { momentum: self.momentum };
        let learning = DbmLearning {
            mean_field: self.mean_field,
            chains: self.chains,
            sweeps: 1,
            descent: Descent { schedule, ..Descent::new(rule, self.rates[0]) },
            start: VisibleBias::Kept,
            centring: None,
        };
        let mut trainer = DbmTrainer::new(&mut dbm, &images, &learning)?;
        let seed = Seed::new(self.seed).child("deep", 1);
        let fit = Fit { epochs: self.epochs, batch: self.batch, seed, resume: None };
        bench.train("all layers", &mut trainer, count, &fit, &mut |_, _, _| Ok(()))?;
        bench.put_tensors(DEEP, Tensor::list(&dbm, ""))
    }
}
