//! How many labels a network names: of the images that it learnt from, of the first 100 test images as the report counts, and
//! of all test images.

use anyhow::Result;
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::Seed;

use super::network::{Labelled, WAYS, WEIGHTS, named, read_network, record};
use crate::data::{Data, Reads};
use crate::job::{Cost, Job};

/// The labels that a network names, exactly and by Gibbs steps at the top.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recognise {
    /// The first so many training images, all of which the network has learnt from.
    pub trained: usize,
    /// The first so many test images.
    pub tested: usize,
    /// Gibbs steps.
    pub sweeps: usize,
    /// Seed of the Gibbs steps.
    pub seed: u64,
}

/// Test images that the report counts on.
pub const FEW: usize = 100;
/// The texts of the column `set`.
pub const TRAINING: &str = "training images";
/// All test images that a profile takes.
pub const TEST: &str = "test images";
/// The first [`FEW`] of them.
pub const TEST_FEW: &str = "first 100 test images";
/// Seconds of an image: through the network, and of a Gibbs step.
const PACE: (f64, f64) = (1.5e-3, 3e-5);

/// Seconds to name labels of so many images.
pub fn seconds(images: usize, sweeps: usize) -> f64 {
    images as f64 * (PACE.0 + PACE.1 * sweeps as f64)
}

impl Job for Recognise {
    const KIND: &'static str = "label-recognise";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let images = self.trained + self.tested;
        let weights: usize = WEIGHTS.iter().sum();
        let bytes = (self.trained.max(self.tested) * 784 * 4 + weights * 16) as u64 + (96 << 20);
        Ok(Cost { seconds: seconds(images, self.sweeps) + 0.1, bytes })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let dbn = read_network(0, bench)?;
        let seed = Seed::new(self.seed).child("recognise", 0);
        let train = Labelled::train(data, self.trained)?;
        for (by, hits) in WAYS.iter().zip(named(&dbn, &train, self.sweeps, seed.child("train", 0), bench)?) {
            record(&hits, &[("set", &TRAINING), ("by", by)], bench);
        }
        drop(train);
        let test = Labelled::test(data, self.tested)?;
        for (by, hits) in WAYS.iter().zip(named(&dbn, &test, self.sweeps, seed.child("test", 0), bench)?) {
            record(&hits, &[("set", &TEST), ("by", by)], bench);
            record(&hits[..FEW.min(hits.len())], &[("set", &TEST_FEW), ("by", by)], bench);
        }
        Ok(())
    }
}
