//! Trains some layers of a stack greedily, one after another: an RBM is a stack of one.
//!
//! A point trains the layers above those of the points that it needs. What a layer learns from, the mean activations of the
//! one below, is computed again from the images: it would take more room than weights.

use anyhow::Result;
use energy::binary::{BinaryTrainer, Capacity};
use energy::{Input, Learning, Rbm, SIGMA, stack};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::Matrix;
use tensor::binary::Spikes;
use train::{Fit, Snapshot, Tensor};

use super::learned::Learned;
use super::stacked::{InPoints, Stacked, layer_file, milestone_file, rbm_from};
use crate::cost::{OVERHEAD, Pace, TRAINED, Weights};
use crate::data::{Data, Reads};
use crate::job::{Cost, Job};

/// Greedy training of some layers by contrastive divergence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Greedy {
    /// What the stack learns from.
    pub learned: Learned,
    /// The layers that the points needed have trained.
    pub below: Stacked,
    /// Hidden units of the layers that this point trains.
    pub widths: Vec<usize>,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Learning rate of CD-1.
    pub rate: f32,
    /// Standard deviation of the first weights. Points made before it could be chosen had [`SIGMA`], and keep their keys.
    #[serde(default = "small", skip_serializing_if = "is_small")]
    pub sigma: f32,
    /// Passes over the images, for each layer.
    pub epochs: usize,
    /// Epochs after which the first layer of the stack is kept as well.
    pub milestones: Vec<usize>,
    /// Seed of weights, shuffles and noise.
    pub seed: u64,
}

fn small() -> f32 {
    SIGMA
}

fn is_small(sigma: &f32) -> bool {
    *sigma == SIGMA
}

/// Images that go up through the layers below at once.
const BLOCK: usize = 1000;

impl Job for Greedy {
    const KIND: &'static str = "greedy";

    fn reads(&self) -> Reads {
        self.learned.reads()
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let count = self.learned.count(data)?;
        let from = self.below.widths.len();
        let sizes: Vec<usize> =
            (0..self.widths.len()).map(|own| self.inputs(own) * self.widths[own]).collect();
        let (weights, largest) =
            (sizes.iter().sum::<usize>() as f64, sizes.iter().max().copied().unwrap_or(0));
        let passes = (self.epochs * count) as f64;
        let steps = passes / self.batch.min(count).max(1) as f64 * self.widths.len() as f64;
        let widest = self.widths.iter().chain(self.below.widths.last()).max().copied().unwrap_or(0);
        // Activations of the layer below and of the one that is trained.
        let states = (count * widest.max(self.learned.pixels() / 2) * 4) as u64 * 2;
        let seconds = match &self.learned {
            Learned::Letters { .. } => passes * weights / TRAINED + steps * OVERHEAD + 0.01,
            Learned::Digits { .. } | Learned::Own { .. } => {
                let first = if from == 0 { sizes[0] as f64 } else { 0.0 };
                let weights = Weights { first, rest: weights - first };
                Pace::greedy(self.batch).seconds(passes, weights, steps) + 0.1
            }
        };
        Ok(Cost { seconds, bytes: (largest * 4 * 5) as u64 + states + (64 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let below = self.below.widths.len();
        stack::greedy(self.input(data, bench)?, below..below + self.widths.len(), |layer, input| {
            let own = layer - below;
            let bytes = bench.stage(&layer_file(layer), |bench| self.train(own, input.clone(), bench))?;
            rbm_from(&bytes, input.rows(), self.widths[own])
        })?;
        Ok(())
    }
}

impl Greedy {
    /// Inputs of one of the layers that this point trains.
    fn inputs(&self, own: usize) -> usize {
        let below = self.below.widths.last().copied().unwrap_or(self.learned.pixels());
        own.checked_sub(1).map_or(below, |under| self.widths[under])
    }

    /// What the first layer that this point trains learns from.
    fn input(&self, data: &Data, bench: &Workbench<'_>) -> Result<Input> {
        let images = self.learned.input(data)?;
        let (Some(&top), Input::Binary(images)) = (self.below.widths.last(), &images) else {
            return Ok(images);
        };
        let layers = InPoints::new(&self.below, self.learned.pixels(), bench);
        let (count, through) = (images.len(), self.below.widths.len());
        let mut means = Vec::with_capacity(top * count);
        for begin in (0..count).step_by(BLOCK) {
            bench.say(&format!("images {begin} of {count} up to layer {through}"));
            let block = some(images, begin..(begin + BLOCK).min(count));
            means.extend(stack::up(&layers, block, through)?.into_vec());
        }
        Ok(Input::Probabilities(Matrix::from_vec(top, count, means)))
    }

    fn train(&self, own: usize, input: Input, bench: &mut Workbench<'_>) -> Result<Vec<u8>> {
        let layer = self.below.widths.len() + own;
        let seed = self.learned.layer_seed(self.seed, layer);
        let (samples, all) = (input.len(), self.below.widths.len() + self.widths.len());
        let rbm = Rbm::drawn(input.rows(), self.widths[own], self.sigma, seed);
        let capacity = Capacity { batch: self.batch.min(samples), threads: bench.threads };
        let mut trainee = BinaryTrainer::new(&rbm, input, &Learning::cd(1, self.rate), capacity)?;
        drop(rbm);
        let fit = Fit { epochs: self.epochs, batch: self.batch, seed: seed.child("fit", 0), resume: None };
        let milestones: &[usize] = if layer == 0 { &self.milestones } else { &[] };
        let what = format!("layer {} of {all}", layer + 1);
        bench.train(&what, &mut trainee, samples, &fit, &mut |epoch, snapshot, bench| {
            if milestones.contains(&epoch) {
                bench.put_tensors(&milestone_file(epoch), snapshot().tensors)?;
            }
            Ok(())
        })?;
        Ok(Snapshot { epoch: 0, tensors: Tensor::list(&trainee.rbm(), "") }.encode(""))
    }
}

/// Some of the images, as a matrix.
fn some(images: &Spikes, range: std::ops::Range<usize>) -> Matrix {
    let mut block = Spikes::new(images.rows());
    block.extend_from(images, &range.collect::<Vec<_>>());
    block.to_matrix()
}
