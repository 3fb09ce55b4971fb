//! Trains one denoising autoencoder on top of a stack, and looks at it after every epoch.
//!
//! A point trains the layer above those that the point needed has trained, which stay as they are, and puts the whole stack, so
//! that whoever builds on it needs the last point alone. What a layer is to reconstruct is [`feedforward::autoencoder::Goal`].
//! Nothing in training depends on the test images that it is looked at with.

use std::sync::Arc;

use anyhow::Result;
use engine::Workbench;
use feedforward::Init;
use feedforward::autoencoder::{Denoiser, Denoising, Goal, Stack, Tying};
use feedforward::fast::FastOptions;
use serde::{Deserialize, Serialize};
use tensor::Seed;
use train::{Descent, Fit, Tensor};

use super::looks::{LOOKED_AT, measure, pictures};
use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};
use crate::networks::{LAYERS, read_stack};

/// The topmost layer of a stack, and how it learns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// Units of the layers below, and of this one, which is the last.
    pub widths: Vec<usize>,
    /// The first so many training images, in grey.
    pub images: usize,
    /// Noise, goal and sparsity.
    pub denoising: Denoising,
    /// Rule and rate.
    pub descent: Descent,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Passes over the images.
    pub epochs: usize,
    /// First weights, which the decoder shares.
    pub init: Init,
    /// Seed of weights, shuffles and noise.
    pub seed: u64,
}

/// What [`pictures`] makes.
pub const PICTURES: &str = "pictures.safetensors";
/// Multiply-adds in a second.
const PACE: f64 = 6e10;

impl Job for Layer {
    const KIND: &'static str = "denoising-layer";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let digits = data.digits()?;
        let count = self.images.min(digits.train.len());
        let widths = self.all_widths(digits.train.features());
        let weights: Vec<f64> = widths.windows(2).map(|pair| (pair[0] * pair[1]) as f64).collect();
        let (own, below) = (weights[weights.len() - 1], weights[..weights.len() - 1].iter().sum::<f64>());
        // Up and down, back again, and both uses of the weights; the layers below are only passed.
        let passed = match self.denoising.goal {
            Goal::Image => 3.0,
            Goal::Code => 1.0,
        };
        let once = 5.0 * own + passed * below;
        let looks = self.epochs as f64 * 2.0 * (own + below) * LOOKED_AT as f64;
        let seconds = (self.epochs as f64 * once * count as f64 + looks) / PACE + 0.3;
        let bytes = count * 1600 + LOOKED_AT * 4 * 4000 + (own + below) as usize * 4 * 6;
        Ok(Cost { seconds, bytes: bytes as u64 + (64 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let count = digits.amount("images", self.images, digits.train.len())?;
        let layer = self.widths.len() - 1;
        let seed = Seed::new(self.seed).child("denoising", layer as u64);
        let mut stack = self.begin(digits.train.features(), seed, bench)?;
        let images = Arc::new(Digits::grey(&digits.train, 0..count).images);
        let looked = digits.test.to_matrix(&(0..LOOKED_AT.min(digits.test.len())).collect::<Vec<_>>());
        let options =
            FastOptions { descent: self.descent, batch: self.batch.min(count), threads: bench.threads };
        let mut trainee = Denoiser::new(&stack, layer, images, self.denoising, options)?;
        let fit = Fit { epochs: self.epochs, batch: self.batch, seed: seed.child("fit", 0), resume: None };
        let (what, mut own) = (format!("layer {}", layer + 1), stack.layers()[layer].clone());
        bench.train(&what, &mut trainee, count, &fit, &mut |epoch, snapshot, bench| {
            snapshot().write_into(&mut own, "model")?;
            stack.replace(layer, own.clone())?;
            measure(&stack, &looked, epoch, &mut bench.rows);
            Ok(())
        })?;
        stack.replace(layer, trainee.autoencoder())?;
        let shown = pictures(&stack, &looked, self.denoising.corruption, seed, &mut bench.rows);
        bench.put_tensors(PICTURES, shown)?;
        bench.put_tensors(LAYERS, Tensor::list(&stack, ""))
    }
}

impl Layer {
    fn all_widths(&self, pixels: usize) -> Vec<usize> {
        std::iter::once(pixels).chain(self.widths.iter().copied()).collect()
    }

    /// The layers of the point needed, if there are any below, with a fresh one on top.
    fn begin(&self, pixels: usize, seed: Seed, bench: &Workbench<'_>) -> Result<Stack> {
        let widths = self.all_widths(pixels);
        let (below, own) = widths.split_at(widths.len() - 1);
        let top = [below[below.len() - 1], own[0]];
        let fresh = Stack::fresh(&top, Tying::Tied, self.init, seed.child("weights", 0))?;
        if below.len() == 1 {
            return Ok(fresh);
        }
        let below = read_stack(below, bench)?;
        Ok(Stack::new([below.layers(), fresh.layers()].concat())?)
    }
}
