//! Draws samples from a trained stack, scores them, and measures reconstruction errors.
//!
//! A stack generates by Gibbs sampling in its top machine, from coin flips, then one pass down [Hinton2006]. Errors are
//! mean squared differences per pixel between images and their reconstructions, all the way up and down: from
//! probabilities throughout (mean-field), and from states sampled throughout.

use anyhow::{Context, Result};
use energy::fast::FastChains;
use energy::{Rbm, VisibleState, coin_flips};
use engine::Workbench;
use quality::Scores;
use serde::{Deserialize, Serialize};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed, Stream};
use train::{Snapshot, Tensor};

use crate::cost::{SAMPLED, TRAINED};
use crate::data::{Data, Letters, Reads};
use crate::greedy::{PIXELS, image_bytes, images_of, layer_file, milestone_file, rbm_from};
use crate::job::{Cost, Job};

/// Samples and scores of one trained stack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Strip {
    /// The classes that it was trained on.
    pub characters: String,
    /// Images of each class kept from training.
    pub held_out: usize,
    /// Hidden units of every layer.
    pub widths: Vec<usize>,
    /// For each point needed, the number of layers up to its last.
    pub segments: Vec<usize>,
    /// The first layer after so many epochs, instead of its end.
    pub milestone: Option<usize>,
    /// Gibbs steps at the top; none: no samples, errors alone.
    pub gibbs: usize,
    /// Independent chains.
    pub samples: usize,
    /// Seed of chains and sampled errors.
    pub seed: u64,
}

/// File of samples: `states` [n, height · width] of bytes, `means` likewise of floats; and the first images of each
/// class with their reconstructions.
pub const SAMPLES: &str = "samples.safetensors";
/// Chains advance by so many sweeps between two looks at the clock.
const SWEEPS: usize = 10;
/// Images whose reconstructions are kept for show.
const SHOWN: usize = 20;

impl Job for Strip {
    const KIND: &'static str = "strip";
    const NUMERICS: u32 = 3;

    fn reads(&self) -> Reads {
        Reads::Letters
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let top = self.below(self.widths.len() - 1) * self.widths[self.widths.len() - 1];
        let units: usize = self.widths.iter().sum();
        let once = images_of(&self.characters, self.held_out) * units * 400;
        let sampled = top as f64 * (self.gibbs * self.samples) as f64;
        Ok(Cost {
            seconds: sampled / SAMPLED + once as f64 / TRAINED + 0.02,
            bytes: ((top * 4 * 4 + (96 << 20)) as u64).max(self.state_bytes()),
        })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let letters = data.letters()?;
        let labels = letters.labels(&self.characters)?;
        let seed = Seed::new(self.seed).child("strip", 0);
        let mut tensors = self.errors(&letters, &labels, seed, bench)?;
        if self.gibbs > 0 {
            let (states, means) = self.generate(seed.child("chains", 0), bench)?;
            score(&letters, &labels, &states, bench);
            tensors.push(pixels("states", &states));
            tensors.push(Tensor::from_f32("means", vec![means.cols(), means.rows()], means.into_vec()));
        }
        bench.put(SAMPLES, &Snapshot { epoch: 0, tensors }.encode(""))
    }
}

impl Strip {
    /// Two reconstructions of all images; and probabilities and states of all chains, twice each, in the widest layer
    /// and in the picture.
    fn state_bytes(&self) -> u64 {
        let widest = self.widths.iter().max().copied().unwrap_or(0);
        let chains = if self.gibbs > 0 { self.samples as u64 } else { 0 };
        let chain = 16 * (widest + PIXELS) as u64;
        image_bytes(&self.characters, widest).saturating_mul(2).max(chains.saturating_mul(chain))
    }

    /// Units below a layer.
    fn below(&self, index: usize) -> usize {
        index.checked_sub(1).map_or(PIXELS, |below| self.widths[below])
    }

    /// Layer `index` (from 0), read from the point that trained it.
    fn layer(&self, index: usize, bench: &Workbench<'_>) -> Result<Rbm> {
        let need = self.segments.iter().position(|&end| index < end);
        let need = need.with_context(|| format!("layer {} is in none of the points needed", index + 1))?;
        let name = match self.milestone {
            Some(epoch) if index == 0 => milestone_file(epoch),
            _ => layer_file(index),
        };
        let bytes = bench.read_need(need, &name)?;
        rbm_from(&bytes, self.below(index), self.widths[index])
            .with_context(|| format!("{name} of needed point number {}", need + 1))
    }

    /// Reconstruction errors on training and held-out images; keeps the first few for show.
    fn errors(
        &self,
        letters: &Letters,
        labels: &[u8],
        seed: Seed,
        bench: &mut Workbench<'_>,
    ) -> Result<Vec<Tensor>> {
        let split = letters.split(labels, self.held_out);
        let mut tensors = Vec::new();
        for (name, indices) in [("train", &split.train), ("held_out", &split.held_out)] {
            if indices.is_empty() {
                continue;
            }
            bench.say("reconstructing");
            let images = letters.images.to_matrix(indices);
            let mut noise = seed.child(name, 0).stream();
            let [mean, sampled] = self.reconstruct(&images, &mut noise, bench)?;
            bench.rows.push(&format!("mse_mean_{name}"), mean_squared(&images, &mean), &[]);
            bench.rows.push(&format!("mse_sampled_{name}"), mean_squared(&images, &sampled), &[]);
            // Spread over the classes, so that one class does not fill the picture.
            let shown = images.cols().min(SHOWN);
            let chosen: Vec<usize> = (0..shown).map(|i| i * images.cols() / shown).collect();
            for (what, states) in [("originals", &images), ("mean", &mean), ("sampled", &sampled)] {
                let some = states.gather(&chosen);
                let tensor_name = format!("{name}.{what}");
                tensors.push(Tensor::from_f32(tensor_name, vec![shown, some.rows()], some.into_vec()));
            }
        }
        Ok(tensors)
    }

