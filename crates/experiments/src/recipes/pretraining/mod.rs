//! The recipe of the question whether pretraining helps: networks of several shapes, each trained from several starts.
//!
//! Every shape is trained along several [`Curve`]s: on the layers of a deep belief network, from small random weights, and
//! as a tuned random baseline. Shapes share the layers that they have in common. Errors are given at the last epoch, at
//! the epoch that held-out training images choose, and at the best epoch on the test images, each under its own name.

mod draw;
mod figures;
mod plan;

use anyhow::{Result, ensure};
use feedforward::Activation;
use train::Descent;

use crate::draw::Finished;
use crate::experiment::{Drawn, Experiment, Settings};
use crate::jobs::classifier::Start;
use crate::point::Point;
use crate::profile::{Profile, Scaled};
use crate::recipes::is_set;

/// One swept quantity, several starts.
#[derive(Debug)]
pub struct Pretraining {
    /// The column of the swept quantity: "layers", "units", "images", "network".
    pub sweep: &'static str,
    /// The label of its axis.
    pub axis: Axis,
    /// The networks that a profile trains.
    pub shapes: Scaled<&'static [Shape]>,
    /// How the layers of the deep belief network are trained.
    pub belief: Belief,
    /// The starts of each network.
    pub curves: &'static [Curve],
}

