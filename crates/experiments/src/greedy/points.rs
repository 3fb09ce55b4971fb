//! The points of a deep belief network on digits: one a layer, shared by whoever asks for the same layer.

use anyhow::Result;
use engine::Key;

use super::learned::Learned;
use super::stacked::Stacked;
use super::train::Greedy;
use crate::recipe::Planning;

/// Greedy training of some layers on digits, bottom first.
#[derive(Clone, Copy, Debug)]
pub struct DigitLayers<'a> {
    /// The first so many training images.
    pub images: usize,
    /// Hidden units of each layer, bottom first.
    pub widths: &'a [usize],
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Learning rate of CD-1.
    pub rate: f32,
    /// Standard deviation of the first weights.
    pub sigma: f32,
    /// Passes over the images, for each layer.
    pub epochs: usize,
    /// Seed of weights, shuffles and noise.
    pub seed: u64,
}

impl DigitLayers<'_> {
    /// Adds the points of all layers where they are not there already; gives their keys, bottom first.
    ///
    /// # Errors
    /// If the data are missing.
    pub fn plan(&self, planning: &mut Planning<'_>) -> Result<Vec<Key>> {
        let mut keys: Vec<Key> = Vec::new();
        for (layer, &width) in self.widths.iter().enumerate() {
            let job = Greedy {
                learned: Learned::Digits { images: self.images },
                below: Stacked::one_each(&self.widths[..layer]),
                widths: vec![width],
                batch: self.batch,
                rate: self.rate,
                sigma: self.sigma,
                epochs: self.epochs,
                milestones: Vec::new(),
                seed: self.seed,
            };
            let label =
                format!("layer {} × {width} of {} images, seed {}", layer + 1, self.images, self.seed);
            keys.push(planning.add(label, job, &keys)?);
        }
        Ok(keys)
    }
}
