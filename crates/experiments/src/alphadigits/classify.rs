//! Names characters of AlphaDigits: a network on pixels or on what a machine makes of them, which chooses its epoch on some of
//! the training images, learns from all of them for as many epochs, and is tested once.

use anyhow::{Context, Result};
use engine::Workbench;
use feedforward::fast::Samples;
use feedforward::{Activation, Dense, Init, Network, predictions};
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed};
use train::Tensor;

use crate::data::{Data, Letters, Reads};
use crate::job::{Cost, Job};
use crate::likelihood::binarised::{Binarised, TESTED_LETTERS};
use crate::likelihood::train::Stored;
use crate::records;
use crate::tuned::Tuning;

/// One network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Classify {
    /// What it sees and where its weights begin.
    pub begin: Begin,
    /// Hidden units of its layers, bottom first; of the machines needed, where it begins on them or sees through them.
    pub hidden: Vec<usize>,
    /// How it learns.
    pub tuning: Tuning,
    /// Training images of each character that choose the epoch.
    pub judging: usize,
    /// Seed of weights, orders and dropout.
    pub seed: u64,
}

/// What a network sees, and where its weights begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Begin {
    /// Pixels; layers at random.
    Random,
    /// Pixels; layers of the machines needed.
    Pretrained,
    /// The mean activations above the machines needed, which stay as they are; one layer of logits, at random.
    Features,
}

/// The network, named as PyTorch's.
pub const NETWORK: &str = "network.safetensors";
/// Weights times images in a second.
const PACE: f64 = 5e9;

impl Job for Classify {
    const KIND: &'static str = "classify-letters";

    fn reads(&self) -> Reads {
        Reads::Letters
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let images = data.letters()?.images.len();
        let widths = [&[Binarised::Letters.pixels()][..], &self.hidden[..], &[36]].concat();
        let weights: usize = widths.windows(2).map(|pair| pair[0] * pair[1]).sum();
        let seconds = (2 * self.tuning.epochs * images * weights) as f64 / PACE + 0.1;
        Ok(Cost { seconds, bytes: (weights * 40 + images * 8000) as u64 + (64 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let letters = data.letters()?;
        let split = letters.split(&letters.labels(&letters.images.classes.concat())?, TESTED_LETTERS);
        let [learn, judge] = parts(&split.train, Letters::PER_CLASS - TESTED_LETTERS, self.judging);
        let set = |chosen: &[usize]| self.inputs(&letters, chosen, bench);
        let (learn, judge, all, test) =
            (set(&learn)?, set(&judge)?, set(&split.train)?, set(&split.held_out)?);
        let network = self.network(learn.0.rows(), letters.images.classes.len(), bench)?;
        let samples = |(x, labels): &(Matrix, Vec<u8>)| Samples::new(x, labels);
        let seed = Seed::new(self.seed).child("letters", 0);
        let (_, epochs) = self.tuning.choose(&network, [samples(&learn), samples(&judge)], seed, bench)?;
        let network = self.tuning.learn(&network, samples(&all), epochs, seed.child("all", 0), bench)?;
        let found = predictions(&network, &test.0);
        let wrong = found.iter().zip(&test.1).filter(|(a, b)| a != b).count() as u64;
        records::error(wrong, test.1.len() as u64, &[], &mut bench.rows);
        bench.rows.push("epoch_chosen", epochs as f64, &[]);
        bench.put_tensors(NETWORK, Tensor::list(&network, ""))
    }
}

impl Classify {
    /// What the network sees of some images, features × images, and their labels.
    fn inputs(
        &self,
        letters: &Letters,
        chosen: &[usize],
        bench: &Workbench<'_>,
    ) -> Result<(Matrix, Vec<u8>)> {
        let pixels = letters.images.to_matrix(chosen);
        let x = match self.begin {
            Begin::Features => {
                let machines = Stored::Machines.machines(&self.hidden, pixels.rows(), bench)?;
                machines.iter().fold(pixels, |x, rbm| rbm.hidden_mean(&x))
            }
            Begin::Random | Begin::Pretrained => pixels,
        };
        Ok((x, chosen.iter().map(|&image| letters.images.labels[image]).collect()))
    }

    fn network(&self, inputs: usize, classes: usize, bench: &Workbench<'_>) -> Result<Network> {
        let (seed, dropout) = (Seed::new(self.seed).child("network", 0), self.tuning.dropout);
        if self.begin == Begin::Pretrained {
            let machines = Stored::Machines.machines(&self.hidden, inputs, bench)?;
            let top = *self.hidden.last().context("a pretrained network has at least one hidden layer")?;
            let output = Dense::new(top, classes, Init::Small, seed.child("output", 0));
            let layers = machines.iter().map(|rbm| (&rbm.weights, &rbm.hidden.bias[..]));
            return Ok(Network::from_affine(layers, output, Activation::Sigmoid, dropout)?);
        }
        let hidden: &[usize] = if self.begin == Begin::Features { &[] } else { &self.hidden };
        let widths = [&[inputs][..], hidden, &[classes]].concat();
        Ok(Network::mlp(&widths, Activation::Sigmoid, dropout, Init::Glorot, seed)?)
    }
}

/// Training images to learn from and to judge by: of every character, whose images come one after another, the last so many.
pub fn parts(train: &[usize], each: usize, judging: usize) -> [Vec<usize>; 2] {
    let mut parts = [Vec::new(), Vec::new()];
    for (place, &image) in train.iter().enumerate() {
        parts[usize::from(place % each >= each - judging)].push(image);
    }
    parts
}
