//! Chains of a machine, from noise or from test images, and what they draw in the end.

use anyhow::Result;
use energy::{Clamped, coin_flips};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::Seed;
use train::Tensor;

use super::machine::{Machine, PACE, pixels};
use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};

/// Independent chains of one machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Samples {
    /// The machine, in the point needed.
    pub machine: Machine,
    /// Where chains begin.
    pub begin: Begin,
    /// Gibbs steps.
    pub sweeps: usize,
    /// Chains.
    pub chains: usize,
    /// Seed of the chains.
    pub seed: u64,
}

/// Where chains begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Begin {
    /// At fair coins in all layers.
    Noise,
    /// At the first test images in black and white, with hidden layers that have settled on them.
    Images,
}

impl Begin {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Noise, Self::Images];

    /// What the column `begin` says.
    pub fn name(self) -> &'static str {
        match self {
            Self::Noise => "noise",
            Self::Images => "test images",
        }
    }
}

/// The file of the ends of the chains: `means` in `f32` and `states` in bytes, [chains, 784].
pub(super) const SAMPLES: &str = "samples.safetensors";
/// Sweeps of the hidden layers alone before chains begin at images.
const SETTLING: usize = 10;

impl Job for Samples {
    const KIND: &'static str = "deep-samples";

    fn reads(&self) -> Reads {
        match self.begin {
            Begin::Noise => Reads::Nothing,
            Begin::Images => Reads::Digits,
        }
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let (products, weights) = (2 * self.sweeps * self.chains, self.machine.weights());
        let states = self.chains * (2 * pixels() + 2048) * 8;
        Ok(Cost {
            seconds: products as f64 * weights as f64 / PACE + 0.05,
            bytes: (weights * 12 + states) as u64 + (64 << 20),
        })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let dbm = self.machine.read(bench, 0)?;
        let mut noise = Seed::new(self.seed).child("samples", self.begin as u64).stream();
        let mut states = match self.begin {
            Begin::Noise => {
                let v = coin_flips(pixels(), self.chains, &mut noise);
                dbm.above(v, &mut noise)
            }
            Begin::Images => {
                let digits = data.digits()?;
                let count = digits.amount("samples", self.chains, digits.test.len())?;
                let v = Digits::spikes(&digits.test, 0..count).to_matrix();
                let states = dbm.above(v, &mut noise);
                dbm.gibbs(states, SETTLING, Clamped::Visible, &mut noise)
            }
        };
        for _ in 0..self.sweeps {
            bench.check_interrupt()?;
            states = dbm.gibbs(states, 1, Clamped::Nothing, &mut noise);
        }
        let means = dbm.visible_mean(&states);
        let shape = vec![means.cols(), means.rows()];
        let bytes = states[0].as_slice().iter().map(|&x| u8::from(x > 0.5)).collect();
        bench.put_tensors(
            SAMPLES,
            vec![
                Tensor::from_f32("means", shape.clone(), means.into_vec()),
                Tensor::from_u8("states", shape, bytes),
            ],
        )
    }
}
