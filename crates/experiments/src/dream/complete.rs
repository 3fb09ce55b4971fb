//! Images of the user's own with rows missing, completed by the machine on their pixels.

use anyhow::{Result, ensure};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed};
use train::Tensor;

use crate::components::restore::{end, error};
use crate::data::{Data, Digits, Reads};
use crate::greedy::{InPoints, Stacked};
use crate::job::{Cost, Job};

/// Completes the first images, whose lower rows are missing, by chains that hold the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Complete {
    /// The layers of the points needed; the first of them is the machine on pixels.
    pub stacked: Stacked,
    /// Rows that are missing, from below.
    pub missing: usize,
    /// Images.
    pub images: usize,
    /// Gibbs steps.
    pub steps: usize,
    /// Seed of the chains.
    pub seed: u64,
}

/// The file of the pictures: `images`, `begun`, `completed`, each [n, height · width].
pub const COMPLETED: &str = "completed.safetensors";
/// Weights times images in a second.
const PACE: f64 = 2e9;

impl Job for Complete {
    const KIND: &'static str = "complete";

    fn reads(&self) -> Reads {
        Reads::Own
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let weights = data.own()?.images.features() * self.stacked.widths[0];
        let seconds = (self.steps * self.images * weights) as f64 / PACE + 0.02;
        Ok(Cost { seconds, bytes: (weights * 16) as u64 + (64 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let own = &data.own()?.images;
        let (height, width, count) = (own.height, own.width, self.images.min(own.len()));
        ensure!(
            (1..height).contains(&self.missing),
            "inpaint: expected from 1 to {} of the {height} rows of an image, found {}",
            height.saturating_sub(1),
            self.missing
        );
        let images = Digits::spikes(own, 0..count).to_matrix();
        let known = (height - self.missing) * width;
        let begun =
            Matrix::from_fn(images.rows(), count, |i, j| if i < known { images.column(j)[i] } else { 0.0 });
        let free: Vec<bool> = (0..images.rows()).map(|i| i >= known).collect();
        let rbm = energy::stack::Layers::layer(&InPoints::new(&self.stacked, own.features(), bench), 0)?
            .into_owned();
        let mut noise = Seed::new(self.seed).child("complete", 0).stream();
        let completed = end(&rbm, &begun, &free, self.steps, &mut noise, bench)?;
        let missing = known..images.rows();
        bench.rows.push("error_missing", error(&images, &completed, missing.clone()), &[]);
        bench.rows.push("error_blank", error(&images, &begun, missing), &[]);
        let of = |name: &str, all: &Matrix| {
            Tensor::from_f32(name, vec![all.cols(), all.rows()], all.as_slice().to_vec())
        };
        let tensors = vec![of("images", &images), of("begun", &begun), of("completed", &completed)];
        bench.put_tensors(COMPLETED, tensors)
    }
}
