//! What both codes keep beside the weights: how the layer descends, and the costs of the epoch so far.

use train::{Descent, Epoch};

use super::Cost;

/// A descent, its place, and what the epoch has cost.
pub(super) struct Course {
    pub descent: Descent,
    pub epoch: Epoch,
    pub steps: u64,
    samples: f64,
    total: Cost,
}

impl Course {
    pub fn new(descent: Descent) -> Self {
        Self { descent, epoch: Epoch::default(), steps: 0, samples: 0.0, total: Cost::default() }
    }

    pub fn begin(&mut self, epoch: Epoch) {
        (self.epoch, self.samples, self.total) = (epoch, 0.0, Cost::default());
    }

    pub fn add(&mut self, cost: Cost, samples: usize) {
        let n = samples as f64;
        self.samples += n;
        self.total.reconstruction += cost.reconstruction * n;
        self.total.penalty += cost.penalty * n;
    }

    pub fn measure(&self, metrics: &mut Vec<(&'static str, f64)>) {
        let mean = |total: f64| total / self.samples;
        let Cost { reconstruction, penalty } = self.total;
        metrics.extend([("reconstruction", mean(reconstruction)), ("penalty", mean(penalty))]);
    }
}
