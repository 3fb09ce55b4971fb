//! Draws samples from a trained stack: Gibbs sampling in its top machine, then one pass down [Hinton2006].

use anyhow::Result;
use energy::coin_flips;
use energy::stack::{self, Chains};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed, Stream};
use train::Tensor;

use super::learned::Learned;
use super::stacked::{InPoints, Stacked};
use crate::cost::SAMPLED;
use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};

/// Samples of one trained stack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// What the stack learnt from.
    pub learned: Learned,
    /// Its layers.
    pub stacked: Stacked,
    /// Where chains begin.
    pub start: Start,
    /// Gibbs steps at the top.
    pub gibbs: usize,
    /// Independent chains.
    pub samples: usize,
    /// Seed of the chains.
    pub seed: u64,
}

/// Where a chain begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// At fair coins in the top machine's visible layer.
    CoinFlips,
    /// At pixels that are on independently of each other, each as often as in the training images, sent up.
    Pixels,
}

/// File of samples: `states` [n, height · width] of bytes, and `means` of the first few likewise of floats: the probabilities
/// that they were drawn from.
pub const SAMPLES: &str = "samples.safetensors";
/// Samples whose probabilities are kept for show.
const KEPT: usize = 64;
/// Chains advance by so many sweeps between two looks at the clock.
const PAUSE: usize = 10;

impl Job for Sample {
    const KIND: &'static str = "sample";

    fn reads(&self) -> Reads {
        self.learned.reads()
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let pixels = self.learned.pixels();
        let top = self.stacked.top_weights(pixels);
        let widest = self.stacked.widths.iter().max().copied().unwrap_or(0).max(pixels);
        let once: usize = self.stacked.widths.iter().map(|width| width * widest).sum();
        let steps = top as f64 * (self.gibbs * self.samples) as f64;
        Ok(Cost {
            seconds: steps / SAMPLED + (once * self.samples) as f64 / (4.0 * SAMPLED) + 0.02,
            bytes: (top * 4 * 4) as u64 + (16 * (widest + pixels) * self.samples) as u64 + (64 << 20),
        })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let layers = InPoints::new(&self.stacked, self.learned.pixels(), bench);
        let mut noise = self.noise();
        let start = match self.start {
            Start::CoinFlips => {
                let top = self.stacked.widths.len() - 1;
                coin_flips(self.stacked.below(top, self.learned.pixels()), self.samples, &mut noise)
            }
            Start::Pixels => {
                let images = independent(&*data.digits()?, self.samples, &mut noise);
                stack::sample_up(&layers, images, self.stacked.widths.len() - 1, &mut noise)?
            }
        };
        let chains = Chains { sweeps: self.gibbs, pause: PAUSE, threads: bench.threads };
        let drawn = stack::generate(&layers, &start, chains, &mut noise, &mut |done| {
            bench.say(&format!("Gibbs step {done} of {}", self.gibbs));
            bench.check_interrupt()
        })?;
        let shape = vec![drawn.states.cols(), drawn.states.rows()];
        let states = drawn.states.as_slice().iter().map(|&x| u8::from(x > 0.5)).collect();
        let kept = drawn.means.cols().min(KEPT);
        let means = drawn.means.gather(&(0..kept).collect::<Vec<_>>());
        let tensors = vec![
            Tensor::from_f32("means", vec![kept, means.rows()], means.into_vec()),
            Tensor::from_u8("states", shape, states),
        ];
        bench.put_tensors(SAMPLES, tensors)
    }
}

impl Sample {
    fn noise(&self) -> Stream {
        let seed = Seed::new(self.seed);
        match self.start {
            Start::CoinFlips => seed.child("strip", 0).child("chains", 0).stream(),
            Start::Pixels => seed.child("origin", 0).stream(),
        }
    }
}

/// Images whose pixels are on independently, each as often as in the training images.
pub(super) fn independent(digits: &Digits, n: usize, noise: &mut Stream) -> Matrix {
    let mean = digits.mean_image();
    let mut images = Matrix::from_fn(mean.len(), n, |pixel, _| mean[pixel]);
    noise.bernoulli(&mut images);
    images
}
