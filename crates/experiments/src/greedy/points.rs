//! The points of a deep belief network on digits: one a layer, shared by whoever asks for the same layer.

use super::place;
use crate::jobs::{self, Job};
use crate::point::{Estimate, Point};
use crate::source::Digits;

/// What one thread of the reference machine does in a second: weights times images in the first layer, whose inputs are
/// lists, and in the others; and steps times layers.
pub(super) struct Pace {
    pub first: f64,
    pub rest: f64,
    pub steps: f64,
}

/// Fitted to the times of the points of the quick profile.
const SMALL_BATCHES: Pace = Pace { first: 1.65e10, rest: 1.07e10, steps: 2.8e5 };
const LARGE_BATCHES: Pace = Pace { first: 2.5e10, rest: 1.33e10, steps: 1.25e4 };
/// Mini-batches of at most so many count as small.
pub(super) const SMALL: usize = 10;

impl Pace {
    /// Seconds for so many images through a first layer and others, in so many steps.
    pub fn seconds(&self, images: f64, (first, rest): (f64, f64), steps: f64) -> f64 {
        images * (first / self.first + rest / self.rest) + steps / self.steps
    }
}

/// Greedy training of some layers.
pub(super) struct Belief<'a> {
    pub digits: &'a Digits,
    /// The first so many training images.
    pub images: usize,
    /// Hidden units of each layer, bottom first.
    pub widths: &'a [usize],
    pub batch: usize,
    pub rate: f32,
    /// Passes over the images, for each layer.
    pub epochs: usize,
    pub seed: u64,
}

impl Belief<'_> {
    /// Adds the points of all layers where they are not there already; gives their places, bottom first.
    pub fn layers(&self, points: &mut Vec<Point>) -> Vec<usize> {
        let mut places: Vec<usize> = Vec::new();
        for (layer, &width) in self.widths.iter().enumerate() {
            let job = jobs::Belief {
                images: self.images,
                below: self.widths[..layer].to_vec(),
                width,
                batch: self.batch,
                rate: self.rate,
                epochs: self.epochs,
                seed: self.seed,
            };
            let below = if layer == 0 { self.digits.train.features() } else { self.widths[layer - 1] };
            let count = self.images.min(self.digits.train.len());
            let passes = (self.epochs * count) as f64;
            let pace = if self.batch > SMALL { LARGE_BATCHES } else { SMALL_BATCHES };
            let own = (below * width) as f64;
            let weights = if layer == 0 { (own, 0.0) } else { (0.0, own) };
            let inputs = if layer == 0 { count * 500 } else { count * below * 4 };
            let estimate = Estimate {
                seconds: pace.seconds(passes, weights, passes / self.batch as f64) + 0.1,
                bytes: (below * width * 4 * 5 + inputs) as u64 + (96 << 20),
            };
            let label =
                format!("layer {} × {width} of {} images, seed {}", layer + 1, self.images, self.seed);
            let needs: Vec<&Point> = places.iter().map(|&place| &points[place]).collect();
            let point = Point::new(label, Job::Belief(job), &needs, estimate, &self.digits.digest);
            places.push(place(points, point));
        }
        places
    }
}
