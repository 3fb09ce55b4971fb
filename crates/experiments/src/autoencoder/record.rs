//! The recipe of the least error: a stack whose noise is chosen on held-out training images, and ladders.

use anyhow::Result;
use engine::figures::{Better, Grid, Metric};
use engine::rows::Columns;
use engine::{Finished, Hypers, Origins, Rows, Scaled, Settings, Task};
use train::Descent;

use super::accuracy::summary;
use super::ladder::{Climb, LADDER};
use super::network::EPOCHS;
use super::stack::{LAYER_EPOCHS, Layers, Learning, Reading};
use crate::hypers::BATCH;
use crate::networks::{Architecture, Learner, NETWORK};
use crate::pretraining::job::Labelled;
use crate::recipe::{Drawing, Planning, Recipe, slug};

/// Candidates, and ladders.
#[derive(Debug)]
pub struct Least {
    /// The stack; each layer learns on its own code.
    pub stack: Layers,
    /// How its layers learn, but for the noise.
    pub learning: Learning,
    /// The shares of inputs that are removed, one candidate each.
    pub maskings: &'static [f32],
    /// How networks on the stacks descend.
    pub descent: Descent,
    /// Passes over the images.
    pub epochs: Scaled<usize>,
    /// The ladder.
    pub ladder: Rungs,
    /// What others published, in per cent.
    pub published: &'static [(&'static str, f64)],
    /// Where the values come from.
    pub origins: Origins,
}

/// Ladders of one shape, by the number of their labels.
#[derive(Debug)]
pub struct Rungs {
    /// Units of the hidden layers.
    pub hidden: &'static [usize],
    /// What each is called, and its labels: all, or as many drawn of each class.
    pub labels: &'static [(&'static str, Option<usize>)],
    /// Images without labels.
    pub images: Scaled<usize>,
    /// Passes over them.
    pub epochs: Scaled<usize>,
    /// Images in a step.
    pub batch: usize,
    /// Rule, rate and schedule.
    pub descent: Descent,
}

const CANDIDATES: &str = "candidates";
const LADDERS: &str = "ladders";
/// What the chosen candidate is called.
pub(super) const CHOSEN: &str = "SDAE";
/// Test images.
const TESTED: usize = 10_000;

const PUBLISHED: Metric = Metric::percent("error_published", "published", Better::Lower);
const ERROR: Metric = Metric::percent("error_test", "test error", Better::Lower);

impl Recipe for Least {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(self.origins);
        let words = |all: &[usize]| all.iter().map(usize::to_string).collect::<Vec<_>>().join("–");
        let Learning { images, epochs, batch, rate, init, .. } = self.learning;
        hypers.fact("hidden units", &words(self.stack.widths));
        hypers.fact("masking", &self.maskings.iter().map(f32::to_string).collect::<Vec<_>>().join(", "));
        hypers.fact("training images", &images.at(settings.profile).to_string());
        hypers.cut("training images", settings.profile, &[images]);
        hypers.add(&LAYER_EPOCHS, settings, &[epochs]);
        hypers.add(&EPOCHS, settings, &[self.epochs]);
        hypers.add(&BATCH, settings, &[Scaled::same(batch)]);
        hypers.fact("layers", &format!("SGD, rate {rate}, first weights {init}, each on its own code"));
        hypers.fact("networks", &self.descent.to_string());
        let Rungs { hidden, images, epochs, batch, descent, .. } = &self.ladder;
        let (count, passes) = (images.at(settings.profile), epochs.at(settings.profile));
        hypers.fact(
            "ladders",
            &format!("{}, {count} images, {passes} epochs, batch {batch}, {descent}", words(hidden)),
        );
        hypers.cut("images of the ladders", settings.profile, &[*images]);
        hypers.cut("epochs of the ladders", settings.profile, &[*epochs]);
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        for &seed in planning.seeds {
            for &masking in self.maskings {
                self.candidate(masking, seed, planning)?;
            }
            for &(name, labels) in self.ladder.labels {
                self.climb(name, labels, seed, planning)?;
            }
        }
        planning.notes.push(
            "Of the candidates the one counts, after the epoch, that is best on the last 5000 training images, which no layer and no \
             network of theirs learns from; nothing is chosen on test images. For ladders nothing is chosen: all values are the \
             published ones, and the last epoch counts."
                .into(),
        );
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        let finished = drawing.finished;
        drawing.evidence.0 = finished.all(&[LADDERS])?;
        let mut chosen: Vec<&Task> = Vec::new();
        for seed in seeds(finished) {
            chosen.extend(choose(finished, &seed, drawing)?);
        }
        for (model, error) in self.published {
            drawing.evidence.push(PUBLISHED.name, error / 100.0, &[("model", model)]);
        }
        drawing.metrics();
        if let Some(task) = chosen.first() {
            drawing.weights(task, NETWORK, "sdae")?;
        }
        for task in finished.shown(LADDERS) {
            drawing.weights(task, LADDER, &slug(task.columns.get("model")))?;
        }
        drawing.grid(&Grid {
            caption: "Test error, beside what was published for the same kind of network",
            by: &["model"],
            heads: &["network"],
            metrics: &[ERROR, PUBLISHED],
            label: None,
            reported: None,
        });
        drawing.grid(&Grid {
            caption: "The candidates on held-out training images, each after its best epoch there",
            by: &["masking"],
            heads: &["masking"],
            metrics: &[Metric::percent("error_held_out", "held-out error", Better::Lower)],
            label: None,
            reported: None,
        });
        Ok(())
    }
}

