//! Trains one machine on digits in black and white, in any way of learning.

use anyhow::Result;
use energy::binary::Capacity;
use energy::{AnyTrainer, Input, Learning, Negative, Rbm};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::Seed;
use train::{Fit, Tensor};

use super::binarised::Binarised;
use crate::data::{Data, Reads};
use crate::greedy::{layer_file, rbm_from};
use crate::job::{Cost, Job};

/// One machine on digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// The first so many training images.
    pub images: usize,
    /// In black and white, how.
    pub binarised: Binarised,
    /// Hidden units of the machines below, bottom first, which the points needed have trained; none for one on pixels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub below: Vec<usize>,
    /// Hidden units.
    pub hidden: usize,
    /// How it learns.
    pub learning: Learning,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Passes over the images.
    pub epochs: usize,
    /// Seed of weights, shuffles and noise.
    pub seed: u64,
}

/// The file of the machine: `W`, `v_bias`, `h_bias`.
pub const MACHINE: &str = "rbm.safetensors";
/// Weights times images in a second, of one product.
const PACE: f64 = 2.5e10;

impl Job for Machine {
    const KIND: &'static str = "machine";
    // Persistent chains and momentum are trained in the processor's layout.
    const NUMERICS: u32 = 2;

    fn reads(&self) -> Reads {
        self.binarised.reads()
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let (images, pixels) = (self.binarised.there(data, self.images)?, self.binarised.pixels());
        let sweeps = match self.learning.negative {
            Negative::Cd { sweeps } | Negative::Pcd { sweeps, .. } | Negative::Fpcd { sweeps, .. } => sweeps,
            Negative::Tempered { sweeps, temperatures, .. } => sweeps * temperatures,
            Negative::Exact => 1,
        };
        let weights = (self.below.last().copied().unwrap_or(pixels) * self.hidden) as f64;
        let general = if self.learning.suits_binary_trainer() { 1.0 } else { 5.0 };
        let seconds = (self.epochs * images) as f64 * weights * (sweeps as f64 + 2.0) * general / PACE;
        Ok(Cost {
            seconds: seconds + 0.1,
            bytes: (images * pixels * 5) as u64 + weights as u64 * 40 + (64 << 20),
        })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let [pixels, _] = self.binarised.sets(data, self.images, 0)?;
        let count = pixels.len();
        let machines = Stored::Machines.machines(&self.below, pixels.rows(), bench)?;
        let input = match machines.is_empty() {
            true => Input::Binary(pixels),
            false => {
                Input::Probabilities(machines.iter().fold(pixels.to_matrix(), |x, rbm| rbm.hidden_mean(&x)))
            }
        };
        let matrix = input.to_matrix();
        let own = Seed::new(self.seed).child("machine", self.hidden as u64);
        let seed = if machines.is_empty() { own } else { own.child("above", machines.len() as u64) };
        let mut rbm = Rbm::new(input.rows(), self.hidden, seed);
        let batch = self.batch.min(count);
        let capacity = Capacity { batch, threads: bench.threads };
        let mut trainer = AnyTrainer::new(&mut rbm, &input, &matrix, &self.learning, capacity)?;
        let fit = Fit { epochs: self.epochs, batch, seed: seed.child("fit", 0), resume: None };
        bench.train("the machine", &mut trainer, count, &fit, &mut |_, _, _| Ok(()))?;
        let learnt = trainer.rbm();
        drop(trainer);
        bench.put_tensors(MACHINE, Tensor::list(&learnt, ""))
    }
}

/// Whose points have trained the machines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stored {
    /// Of [`Machine`], each its one machine.
    #[default]
    Machines,
    /// Of [`crate::greedy::Greedy`], each a layer of a stack.
    Layers,
}

impl Stored {
    /// Whether it is the usual one, which jobs need not name.
    pub(super) fn is_machines(&self) -> bool {
        *self == Self::Machines
    }

    /// The file of the machine of the `index`-th point needed, from the bottom.
    fn file(self, index: usize) -> String {
        match self {
            Self::Machines => MACHINE.to_owned(),
            Self::Layers => layer_file(index),
        }
    }

    /// The machines of the first points needed, bottom first, with these hidden units.
    ///
    /// # Errors
    /// If a file is none of a machine of this size.
    pub(crate) fn machines(self, widths: &[usize], pixels: usize, bench: &Workbench<'_>) -> Result<Vec<Rbm>> {
        let mut rows = pixels;
        let mut machines = Vec::new();
        for (need, &hidden) in widths.iter().enumerate() {
            machines.push(rbm_from(&bench.read_need(need, &self.file(need))?, rows, hidden)?);
            rows = hidden;
        }
        Ok(machines)
    }
}
