//! What an entry has: one swept quantity and its variants; and a model as a run trains it.

use anyhow::{Result, ensure};
use engine::figures::Steps;
use engine::{Hyper, Origins, Profile, Scaled, Settings};

use super::reading::{Reading, Readings};

use crate::hypers::{BATCH, RATE, SIGMA};

pub(super) const LAYERS: Hyper<usize> =
    Hyper { key: "layers", says: "layers", unit: "layers", range: 1..=10_000 };
pub(super) const HIDDEN: Hyper<usize> =
    Hyper { key: "hidden", says: "hidden units a layer", unit: "hidden units", range: 1..=1_000_000 };
pub(super) const EPOCHS: Hyper<usize> =
    Hyper { key: "epochs", says: "epochs a layer", unit: "epochs", range: 1..=1_000_000 };
pub(super) const GIBBS: Hyper<usize> =
    Hyper { key: "gibbs", says: "Gibbs steps", unit: "Gibbs steps", range: 0..=1_000_000 };
pub(super) const SAMPLES: Hyper<usize> =
    Hyper { key: "samples", says: "samples scored", unit: "samples", range: 1..=100_000 };

/// The data set, by the name that a reader knows.
pub(crate) const DATA: &[&str] = &["Binary AlphaDigits"];

/// One swept quantity, everything else fixed.
#[derive(Debug)]
pub struct Alpha {
    /// The column of the swept quantity: "hidden", "classes", "epochs", "layers", "model".
    pub sweep: &'static str,
    /// The label of its axis.
    pub axis: &'static str,
    /// How the values of the sweep lie.
    pub steps: Steps,
    /// The variants that a profile runs.
    pub variants: Scaled<&'static [Variant]>,
    /// Other readings of what the report leaves open, and for which values of the sweep they are run.
    pub readings: Readings,
    /// Where the values of hyperparameters come from.
    pub origins: Origins,
    /// Images of each class kept from a twin of every model, for errors on images never seen; 0 for no twin.
    pub held_out: usize,
    /// How the models are shown.
    pub picture: Picture,
}

/// How models are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// A panel for each, as the report has it: four samples over the error.
    Panels,
    /// A row of samples for each, with scores.
    Strips,
    /// Originals over reconstructions.
    Reconstructions,
}

impl Alpha {
    /// Whether variants are stages of one training run.
    pub fn is_staged(&self) -> bool {
        self.variants.paper.iter().any(|v| v.after.is_some())
    }

    /// Whether all variants have the same value: one in which they differ is what they are compared by.
    pub(super) fn share<T: PartialEq>(&self, value: fn(&Variant) -> T) -> bool {
        let variants = self.variants.paper;
        variants.iter().all(|v| value(v) == value(&variants[0]))
    }

    /// The variant of a swept value and series.
    pub(super) fn variant(&self, series: &str, value: &str) -> Option<&'static Variant> {
        let all = Profile::ALL.into_iter().rev().flat_map(|profile| self.variants.at(profile));
        let mut of = all.filter(|v| (v.series, v.value) == (series, value));
        of.next()
    }
}

/// One model and how it is trained.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// What stands over its picture.
    pub label: &'static str,
    /// Curve that it belongs to; empty if there is only one.
    pub series: &'static str,
    /// The swept value as text, for tables, curves and claims.
    pub value: &'static str,
    /// Classes, by name.
    pub characters: &'static str,
    /// Layers of hidden units.
    pub layers: usize,
    /// Hidden units of each.
    pub hidden: usize,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Learning rate of CD-1.
    pub rate: f32,
    /// Standard deviation of the first weights.
    pub sigma: f32,
    /// Passes over the images, for each layer.
    pub epochs: Scaled<usize>,
    /// The state after so many epochs, instead of the last.
    pub after: Option<usize>,
    /// Gibbs steps from coin flips to a sample.
    pub gibbs: Scaled<usize>,
    /// Samples drawn.
    pub samples: Scaled<usize>,
    /// The error that the report gives.
    pub reported: Option<f64>,
}

impl Variant {
    /// The same model under another name: its label, and its value in the sweep.
    pub(super) const fn named(self, label: &'static str, value: &'static str) -> Self {
        Self { label, value, ..self }
    }
}

/// A variant as this run trains it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Model {
    /// Which reading of the report it is; empty for the protocol's own.
    pub reading: String,
    pub variant: &'static str,
    pub series: &'static str,
    pub characters: String,
    pub layers: usize,
    pub hidden: usize,
    pub batch: usize,
    pub rate: f32,
    pub sigma: f32,
    pub epochs: usize,
    pub after: Option<usize>,
    pub gibbs: usize,
    pub samples: usize,
}

impl Model {
    /// The models of a run, one a variant, and those of other readings after them.
    ///
    /// # Errors
    /// If a value of `--set` makes no sense.
    pub fn all(alpha: &Alpha, settings: &Settings) -> Result<Vec<Self>> {
        let variants = alpha.variants.at(settings.profile).iter();
        let mut models: Vec<Self> = variants.map(|v| Self::new(alpha, v, settings)).collect::<Result<_>>()?;
        let own = models.clone();
        for (reading, values) in alpha.readings {
            let read = own.iter().filter(|model| values.is_empty() || values.contains(&model.variant));
            models.extend(read.take(settings.most_read()).map(|model| model.under(*reading)));
        }
        Ok(models)
    }

    fn new(alpha: &Alpha, v: &Variant, settings: &Settings) -> Result<Self> {
        let model = Self {
            reading: String::new(),
            variant: v.value,
            series: v.series,
            characters: settings.text("characters").unwrap_or(v.characters).to_owned(),
            layers: LAYERS.of(settings, v.layers)?,
            hidden: HIDDEN.of(settings, v.hidden)?,
            batch: BATCH.of(settings, v.batch)?,
            rate: RATE.of(settings, v.rate)?,
            sigma: SIGMA.of(settings, v.sigma)?,
            epochs: EPOCHS.at(settings, &v.epochs)?,
            after: v.after,
            gibbs: GIBBS.at(settings, &v.gibbs)?,
            samples: SAMPLES.at(settings, &v.samples)?,
        };
        let shown = model.gibbs > 0 || alpha.picture == Picture::Reconstructions;
        ensure!(shown, "gibbs: expected at least 1 Gibbs step, since samples are to be shown, found 0");
        ensure!(!model.characters.is_empty(), "characters: expected at least one, found none");
        Ok(model)
    }

    /// The model under another reading.
    fn under(&self, reading: Reading) -> Self {
        let mut model = Self { reading: reading.name(), ..self.clone() };
        match reading {
            Reading::Sigma(sigma) => model.sigma = sigma,
            Reading::Notebook => model.batch = 15,
            Reading::WithoutOne => {
                let classes = model.characters.chars().count();
                model.characters = ('0'..='9').chain('A'..='Z').filter(|c| *c != '1').take(classes).collect();
            }
        }
        model
    }

    /// The reading in a label; nothing for the protocol's own.
    pub fn read(&self) -> String {
        if self.reading.is_empty() { String::new() } else { format!(", {}", self.reading) }
    }

    /// Whether two models are stages of one training run.
    pub fn same_run(&self, other: &Self) -> bool {
        let key = |m: &Self| {
            (m.characters.clone(), m.hidden, m.batch, [m.rate, m.sigma].map(f32::to_bits), m.epochs)
        };
        key(self) == key(other)
    }
}
