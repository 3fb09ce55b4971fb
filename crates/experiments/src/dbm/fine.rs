//! Fine-tunes a classifier that begins as a deep machine's own inference: the mean-field posterior of its second layer is
//! additional input, and stays as the machine has it [Salakhutdinov2009, section 3.3].
//!
//! A network that learns from fewer than all images is judged by held-out ones after every epoch, and the one that errs least is
//! tested. One that learns from all of them first learns from all but the held-out, and then anew from all for as many epochs as
//! that has chosen. Test images are looked at once.

use std::ops::Range;

use anyhow::Result;
use datasets::Images;
use energy::{Dbm, MeanField};
use engine::Workbench;
use feedforward::fast::Samples;
use feedforward::{Activation, Dense, Init, Network, predictions};
use serde::{Deserialize, Serialize};
use tensor::layers::Sparse;
use tensor::{Matrix, Seed};
use train::Tensor;

use super::machine::{Machine, PACE, pixels};
use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};
use crate::likelihood::binarised::Binarised;
use crate::records;
use crate::tuned::Tuning;

/// A classifier on a deep machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FineTune {
    /// Hidden units of the machine in the point needed, bottom first.
    pub hidden: [usize; 2],
    /// What the machine learnt from, and what the classifier sees.
    pub binarised: Binarised,
    /// The first so many training images.
    pub images: usize,
    /// The first so many test images.
    pub tested: usize,
    /// Updates of the means.
    pub mean_field: MeanField,
    /// How it learns.
    pub tuning: Tuning,
    /// Seed of the output layer, orders and dropout.
    pub seed: u64,
}

/// The network, named as PyTorch's.
pub const NETWORK: &str = "network.safetensors";
/// Images whose means are updated at a time.
const BLOCK: usize = 250;
const CLASSES: usize = 10;
/// Pixels of a digit that are on, for estimates.
const LIT: usize = 150;

impl Job for FineTune {
    const KIND: &'static str = "deep-fine-tuning";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let digits = data.digits()?;
        let ([first, second], count) = (self.hidden, self.images.min(digits.train.len()));
        let held_out = digits.held_out();
        let (images, twice) = (count + self.tested + held_out.len(), count > held_out.start);
        let inference = images * (2 * self.mean_field.sweeps * first * second + 2 * pixels() * first);
        let learning = 3 * self.tuning.epochs * count * (LIT + 2 * second) * first * (1 + usize::from(twice));
        let values = (count + self.tested.max(held_out.len())) * (LIT + second) * (1 + usize::from(twice));
        Ok(Cost {
            seconds: (inference + learning) as f64 / PACE + 0.2,
            bytes: (values * 8 + (pixels() + 2 * second) * first * 40) as u64 + (96 << 20),
        })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let dbm = Machine::Deep(self.hidden).read(bench, 0)?;
        let count = digits.amount("training-images", self.images, digits.train.len())?;
        let rest = digits.held_out();
        let network = self.network(&dbm)?;
        let seed = Seed::new(self.seed).child("deep-classifier", 0);
        let learn = self.samples(&dbm, &digits, 0..count.min(rest.start), bench)?;
        let judge = self.samples(&dbm, &digits, rest.clone(), bench)?;
        let (chosen, epochs) = self.tuning.choose(&network, [learn, judge], seed, bench)?;
        let chosen = match count > rest.start {
            true => {
                let all = self.samples(&dbm, &digits, 0..count, bench)?;
                self.tuning.learn(&network, all, epochs, seed.child("all", 0), bench)?
            }
            false => chosen,
        };
        let tested = digits.amount("test-images", self.tested, digits.test.len())?;
        let mut wrong = 0;
        for begin in (0..tested).step_by(BLOCK) {
            let range = begin..(begin + BLOCK).min(tested);
            let found = predictions(&chosen, &self.inputs(&dbm, (&digits.test, "test"), range.clone()));
            wrong += found.iter().zip(&digits.test.labels[range]).filter(|(a, b)| a != b).count() as u64;
            bench.check_interrupt()?;
        }
        records::error(wrong, tested as u64, &[], &mut bench.rows);
        bench.rows.push("epoch_chosen", epochs as f64, &[]);
        bench.put_tensors(NETWORK, Tensor::list(&chosen, ""))
    }
}

impl FineTune {
    /// The machine's inference, with a small random layer of logits on top.
    fn network(&self, dbm: &Dbm) -> Result<Network> {
        let seed = Seed::new(self.seed).child("deep-output", 0);
        let output = Dense::new(self.hidden[1], CLASSES, Init::Small, seed);
        let layers = dbm.recognition();
        let layers = layers.iter().map(|(weights, bias)| (weights, &bias[..]));
        Ok(Network::from_affine(layers, output, Activation::Sigmoid, self.tuning.dropout)?)
    }

    /// What the network sees of some images of a set of this name: `v` over `μ₂`.
    fn inputs(&self, dbm: &Dbm, (images, name): (&Images, &str), chosen: Range<usize>) -> Matrix {
        let v = self.binarised.spikes(images, name, chosen).to_matrix();
        dbm.recognition_input(&v, self.mean_field)
    }

    /// The same of training images, with labels, block by block, as a network learns from it.
    fn samples(
        &self,
        dbm: &Dbm,
        digits: &Digits,
        chosen: Range<usize>,
        bench: &Workbench<'_>,
    ) -> Result<Samples> {
        let mut sparse = Sparse::new(pixels() + self.hidden[1]);
        for begin in chosen.clone().step_by(BLOCK) {
            if (begin - chosen.start).is_multiple_of(BLOCK * 10) {
                bench.say(&format!("mean field of image {begin} of {}", chosen.end));
            }
            bench.check_interrupt()?;
            let block = self.inputs(dbm, (&digits.train, "train"), begin..(begin + BLOCK).min(chosen.end));
            block.columns().for_each(|column| sparse.push(column));
        }
        Ok(Samples { images: sparse, labels: digits.train.labels[chosen].to_vec() })
    }
}
