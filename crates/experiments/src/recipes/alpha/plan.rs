//! From models to points: shared layers once, milestones within one run, a twin for errors on unseen images.

use anyhow::Result;

use super::{Alpha, Model};
use crate::experiment::{Experiment, Settings};
use crate::jobs::{Job, Stack, Strip};
use crate::point::{Estimate, Point};
use crate::recipes::place;
use crate::source::Letters;

/// All points, and which of them belong to which model.
pub(super) struct Points {
    pub points: Vec<Point>,
    pub shown: Vec<Shown>,
}

/// The points of one model and seed, by their place in the list.
pub(super) struct Shown {
    pub model: Model,
    pub seed: u64,
    /// Layers, bottom first.
    pub stacks: Vec<usize>,
    /// Number of layers up to the end of each.
    pub segments: Vec<usize>,
    pub strip: usize,
    /// Errors of the twin on images never seen.
    pub twin: Option<usize>,
}

/// Layers in one point at most: what is lost when a machine dies, and what waits in memory.
const SEGMENT: usize = 50;
/// Weights times samples that one thread of the reference machine handles in a second of CD-1.
const TRAINED: f64 = 9e9;
/// Seconds of a mini-batch that do not depend on its size.
const OVERHEAD: f64 = 1e-5;
/// Weights times chains in a second of Gibbs sampling.
const SAMPLED: f64 = 4e10;

pub(super) fn points(alpha: &Alpha, experiment: &Experiment, settings: &Settings) -> Result<Points> {
    let letters = settings.data.letters()?;
    let models = alpha.models(settings)?;
    let mut list = Points { points: Vec::new(), shown: Vec::new() };
    for seed in experiment.seeds(settings) {
        for model in &models {
            letters.labels(&model.characters)?;
            let shown = list.add(model, &models, seed, alpha.held_out, &letters);
            list.shown.push(shown);
        }
    }
    Ok(list)
}

/// Whether two models are stages of one training run.
fn same_run(a: &Model, b: &Model) -> bool {
    let key = |m: &Model| (m.characters.clone(), m.hidden, m.batch, m.rate.to_bits(), m.epochs);
    key(a) == key(b)
}

/// Where the stacks of one run are cut: at every depth that a model asks for, and between those every [`SEGMENT`] layers.
fn cuts(model: &Model, models: &[Model]) -> Vec<usize> {
    let mut ends: Vec<usize> = models.iter().filter(|m| same_run(m, model)).map(|m| m.layers).collect();
    ends.sort_unstable();
    ends.dedup();
    let mut cuts = Vec::new();
    for end in ends.into_iter().filter(|end| *end <= model.layers) {
        let begin = cuts.last().copied().unwrap_or(0);
        cuts.extend((begin + SEGMENT..end).step_by(SEGMENT));
        cuts.push(end);
    }
    cuts
}

impl Points {
    fn add(
        &mut self,
        model: &Model,
        models: &[Model],
        seed: u64,
        held_out: usize,
        letters: &Letters,
    ) -> Shown {
        let segments = cuts(model, models);
        let stacks = self.stacks(model, models, &segments, seed, 0, letters);
        let strip = self.strip(model, &stacks, &segments, seed, 0, letters);
        let twin = (held_out > 0).then(|| {
            let stacks = self.stacks(model, models, &segments, seed, held_out, letters);
            self.strip(&Model { gibbs: 0, ..model.clone() }, &stacks, &segments, seed, held_out, letters)
        });
        Shown { model: model.clone(), seed, stacks, segments, strip, twin }
    }

    /// The points that train the layers of a model, those of earlier models among them.
    fn stacks(
        &mut self,
        model: &Model,
        models: &[Model],
        segments: &[usize],
        seed: u64,
        held_out: usize,
        letters: &Letters,
    ) -> Vec<usize> {
        let mut milestones: Vec<usize> =
            models.iter().filter(|m| same_run(m, model)).filter_map(|m| m.after).collect();
        milestones.sort_unstable();
        milestones.dedup();
        let images = images(model, held_out, letters);
        let mut places: Vec<usize> = Vec::new();
        for (index, &end) in segments.iter().enumerate() {
            let from = index.checked_sub(1).map_or(0, |below| segments[below]);
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
            let weights: usize = (from..end).map(|layer| below(model, layer, letters) * model.hidden).sum();
            let passes = (model.epochs * images) as f64;
            let steps = passes / model.batch.min(images) as f64 * (end - from) as f64;
            let largest = below(model, from.max(usize::from(end > 1)), letters) * model.hidden;
            let estimate = Estimate {
                seconds: passes * weights as f64 / TRAINED + steps * OVERHEAD + 0.01,
                bytes: (largest * 4 * 5 + (64 << 20)) as u64,
            };
            let layers = if end == 1 { String::new() } else { format!(" layers {}–{end}", from + 1) };
            let twin = if held_out > 0 { " (twin)" } else { "" };
            let label = format!("{} × {}{layers}{twin} seed {seed}", model.characters, model.hidden);
            let needs: Vec<&Point> = places.last().map(|&place| &self.points[place]).into_iter().collect();
            let point = Point::new(label, Job::Stack(stack), &needs, estimate, &letters.digest);
            places.push(place(&mut self.points, point));
        }
        places
    }

    fn strip(
        &mut self,
        model: &Model,
        stacks: &[usize],
        segments: &[usize],
        seed: u64,
        held_out: usize,
        letters: &Letters,
    ) -> usize {
        let strip = Strip {
            characters: model.characters.clone(),
            held_out,
            widths: vec![model.hidden; model.layers],
            segments: segments.to_vec(),
            milestone: model.after,
            gibbs: model.gibbs,
            samples: model.samples,
            seed,
        };
        let top = below(model, model.layers - 1, letters) * model.hidden;
        let once = images(model, held_out, letters) * model.layers * model.hidden * 400;
        let sampled = top as f64 * (model.gibbs * model.samples) as f64;
        let estimate = Estimate {
            seconds: sampled / SAMPLED + once as f64 / TRAINED + 0.02,
            bytes: (top * 4 * 4 + (96 << 20)) as u64,
        };
        let what = if model.gibbs == 0 { "errors of" } else { "samples of" };
        let label = format!("{what} {} × {} × {} seed {seed}", model.characters, model.hidden, model.layers);
        let needs: Vec<&Point> = stacks.iter().map(|&place| &self.points[place]).collect();
        let point = Point::new(label, Job::Strip(strip), &needs, estimate, &letters.digest);
        place(&mut self.points, point)
    }
}

/// Units below a layer.
fn below(model: &Model, layer: usize, letters: &Letters) -> usize {
    if layer == 0 { letters.images.features() } else { model.hidden }
}

/// Images that a model learns from.
fn images(model: &Model, held_out: usize, letters: &Letters) -> usize {
    let per_class = letters.images.len() / letters.images.classes.len().max(1);
    model.characters.chars().count() * per_class.saturating_sub(held_out).max(1)
}
