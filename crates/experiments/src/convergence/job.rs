//! Trains one machine with momentum, and looks at it every so many mini-batches: at its reconstructions, and at how many of its
//! weights moved in that one step.

use std::sync::Mutex;

use anyhow::Result;
use energy::binary::{BinaryTrainer, Capacity};
use energy::{Input, Learning, Rbm};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed, Stream};
use train::{Descent, Epoch, Fit, Rule, Snapshot, Tensor, TensorError, Trainee};

use crate::components::restore::error;
use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};

/// One machine, watched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// Hidden units.
    pub hidden: usize,
    /// The first so many training images, in black and white.
    pub images: usize,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Learning rate.
    pub rate: f32,
    /// Momentum.
    pub momentum: f32,
    /// Passes over the images.
    pub epochs: usize,
    /// Mini-batches from one look to the next.
    pub every: usize,
    /// Seed of weights, shuffles and noise.
    pub seed: u64,
}

/// The file of the machine: `W`, `v_bias`, `h_bias`.
pub const MACHINE: &str = "rbm.safetensors";
/// A weight that moves by at most so much in a step counts as still, as the report has it.
pub const STILL: f32 = 1e-3;
/// Images that are reconstructed at every look.
const LOOKED_AT: usize = 200;
/// Multiply-adds in a second.
const PACE: f64 = 8e9;

impl Job for Watch {
    const KIND: &'static str = "watch";

    // Momentum is trained in the processor's layout.
    const NUMERICS: u32 = 2;

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let images = self.images.min(data.digits()?.train.len());
        let weights = (784 * self.hidden) as f64;
        let steps = (self.epochs * images / self.batch.max(1)) as f64;
        // Three products of a step and the update; a look reconstructs and compares all weights.
        let training = steps * weights * (4.0 * self.batch as f64 + 20.0);
        let looks = steps / self.every.max(1) as f64 * weights * (2 * LOOKED_AT) as f64;
        let bytes = (images * 784 * 4) as u64 + (weights as u64) * 4 * 8 + (64 << 20);
        Ok(Cost { seconds: (training + looks) / PACE + 0.1, bytes })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let count = digits.amount("images", self.images, digits.train.len())?;
        let spikes = Digits::spikes(&digits.train, 0..count);
        let seed = Seed::new(self.seed).child("watch", self.hidden as u64);
        let rbm = Rbm::new(spikes.rows(), self.hidden, seed);
        let descent = Descent::new(Rule::Sgd { momentum: self.momentum }, self.rate);
        let learning = Learning { descent, ..Learning::cd(1, self.rate) };
        let looked = Digits::spikes(&digits.train, 0..LOOKED_AT.min(count)).to_matrix();
        let capacity = Capacity { batch: self.batch, threads: bench.threads };
        let trainer = BinaryTrainer::new(&rbm, Input::Binary(spikes), &learning, capacity)?;
        let steps = count.div_ceil(self.batch);
        let looks = Mutex::new(Vec::new());
        let mut watched =
            Watched { trainer, images: &looked, every: self.every, steps, iteration: 0, looks: &looks };
        let fit = Fit { epochs: self.epochs, batch: self.batch, seed: seed.child("fit", 0), resume: None };
        bench.train("the machine", &mut watched, count, &fit, &mut |_, _, bench| {
            for Look { iteration, loss, still } in looks.lock().expect("nobody panicked with it").drain(..) {
                bench.rows.push("reconstruction_error", loss, &[("iteration", &iteration)]);
                bench.rows.push("share_still", still, &[("iteration", &iteration)]);
            }
            Ok(())
        })?;
        bench.put_tensors(MACHINE, Tensor::list(&watched.trainer.rbm(), ""))
    }
}

/// What one look has seen.
struct Look {
    iteration: usize,
    loss: f64,
    still: f64,
}

/// A trainer that is looked at every so many steps.
struct Watched<'a> {
    trainer: BinaryTrainer,
    images: &'a Matrix,
    every: usize,
    steps: usize,
    iteration: usize,
    looks: &'a Mutex<Vec<Look>>,
}

impl Trainee for Watched<'_> {
    fn begin(&mut self, epoch: Epoch) {
        self.iteration = (epoch.number - 1) * self.steps;
        self.trainer.begin(epoch);
    }

    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        self.iteration += 1;
        // The very first step, too: where a machine begins.
        let look = self.iteration == 1 || self.iteration.is_multiple_of(self.every);
        let before = look.then(|| self.trainer.rbm().weights);
        let loss = self.trainer.step(batch, noise);
        if let Some(before) = before {
            let rbm = self.trainer.rbm();
            let look = Look {
                iteration: self.iteration,
                loss: error(self.images, &rbm.reconstruct_mean(self.images), 0..self.images.rows()),
                still: still(&before, &rbm.weights),
            };
            self.looks.lock().expect("nobody panicked with it").push(look);
        }
        loss
    }

    fn non_finite(&self) -> Option<String> {
        self.trainer.non_finite()
    }

    fn snapshot(&self) -> Snapshot {
        self.trainer.snapshot()
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        self.trainer.restore(snapshot)
    }
}

/// The share of weights that differ by at most [`STILL`].
pub fn still(before: &Matrix, after: &Matrix) -> f64 {
    let pairs = before.as_slice().iter().zip(after.as_slice());
    let still = pairs.filter(|(before, after)| (*after - *before).abs() <= STILL).count();
    still as f64 / before.as_slice().len() as f64
}
