//! Greedy pretraining: two restricted machines one after another, the bottom one with doubled input, the top one with what its
//! visible layer hears doubled, and the deep machine that they make.

use anyhow::Result;
use energy::{Dbm, Doubled, DoubledTrainer, Learning, Rbm, VisibleBias};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::Seed;
use train::{Descent, Fit, Rule, Snapshot, Tensor};

use super::machine::{DEEP, LEARNING, pixels};
use crate::data::{Data, Reads};
use crate::greedy::rbm_from;
use crate::job::{Cost, Job};
use crate::likelihood::binarised::Binarised;

/// Two restricted machines by CD-1 with momentum, composed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pretraining {
    /// Hidden units, bottom first.
    pub hidden: [usize; 2],
    /// In black and white, how.
    #[serde(default, skip_serializing_if = "Binarised::is_threshold")]
    pub binarised: Binarised,
    /// The first so many training images.
    pub images: usize,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Learning rate of each machine.
    pub rates: [f32; 2],
    /// Momentum.
    pub momentum: f32,
    /// Passes over the images for each machine.
    pub epochs: [usize; 2],
    /// After how many epochs each the chains of the top machine make one Gibbs step more; 0 for never.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub grows_every: usize,
    /// Seed of weights, shuffles and noise.
    pub seed: u64,
}

fn is_zero(n: &usize) -> bool {
    *n == 0
}

const NAMES: [&str; 2] = ["bottom machine", "top machine"];
const FILES: [&str; 2] = ["bottom.safetensors", "top.safetensors"];

impl Job for Pretraining {
    const KIND: &'static str = "deep-pretraining";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let images = self.images.min(data.digits()?.train.len());
        let [first, second] = self.hidden;
        let products = self.epochs[0] * pixels() * first + self.epochs[1] * first * second;
        // Up, down and up again, and the products of two gradients; a step more is down and up once more.
        let more =
            self.epochs[1].checked_div(self.grows_every).unwrap_or(0) * self.epochs[1] * first * second;
        let seconds = (images * (5 * products + more)) as f64 / LEARNING + 0.2;
        let bytes = images * (pixels() + 2 * first) * 4 + (pixels() + second) * first * 4 * 8;
        Ok(Cost { seconds, bytes: bytes as u64 + (64 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let count = digits.amount("training-images", self.images, digits.train.len())?;
        let mut input = self.binarised.spikes(&digits.train, "train", 0..count).to_matrix();
        let seed = Seed::new(self.seed).child("deep", 0);
        let mut machines: Vec<Rbm> = Vec::new();
        for index in 0..2 {
            let (doubled, hidden) = (Doubled::of(index, 2), self.hidden[index]);
            let own = seed.child("machine", index as u64);
            let bytes = bench.stage(FILES[index], |bench| {
                let mut rbm = Rbm::new(input.rows(), hidden, own);
                let rule = Rule::Sgd { momentum: self.momentum };
                let learning = Learning {
                    descent: Descent::new(rule, self.rates[index]),
                    start: VisibleBias::FromData,
                    grows_every: index * self.grows_every,
                    ..Learning::cd(1, self.rates[index])
                };
                let mut trainer = DoubledTrainer::new(&mut rbm, &input, &learning, doubled)?;
                let (epochs, seed) = (self.epochs[index], own.child("fit", 0));
                let fit = Fit { epochs, batch: self.batch, seed, resume: None };
                bench.train(NAMES[index], &mut trainer, count, &fit, &mut |_, _, _| Ok(()))?;
                Ok(Snapshot { epoch: 0, tensors: Tensor::list(&rbm, "") }.encode(""))
            })?;
            let rbm = rbm_from(&bytes, input.rows(), hidden)?;
            if index == 0 {
                input = doubled.hidden_mean(&rbm, &input);
            }
            machines.push(rbm);
        }
        bench.put_tensors(DEEP, Tensor::list(&Dbm::compose(&machines), ""))
    }
}