    /// All the way up and down: with probabilities, and with states.
    fn reconstruct(&self, images: &Matrix, noise: &mut Stream, bench: &Workbench<'_>) -> Result<[Matrix; 2]> {
        let (mut mean, mut sampled) = (images.clone(), images.clone());
        for index in 0..self.widths.len() {
            bench.check_interrupt()?;
            let rbm = self.layer(index, bench)?;
            mean = rbm.hidden_mean(&mean);
            sampled = rbm.sample_hidden(&sampled, noise);
        }
        for index in (0..self.widths.len()).rev() {
            bench.check_interrupt()?;
            let rbm = self.layer(index, bench)?;
            mean = rbm.visible_mean(&mean);
            sampled = rbm.sample_visible(&sampled, noise);
        }
        Ok([mean, sampled])
    }

    /// Sampled images, and the probabilities that they were drawn from.
    fn generate(&self, seed: Seed, bench: &Workbench<'_>) -> Result<(Matrix, Matrix)> {
        let (top, mut noise) = (self.widths.len() - 1, seed.stream());
        let mut rbm = self.layer(top, bench)?;
        let start = Spikes::from_matrix(&coin_flips(rbm.weights.rows(), self.samples, &mut noise));
        let mut chains = FastChains::new(&rbm, &start, bench.threads);
        if top > 0 {
            // The chains have their own copy, in their own layout.
            rbm.weights = Matrix::zeros(0, 0);
        }
        for done in (0..self.gibbs).step_by(SWEEPS) {
            bench.check_interrupt()?;
            bench.say(&format!("Gibbs step {} of {}", done, self.gibbs));
            chains.run(SWEEPS.min(self.gibbs - done), &mut noise);
        }
        let (mut states, mut means) = (chains.states().to_matrix(), chains.means());
        drop(chains);
        for index in (0..top).rev() {
            bench.check_interrupt()?;
            let rbm = self.layer(index, bench)?;
            means = rbm.visible_mean(&states);
            states = rbm.visible(&states, VisibleState::Sampled, &mut noise);
        }
        Ok((states, means))
    }
}

/// Records the scores of the samples, and the same numbers for as many real images.
fn score(letters: &Letters, labels: &[u8], states: &Matrix, bench: &mut Workbench<'_>) {
    bench.say("scoring");
    let reference = letters.reference();
    let scores = reference.score(states.as_slice(), labels);
    let floor = reference.floor_for(labels, states.cols());
    for (metric, value) in scores.metrics() {
        bench.rows.push(metric, value, &[]);
    }
    for (metric, value) in floor.metrics() {
        bench.rows.push(&format!("floor_{metric}"), value, &[]);
    }
    for (metric, value) in fidelity(&scores, &floor) {
        bench.rows.push(metric, value, &[]);
    }
}

/// What samples reach of real held-out images in four respects, each at most 1, and the least of them, `fidelity`:
///
/// - confidence: probability of the trained characters, `p / p_real`;
/// - clarity: probability of the clearest character, `p / p_real`;
/// - variety: effective number of characters, `exp(H) / exp(H_real)`: a strip of one character repeated fails here;
/// - nearness: distance to the nearest training image, `d_real / d`: noise on the pixels fails here.
fn fidelity(ours: &Scores, real: &Scores) -> [(&'static str, f64); 5] {
    let share = |ours: f64, real: f64| (ours / real.max(f64::MIN_POSITIVE)).min(1.0);
    let confidence = share(ours.confidence, real.confidence);
    let clarity = share(ours.best_confidence, real.best_confidence);
    let variety = if ours.coverage == 0 { 0.0 } else { share(ours.entropy.exp(), real.entropy.exp()) };
    let nearness = share(real.nearest_train, ours.nearest_train.max(f64::MIN_POSITIVE));
    let least = confidence.min(clarity).min(variety).min(nearness);
    [
        ("share_confidence", confidence),
        ("share_clarity", clarity),
        ("share_variety", variety),
        ("share_nearness", nearness),
        ("fidelity", least),
    ]
}

fn pixels(name: &str, states: &Matrix) -> Tensor {
    let bytes = states.as_slice().iter().map(|&x| u8::from(x > 0.5)).collect();
    Tensor::from_u8(name, vec![states.cols(), states.rows()], bytes)
}

/// `mean (x − y)²` over all pixels of all images.
fn mean_squared(x: &Matrix, y: &Matrix) -> f64 {
    let squares = x.as_slice().iter().zip(y.as_slice()).map(|(x, y)| f64::from(x - y).powi(2));
    squares.sum::<f64>() / x.as_slice().len() as f64
}
