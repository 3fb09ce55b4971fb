//! The question whether pretraining helps: networks of several shapes, each trained under several regimes.
//!
//! A regime is where weights begin and how they learn: on the layers of a deep belief network, from small random weights, or
//! as a tuned random baseline. Shapes share the layers that they have in common. Errors are given after the last epoch, which
//! is what all claims are about, after the epoch that held-out training images choose, and after the best epoch on the test
//! images, each under its own name.

mod beside;
mod claims;
mod draw;
mod figures;
mod generative;
pub mod job;
mod label_budget;
pub mod ladder;
mod measured;
mod origins;
mod pairs;
mod plan;
mod reading;
mod scored;
mod scratch;
mod scratch_images;
pub mod search;
mod words;

use anyhow::{Result, ensure};
use engine::figures::Axis;
use engine::hyper::distinct;
use engine::{Hyper, Hypers, Origins, Profile, Scaled, Settings};
use feedforward::{Activation, Init};
use train::Descent;

use crate::experiment::Experiment;
use crate::hypers::{BATCH, RATE, SIGMA, readings};
use crate::recipe::{Drawing, Planning, Recipe};
pub use beside::{Beside, Kind};
pub(crate) use draw::chosen;
use job::{Classifier, Labelled, Start};
pub use reading::{Reading, Readings};
use search::Candidate;

/// The entries, in the order of the page.
pub const ENTRIES: &[&Experiment] = &[
    &generative::LAYERS,
    &scratch::LAYERS,
    &generative::UNITS,
    &scratch::UNITS,
    &generative::IMAGES,
    &scratch_images::IMAGES,
    &scratch_images::BEST,
    &label_budget::LABELS,
];

/// The data set, by the name that a reader knows.
const DATA: &[&str] = &["MNIST"];

/// What a finished experiment has at least.
const ARTEFACTS: &[&str] =
    &["metrics.csv", "epochs.csv", "error.svg", "epochs.svg", "filters.svg", "confusion.csv"];

const IMAGES: Hyper<usize> =
    Hyper { key: "images", says: "labelled training images", unit: "training images", range: 1..=1_000_000 };
const GREEDY_EPOCHS: Hyper<usize> = Hyper {
    key: "pretraining-epochs",
    says: "epochs a layer of pretraining",
    unit: "epochs of pretraining",
    range: 1..=1_000_000,
};
const EPOCHS: Hyper<usize> = Hyper { key: "epochs", says: "epochs", unit: "epochs", range: 1..=1_000_000 };

/// One swept quantity, several regimes.
#[derive(Debug)]
pub struct Pretraining {
    /// The column of the swept quantity: "layers", "units", "images", "labels", "network".
    pub sweep: &'static str,
    /// Its axis: what it says, and how values lie on it.
    pub axis: Axis<'static>,
    /// The networks that a profile trains.
    pub shapes: Scaled<&'static [Shape]>,
    /// How the layers of the deep belief network are trained.
    pub greedy: Greedy,
    /// How each network is trained; the first is the one that the report is about.
    pub regimes: &'static [Regime],
    /// Networks of other kinds, which are shown and judged as regimes are.
    pub beside: &'static [Beside],
    /// Other readings of what the report leaves open, and for which values of the sweep they are run.
    pub readings: Readings,
    /// Where the values of hyperparameters come from.
    pub origins: Origins,
    /// The report's own errors: of each start, the swept values and what it has for them.
    pub reported: &'static [(&'static str, &'static [(&'static str, f64)])],
    /// What others published that pretraining gains.
    pub published: Published,
    /// Bounds that the report names, drawn as lines: what they are said to be of, and an error in per cent.
    pub bounds: &'static [(&'static str, f64)],
}

