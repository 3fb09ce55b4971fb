//! From shapes and curves to points: shared layers once, and a twin that chooses epochs where no image is left over.

use anyhow::Result;

use super::{Curve, Pretraining, Shape};
use crate::experiment::{Experiment, Settings};
use crate::jobs::classifier::Start;
use crate::jobs::{Classifier, Job};
use crate::point::{Estimate, Point};
use crate::recipes::belief::{Belief, Pace, SMALL};
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

/// Fitted to the times of the points of the quick profile.
const SMALL_STEPS: Pace = Pace { first: 6.6e10, rest: 1.5e10, steps: 4.2e5 };
const LARGE_STEPS: Pace = Pace { first: 6.8e10, rest: 1.3e10, steps: 3.1e4 };
const MEASURED: Pace = Pace { first: 2.2e11, rest: 5.3e10, steps: f64::INFINITY };

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
            Start::Random(_) => Vec::new(),
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
            descent: desk.recipe.descent(curve, desk.settings)?,
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
        let belief = Belief {
            digits: desk.digits,
            images: shape.unlabelled.unwrap_or(shape.images),
            widths: &vec![shape.units; shape.layers],
            batch: desk.recipe.belief.batch,
            rate: desk.recipe.belief.rate,
            epochs: desk.recipe.belief_epochs(desk.settings)?,
            seed: desk.seed,
        };
        Ok(belief.layers(&mut self.points))
    }
}
