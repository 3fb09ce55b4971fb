//! The recipe of a machine or a stack on images of the user's own.

use anyhow::{Result, ensure};
use engine::figures::{Axis, Better, Curve, Grid, Line, Metric, Place, Steps, Strip};
use engine::{Hyper, Hypers, Key, Origins, Row, Scaled, Settings};
use report::RowKind;

use super::complete::{COMPLETED, Complete};
use crate::filters::Filters;
use crate::greedy::{Greedy, Learned, SAMPLES, Sample, Stacked, Start, layer_file};
use crate::hypers::{BATCH, RATE};
use crate::inks::CURVE;
use crate::recipe::{Drawing, Planning, Recipe};

/// A machine, or several on top of each other.
#[derive(Debug)]
pub struct Dream {
    /// Hidden units of each layer.
    pub hidden: usize,
    /// Layers.
    pub layers: usize,
    /// Passes over the images, for each layer.
    pub epochs: usize,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Learning rate of CD-1.
    pub rate: f32,
    /// Gibbs steps at the top.
    pub gibbs: usize,
    /// Images drawn.
    pub samples: usize,
    /// Rows from below that are removed and completed; none for no such pictures.
    pub inpaint: usize,
    /// Gibbs steps of a completion.
    pub steps: usize,
}

const MOST: usize = 1_000_000;
const HIDDEN: Hyper<usize> =
    Hyper { key: "hidden", says: "hidden units a layer", unit: "hidden units", range: 1..=100_000 };
const LAYERS: Hyper<usize> = Hyper { key: "layers", says: "layers", unit: "layers", range: 1..=100 };
const EPOCHS: Hyper<usize> = Hyper { key: "epochs", says: "epochs a layer", unit: "epochs", range: 1..=MOST };
const GIBBS: Hyper<usize> = Hyper { key: "gibbs", says: "Gibbs steps", unit: "Gibbs steps", range: 1..=MOST };
const DRAWN: Hyper<usize> =
    Hyper { key: "samples", says: "images drawn", unit: "images drawn", range: 1..=10_000 };
const INPAINT: Hyper<usize> =
    Hyper { key: "inpaint", says: "rows removed and completed", unit: "rows", range: 0..=65_536 };

const TRAINED: &str = "trained";
const SAMPLED: &str = "sampled";
const COMPLETIONS: &str = "completed";
/// Filters and images in a figure, at most.
const SHOWN: usize = 40;
/// In a line of a strip.
const PER_LINE: usize = 10;

impl Recipe for Dream {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(Origins(&[]));
        for (hyper, amount) in [
            (&HIDDEN, self.hidden),
            (&LAYERS, self.layers),
            (&EPOCHS, self.epochs),
            (&BATCH, self.batch),
            (&GIBBS, self.gibbs),
            (&DRAWN, self.samples),
            (&INPAINT, self.inpaint),
        ] {
            hypers.add(hyper, settings, &[Scaled::same(amount)]);
        }
        hypers.add(&RATE, settings, &[Scaled::same(self.rate)]);
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        let settings = planning.settings;
        let own = planning.data.own()?;
        let (count, height, width) = (own.images.len(), own.images.height, own.images.width);
        let learned = Learned::Own { height, width };
        let hidden = HIDDEN.of(settings, self.hidden)?;
        let widths = vec![hidden; LAYERS.of(settings, self.layers)?];
        let missing = INPAINT.of(settings, self.inpaint)?;
        ensure!(
            missing < height,
            "inpaint: expected fewer than the {height} rows of an image, found {missing}"
        );
        planning.notes.push(format!(
            "{count} images of {width} × {height} pixels, in black and white: a pixel is on where its ink is above 128 of 255."
        ));
        for &seed in planning.seeds {
            let mut keys: Vec<Key> = Vec::new();
            for (layer, &width) in widths.iter().enumerate() {
                let job = Greedy {
                    learned: learned.clone(),
                    below: Stacked::one_each(&widths[..layer]),
                    widths: vec![width],
                    batch: BATCH.of(settings, self.batch)?,
                    rate: RATE.of(settings, self.rate)?,
                    sigma: energy::SIGMA,
                    epochs: EPOCHS.of(settings, self.epochs)?,
                    milestones: Vec::new(),
                    seed,
                };
                let key = planning.add(format!("layer {} × {width}", layer + 1), job, &keys)?;
                planning.name(
                    &key,
                    TRAINED,
                    &[("layer", &(layer + 1)), ("size", &format!("{height}x{width}")), ("seed", &seed)],
                );
                keys.push(key);
            }
            let stacked = Stacked::one_each(&widths);
            let sample = Sample {
                learned: learned.clone(),
                stacked: stacked.clone(),
                start: Start::CoinFlips,
                gibbs: GIBBS.of(settings, self.gibbs)?,
                samples: DRAWN.of(settings, self.samples)?,
                seed,
            };
            let size = format!("{height}x{width}");
            let key = planning.add("samples", sample, &keys)?;
            planning.name(&key, SAMPLED, &[("size", &size), ("seed", &seed)]);
            if missing > 0 {
                let complete = Complete { stacked, missing, images: SHOWN / 2, steps: self.steps, seed };
                let key = planning.add(format!("{missing} rows completed"), complete, &keys)?;
                planning.name(&key, COMPLETIONS, &[("size", &size), ("seed", &seed)]);
            }
        }
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        let finished = drawing.finished;
        let mut rows = finished.all(&[TRAINED, COMPLETIONS])?;
        // Epochs as a column, for the chart.
        let column = |row: &mut Row| {
            if let Some(epoch) = row.epoch {
                row.columns.push(("epochs".to_owned(), epoch.to_string()));
            }
        };
        rows.rows.iter_mut().for_each(column);
        drawing.evidence.0 = rows;
        drawing.metrics();
        samples(drawing)?;
        completions(drawing)?;
        filters(drawing)?;
        drawing.curve(&Curve {
            file: "loss.svg",
            title: "Reconstruction error while it learns",
            x: Axis { label: "epochs", steps: Steps::Linear },
            y: Axis { label: "mean squared error a pixel", steps: Steps::Linear },
            along: "epochs",
            split: "layer",
            metrics: &[Metric::new("loss", "reconstruction error", Better::Lower).decimals(4)],
            caption: "Of sampled reconstructions, a line for each layer.",
            alt: "Reconstruction error against epochs.",
            ..CURVE
        });
        drawing.grid(&Grid {
            caption: "Completed pictures",
            by: &["size"],
            heads: &["images"],
            metrics: &[
                Metric::new("error_missing", "error on missing rows", Better::Lower).decimals(4),
                Metric::new("error_blank", "left blank", Better::Lower).decimals(4),
            ],
            label: None,
            reported: None,
        });
        Ok(())
    }
}

