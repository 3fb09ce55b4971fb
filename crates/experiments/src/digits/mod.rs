//! The recipe of transport between digits: classes, generated against real, and a barycentre for each class.

mod draw;

use anyhow::{Result, ensure};

use super::belief::Belief as Layers;
use super::pretraining::Belief;
use super::{is_set, place};
use crate::draw::Finished;
use crate::experiment::{Drawn, Experiment, Settings};
use crate::jobs::digits::{ClassDistances, Origin, SampleDistance};
use crate::jobs::{ClassBarycentre, Job};
use crate::point::{Estimate, Point};
use crate::profile::{Profile, Scaled};

/// Exact distances between sets of digits, and barycentres of classes.
#[derive(Debug)]
pub struct DigitTransport {
    /// Images on both sides of a distance to held-out digits.
    pub images: Scaled<usize>,
    /// Images of each class, on both sides of a distance between classes.
    pub class_images: Scaled<usize>,
    /// The generators: a name, and the hidden units of each layer.
    pub generators: &'static [(&'static str, &'static [usize])],
    /// How their layers are trained.
    pub belief: Belief,
    /// Images that they learn from.
    pub learnt: Scaled<usize>,
    /// Gibbs steps of the top layer, from pixel noise.
    pub gibbs: Scaled<usize>,
    /// Images of a barycentre.
    pub barycentre: Scaled<usize>,
    /// Iterations of a barycentre, at most.
    pub iterations: Scaled<usize>,
    /// Weight of its entropy, in squared pixels.
    pub epsilon: f64,
}

/// The origins beside the generators, by their names in the column `origin`.
pub(crate) const TRAINING: &str = "training images";
pub(crate) const NOISE: &str = "pixel noise";
pub(crate) const MEAN: &str = "mean image";
pub(crate) const BLANK: &str = "blank paper";

/// What it takes to draw so many images of so many pixels, and to measure their distance to as many others.
fn estimate(origin: &Origin, images: usize, pixels: usize) -> Estimate {
    let (n, pixels) = (images as f64, pixels as f64);
    let (weights, gibbs) = match origin {
        Origin::Belief { widths, gibbs } => {
            let below = if widths.len() > 1 { widths[widths.len() - 2] as f64 } else { pixels };
            (below * widths.last().copied().unwrap_or(0) as f64, *gibbs as f64)
        }
        _ => (0.0, 0.0),
    };
    Estimate {
        seconds: n * n * (pixels * 1.0e-9 + 2e-7) + 2.0 * weights * n * gibbs / 1.2e11 + 0.05,
        bytes: (112 << 20) + (n * (n + 4.0 * pixels) * 8.0 + 24.0 * weights) as u64,
    }
}

/// The points of a run, each a place in the list.
struct Points {
    points: Vec<Point>,
    classes: usize,
    barycentres: Vec<usize>,
    /// Name, seed, place.
    samples: Vec<(&'static str, u64, usize)>,
}

impl DigitTransport {
    pub(super) const KEYS: &'static [&'static str] =
        &["images", "class-images", "gibbs", "epochs", "barycentre-images", "iterations", "epsilon"];

    fn amount(&self, settings: &Settings, key: &str, amount: Scaled<usize>) -> Result<usize> {
        let amount = settings.get(key, amount.at(settings.profile))?;
        ensure!(amount > 0, "{key}: expected at least 1, found 0");
        Ok(amount)
    }

    fn epsilon(&self, settings: &Settings) -> Result<f64> {
        let epsilon = settings.get("epsilon", self.epsilon)?;
        // Below, the sums of 28² costs have no digits left; above, everything is one blur.
        ensure!(
            (1e-3..=1e3).contains(&epsilon),
            "epsilon: expected 0.001 to 1000 squared pixels, found {epsilon}"
        );
        Ok(epsilon)
    }

    fn points(&self, experiment: &Experiment, settings: &Settings) -> Result<Points> {
        let digits = settings.data.digits()?;
        let digest = &digits.digest;
        let pixels = digits.train.features() as f64;
        let mut points = Vec::new();
        let images = self.amount(settings, "class-images", self.class_images)?;
        let pairs = images.min(digits.test.len() / 20) as f64;
        let estimate = Estimate {
            seconds: 55.0 * pairs * pairs * (pixels * 1.0e-9 + 1e-7) + 0.05,
            bytes: (96 << 20) + (pairs * (pairs + 4.0 * pixels) * 8.0) as u64,
        };
        let label = format!("distances of classes, {images} images each");
        let classes = Job::ClassDistances(ClassDistances { images });
        let classes = place(&mut points, Point::new(label, classes, &[], estimate, digest));
        let mut list = Points { points, classes, barycentres: Vec::new(), samples: Vec::new() };

        let images = self.amount(settings, "barycentre-images", self.barycentre)?;
        let iterations = self.amount(settings, "iterations", self.iterations)?;
        let epsilon = self.epsilon(settings)?;
        for class in 0..10 {
            let estimate =
                Estimate { seconds: 1.1e-3 * (images * iterations) as f64 + 0.1, bytes: 112 << 20 };
            let job = ClassBarycentre { class, images, epsilon, iterations };
            let label = format!("barycentre of {images} images of {class}");
            let point = Point::new(label, Job::ClassBarycentre(job), &[], estimate, digest);
            list.barycentres.push(place(&mut list.points, point));
        }
        for seed in experiment.seeds(settings) {
            self.samples(settings, seed, &mut list)?;
        }
        Ok(list)
    }

