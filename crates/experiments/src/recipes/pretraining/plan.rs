//! From shapes and curves to points: shared layers once, and a twin that chooses epochs where no image is left over.

use anyhow::Result;

use super::{Curve, Pretraining, Shape};
use crate::experiment::{Experiment, Settings};
use crate::jobs::classifier::Start;
use crate::jobs::{self, Classifier, Job};
use crate::point::{Estimate, Point};
use crate::recipes::place;
use crate::source::Digits;

/// All points, and which of them belong to which network.
pub(super) struct Points {
    pub points: Vec<Point>,
    pub trained: Vec<Trained>,
}

/// The points of one network, by their place in the list.
pub(super) struct Trained {
    pub shape: Shape,
    pub curve: Curve,
    pub seed: u64,
    pub network: usize,
    /// The network that learns without held-out images, if the network itself learns from all there are.
    pub twin: Option<usize>,
}

/// What one thread of the reference machine does in a second: weights times images in the first layer, whose inputs are
/// lists, and in the others; and steps times layers.
struct Pace {
    first: f64,
    rest: f64,
    steps: f64,
}

/// Fitted to the times of the points of the quick profile.
const SMALL_STEPS: Pace = Pace { first: 6.6e10, rest: 1.5e10, steps: 4.2e5 };
const LARGE_STEPS: Pace = Pace { first: 6.8e10, rest: 1.3e10, steps: 3.1e4 };
const MEASURED: Pace = Pace { first: 2.2e11, rest: 5.3e10, steps: f64::INFINITY };
const SMALL_BELIEFS: Pace = Pace { first: 1.65e10, rest: 1.07e10, steps: 2.8e5 };
const LARGE_BELIEFS: Pace = Pace { first: 2.5e10, rest: 1.33e10, steps: 1.25e4 };
/// Mini-batches of at most so many count as small.
const SMALL: usize = 10;

impl Pace {
    /// Seconds for so many images through a first layer and others, in so many steps.
    fn seconds(&self, images: f64, (first, rest): (f64, f64), steps: f64) -> f64 {
        images * (first / self.first + rest / self.rest) + steps / self.steps
    }
}

pub(super) fn points(recipe: &Pretraining, experiment: &Experiment, settings: &Settings) -> Result<Points> {
    let digits = settings.data.digits()?;
    let mut list = Points { points: Vec::new(), trained: Vec::new() };
    let shapes = recipe.shapes(settings)?;
    for seed in experiment.seeds(settings) {
        for shape in &shapes {
            for curve in recipe.curves {
                let desk = Desk { recipe, settings, digits: &digits, seed };
                list.add(&desk, shape, curve)?;
            }
        }
    }
    Ok(list)
}

/// What all points of one seed share.
struct Desk<'a> {
    recipe: &'a Pretraining,
    settings: &'a Settings,
    digits: &'a Digits,
    seed: u64,
}

impl Desk<'_> {
    fn pixels(&self) -> usize {
        self.digits.train.features()
    }

    /// Weights of the first hidden layer, and of the others.
    fn weights(&self, shape: &Shape) -> (f64, f64) {
        ((self.pixels() * shape.units) as f64, ((shape.layers - 1) * shape.units * shape.units) as f64)
    }
}

impl Points {
    fn add(&mut self, desk: &Desk<'_>, shape: &Shape, curve: &Curve) -> Result<()> {
        let without = desk.digits.held_out().start;
        let network = self.network(desk, shape, curve, shape.images)?;
        let twin = match shape.images > without {
            true => Some(self.network(desk, shape, curve, without)?),
            false => None,
        };
        self.trained.push(Trained { shape: *shape, curve: *curve, seed: desk.seed, network, twin });
        Ok(())
    }

    fn network(&mut self, desk: &Desk<'_>, shape: &Shape, curve: &Curve, images: usize) -> Result<usize> {
        let layers = match curve.start {
            Start::Pretrained => self.layers(desk, shape)?,
            Start::Small | Start::He => Vec::new(),
        };
        let (epochs, batch) = (
            desk.recipe.epochs(curve, desk.settings)? * shape.epochs,
            desk.recipe.batch(curve, desk.settings)?,
        );
        let job = Classifier {
            images,
            hidden: vec![shape.units; shape.layers],
            start: curve.start,
            activation: curve.activation,
            dropout: curve.dropout,
            descent: desk.recipe.learning(curve, desk.settings)?,
            batch,
            epochs,
            seed: desk.seed,
        };
        let weights = desk.weights(shape);
        let images = images.min(desk.digits.train.len());
        let passes = (epochs * images) as f64;
        let measured = (desk.digits.test.len() + desk.digits.held_out().len() + images.min(5000)) * epochs;
        let pace = if batch > SMALL { LARGE_STEPS } else { SMALL_STEPS };
        let steps = passes / batch as f64 * (shape.layers + 1) as f64;
        let estimate = Estimate {
            seconds: pace.seconds(passes, weights, steps)
                + MEASURED.seconds(measured as f64, weights, 0.0)
                + 0.1,
            bytes: (weights.0 + weights.1) as u64 * 4 * 6
                + (images + desk.digits.test.len()) as u64 * 1100
                + (96 << 20),
        };
        let label = format!(
            "{} × {} {}, {} images, seed {}",
            shape.layers, shape.units, curve.name, images, desk.seed
        );
        let needs: Vec<&Point> = layers.iter().map(|&place| &self.points[place]).collect();
        let point = Point::new(label, Job::Classifier(job), &needs, estimate, &desk.digits.digest);
        Ok(place(&mut self.points, point))
    }

    /// The points of the layers of a deep belief network, bottom first.
    fn layers(&mut self, desk: &Desk<'_>, shape: &Shape) -> Result<Vec<usize>> {
        let images = shape.unlabelled.unwrap_or(shape.images);
        let belief = &desk.recipe.belief;
        let epochs = desk.recipe.belief_epochs(desk.settings)?;
        let mut places: Vec<usize> = Vec::new();
        for layer in 0..shape.layers {
            let job = jobs::Belief {
                images,
                below: vec![shape.units; layer],
                width: shape.units,
                batch: belief.batch,
                rate: belief.rate,
                epochs,
                seed: desk.seed,
            };
            let below = if layer == 0 { desk.pixels() } else { shape.units };
            let count = images.min(desk.digits.train.len());
            let passes = (epochs * count) as f64;
            let pace = if belief.batch > SMALL { LARGE_BELIEFS } else { SMALL_BELIEFS };
            let own = (below * shape.units) as f64;
            let weights = if layer == 0 { (own, 0.0) } else { (0.0, own) };
            let inputs = if layer == 0 { count * 500 } else { count * below * 4 };
            let estimate = Estimate {
                seconds: pace.seconds(passes, weights, passes / belief.batch as f64) + 0.1,
                bytes: (below * shape.units * 4 * 5 + inputs) as u64 + (96 << 20),
            };
            let label =
                format!("layer {} × {} of {images} images, seed {}", layer + 1, shape.units, desk.seed);
            let needs: Vec<&Point> = places.iter().map(|&place| &self.points[place]).collect();
            let point = Point::new(label, Job::Belief(job), &needs, estimate, &desk.digits.digest);
            places.push(place(&mut self.points, point));
        }
        Ok(places)
    }
}
