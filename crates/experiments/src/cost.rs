//! How fast one thread of the reference machine is: the one table of speeds that jobs estimate their seconds from.
//!
//! The speeds were fitted to the times of the points of the quick profile. They shape plans and progress bars alone, never a
//! result.

/// Stacks on letters: weights times samples in a second of CD-1.
pub const TRAINED: f64 = 9e9;
/// Stacks on letters: seconds of a mini-batch that do not depend on its size.
pub const OVERHEAD: f64 = 1e-5;
/// Stacks on letters: weights times chains in a second of Gibbs sampling.
pub const SAMPLED: f64 = 4e10;

/// Networks of digits: what is done in a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Weights times images in the first layer, whose inputs are lists of the pixels that are on.
    pub first: f64,
    /// Weights times images in the other layers.
    pub rest: f64,
    /// Steps times layers, for what a step costs whatever its size.
    pub steps: f64,
}

/// Weights of a network of digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// Of the layer on the pixels; 0 where it is not trained.
    pub first: f64,
    /// Of all layers above it.
    pub rest: f64,
}

/// Mini-batches of at most so many images count as small.
const SMALL: usize = 10;
const GREEDY_SMALL: Pace = Pace { first: 1.65e10, rest: 1.07e10, steps: 2.8e5 };
const GREEDY_LARGE: Pace = Pace { first: 2.5e10, rest: 1.33e10, steps: 1.25e4 };
const DESCENT_SMALL: Pace = Pace { first: 6.6e10, rest: 1.5e10, steps: 4.2e5 };
const DESCENT_LARGE: Pace = Pace { first: 6.8e10, rest: 1.3e10, steps: 3.1e4 };

/// A network that classifies digits without learning from them.
pub const MEASURED: Pace = Pace { first: 2.2e11, rest: 5.3e10, steps: f64::INFINITY };

impl Pace {
    /// CD-1 on digits in mini-batches of this size.
    pub fn greedy(batch: usize) -> Self {
        if batch > SMALL { GREEDY_LARGE } else { GREEDY_SMALL }
    }

    /// Gradient descent of a classifier of digits in mini-batches of this size.
    pub fn descent(batch: usize) -> Self {
        if batch > SMALL { DESCENT_LARGE } else { DESCENT_SMALL }
    }

    /// Seconds for so many images through these weights, in so many steps times layers.
    pub fn seconds(&self, images: f64, weights: Weights, steps: f64) -> f64 {
        images * (weights.first / self.first + weights.rest / self.rest) + steps / self.steps
    }
}
