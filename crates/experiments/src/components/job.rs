//! Trains one machine of few hidden units on grey digits by persistent chains, and scores it after every epoch.

use anyhow::Result;
use energy::binary::{BinaryTrainer, Capacity};
use energy::partition::stochastic_pseudo_likelihood;
use energy::{Input, Learning, Negative, Rbm, exact, pseudo_likelihood};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed};
use train::{Fit, Tensor};

use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};

/// A machine of few hidden units, called components, on grey digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Components {
    /// Hidden units.
    pub hidden: usize,
    /// The first so many training images, in grey.
    pub images: usize,
    /// Samples in a mini-batch, and as many chains.
    pub batch: usize,
    /// Learning rate.
    pub rate: f32,
    /// Passes over the images.
    pub epochs: usize,
    /// Epochs after which the machine is kept.
    pub milestones: Vec<usize>,
    /// Whether its likelihood is computed exactly then, by listing all hidden states.
    pub listed: bool,
    /// Seed of weights, shuffles and noise.
    pub seed: u64,
}

/// Images that scores are a mean of.
const SCORED: usize = 200;
/// Seconds of a mini-batch, and of a weight in it.
const PACE: (f64, f64) = (5e-5, 5e-9);

/// The file of the machine after an epoch: `W`, `v_bias`, `h_bias`.
pub fn machine_file(epoch: usize) -> String {
    format!("rbm-{epoch}.safetensors")
}

impl Job for Components {
    const KIND: &'static str = "components";
    // Persistent chains are trained in the processor's layout.
    const NUMERICS: u32 = 2;

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let images = self.images.min(data.digits()?.train.len());
        let (weights, steps) = (784 * self.hidden, (self.epochs * images / self.batch.max(1)) as f64);
        let training = steps * (PACE.0 + PACE.1 * (weights * self.batch) as f64);
        let scoring = self.epochs as f64 * 3e-8 * (SCORED * 784 * self.hidden) as f64;
        let listed = if self.listed { self.milestones.len() } else { 0 };
        let listing = listed as f64 * 6e-9 * (784u64 << self.hidden) as f64;
        let bytes = (images * 784 * 4 + weights * 4 * 8) as u64 + (64 << 20);
        Ok(Cost { seconds: training + scoring + listing + 0.1, bytes })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let count = digits.amount("images", self.images, digits.train.len())?;
        let images = digits.train.to_matrix(&(0..count).collect::<Vec<_>>());
        let seed = Seed::new(self.seed).child("components", self.hidden as u64);
        let rbm = Rbm::new(images.rows(), self.hidden, seed);
        let negative = Negative::Pcd { sweeps: 1, chains: self.batch };
        let learning = Learning { negative, ..Learning::cd(1, self.rate) };
        let capacity = Capacity { batch: self.batch, threads: bench.threads };
        let mut trainer = BinaryTrainer::new(&rbm, Input::Probabilities(images), &learning, capacity)?;
        let fit = Fit { epochs: self.epochs, batch: self.batch, seed: seed.child("fit", 0), resume: None };
        let scored = Scored::new(&digits, count);
        let mut now = rbm;
        bench.train("the machine", &mut trainer, count, &fit, &mut |epoch, snapshot, bench| {
            snapshot().write_into(&mut now, "")?;
            scored.rows(&now, epoch, seed.child("bits", epoch as u64), bench);
            if self.milestones.contains(&epoch) {
                if self.listed {
                    let exact = exact::log_likelihood(&now, &scored.binary);
                    bench.rows.push("log_likelihood", exact, &[("epochs", &epoch)]);
                }
                let largest = now.weights.as_slice().iter().fold(0.0f32, |most, w| most.max(w.abs()));
                bench.rows.push("largest_weight", f64::from(largest), &[("epochs", &epoch)]);
                bench.put_tensors(&machine_file(epoch), Tensor::list(&now, ""))?;
            }
            Ok(())
        })
    }
}

/// What machines are scored on.
struct Scored {
    train: Matrix,
    test: Matrix,
    /// The same test images in black and white: probabilities of grey ones would be none.
    binary: Matrix,
}

impl Scored {
    fn new(digits: &Digits, trained: usize) -> Self {
        let some = |images: usize| (0..SCORED.min(images)).collect::<Vec<_>>();
        let test = some(digits.test.len());
        Self {
            train: digits.train.to_matrix(&some(trained)),
            test: digits.test.to_matrix(&test),
            binary: Digits::spikes(&digits.test, test).to_matrix(),
        }
    }

    fn rows(&self, rbm: &Rbm, epoch: usize, seed: Seed, bench: &mut Workbench<'_>) {
        let mean = |scores: Vec<f64>| scores.iter().sum::<f64>() / scores.len() as f64;
        let one_bit = stochastic_pseudo_likelihood(rbm, &self.train, &mut seed.stream());
        let energies = [&self.train, &self.test].map(|images| mean(rbm.free_energy(images)));
        for (metric, value) in [
            ("pseudo_likelihood", mean(pseudo_likelihood(rbm, &self.train))),
            ("pseudo_likelihood_test", mean(pseudo_likelihood(rbm, &self.test))),
            ("pseudo_likelihood_one_bit", mean(one_bit)),
            ("free_energy_gap", energies[1] - energies[0]),
        ] {
            bench.rows.push(metric, value, &[("epochs", &epoch)]);
        }
    }
}
