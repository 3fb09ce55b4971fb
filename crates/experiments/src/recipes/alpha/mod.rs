//! The recipe of every AlphaDigits experiment: variants of one model, trained, sampled, scored and drawn side by side.
//!
//! An RBM is a stack of one layer, so RBM and DBN experiments are the same recipe. Variants that share layers, epochs
//! or both share points: a stack of seven layers trains the five below it once, and a look at epoch 100 is a milestone
//! of the run to 5000.

mod draw;
mod pictures;
mod plan;

use anyhow::{Result, bail};

use crate::draw::Finished;
use crate::experiment::{Drawn, Experiment, Settings};
use crate::point::Point;
use crate::profile::{Profile, Scaled};
use crate::recipes::is_set;

/// One swept quantity, everything else fixed.
#[derive(Debug)]
pub struct Alpha {
    /// The column of the swept quantity: "hidden", "classes", "epochs", "layers", "model".
    pub sweep: &'static str,
    /// The label of its axis.
    pub axis: &'static str,
    /// Whether its axis is logarithmic.
    pub spread: Spread,
    /// The variants that a profile runs.
    pub variants: Scaled<&'static [Variant]>,
    /// Images of each class kept from a twin of every model, for errors on images never seen; 0 for no twin.
    pub held_out: usize,
    /// How the models are shown.
    pub picture: Picture,
}

/// How the values of a sweep lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// Evenly.
    Linear,
    /// By orders of magnitude.
    Log,
    /// They are no numbers.
    Names,
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

/// One model and how it is trained.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// What stands over its picture.
    pub label: &'static str,
    /// Curve that it belongs to; empty if there is only one.
    pub series: &'static str,
    /// The swept value as text, for tables and claims.
    pub value: &'static str,
    /// The swept value as a number, for curves.
    pub x: f64,
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

/// A variant as this run trains it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Model {
    pub variant: usize,
    pub characters: String,
    pub layers: usize,
    pub hidden: usize,
    pub batch: usize,
    pub rate: f32,
    pub epochs: usize,
    pub after: Option<usize>,
    pub gibbs: usize,
    pub samples: usize,
}