/// The axis of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Even steps.
    Linear(&'static str),
    /// Equal ratios.
    Log(&'static str),
    /// Names: the shapes' own.
    Names(&'static str),
}

/// One network and the images it learns from.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The swept value, for tables and claims.
    pub value: &'static str,
    /// The swept value as a number, for curves.
    pub x: f64,
    /// Hidden layers.
    pub layers: usize,
    /// Hidden units of each.
    pub units: usize,
    /// Labelled training images, the first ones.
    pub images: usize,
    /// Images that the deep belief network learns from, if others than the labelled.
    pub unlabelled: Option<usize>,
    /// How often the epochs of each curve, for sets so small that an epoch is a few steps.
    pub epochs: usize,
    /// The error that the report gives for the pretrained network.
    pub reported: Option<f64>,
}

/// Greedy pretraining by CD-1.
#[derive(Clone, Copy, Debug)]
pub struct Belief {
    /// Passes over the images for each layer.
    pub epochs: Scaled<usize>,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Learning rate.
    pub rate: f32,
}

/// One way to train a network.
#[derive(Clone, Copy, Debug)]
pub struct Curve {
    /// Its name in figures and in the column `start`.
    pub name: &'static str,
    /// Where weights begin.
    pub start: Start,
    /// Of the hidden units.
    pub activation: Activation,
    /// Share of hidden units silenced in training.
    pub dropout: f32,
    /// Rule and rate.
    pub descent: Descent,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Passes over the images.
    pub epochs: Scaled<usize>,
}

impl Pretraining {
    /// What `--set` accepts.
    pub(super) fn keys(&self) -> Vec<&'static str> {
        let shapes = self.shapes.paper;
        let shared = shapes.iter().all(|shape| shape.images == shapes[0].images);
        let images = shared.then_some("images");
        images.into_iter().chain(["pretraining-epochs", "epochs", "batch", "rate"]).collect()
    }

    fn shapes(&self, settings: &Settings) -> Result<Vec<Shape>> {
        let shapes = self.shapes.at(settings.profile).iter().map(|shape| {
            let images = settings.get("images", shape.images)?;
            ensure!(images > 0, "images: expected at least 1, found 0");
            for curve in self.curves {
                let batch = self.batch(curve, settings)?;
                ensure!(batch > 0, "batch: expected at least 1, found 0");
                ensure!(
                    batch <= images,
                    "batch: expected at most the {images} training images, found {batch}"
                );
                ensure!(self.epochs(curve, settings)? > 0, "epochs: expected at least 1, found 0");
                self.descent(curve, settings)?;
            }
            ensure!(self.belief_epochs(settings)? > 0, "pretraining-epochs: expected at least 1, found 0");
            Ok(Shape { images, ..*shape })
        });
        shapes.collect()
    }

    fn batch(&self, curve: &Curve, settings: &Settings) -> Result<usize> {
        settings.get("batch", curve.batch)
    }

    fn epochs(&self, curve: &Curve, settings: &Settings) -> Result<usize> {
        settings.get("epochs", curve.epochs.at(settings.profile))
    }

    fn descent(&self, curve: &Curve, settings: &Settings) -> Result<Descent> {
        let rate = settings.get("rate", curve.descent.rate)?;
        ensure!(rate.is_finite() && rate >= 0.0, "rate: expected a number of at least 0, found {rate}");
        Ok(Descent { rate, ..curve.descent })
    }

    fn belief_epochs(&self, settings: &Settings) -> Result<usize> {
        settings.get("pretraining-epochs", self.belief.epochs.at(settings.profile))
    }

    pub(super) fn plan(&self, experiment: &Experiment, settings: &Settings) -> Result<Vec<Point>> {
        Ok(plan::points(self, experiment, settings)?.points)
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
        let Ok(shapes) = self.shapes(settings) else { return Vec::new() };
        let each = |f: fn(&Shape) -> usize| {
            let mut values: Vec<usize> = shapes.iter().map(f).collect();
            values.dedup();
            values.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
        };
        let mut list = vec![
            ("hidden layers".to_owned(), each(|s| s.layers)),
            ("hidden units a layer".to_owned(), each(|s| s.units)),
            ("labelled training images".to_owned(), each(|s| s.images)),
            (
                "pretraining".to_owned(),
                format!(
                    "CD-1, sampled states, {} epochs a layer, batch {}, rate {}",
                    self.belief_epochs(settings).unwrap_or_default(),
                    self.belief.batch,
                    self.belief.rate
                ),
            ),
        ];
        for curve in self.curves {
            let (epochs, batch) = (self.epochs(curve, settings), self.batch(curve, settings));
            let (Ok(epochs), Ok(batch), Ok(descent)) = (epochs, batch, self.descent(curve, settings)) else {
                continue;
            };
            list.push((curve.name.to_owned(), describe(&Curve { descent, ..*curve }, epochs, batch)));
        }
        list
    }

    pub(super) fn cuts(&self, settings: &Settings) -> Vec<String> {
        let mut cuts = Vec::new();
        if settings.profile == Profile::Paper {
            return cuts;
        }
        let (paper, here) = (self.shapes.at(Profile::Paper), self.shapes.at(settings.profile));
        let left_out: Vec<&str> =
            paper.iter().filter(|p| !here.iter().any(|h| h.value == p.value)).map(|p| p.value).collect();
        if !left_out.is_empty() {
            cuts.push(format!(
                "{} of {} networks; left out: {}",
                here.len(),
                paper.len(),
                left_out.join(", ")
            ));
        }
        let most = |shapes: &[Shape]| shapes.iter().map(|shape| shape.images).max().unwrap_or(0);
        if most(here) < most(paper) && !is_set(settings, "images") {
            cuts.push(format!("at most {} training images instead of {}", most(here), most(paper)));
        }
        let mut amount = |what: String, epochs: Scaled<usize>| {
            let (now, full) = (epochs.at(settings.profile), epochs.at(Profile::Paper));
            if now < full {
                cuts.push(format!("{now} epochs of {what} instead of {full}"));
            }
        };
        if !is_set(settings, "pretraining-epochs") {
            amount("pretraining".into(), self.belief.epochs);
        }
        for curve in self.curves.iter().filter(|_| !is_set(settings, "epochs")) {
            amount(format!("“{}”", curve.name), curve.epochs);
        }
        cuts
    }
}

fn describe(curve: &Curve, epochs: usize, batch: usize) -> String {
    let start = match curve.start {
        Start::Pretrained => "on pretrained layers".to_owned(),
        Start::Random(init) => format!("from {init}"),
    };
    let (units, rule) = (curve.activation, curve.descent);
    let dropout = if curve.dropout > 0.0 { format!(", dropout {}", curve.dropout) } else { String::new() };
    format!("{start}, {units}, {rule}, batch {batch}, {epochs} epochs{dropout}")
}
