//! From shapes and curves to points: shared layers once, and a twin that chooses epochs where no image is left over.

use anyhow::Result;

use super::{Curve, Pretraining, Shape};
use crate::experiment::{Experiment, Settings};
use crate::jobs::classifier::Start;
use crate::jobs::{self, Classifier, Job};
use crate::point::{Estimate, Point};
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

/// Multiply-adds that one thread of the reference machine does in a second: of CD-1, of descent with small mini-batches
/// and with large ones, and of measuring.
const CONTRASTIVE: f64 = 2.6e10;
const SMALL_STEPS: f64 = 4.5e10;
const LARGE_STEPS: f64 = 4.5e10;
const MEASURED: f64 = 5e10;
/// Seconds of a step that do not depend on its size.
const STEP: f64 = 2e-6;

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

    /// Weights of the hidden layers.
    fn weights(&self, shape: &Shape) -> f64 {
        (self.pixels() * shape.units + (shape.layers - 1) * shape.units * shape.units) as f64
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
        let rate = if batch > 10 { LARGE_STEPS } else { SMALL_STEPS };
        let estimate = Estimate {
            seconds: passes * weights * 3.0 / rate
                + passes / batch as f64 * STEP * (shape.layers + 1) as f64
                + measured as f64 * weights / MEASURED
                + 0.3,
            bytes: weights as u64 * 4 * 6 + (images + desk.digits.test.len()) as u64 * 1100 + (96 << 20),
        };
        let label = format!(
            "{} × {} {}, {} images, seed {}",
            shape.layers, shape.units, curve.name, images, desk.seed
        );
        let needs: Vec<&Point> = layers.iter().map(|&place| &self.points[place]).collect();
        let point = Point::new(label, Job::Classifier(job), &needs, estimate, &desk.digits.digest);
        Ok(self.place(point))
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
            let estimate = Estimate {
                seconds: passes * (below * shape.units) as f64 * 2.0 / CONTRASTIVE
                    + passes / belief.batch as f64 * STEP * 4.0
                    + 0.3,
                bytes: (below * shape.units * 4 * 5
                    + if layer == 0 { count * 500 } else { count * below * 4 }) as u64
                    + (96 << 20),
            };
            let label =
                format!("layer {} × {} of {images} images, seed {}", layer + 1, shape.units, desk.seed);
            let needs: Vec<&Point> = places.iter().map(|&place| &self.points[place]).collect();
            let point = Point::new(label, Job::Belief(job), &needs, estimate, &desk.digits.digest);
            places.push(self.place(point));
        }
        Ok(places)
    }

    /// The place of a point in the list, where it may be already.
    fn place(&mut self, point: Point) -> usize {
        self.points.iter().position(|other| other.key == point.key).unwrap_or_else(|| {
            self.points.push(point);
            self.points.len() - 1
        })
    }
}
