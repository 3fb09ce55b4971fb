//! How a generator and its critic play, and what a stretch of their game has shown.

use feedforward::Network;
use train::Descent;

use crate::adversaries::Seen;
use crate::objective::Objective;

/// How both learn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contest {
    /// What each wants.
    pub objective: Objective,
    /// Steps of the critic for one of the generator.
    pub critic_steps: usize,
    /// The generator's rule, rate and decay.
    pub generator: Descent,
    /// The critic's.
    pub critic: Descent,
}

/// What the first step of all showed: the critic, the generator, and the generator after it.
pub type First = ([Seen; 2], Network);

/// What a stretch has seen so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Course {
    sums: [Seen; 2],
    steps: usize,
    pub first: Option<First>,
}

impl Course {
    pub fn begin(&mut self) {
        (self.sums, self.steps) = ([Seen::default(); 2], 0);
    }

    pub fn add(&mut self, seen: [Seen; 2]) {
        self.sums.iter_mut().zip(seen).for_each(|(sum, seen)| sum.add(seen, 1.0));
        self.steps += 1;
    }

    pub fn measure(&self, metrics: &mut Vec<(&'static str, f64)>) {
        let n = self.steps.max(1) as f64;
        let [critic, generator] = self.sums;
        metrics.extend([
            ("critic_loss", critic.loss / n),
            ("critic_accuracy", critic.accuracy / n),
            ("generator_loss", generator.loss / n),
            ("generator_accuracy", generator.accuracy / n),
        ]);
    }
}