    /// What is held against held-out digits, for one seed.
    fn samples(&self, settings: &Settings, seed: u64, list: &mut Points) -> Result<()> {
        let digits = settings.data.digits()?;
        let pixels = digits.train.features();
        let images = self.amount(settings, "images", self.images)?;
        let gibbs = self.amount(settings, "gibbs", self.gibbs)?;
        let mut origins: Vec<(&'static str, Origin, Vec<usize>)> = Vec::new();
        for &(name, widths) in self.generators {
            let layers = Layers {
                digits: &digits,
                images: self.learnt.at(settings.profile),
                widths,
                batch: self.belief.batch,
                rate: self.belief.rate,
                epochs: self.amount(settings, "epochs", self.belief.epochs)?,
                seed,
            };
            let places = layers.layers(&mut list.points);
            origins.push((name, Origin::Belief { widths: widths.to_vec(), gibbs }, places));
        }
        for (name, origin) in [
            (TRAINING, Origin::Training),
            (NOISE, Origin::Noise),
            (BLANK, Origin::Blank),
            (MEAN, Origin::Mean),
        ] {
            origins.push((name, origin, Vec::new()));
        }
        for (name, origin, needs) in origins {
            let estimate = estimate(&origin, images.min(digits.test.len()), pixels);
            let needs: Vec<&Point> = needs.iter().map(|&place| &list.points[place]).collect();
            let job = Job::SampleDistance(SampleDistance { origin, images, seed });
            let label = format!("{name} against {images} held-out digits, seed {seed}");
            let point = Point::new(label, job, &needs, estimate, &digits.digest);
            let at = place(&mut list.points, point);
            list.samples.push((name, seed, at));
        }
        Ok(())
    }

    pub(super) fn plan(&self, experiment: &Experiment, settings: &Settings) -> Result<Vec<Point>> {
        Ok(self.points(experiment, settings)?.points)
    }

    pub(super) fn draw(
        &self,
        experiment: &Experiment,
        settings: &Settings,
        finished: &Finished<'_>,
    ) -> Result<Drawn> {
        draw::draw(self, experiment, settings, finished)
    }

    pub(super) fn hyperparameters(&self, settings: &Settings) -> Vec<(String, String)> {
        let amount = |key: &str, amount: Scaled<usize>| {
            self.amount(settings, key, amount).map_or_else(|_| "–".into(), |n| n.to_string())
        };
        let networks = self.generators.iter().map(|(name, widths)| {
            let widths: Vec<String> = widths.iter().map(usize::to_string).collect();
            format!("{name} {}", widths.join("–"))
        });
        vec![
            ("images of each side".into(), amount("images", self.images)),
            ("images of each class and side".into(), amount("class-images", self.class_images)),
            ("cost".into(), "pixels that differ, in black and white (squared distance)".into()),
            ("generators".into(), networks.collect::<Vec<_>>().join(", ")),
            (
                "their training".into(),
                format!(
                    "CD-1, {} images, {} epochs a layer, batch {}, rate {}",
                    self.learnt.at(settings.profile),
                    amount("epochs", self.belief.epochs),
                    self.belief.batch,
                    self.belief.rate
                ),
            ),
            ("Gibbs steps from pixel noise".into(), amount("gibbs", self.gibbs)),
            ("images of a barycentre".into(), amount("barycentre-images", self.barycentre)),
            ("its iterations, at most".into(), amount("iterations", self.iterations)),
            (
                "its ε".into(),
                self.epsilon(settings).map_or_else(|_| "–".into(), |e| format!("{e} squared pixels")),
            ),
        ]
    }

    pub(super) fn cuts(&self, settings: &Settings) -> Vec<String> {
        let cut = |key: &str, what: &str, amount: Scaled<usize>| {
            let (here, paper) = (amount.at(settings.profile), amount.at(Profile::Paper));
            (here != paper && !is_set(settings, key)).then(|| format!("{here} {what} instead of {paper}"))
        };
        [
            cut("images", "images of each side", self.images),
            cut("class-images", "images of each class and side", self.class_images),
            cut("", "images to learn from", self.learnt),
            cut("epochs", "epochs a layer", self.belief.epochs),
            cut("gibbs", "Gibbs steps", self.gibbs),
            cut("barycentre-images", "images of a barycentre", self.barycentre),
            cut("iterations", "iterations of a barycentre", self.iterations),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
