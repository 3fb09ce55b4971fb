//! A mixture of independent pixels on the same digits: what a machine's likelihood stands beside.

use anyhow::Result;
use energy::BernoulliMixture;
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::Seed;

use super::binarised::Binarised;
use crate::data::{Data, Reads};
use crate::job::{Cost, Job};

/// One mixture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mixture {
    /// The first so many training images.
    pub images: usize,
    /// In black and white, how.
    pub binarised: Binarised,
    /// Test images.
    pub test: usize,
    /// Components; one is independent pixels.
    pub components: usize,
    /// Rounds of expectation and maximisation.
    pub rounds: usize,
    /// Seed of where components begin.
    pub seed: u64,
}

/// Multiply-adds in a second.
const PACE: f64 = 1e10;

impl Job for Mixture {
    const KIND: &'static str = "mixture";

    fn reads(&self) -> Reads {
        self.binarised.reads()
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let (images, pixels) = (self.binarised.there(data, self.images)?, self.binarised.pixels());
        let seconds = (2 * self.rounds * images * pixels * self.components) as f64 / PACE;
        Ok(Cost {
            seconds: seconds + 0.1,
            bytes: (images * (pixels * 4 + self.components * 14)) as u64 + (64 << 20),
        })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let [train, test] = self.binarised.sets(data, self.images, self.test)?.map(|set| set.to_matrix());
        let seed = Seed::new(self.seed).child("mixture", self.components as u64);
        let components = self.components.min(train.cols());
        let model = BernoulliMixture::fit(&train, components, self.rounds, seed, &mut |round, _| {
            bench.say(&format!("round {round} of {}", self.rounds));
            bench.check_interrupt()
        })?;
        let mean = |all: Vec<f64>| all.iter().sum::<f64>() / all.len() as f64;
        bench.rows.push("log_likelihood", mean(model.log_likelihood(&test)), &[]);
        bench.rows.push("log_likelihood_train", mean(model.log_likelihood(&train)), &[]);
        Ok(())
    }
}