/// What others published that a network gains: where and under which conditions, and percentage points by the swept value.
pub type Published = (&'static str, &'static [(&'static str, f64)]);

/// One network and the images it learns from.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The swept value, for tables, curves and claims.
    pub value: &'static str,
    /// Hidden layers.
    pub layers: usize,
    /// Hidden units of each.
    pub units: usize,
    /// Labelled training images, the first ones.
    pub images: usize,
    /// Whether labelled images are drawn, as many of each class, with the seed of the repeat; else they are the first ones.
    pub drawn: bool,
    /// Images that the deep belief network learns from, if others than the labelled.
    pub unlabelled: Option<usize>,
    /// How often the epochs of each regime, for sets so small that an epoch is a few steps.
    pub epochs: usize,
}

/// Greedy pretraining by CD-1.
#[derive(Clone, Copy, Debug)]
pub struct Greedy {
    /// Passes over the images for each layer.
    pub epochs: Scaled<usize>,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Learning rate.
    pub rate: f32,
    /// Standard deviation of the first weights.
    pub sigma: f32,
}

/// One way to train a network.
#[derive(Clone, Copy, Debug)]
pub struct Regime {
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
    /// What is tried for rate and dropout, where labels are few; empty for the regime's own.
    pub search: &'static [Candidate],
}

impl Regime {
    /// The regime as a run trains it: with what was set by hand.
    ///
    /// # Errors
    /// If a value of `--set` makes no sense.
    fn set(&self, settings: &Settings) -> Result<Self> {
        let descent = Descent { rate: RATE.of(settings, self.descent.rate)?, ..self.descent };
        let epochs = Scaled::same(EPOCHS.at(settings, &self.epochs)?);
        let start = match self.start {
            Start::Random(init) => Start::Random(match init.sigma() {
                Some(sigma) => Init::normal(SIGMA.of(settings, sigma)?),
                None => init,
            }),
            learnt @ (Start::Pretrained | Start::Denoised) => learnt,
        };
        Ok(Self { start, descent, batch: BATCH.of(settings, self.batch)?, epochs, ..*self })
    }

    /// The network of this shape that learns from so many images under this regime, with a small random output layer.
    fn classifier(&self, shape: &Shape, images: usize, seed: u64, profile: Profile) -> Classifier {
        Classifier {
            images,
            labelled: if shape.drawn { Labelled::Balanced(seed) } else { Labelled::First },
            hidden: vec![shape.units; shape.layers],
            start: self.start,
            output: Init::Small,
            activation: self.activation,
            dropout: self.dropout,
            descent: self.descent,
            batch: self.batch,
            epochs: self.epochs.at(profile) * shape.epochs,
            seed,
        }
    }

    /// In words, with the epochs of a profile.
    pub(crate) fn describe(&self, settings: &Settings) -> String {
        let start = match self.start {
            Start::Pretrained => "on pretrained layers".to_owned(),
            Start::Denoised => "on the encoders of denoising autoencoders".to_owned(),
            Start::Random(init) => format!("from {init}"),
        };
        let (units, rule) = (self.activation, self.descent);
        let dropout = if self.dropout > 0.0 { format!(", dropout {}", self.dropout) } else { String::new() };
        let (batch, epochs) = (self.batch, self.epochs.at(settings.profile));
        format!("{start}, {units}, {rule}, batch {batch}, {epochs} epochs{dropout}")
    }
}

impl Pretraining {
    /// The networks of a run.
    ///
    /// # Errors
    /// If a value of `--set` makes no sense.
    fn shapes(&self, settings: &Settings) -> Result<Vec<Shape>> {
        let set = |shape: &Shape| Ok(Shape { images: IMAGES.of(settings, shape.images)?, ..*shape });
        self.shapes.at(settings.profile).iter().map(set).collect()
    }

    /// How many seeds a network has whose images are not drawn: where others are, many seeds are for their draws, and the
    /// first weights alone need no more than any sweep has.
    fn most_undrawn(&self) -> usize {
        if self.shapes.paper.iter().any(|shape| shape.drawn) { 3 } else { usize::MAX }
    }

    /// The regimes of a run.
    ///
    /// # Errors
    /// If a value of `--set` makes no sense, for one of these shapes.
    fn regimes(&self, settings: &Settings, shapes: &[Shape]) -> Result<Vec<Regime>> {
        let regimes: Vec<Regime> =
            self.regimes.iter().map(|regime| regime.set(settings)).collect::<Result<_>>()?;
        for (shape, regime) in shapes.iter().flat_map(|shape| regimes.iter().map(move |r| (shape, r))) {
            let (batch, images) = (regime.batch, shape.images);
            ensure!(batch <= images, "batch: expected at most the {images} training images, found {batch}");
        }
        Ok(regimes)
    }

    /// An amount of each network under this profile, beside that of the same network in the paper profile.
    fn beside(&self, settings: &Settings, amount: fn(&Shape) -> Option<usize>) -> Vec<Scaled<usize>> {
        let paper =
            |shape: &Shape| self.shapes.paper.iter().find(|p| p.value == shape.value).and_then(amount);
        let beside = |shape: &Shape| {
            let here = amount(shape)?;
            Some(Scaled::new(here, here, paper(shape).unwrap_or(here)))
        };
        self.shapes.at(settings.profile).iter().filter_map(beside).collect()
    }
}

impl Recipe for Pretraining {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let (here, paper) = (self.shapes.at(settings.profile), self.shapes.paper);
        let names = |shapes: &'static [Shape]| shapes.iter().map(|shape| shape.value).collect::<Vec<_>>();
        let each = |amount: fn(&Shape) -> usize| distinct(here.iter().map(|s| amount(s).to_string()));
        let mut hypers = Hypers::new(self.origins);
        hypers.left_out("networks", &names(here), &names(paper));
        hypers.fact("hidden layers", &each(|shape| shape.layers));
        hypers.fact("hidden units a layer", &each(|shape| shape.units));
        let shared = paper.iter().all(|shape| shape.images == paper[0].images);
        hypers.with(&IMAGES, settings, &self.beside(settings, |shape| Some(shape.images)), shared);
        let unlabelled = self.beside(settings, |shape| shape.unlabelled);
        if !unlabelled.is_empty() {
            let here = unlabelled.iter().map(|amount| amount.at(settings.profile).to_string());
            hypers.fact("images of pretraining", &distinct(here));
            hypers.cut("images of pretraining", settings.profile, &unlabelled);
        }
        let Greedy { batch, rate, sigma, epochs } = self.greedy;
        let init = Init::normal(SIGMA.of(settings, sigma).unwrap_or(sigma));
        hypers.fact("pretraining", &format!("from {init}, CD-1, sampled states, batch {batch}, rate {rate}"));
        hypers.with(&GREEDY_EPOCHS, settings, &[epochs], true);
        for regime in self.regimes {
            let described = regime.set(settings).map_or_else(|_| "–".into(), |own| own.describe(settings));
            hypers.fact(regime.name, &described);
            if settings.text(EPOCHS.key).is_none() {
                hypers.cut(&format!("epochs of “{}”", regime.name), settings.profile, &[regime.epochs]);
            }
        }
        for network in self.beside {
            network.describe(settings, &mut hypers);
        }
        if !self.readings.is_empty() && settings.most_read() > 0 {
            let named = self.readings.iter().map(|(reading, values)| (reading.name(), *values));
            hypers.fact("other readings", &readings(named, "all networks"));
        }
        hypers.keys.extend([EPOCHS.key, BATCH.key, RATE.key, SIGMA.key]);
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        plan::plan(self, planning)
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        draw::draw(self, drawing)
    }
}