/// Height and width, as they stand in the column `size`.
fn size(text: &str) -> Result<(usize, usize)> {
    let pair = text.split_once('x').map(|(height, width)| (height.parse(), width.parse()));
    match pair {
        Some((Ok(height), Ok(width))) => Ok((height, width)),
        _ => anyhow::bail!("expected a size, found {text:?}"),
    }
}

fn samples(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    for task in finished.shown(SAMPLED) {
        let (height, width) = size(task.columns.get("size"))?;
        let pixels = finished.tensors(task, SAMPLES)?.f32s("means")?.to_vec();
        let count = SHOWN.min(pixels.len() / (height * width).max(1));
        let line = Line {
            label: String::new(),
            pixels: pixels[..count * height * width].to_vec(),
            place: Place::new(),
            values: None,
            kind: RowKind::Plain,
        };
        let strip = Strip {
            name: "samples",
            title: "Samples",
            size: (height, width),
            per_line: PER_LINE,
            metrics: &[],
            caption: "Probabilities of all pixels at the end of chains that began at fair coins.",
            alt: "A grid of images that the machine draws.",
        };
        drawing.strip(&strip, &[line]);
        for index in 0..task.point.needs.len() {
            let file = layer_file(index);
            let bytes = finished.read_need(task, index, &file)?;
            drawing.files.push((format!("weights/{file}"), bytes));
        }
    }
    Ok(())
}

fn completions(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    for task in finished.shown(COMPLETIONS) {
        let file = finished.tensors(task, COMPLETED)?;
        let mut lines = Vec::new();
        for (tensor, label, kind) in [
            ("images", "your images", RowKind::Reference),
            ("begun", "rows missing", RowKind::Plain),
            ("completed", "completed", RowKind::Plain),
        ] {
            let pixels = file.f32s(tensor)?.to_vec();
            lines.push(Line { label: label.to_owned(), pixels, place: Place::new(), values: None, kind });
        }
        let strip = Strip {
            name: "completed",
            title: "Completed pictures",
            size: size(task.columns.get("size"))?,
            per_line: PER_LINE,
            metrics: &[],
            caption: "The missing rows are drawn by chains that hold all others; shown are their probabilities.",
            alt: "Images, the same with rows missing, and completed.",
        };
        drawing.strip(&strip, &lines);
    }
    Ok(())
}

fn filters(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let Some(task) = finished.shown(TRAINED).next() else { return Ok(()) };
    let size = size(task.columns.get("size"))?;
    let weights = finished.tensors(task, &layer_file(0))?.f32s("W")?.to_vec();
    let figure = Filters {
        file: "filters.svg",
        title: "Filters of the first layer",
        size,
        per_line: PER_LINE,
        caption: "Incoming weights of the first hidden units, each on its own scale: blue is negative, red positive.",
        alt: "A grid of weights as pictures.",
        stamp: drawing.stamp(),
    };
    let rows = [("", weights.chunks_exact(size.0 * size.1).take(SHOWN).collect())];
    figure.draw(&rows, &mut drawing.drawn);
    Ok(())
}