impl Least {
    /// The stack under one noise, and the network on it.
    fn candidate(&self, masking: f32, seed: u64, planning: &mut Planning<'_>) -> Result<()> {
        let settings = planning.settings;
        let rest = planning.data.digits()?.held_out().start;
        let images = self.learning.images.at(settings.profile).min(rest);
        let learning = Learning { masking, images: Scaled::same(images), ..self.learning };
        let layers = self.stack.plan(&learning, Some(Reading::OwnCode), seed, planning)?;
        let job = Learner {
            architecture: Architecture::Stacked { hidden: self.stack.widths.to_vec() },
            images,
            tested: TESTED,
            descent: self.descent,
            batch: BATCH.of(settings, self.learning.batch)?,
            epochs: EPOCHS.at(settings, &self.epochs)?,
            seed,
        };
        let top = layers.last().cloned();
        let label = format!("network on masking {masking}, seed {seed}");
        let key = planning.add(label, job, top.as_slice())?;
        planning.name(&key, CANDIDATES, &[("masking", &masking), ("seed", &seed)]);
        Ok(())
    }

    fn climb(&self, name: &str, labels: Option<usize>, seed: u64, planning: &mut Planning<'_>) -> Result<()> {
        let (own, profile) = (&self.ladder, planning.settings.profile);
        let images = own.images.at(profile);
        let job = Climb {
            hidden: own.hidden.to_vec(),
            images,
            labels: labels.unwrap_or(images),
            labelled: labels.map_or(Labelled::First, |_| Labelled::Balanced(seed)),
            batch: own.batch,
            descent: own.descent,
            epochs: own.epochs.at(profile),
            seed,
        };
        let key = planning.add(format!("{name}, seed {seed}"), job, &[])?;
        planning.name(&key, LADDERS, &[("model", &name), ("seed", &seed)]);
        Ok(())
    }
}

/// Records each candidate of a seed on held-out images, and of the best one what it makes of the test images; the best one.
fn choose<'a>(finished: &Finished<'a>, seed: &str, drawing: &mut Drawing<'_>) -> Result<Option<&'a Task>> {
    let mut best: Option<(&Task, f64, f64)> = None;
    for task in finished.tasks(&[CANDIDATES]).filter(|task| task.columns.get("seed") == seed) {
        let rows = finished.rows(task)?;
        let held_out = rows.rows.iter().filter(|row| row.metric == "accuracy_held_out");
        let accuracy = held_out.map(|row| row.value).fold(f64::NAN, f64::max);
        let mut own = Rows::default();
        own.push("error_held_out", 1.0 - accuracy, &[]);
        drawing.evidence.extend_with(&own, &task.columns);
        let all = summary(&rows, &rows)?;
        let test = all.iter().find(|(name, _)| *name == "accuracy_chosen").map(|(_, accuracy)| *accuracy);
        if let Some(test) = test.filter(|_| best.is_none_or(|(_, most, _)| accuracy > most)) {
            best = Some((task, accuracy, test));
        }
    }
    let Some((task, _, test)) = best else { return Ok(None) };
    let masking: f64 = task.columns.get("masking").parse()?;
    let mut own = Rows::default();
    own.push("error_test", 1.0 - test, &[]);
    own.push("masking_chosen", masking, &[]);
    drawing.evidence.extend_with(&own, &Columns::new(&[("model", &CHOSEN), ("seed", &seed)]));
    Ok(Some(task))
}

/// The seeds of the candidates, in order.
fn seeds(finished: &Finished<'_>) -> Vec<String> {
    let mut seeds: Vec<String> = Vec::new();
    for task in finished.tasks(&[CANDIDATES]) {
        let seed = task.columns.get("seed");
        if seeds.iter().all(|own| own != seed) {
            seeds.push(seed.to_owned());
        }
    }
    seeds
}
