//! The AlphaDigits experiments: variants of one model, trained, sampled, scored and drawn side by side.
//!
//! An RBM is a stack of one layer, so that RBM and DBN experiments are one recipe. Variants that share layers, epochs or both
//! share points: a stack of seven layers trains the five below it once, and a look at epoch 100 is a milestone of the run to
//! 5000.

mod claims;
mod dbn;
mod dbn_shape;
mod draw;
pub mod job;
mod model;
mod pictures;
mod plan;
mod rbm;
mod rbm_letter;
pub mod scorer;

use anyhow::Result;
use engine::figures::Steps;
use engine::{Hypers, Profile, Scaled, Settings};

pub use model::Variant;

use crate::experiment::Experiment;
use crate::recipe::{Drawing, Planning, Recipe};
use model::{BATCH, EPOCHS, GIBBS, HIDDEN, LAYERS, RATE, SAMPLES};

/// The entries, in the order of the page.
pub const ENTRIES: &[&Experiment] = &[
    &rbm::RECONSTRUCTION,
    &rbm::GENERATION,
    &rbm::CLASSES_GENERATIVE,
    &rbm::CLASSES_SCRATCH,
    &rbm::EPOCHS,
    &rbm_letter::PANEL,
    &rbm_letter::UNITS,
    &dbn::GENERATION,
    &dbn::CLASSES_GENERATIVE,
    &dbn::CLASSES_SCRATCH,
    &dbn_shape::LAYERS_GENERATIVE,
    &dbn_shape::LAYERS_SCRATCH,
    &dbn_shape::UNITS_GENERATIVE,
    &dbn_shape::UNITS_SCRATCH,
];

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
    fn share<T: PartialEq>(&self, value: fn(&Variant) -> T) -> bool {
        let variants = self.variants.paper;
        variants.iter().all(|v| value(v) == value(&variants[0]))
    }

    /// The variant of a swept value and series.
    fn variant(&self, series: &str, value: &str) -> Option<&'static Variant> {
        let all = Profile::ALL.into_iter().rev().flat_map(|profile| self.variants.at(profile));
        let mut of = all.filter(|v| (v.series, v.value) == (series, value));
        of.next()
    }
}

impl Recipe for Alpha {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let variants = self.variants.at(settings.profile);
        let staged = self.is_staged();
        let same = |value: fn(&Variant) -> usize| -> Vec<Scaled<usize>> {
            variants.iter().map(|v| Scaled::same(value(v))).collect()
        };
        let scaled = |amount: fn(&Variant) -> Scaled<usize>| -> Vec<Scaled<usize>> {
            variants.iter().map(amount).collect()
        };
        let rates: Vec<Scaled<f32>> = variants.iter().map(|v| Scaled::same(v.rate)).collect();
        let mut hypers = Hypers::default();
        let names = |variants: &'static [Variant]| variants.iter().map(|v| v.value).collect::<Vec<_>>();
        hypers.left_out("models", &names(variants), &names(self.variants.paper));
        let characters: Vec<&str> = variants.iter().map(|v| v.characters).collect();
        hypers.choice("characters", settings, &characters, self.share(|v| v.characters));
        hypers.with(&LAYERS, settings, &same(|v| v.layers), !staged && self.share(|v| v.layers));
        hypers.with(&HIDDEN, settings, &same(|v| v.hidden), self.share(|v| v.hidden));
        hypers.with(&BATCH, settings, &same(|v| v.batch), self.share(|v| v.batch));
        hypers.with(&RATE, settings, &rates, self.share(|v| v.rate.to_bits()));
        hypers.with(&EPOCHS, settings, &scaled(|v| v.epochs), !staged && self.share(|v| v.epochs.paper));
        hypers.with(&GIBBS, settings, &scaled(|v| v.gibbs), self.share(|v| v.gibbs.paper));
        // How many samples are scored is no part of a model.
        hypers.with(&SAMPLES, settings, &scaled(|v| v.samples), true);
        hypers.fact("training", "CD-1, sampled hidden and visible states, plain gradient descent");
        hypers.fact("initial weights", "N(0, 0.01²), zero biases");
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        plan::plan(self, planning)
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        draw::draw(self, drawing)
    }
}