impl Alpha {
    /// What `--set` accepts: what all models share. A value in which they differ is what they are compared by; stages
    /// of one run differ in their epochs, and milestones are kept of the first layer alone.
    pub(super) fn keys(&self) -> Vec<&'static str> {
        let variants = self.variants.paper;
        let staged = variants.iter().any(|v| v.after.is_some());
        let shared = |f: fn(&Variant) -> String| variants.iter().all(|v| f(v) == f(&variants[0]));
        let settable = [
            ("characters", shared(|v| v.characters.to_owned())),
            ("layers", !staged && shared(|v| v.layers.to_string())),
            ("hidden", shared(|v| v.hidden.to_string())),
            ("batch", shared(|v| v.batch.to_string())),
            ("rate", shared(|v| v.rate.to_string())),
            ("epochs", !staged && shared(|v| v.epochs.paper.to_string())),
            ("gibbs", shared(|v| v.gibbs.paper.to_string())),
            // How many samples are scored is no part of a model.
            ("samples", true),
        ];
        settable.into_iter().filter(|(_, settable)| *settable).map(|(key, _)| key).collect()
    }

    fn variants(&self, settings: &Settings) -> &'static [Variant] {
        self.variants.at(settings.profile)
    }

    /// The models of this run, one a variant.
    fn models(&self, settings: &Settings) -> Result<Vec<Model>> {
        let profile = settings.profile;
        let model = |(variant, v): (usize, &Variant)| {
            let model = Model {
                variant,
                characters: settings.get("characters", v.characters.to_owned())?,
                layers: settings.get("layers", v.layers)?,
                hidden: settings.get("hidden", v.hidden)?,
                batch: settings.get("batch", v.batch)?,
                rate: settings.get("rate", v.rate)?,
                epochs: settings.get("epochs", v.epochs.at(profile))?,
                after: v.after,
                gibbs: settings.get("gibbs", v.gibbs.at(profile))?,
                samples: settings.get("samples", v.samples.at(profile))?,
            };
            for (name, amount) in [
                ("layers", model.layers),
                ("hidden", model.hidden),
                ("batch", model.batch),
                ("epochs", model.epochs),
                ("samples", model.samples),
            ] {
                if amount == 0 {
                    bail!("{name}: expected at least 1, found 0");
                }
            }
            if model.gibbs == 0 && self.picture != Picture::Reconstructions {
                bail!("gibbs: expected at least 1 Gibbs step, since samples are to be shown, found 0");
            }
            if model.characters.is_empty() {
                bail!("characters: expected at least one, found none");
            }
            if !(model.rate.is_finite() && model.rate >= 0.0) {
                bail!("rate: expected a number of at least 0, found {}", model.rate);
            }
            Ok(model)
        };
        self.variants(settings).iter().enumerate().map(model).collect()
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
        let Ok(models) = self.models(settings) else { return Vec::new() };
        let named = |name: &str, values: Vec<String>| (name.to_owned(), distinct(&values));
        let each = |f: fn(&Model) -> String| models.iter().map(f).collect::<Vec<_>>();
        let mut list = vec![
            named("characters", each(|m| m.characters.clone())),
            named("layers", each(|m| m.layers.to_string())),
            named("hidden units a layer", each(|m| m.hidden.to_string())),
            named("batch size", each(|m| m.batch.to_string())),
            named("learning rate", each(|m| m.rate.to_string())),
            named("epochs a layer", each(|m| m.epochs.to_string())),
            named("Gibbs steps", each(|m| m.gibbs.to_string())),
            named("samples scored", each(|m| m.samples.to_string())),
        ];
        list.push((
            "training".into(),
            "CD-1, sampled hidden and visible states, plain gradient descent".into(),
        ));
        list.push(("initial weights".into(), "N(0, 0.01²), zero biases".into()));
        list
    }

    pub(super) fn cuts(&self, settings: &Settings) -> Vec<String> {
        let (paper, here) = (self.variants.at(Profile::Paper), self.variants(settings));
        let mut cuts = Vec::new();
        if settings.profile == Profile::Paper {
            return cuts;
        }
        if here.len() < paper.len() {
            let missing: Vec<&str> = paper
                .iter()
                .filter(|p| !here.iter().any(|h| (h.value, h.series) == (p.value, p.series)))
                .map(|p| p.value)
                .collect();
            cuts.push(format!("{} of {} models; left out: {}", here.len(), paper.len(), missing.join(", ")));
        }
        let amounts: [(&str, &str, Amount); 3] = [
            ("epochs", "epochs", |v| v.epochs),
            ("gibbs", "Gibbs steps", |v| v.gibbs),
            ("samples", "samples", |v| v.samples),
        ];
        for (key, name, f) in amounts {
            if is_set(settings, key) {
                continue;
            }
            let mut pairs: Vec<(usize, usize)> =
                here.iter().map(|v| (f(v).at(settings.profile), f(v).paper)).collect();
            pairs.retain(|(now, full)| now < full);
            pairs.sort_unstable_by_key(|(now, full)| (*full, *now));
            pairs.dedup();
            let pairs: Vec<String> =
                pairs.iter().map(|(now, full)| format!("{now} instead of {full}")).collect();
            if !pairs.is_empty() {
                cuts.push(format!("{name}: {}", pairs.join(", ")));
            }
        }
        cuts
    }
}

/// An amount of a variant that profiles scale.
type Amount = fn(&Variant) -> Scaled<usize>;

/// The values that occur, each once, in order.
fn distinct(values: &[String]) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for value in values {
        if !seen.contains(&value.as_str()) {
            seen.push(value);
        }
    }
    seen.join(", ")
}
