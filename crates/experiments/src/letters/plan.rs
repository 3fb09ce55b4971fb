//! From models to points: shared layers once, milestones within one run, a twin for errors on unseen images.

use anyhow::Result;
use engine::Key;

use super::job::Strip;
use super::model::{Alpha, Model};
use super::scorer::Scorer;
use crate::greedy::Stack;
use crate::recipe::Planning;

/// Layers in one point at most: what is lost when a machine dies, and what waits in memory.
const SEGMENT: usize = 50;
/// Real images shown under the samples.
pub(super) const REAL: usize = 16;

/// The roles of points: samples with scores and errors, errors of the twin, the first layer's training, the scorer.
pub(super) const SAMPLED: &str = "samples";
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
                let columns: [(&str, &dyn std::fmt::Display); 3] =
                    [("series", &model.series), (alpha.sweep, &model.variant), ("seed", &seed)];
                planning.name(&run, TRAINING, &columns);
            } else if !runs.contains(&run) {
                // The stages of a run have one curve.
                planning.name(&run, TRAINING, &[("series", &model.series), ("seed", &seed)]);
                runs.push(run);
            }
        }
    }
    if let Some(last) = models.last() {
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
    /// Adds layers, samples and the twin; gives the points of the layers.
    fn sampled(&self, alpha: &Alpha, planning: &mut Planning<'_>) -> Result<Vec<Key>> {
        let columns: [(&str, &dyn std::fmt::Display); 3] =
            [("series", &self.model.series), (alpha.sweep, &self.model.variant), ("seed", &self.seed)];
        let stacks = self.stacks(0, planning)?;
        let strip = self.strip(self.model.gibbs, 0, &stacks, planning)?;
        planning.name(&strip, SAMPLED, &columns);
        if alpha.held_out > 0 {
            let stacks = self.stacks(alpha.held_out, planning)?;
            let twin = self.strip(0, alpha.held_out, &stacks, planning)?;
            planning.name(&twin, TWIN, &columns);
        }
        Ok(stacks)
    }

    /// Where the layers of one run are cut: at every depth that a model asks for, and between those every [`SEGMENT`] layers.
    fn segments(&self) -> Vec<usize> {
        let own = self.models.iter().filter(|m| m.same_run(self.model));
        let mut ends: Vec<usize> = own.map(|m| m.layers).collect();
        ends.sort_unstable();
        ends.dedup();
        let mut cuts = Vec::new();
        for end in ends.into_iter().filter(|end| *end <= self.model.layers) {
            let begin = cuts.last().copied().unwrap_or(0);
            cuts.extend((begin + SEGMENT..end).step_by(SEGMENT));
            cuts.push(end);
        }
        cuts
    }

    /// The points that train the layers, those of earlier models among them.
    fn stacks(&self, held_out: usize, planning: &mut Planning<'_>) -> Result<Vec<Key>> {
        let (model, seed) = (self.model, self.seed);
        let own = self.models.iter().filter(|m| m.same_run(model));
        let mut milestones: Vec<usize> = own.filter_map(|m| m.after).collect();
        milestones.sort_unstable();
        milestones.dedup();
        let mut keys: Vec<Key> = Vec::new();
        let mut from = 0;
        for end in self.segments() {
            let stack = Stack {
                characters: model.characters.clone(),
                held_out,
                widths: vec![model.hidden; end],
                from,
                batch: model.batch,
                rate: model.rate,
                epochs: model.epochs,
                milestones: if from == 0 { milestones.clone() } else { Vec::new() },
                seed,
            };
            let layers = if end == 1 { String::new() } else { format!(" layers {}–{end}", from + 1) };
            let twin = if held_out > 0 { " (twin)" } else { "" };
            let label = format!("{} × {}{layers}{twin} seed {seed}", model.characters, model.hidden);
            let needs: Vec<Key> = keys.last().cloned().into_iter().collect();
            keys.push(planning.add(label, stack, &needs)?);
            from = end;
        }
        Ok(keys)
    }

    fn strip(
        &self,
        gibbs: usize,
        held_out: usize,
        stacks: &[Key],
        planning: &mut Planning<'_>,
    ) -> Result<Key> {
        let (model, seed) = (self.model, self.seed);
        let strip = Strip {
            characters: model.characters.clone(),
            held_out,
            widths: vec![model.hidden; model.layers],
            segments: self.segments(),
            milestone: model.after,
            gibbs,
            samples: model.samples,
            seed,
        };
        let what = if gibbs == 0 { "errors of" } else { "samples of" };
        let label = format!("{what} {} × {} × {} seed {seed}", model.characters, model.hidden, model.layers);
        planning.add(label, strip, stacks)
    }
}
