//! From models to points: shared layers once, milestones within one run, a twin for errors on unseen images.

use std::collections::BTreeSet;
use std::fmt::Display;

use anyhow::Result;
use engine::Key;
use engine::rows::READING;

use super::model::{Alpha, Model};
use super::scorer::Scorer;
use crate::greedy::{Greedy, Judge, Learned, Origin, Reconstruct, Sample, Score, Stacked, Start};
use crate::recipe::Planning;

/// Layers in one point at most: what is lost when a machine dies, and what waits in memory.
const SEGMENT: usize = 50;
/// Real images shown under the samples.
pub(super) const REAL: usize = 16;

/// The roles of points: reconstruction errors, samples, their scores, errors of the twin, the first layer's training, the
/// scorer.
pub(super) const ERRORS: &str = "errors";
pub(super) const SAMPLED: &str = "samples";
pub(super) const SCORES: &str = "scores";
pub(super) const TWIN: &str = "twin";
pub(super) const TRAINING: &str = "training";
pub(super) const SCORER: &str = "scorer";

pub(super) fn plan(alpha: &Alpha, planning: &mut Planning<'_>) -> Result<()> {
    let models = Model::all(alpha, planning.settings)?;
    let letters = planning.data.letters()?;
    for model in &models {
        letters.labels(&model.characters)?;
    }
    let mut runs: Vec<Key> = Vec::new();
    for &seed in planning.seeds {
        for model in &models {
            let desk = Run { model, models: &models, seed };
            let stacks = desk.sampled(alpha, planning)?;
            if model.layers > 1 {
                continue;
            }
            let run = stacks[0].clone();
            if model.after.is_none() {
                planning.name(&run, TRAINING, &desk.columns(alpha));
            } else if !runs.contains(&run) {
                // The stages of a run have one curve.
                let columns: [(&str, &dyn Display); 3] =
                    [("series", &model.series), ("seed", &seed), (READING, &model.reading)];
                planning.name(&run, TRAINING, &columns);
                runs.push(run);
            }
        }
    }
    if let Some(last) = models.iter().rfind(|model| model.reading.is_empty()) {
        let scorer = Scorer { characters: last.characters.clone(), shown: REAL };
        let key = planning.add(format!("real images of {}", last.characters), scorer, &[])?;
        planning.name(&key, SCORER, &[]);
    }
    if alpha.held_out > 0 {
        planning.notes.push(format!(
            "Models learn from all images of their classes, as the report's did. To measure unseen images we trained a \
             second model with {} images of each class held back.",
            alpha.held_out
        ));
    }
    if planning.seeds.len() == 1 {
        planning.notes.push("One seed: no error bands; the option --repeats 3 gives them.".into());
    }
    Ok(())
}

/// One model and seed.
struct Run<'a> {
    model: &'a Model,
    /// All models, some of which may share layers with this one.
    models: &'a [Model],
    seed: u64,
}

impl Run<'_> {
    /// Adds layers, errors, samples with their scores, and the twin; gives the points of the layers.
    fn sampled(&self, alpha: &Alpha, planning: &mut Planning<'_>) -> Result<Vec<Key>> {
        let (model, seed) = (self.model, self.seed);
        let columns = self.columns(alpha);
        let (learned, stacked) = (self.learned(0), self.stacked());
        let layers = self.layers(0, planning)?;
        let name =
            format!("{} × {} × {}{} seed {seed}", model.characters, model.hidden, model.layers, model.read());
        let errors = Reconstruct { learned: learned.clone(), stacked: stacked.clone(), seed };
        let errors = planning.add(format!("errors of {name}"), errors, &layers)?;
        planning.name(&errors, ERRORS, &columns);
        if model.gibbs > 0 {
            let (gibbs, samples) = (model.gibbs, model.samples);
            let drawn = Sample { learned, stacked, start: Start::CoinFlips, gibbs, samples, seed };
            let drawn = planning.add(format!("samples of {name}"), drawn, &layers)?;
            planning.name(&drawn, SAMPLED, &columns);
            let judge = Judge::Letters { characters: model.characters.clone() };
            let scores = Score { origin: Origin::Samples, judge, seed };
            let scores = planning.add(format!("scores of {name}"), scores, &[drawn])?;
            planning.name(&scores, SCORES, &columns);
        }
        // Other readings are run as narrowly as decides a claim.
        if alpha.held_out > 0 && model.reading.is_empty() {
            let twin = self.layers(alpha.held_out, planning)?;
            let errors = Reconstruct { learned: self.learned(alpha.held_out), stacked: self.stacked(), seed };
            let errors = planning.add(format!("errors of the twin of {name}"), errors, &twin)?;
            planning.name(&errors, TWIN, &columns);
        }
        Ok(layers)
    }

    /// Where a model stands in the sweep.
    fn columns(&self, alpha: &Alpha) -> [(&'static str, &dyn Display); 4] {
        let Model { series, variant, reading, .. } = self.model;
        [("series", series), (alpha.sweep, variant), ("seed", &self.seed), (READING, reading)]
    }

    fn learned(&self, held_out: usize) -> Learned {
        Learned::Letters { characters: self.model.characters.clone(), held_out }
    }

    fn stacked(&self) -> Stacked {
        let widths = vec![self.model.hidden; self.model.layers];
        Stacked { widths, segments: self.segments(), milestone: self.model.after }
    }

    /// What all models of this run ask for, rising.
    fn of_run(&self, asked: fn(&Model) -> Option<usize>) -> Vec<usize> {
        let own = self.models.iter().filter(|model| model.same_run(self.model));
        let all: BTreeSet<usize> = own.filter_map(asked).collect();
        all.into_iter().collect()
    }

    /// Where the layers of one run are cut: at every depth that a model asks for, and between those every [`SEGMENT`] layers.
    fn segments(&self) -> Vec<usize> {
        let ends = self.of_run(|model| Some(model.layers));
        let mut cuts = Vec::new();
        for end in ends.into_iter().filter(|end| *end <= self.model.layers) {
            let begin = cuts.last().copied().unwrap_or(0);
            cuts.extend((begin + SEGMENT..end).step_by(SEGMENT));
            cuts.push(end);
        }
        cuts
    }

    /// The points that train the layers, those of earlier models among them.
    fn layers(&self, held_out: usize, planning: &mut Planning<'_>) -> Result<Vec<Key>> {
        let (model, seed) = (self.model, self.seed);
        let milestones = self.of_run(|model| model.after);
        let (mut keys, mut ends): (Vec<Key>, Vec<usize>) = (Vec::new(), Vec::new());
        for end in self.segments() {
            let from = ends.last().copied().unwrap_or(0);
            let below = Stacked { widths: vec![model.hidden; from], segments: ends.clone(), milestone: None };
            let layers = Greedy {
                learned: self.learned(held_out),
                below,
                widths: vec![model.hidden; end - from],
                batch: model.batch,
                rate: model.rate,
                sigma: model.sigma,
                epochs: model.epochs,
                milestones: if from == 0 { milestones.clone() } else { Vec::new() },
                seed,
            };
            let which = if end == 1 { String::new() } else { format!(" layers {}–{end}", from + 1) };
            let twin = if held_out > 0 { " (twin)" } else { "" };
            let label =
                format!("{} × {}{which}{}{twin} seed {seed}", model.characters, model.hidden, model.read());
            keys.push(planning.add(label, layers, &keys)?);
            ends.push(end);
        }
        Ok(keys)
    }
}
