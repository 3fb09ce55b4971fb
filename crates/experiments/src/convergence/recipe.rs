//! The recipe of machines of several widths that are watched while they learn.

use anyhow::Result;
use engine::figures::{Axis, Better, Curve, Grid, Metric, Steps};
use engine::{Hyper, Hypers, Origin, Origins, Scaled, Settings};

use super::job::{MACHINE, STILL, Watch};
use crate::data::Digits;
use crate::filters::Filters;
use crate::hypers::{BATCH, IMAGES, MOMENTUM, RATE};
use crate::inks::CURVE;
use crate::recipe::{Drawing, Planning, Recipe};

/// Machines of several widths.
#[derive(Debug)]
pub struct Watching {
    /// Hidden units.
    pub hidden: &'static [usize],
    /// Training images.
    pub images: Scaled<usize>,
    /// Passes over them.
    pub epochs: Scaled<usize>,
    /// Mini-batches from one look to the next.
    pub every: Scaled<usize>,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Learning rate.
    pub rate: f32,
    /// Momentum.
    pub momentum: f32,
    /// What is drawn: the reconstruction error, or the share of weights that stay where they are.
    pub shown: Shown,
}

/// What the chart of an experiment shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The reconstruction error.
    Error,
    /// The share of weights that hardly move.
    Still,
}

const MOST: usize = 1_000_000;
const EPOCHS: Hyper<usize> = Hyper { key: "epochs", says: "epochs", unit: "epochs", range: 1..=MOST };

const COURSE: Origin = Origin::Course("the code that the course hands out");
const ORIGINS: Origins = Origins(&[
    ("hidden units", Origin::Stated("section 3.1, Figure 1")),
    ("learning rate", COURSE),
    ("momentum", COURSE),
    ("batch size", COURSE),
    ("first weights", COURSE),
    ("learning", Origin::Course("the assignment: contrastive divergence with one step")),
    ("training images", Origin::Chosen("all there are; the report does not say")),
    ("epochs", Origin::Chosen("the report’s axis has no numbers in its text")),
]);

const WATCHED: &str = "watched";
const ERROR: Metric = Metric::new("reconstruction_error", "reconstruction error", Better::Lower).decimals(4);
const RESTING: Metric =
    Metric::percent("share_still", "weights that hardly move", Better::Neither).decimals(1);

impl Recipe for Watching {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        let widths: Vec<String> = self.hidden.iter().map(usize::to_string).collect();
        hypers.fact("hidden units", &widths.join(", "));
        hypers.add(&IMAGES, settings, &[self.images]);
        hypers.add(&EPOCHS, settings, &[self.epochs]);
        hypers.add(&BATCH, settings, &[Scaled::same(self.batch)]);
        hypers.add(&RATE, settings, &[Scaled::same(self.rate)]);
        hypers.add(&MOMENTUM, settings, &[Scaled::same(self.momentum)]);
        hypers.fact("first weights", "N(0, 0.01²), biases zero");
        hypers.fact("learning", "CD-1 with sampled states, the gradient a mean over the mini-batch");
        hypers.fact("looked at", &format!("every {} mini-batches", self.every.at(settings.profile)));
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        let settings = planning.settings;
        for &seed in planning.seeds {
            for &hidden in self.hidden {
                let job = Watch {
                    hidden,
                    images: IMAGES.at(settings, &self.images)?,
                    batch: BATCH.of(settings, self.batch)?,
                    rate: RATE.of(settings, self.rate)?,
                    momentum: MOMENTUM.of(settings, self.momentum)?,
                    epochs: EPOCHS.at(settings, &self.epochs)?,
                    every: self.every.at(settings.profile),
                    seed,
                };
                let key = planning.add(format!("{hidden} hidden units, watched, seed {seed}"), job, &[])?;
                let machine = format!("{hidden} hidden units");
                planning.name(&key, WATCHED, &[("machine", &machine), ("hidden", &hidden), ("seed", &seed)]);
            }
        }
        planning.notes.push(format!(
            "An iteration is a mini-batch. The error is the mean squared difference between 200 training images and their \
             reconstruction with probabilities; a weight counts as still if a step moves it by at most {STILL}."
        ));
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        drawing.evidence.0 = drawing.finished.all(&[WATCHED])?;
        drawing.metrics();
        let (metric, title, label) = match self.shown {
            Shown::Error => {
                (ERROR, "Reconstruction error while machines learn", "mean squared error a pixel")
            }
            Shown::Still => (RESTING, "Weights that a step moves by at most 0.001", "% of all weights"),
        };
        drawing.curve(&Curve {
            file: "iterations.svg",
            title,
            x: Axis { label: "mini-batches", steps: Steps::Log },
            y: Axis { label, steps: Steps::Linear },
            along: "iteration",
            split: "machine",
            metrics: &[metric],
            caption: "A line for each number of hidden units.",
            alt: "The metric against mini-batches, a line for each number of hidden units.",
            ..CURVE
        });
        filters(drawing)?;
        drawing.grid(&Grid {
            caption: "At the last look",
            by: &["hidden"],
            heads: &["hidden units"],
            metrics: &[ERROR, RESTING],
            label: None,
            reported: None,
        });
        Ok(())
    }
}

/// The first filters of each machine of the first seed, and the machines as files.
fn filters(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let mut sheets = Vec::new();
    for task in finished.shown(WATCHED) {
        let (hidden, machine) = (task.columns.get("hidden"), task.columns.get("machine"));
        let weights = finished.tensors(task, MACHINE)?.f32s("W")?.to_vec();
        sheets.push((machine.to_owned(), weights));
        drawing.weights(task, MACHINE, &format!("rbm-{hidden}"))?;
    }
    let figure = Filters {
        file: "filters.svg",
        title: "Filters after training",
        size: Digits::SIZE,
        per_line: 16,
        caption: "Incoming weights of the first sixteen hidden units, each on its own scale: blue is negative, red positive.",
        alt: "Rows of weights as pictures, a row for each machine.",
        stamp: drawing.stamp(),
    };
    figure.sheets(&sheets, 16, &mut drawing.drawn);
    Ok(())
}
