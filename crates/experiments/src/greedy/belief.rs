//! Trains one layer of a deep belief network on digits, without labels [Hinton2006].
//!
//! Each layer is a point of its own, so that networks of all depths share the layers that they have in common. What
//! a layer learns from, the mean activations of the one below, is computed again: it would take more room than weights.

use anyhow::Result;
use energy::fast::{CdOptions, FastCd, Input};
use energy::{Rbm, VisibleState};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed};
use train::{Fit, Snapshot, Tensor};

use super::stack::rbm_from;
use crate::cost::{Pace, Weights};
use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};

/// Contrastive divergence of the layer above those of the points needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Belief {
    /// The first so many training images; of the stand-in those that there are.
    pub images: usize,
    /// Hidden units of the layers below, bottom first: one needed point each.
    pub below: Vec<usize>,
    /// Hidden units of this layer.
    pub width: usize,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Learning rate of CD-1.
    pub rate: f32,
    /// Passes over the images.
    pub epochs: usize,
    /// Seed of weights, shuffles and noise.
    pub seed: u64,
}

/// The file of the layer.
pub const LAYER: &str = "layer.safetensors";
/// Images that go up through the layers below at once.
const BLOCK: usize = 1000;

impl Job for Belief {
    const KIND: &'static str = "belief";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let digits = data.digits()?;
        let count = self.images.min(digits.train.len());
        let below = self.below.last().copied().unwrap_or(digits.train.features());
        let (own, passes) = ((below * self.width) as f64, (self.epochs * count) as f64);
        let bottom = self.below.is_empty();
        let weights =
            if bottom { Weights { first: own, rest: 0.0 } } else { Weights { first: 0.0, rest: own } };
        // The pixels that are on, or the activations of the layer below.
        let inputs = if bottom { count * 500 } else { count * below * 4 };
        let steps = passes / self.batch as f64;
        Ok(Cost {
            seconds: Pace::greedy(self.batch).seconds(passes, weights, steps) + 0.1,
            bytes: (below * self.width * 4 * 5 + inputs) as u64 + (96 << 20),
        })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let count = digits.amount("images", self.images, digits.train.len())?;
        let input = self.input(&digits, count, bench)?;
        let seed = Seed::new(self.seed).child("belief", self.below.len() as u64);
        let options = CdOptions {
            sweeps: 1,
            rate: self.rate,
            visible: VisibleState::Sampled,
            batch: self.batch.min(count),
            threads: bench.threads,
        };
        let rbm = Rbm::new(input.rows(), self.width, seed);
        let mut trainee = FastCd::new(&rbm, input, options);
        let fit = Fit { epochs: self.epochs, batch: self.batch, seed: seed.child("fit", 0), resume: None };
        let what = format!("layer {}", self.below.len() + 1);
        bench.train(&what, &mut trainee, count, &fit, &mut |_, _, _| Ok(()))?;
        let layer = Snapshot { epoch: 0, tensors: Tensor::list(&trainee.rbm(), "") };
        bench.put(LAYER, &layer.encode(""))
    }
}

impl Belief {
    fn input(&self, digits: &Digits, count: usize, bench: &Workbench<'_>) -> Result<Input> {
        let Some(&top) = self.below.last() else {
            return Ok(Input::Binary(Digits::spikes(&digits.train, 0..count)));
        };
        let layers = layers(&self.below, digits.train.features(), bench)?;
        let mut means = Vec::with_capacity(top * count);
        for begin in (0..count).step_by(BLOCK) {
            bench.check_interrupt()?;
            bench.say(&format!("images {begin} of {count} up to layer {}", self.below.len()));
            let images = Digits::spikes(&digits.train, begin..(begin + BLOCK).min(count)).to_matrix();
            means.extend(layers.iter().fold(images, |x, rbm| rbm.hidden_mean(&x)).into_vec());
        }
        Ok(Input::Probabilities(Matrix::from_vec(top, count, means)))
    }
}

/// The layers that the first points needed have trained, bottom first, on images of so many pixels.
///
/// # Errors
/// If one is not there or not of these widths.
pub fn layers(widths: &[usize], pixels: usize, bench: &Workbench<'_>) -> Result<Vec<Rbm>> {
    let below = std::iter::once(pixels).chain(widths.iter().copied());
    let layer = |(need, (visible, &hidden))| rbm_from(&bench.read_need(need, LAYER)?, visible, hidden);
    below.zip(widths).enumerate().map(layer).collect()
}
