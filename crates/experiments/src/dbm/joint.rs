//! Joint training of all layers: mean field on the data's side, persistent chains on the model's, and a rate that falls once
//! an epoch, geometrically or along a line.
//!
//! Chains begin at training images, as in the library's example. Chains of zeros, with which this was first run, are no states
//! of a pretrained machine: in a short run the bound on test images fell by seventy nats before they had become some.

use anyhow::Result;
use energy::{Clamped, Dbm, DbmLearning, DbmTrainer, MeanField, VisibleBias};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed};
use train::{Descent, Fit, Rule, Schedule, Tensor, Trainee};

use super::machine::{DEEP, LEARNING, Machine};
use crate::data::{Data, Reads};
use crate::job::{Cost, Job};
use crate::likelihood::binarised::Binarised;

/// Training of a pretrained deep machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Joint {
    /// Hidden units, bottom first.
    pub hidden: [usize; 2],
    /// In black and white, how.
    #[serde(default, skip_serializing_if = "Binarised::is_threshold")]
    pub binarised: Binarised,
    /// The first so many training images.
    pub images: usize,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Learning rate of the first epoch, and of the last: 0 for one that falls to nothing along a line.
    pub rates: [f32; 2],
    /// Momentum.
    pub momentum: f32,
    /// Passes over the images.
    pub epochs: usize,
    /// Updates of the means for each mini-batch.
    pub mean_field: MeanField,
    /// Persistent chains.
    pub chains: usize,
    /// Gibbs steps of the chains at every mini-batch.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub sweeps: usize,
    /// Seed of shuffles and noise.
    pub seed: u64,
}

fn one() -> usize {
    1
}

fn is_one(n: &usize) -> bool {
    *n == 1
}

impl Joint {
    fn schedule(&self) -> Schedule {
        match self.rates {
            [_, 0.0] => Schedule::Linear { last: 0.0, epochs: None },
            _ => Schedule::Exponential { factor: self.factor() },
        }
    }

    /// The factor by which the rate falls from epoch to epoch, so that the first and the last have theirs.
    pub fn factor(&self) -> f32 {
        let [first, last] = self.rates.map(f64::from);
        (last / first).powf(1.0 / self.epochs.saturating_sub(1).max(1) as f64) as f32
    }

    /// Chains that begin at training images, with hidden layers that have settled on them.
    fn first_chains(&self, dbm: &Dbm, images: &Matrix, seed: Seed) -> Vec<Tensor> {
        let mut noise = seed.child("chains", 0).stream();
        let first: Vec<usize> = (0..self.chains).map(|chain| chain % images.cols()).collect();
        let states = dbm.above(images.gather(&first), &mut noise);
        let states = dbm.gibbs(states, SETTLING, Clamped::Visible, &mut noise);
        let tensor = |(i, x): (usize, Matrix)| {
            Tensor::from_f32(format!("chains.{i}"), vec![x.cols(), x.rows()], x.into_vec())
        };
        states.into_iter().enumerate().map(tensor).collect()
    }
}

/// Sweeps of the hidden layers alone before chains begin.
const SETTLING: usize = 10;

impl Job for Joint {
    const KIND: &'static str = "deep-training";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let images = self.images.min(data.digits()?.train.len());
        let ([first, second], weights) = (self.hidden, Machine::Deep(self.hidden).weights());
        let means = 2 * self.mean_field.sweeps * first * second + 2 * weights;
        let chains = (1 + 2 * self.sweeps) * weights * self.chains / self.batch.max(1);
        let seconds = (self.epochs * images) as f64 * (means + chains + 2 * weights) as f64 / LEARNING + 0.2;
        let bytes = images * 784 * 4 + weights * 4 * 10;
        Ok(Cost { seconds, bytes: bytes as u64 + (96 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let count = digits.amount("training-images", self.images, digits.train.len())?;
        let images = self.binarised.spikes(&digits.train, "train", 0..count).to_matrix();
        let mut dbm = Machine::Deep(self.hidden).read(bench, 0)?;
        let rule = Rule::Sgd { momentum: self.momentum };
        let learning = DbmLearning {
            mean_field: self.mean_field,
            chains: self.chains,
            sweeps: self.sweeps,
            descent: Descent { schedule: self.schedule(), ..Descent::new(rule, self.rates[0]) },
            start: VisibleBias::Kept,
            centring: None,
        };
        let seed = Seed::new(self.seed).child("deep", 1);
        let chains = self.first_chains(&dbm, &images, seed);
        let mut trainer = DbmTrainer::new(&mut dbm, &images, &learning)?;
        let mut state = trainer.snapshot();
        state.tensors.retain(|tensor| chains.iter().all(|own| own.name != tensor.name));
        state.tensors.extend(chains);
        trainer.restore(&state)?;
        let fit = Fit { epochs: self.epochs, batch: self.batch, seed, resume: None };
        bench.train("all layers", &mut trainer, count, &fit, &mut |_, _, _| Ok(()))?;
        bench.put_tensors(DEEP, Tensor::list(&dbm, ""))
    }
}
