//! How likely test images in black and white are under a trained autoencoder: a bound by importance sampling, which rises with the
//! number of samples to the likelihood itself [Burda2016].

use anyhow::{Context, Result};
use energy::partition::estimate::bootstrap;
use engine::Workbench;
use generative::{VaeShape, importance};
use serde::{Deserialize, Serialize};
use tensor::Seed;
use train::{Snapshot, Tensor};

use super::train::{multiply_adds, read_vae};
use crate::data::{Data, Reads};
use crate::intervals::interval;
use crate::job::{Cost, Job};
use crate::likelihood::binarised::Binarised;

/// The bound of the autoencoder in the point needed, the mean over test images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportanceBound {
    /// Its layers.
    pub shape: VaeShape,
    /// Which black and white.
    pub binarised: Binarised,
    /// The first so many test images.
    pub images: usize,
    /// Samples for each image.
    pub samples: usize,
    /// Seed of the samples.
    pub seed: u64,
}

/// Images whose bounds are kept together, so that a run that is stopped goes on after them.
const BLOCK: usize = 250;
/// Multiply-adds in a second, and seconds of a pixel's probability.
const PACE: (f64, f64) = (4e10, 1.5e-8);

impl Job for ImportanceBound {
    const KIND: &'static str = "importance-bound";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let draws = (self.images * self.samples) as f64;
        let once = multiply_adds(&self.shape) / 2.0 / PACE.0 + self.shape.pixels as f64 * PACE.1;
        Ok(Cost { seconds: draws * once + 0.1, bytes: (self.images * 3200) as u64 + (96 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let vae = read_vae(&self.shape, bench, 0)?;
        let [_, test] = self.binarised.sets(data, 1, self.images)?;
        let test = test.to_matrix();
        let seed = Seed::new(self.seed).child("importance", self.samples as u64);
        let mut bounds: Vec<f64> = Vec::with_capacity(test.cols());
        for (block, begin) in (0..test.cols()).step_by(BLOCK).enumerate() {
            let end = (begin + BLOCK).min(test.cols());
            let bytes = bench.stage(&format!("bounds-{:03}.safetensors", block + 1), |bench| {
                bench.say(&format!("{} samples for image {begin} of {}", self.samples, test.cols()));
                let mut own = Vec::with_capacity(end - begin);
                for image in begin..end {
                    bench.check_interrupt()?;
                    let seed = seed.child("image", image as u64);
                    own.push(importance::bound(&vae, &test.gather(&[image]), self.samples, seed) as f32);
                }
                let tensors = vec![Tensor::from_f32("bounds", vec![own.len()], own)];
                Ok(Snapshot { epoch: 0, tensors }.encode(""))
            })?;
            let (file, _) = Snapshot::decode(&bytes).context("the bounds of a block")?;
            bounds.extend(file.f32s("bounds")?.iter().map(|&x| f64::from(x)));
        }
        let mean = |all: &[f64]| all.iter().sum::<f64>() / all.len() as f64;
        let found = bootstrap(&bounds, &mut seed.child("resampled", 0).stream(), mean);
        interval("bound", found, &[], &mut bench.rows);
        bench.rows.push("importance_samples", self.samples as f64, &[]);
        bench.rows.push("bounded_images", bounds.len() as f64, &[]);
        Ok(())
    }
}
