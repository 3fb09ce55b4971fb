//! The recipes: typed hyperparameters, one variant for each kind of figure.

pub mod alpha;
mod belief;
mod binarise;
pub mod colour_transfer;
mod desserts;
pub(crate) mod digit_transport;
pub mod pretraining;
mod toy;

use anyhow::Result;

pub use alpha::Alpha;
pub use binarise::Binarise;
pub use colour_transfer::ColourTransfer;
pub use desserts::Desserts;
pub use digit_transport::DigitTransport;
pub use pretraining::Pretraining;
pub use toy::Toy;

use crate::draw::Finished;
use crate::experiment::{Drawn, Experiment, Settings};
use crate::point::Point;

/// What an experiment trains and how it is drawn.
#[derive(Debug)]
pub enum Recipe {
    /// Variants of one model of AlphaDigits, side by side.
    Alpha(Alpha),
    /// Networks of several shapes on MNIST, each from several starts.
    Pretraining(Pretraining),
    /// Digits in grey over black and white.
    Binarise(Binarise),
    /// Desserts for guests.
    Desserts(Desserts),
    /// Transport between sets of digits.
    DigitTransport(DigitTransport),
    /// Colours of one picture in another.
    ColourTransfer(ColourTransfer),
    /// The smallest recipe there is: the engine's own tests run it.
    Toy(Toy),
}

impl Recipe {
    /// The points of an experiment, for all its seeds; needed points come with those that need them.
    ///
    /// # Errors
    /// If a `--set` value is not of its type, or the data are missing.
    pub fn plan(&self, experiment: &Experiment, settings: &Settings) -> Result<Vec<Point>> {
        match self {
            Self::Alpha(alpha) => alpha.plan(experiment, settings),
            Self::Pretraining(recipe) => recipe.plan(experiment, settings),
            Self::Binarise(recipe) => recipe.plan(settings),
            Self::Desserts(recipe) => recipe.plan(settings),
            Self::DigitTransport(recipe) => recipe.plan(experiment, settings),
            Self::ColourTransfer(recipe) => recipe.plan(experiment, settings),
            Self::Toy(toy) => toy.plan(experiment, settings),
        }
    }

    /// Tables, figures and evidence from finished points; no training.
    ///
    /// # Errors
    /// If a point's file is not as expected.
    pub fn draw(
        &self,
        experiment: &Experiment,
        settings: &Settings,
        finished: &Finished<'_>,
    ) -> Result<Drawn> {
        match self {
            Self::Alpha(alpha) => alpha.draw(experiment, settings, finished),
            Self::Pretraining(recipe) => recipe.draw(experiment, settings, finished),
            Self::Binarise(recipe) => recipe.draw(experiment, settings, finished),
            Self::Desserts(recipe) => recipe.draw(experiment, settings, finished),
            Self::DigitTransport(recipe) => recipe.draw(experiment, settings, finished),
            Self::ColourTransfer(recipe) => recipe.draw(experiment, settings, finished),
            Self::Toy(toy) => toy.draw(experiment, settings, finished),
        }
    }

    /// Every hyperparameter and amount as a reader wants to see it, in order.
    pub fn hyperparameters(&self, settings: &Settings) -> Vec<(String, String)> {
        match self {
            Self::Alpha(alpha) => alpha.hyperparameters(settings),
            Self::Pretraining(recipe) => recipe.hyperparameters(settings),
            Self::Binarise(recipe) => vec![("images".into(), recipe.images.to_string())],
            Self::Desserts(recipe) => recipe.hyperparameters(settings),
            Self::DigitTransport(recipe) => recipe.hyperparameters(settings),
            Self::ColourTransfer(recipe) => recipe.hyperparameters(settings),
            Self::Toy(toy) => toy.hyperparameters(settings),
        }
    }

    /// What this profile cuts against the report, one sentence each; empty for the paper profile.
    pub fn cuts(&self, settings: &Settings) -> Vec<String> {
        match self {
            Self::Alpha(alpha) => alpha.cuts(settings),
            Self::Pretraining(recipe) => recipe.cuts(settings),
            Self::Binarise(_) | Self::Desserts(_) => Vec::new(),
            Self::DigitTransport(recipe) => recipe.cuts(settings),
            Self::ColourTransfer(recipe) => recipe.cuts(settings),
            Self::Toy(toy) => toy.cuts(settings),
        }
    }

    /// The data sets that its points read, by the names that a reader knows.
    pub fn data_sets(&self) -> &'static [&'static str] {
        match self {
            Self::Alpha(_) => &["Binary AlphaDigits"],
            Self::Pretraining(_) | Self::Binarise(_) | Self::DigitTransport(_) => &["MNIST"],
            Self::Desserts(_) | Self::ColourTransfer(_) | Self::Toy(_) => &[],
        }
    }

    /// The hyperparameters that `--set` accepts.
    pub fn keys(&self) -> Vec<&'static str> {
        match self {
            Self::Alpha(alpha) => alpha.keys(),
            Self::Pretraining(recipe) => recipe.keys(),
            Self::Binarise(_) => Binarise::KEYS.to_vec(),
            Self::Desserts(_) => Desserts::KEYS.to_vec(),
            Self::DigitTransport(_) => DigitTransport::KEYS.to_vec(),
            Self::ColourTransfer(_) => ColourTransfer::KEYS.to_vec(),
            Self::Toy(_) => Toy::KEYS.to_vec(),
        }
    }
}

/// The place of a point in the list, where it may be already.
fn place(points: &mut Vec<Point>, point: Point) -> usize {
    points.iter().position(|other| other.key == point.key).unwrap_or_else(|| {
        points.push(point);
        points.len() - 1
    })
}

/// Whether the command line set this hyperparameter: then no profile cut it.
fn is_set(settings: &Settings, key: &str) -> bool {
    settings.set.iter().any(|(set, _)| set == key)
}

/// Lower-case letters, digits and hyphens.
fn slug(text: &str) -> String {
    let kept = text.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    kept.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// The mean over seeds with their range; a metric that was not measured gives none.
fn point(x: f64, values: &[f64]) -> Option<report::Point> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    match values {
        [] => None,
        [one] => Some(report::Point::new(x, *one)),
        many => {
            let low = many.iter().copied().fold(f64::INFINITY, f64::min);
            let high = many.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            Some(report::Point::with_band(x, mean, low, high))
        }
    }
}
