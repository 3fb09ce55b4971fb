//! What a stack makes of its own data, sent all the way up and down: reconstruction errors, and a few images to look at.

use anyhow::Result;
use energy::stack;
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::Seed;
use train::Tensor;

use super::learned::Learned;
use super::stacked::{InPoints, Stacked};
use crate::cost::TRAINED;
use crate::data::{Data, Reads};
use crate::job::{Cost, Job};

/// Reconstruction errors of one trained stack on the images that it learnt from and those kept from it: mean squared
/// differences per pixel, with probabilities throughout (mean-field), and with states drawn throughout; of letters also for
/// each class of the images learnt from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reconstruct {
    /// What the stack learnt from.
    pub learned: Learned,
    /// Its layers.
    pub stacked: Stacked,
    /// Seed of sampled errors.
    pub seed: u64,
}

/// File of the first images of each class with their reconstructions: `train.originals`, `train.mean`, `train.sampled`,
/// and likewise `held_out`, [n, height · width].
pub const RECONSTRUCTIONS: &str = "reconstructions.safetensors";
/// Images whose reconstructions are kept for show.
const SHOWN: usize = 20;

impl Job for Reconstruct {
    const KIND: &'static str = "reconstruct";
    // Errors of each class.
    const NUMERICS: u32 = 2;

    fn reads(&self) -> Reads {
        self.learned.reads()
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let (images, pixels) = (self.learned.count(data)?, self.learned.pixels());
        let units: usize = self.stacked.widths.iter().sum();
        let widest = self.stacked.widths.iter().max().copied().unwrap_or(0).max(pixels);
        Ok(Cost {
            seconds: (images * units * 400) as f64 / TRAINED + 0.02,
            // A layer as bytes, as tensors of its file, and as a machine.
            bytes: (self.stacked.largest_weights(pixels) * 4 * 3 + 16 * images * widest) as u64 + (64 << 20),
        })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let seed = Seed::new(self.seed).child("strip", 0);
        let mut tensors = Vec::new();
        for (name, images) in self.learned.parts(data)? {
            bench.say("reconstructing");
            let layers = InPoints::new(&self.stacked, self.learned.pixels(), bench);
            let found = stack::reconstruct(&layers, &images, &mut seed.child(name, 0).stream())?;
            bench.rows.push(&format!("mse_mean_{name}"), images.mean_squared_difference(&found.mean), &[]);
            bench.rows.push(
                &format!("mse_sampled_{name}"),
                images.mean_squared_difference(&found.sampled),
                &[],
            );
            for (class, range) in self.learned.classes(name, images.cols()) {
                let of: Vec<usize> = range.collect();
                let error = images.gather(&of).mean_squared_difference(&found.mean.gather(&of));
                bench.rows.push(&format!("mse_mean_{name}_of_{class}"), error, &[]);
            }
            // Spread over the classes, so that one class does not fill the picture.
            let shown = images.cols().min(SHOWN);
            let chosen: Vec<usize> = (0..shown).map(|i| i * images.cols() / shown).collect();
            for (what, states) in [("originals", &images), ("mean", &found.mean), ("sampled", &found.sampled)]
            {
                let some = states.gather(&chosen);
                let shape = vec![shown, some.rows()];
                tensors.push(Tensor::from_f32(format!("{name}.{what}"), shape, some.into_vec()));
            }
        }
        bench.put_tensors(RECONSTRUCTIONS, tensors)
    }
}
