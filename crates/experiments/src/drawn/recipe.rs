//! The recipe of digits drawn by stacks of machines, beside real digits.

use anyhow::Result;
use engine::figures::{Better, Grid, Line, Metric, Place, Strip};
use engine::{Hyper, Hypers, Key, Origins, Scaled, Settings};
use report::RowKind;

use crate::data::Digits;
use crate::greedy::{DigitLayers, Judge, Learned, Origin, SHOWN, Sample, Score, Stacked, Start};
use crate::hypers::{BATCH, IMAGES, RATE, SIGMA};
use crate::mixing::{self, Machine, Mixing};
use crate::recipe::{Drawing, Planning, Recipe};

/// Stacks, the first of them the one that the question is about.
#[derive(Debug)]
pub struct Draws {
    /// The stacks: name, hidden units of each layer, samples in a mini-batch, epochs a layer.
    pub stacks: &'static [Stack],
    /// Learning rate.
    pub rate: f32,
    /// Standard deviation of the first weights.
    pub sigma: f32,
    /// Images that they learn from.
    pub images: Scaled<usize>,
    /// Gibbs steps at the top.
    pub gibbs: Scaled<usize>,
    /// Digits that are drawn, and real ones that they are held against.
    pub drawn: Scaled<usize>,
    /// Chains of each top machine whose autocorrelation is measured, and their Gibbs steps.
    pub mixing: [Scaled<usize>; 2],
    /// Where the values come from.
    pub origins: Origins,
}

/// One stack.
#[derive(Clone, Copy, Debug)]
pub struct Stack {
    /// Its name.
    pub name: &'static str,
    /// Hidden units of each layer.
    pub widths: &'static [usize],
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Passes over the images, for each layer.
    pub epochs: Scaled<usize>,
}

const MOST: usize = 1_000_000;
const EPOCHS: Hyper<usize> =
    Hyper { key: "epochs", says: "epochs a layer", unit: "epochs a layer", range: 1..=MOST };
const GIBBS: Hyper<usize> =
    Hyper { key: "gibbs", says: "Gibbs steps from pixel noise", unit: "Gibbs steps", range: 1..=MOST };
const DRAWN: Hyper<usize> =
    Hyper { key: "samples", says: "digits drawn", unit: "digits drawn", range: 1..=10_000 };

pub(super) const SCORES: &str = "scores";
const MIXING: &str = "mixing";
/// The name of real training images in the column `origin`.
pub(crate) const REAL: &str = "training images";
/// That of pixels that are on independently, each as often as in training images.
pub(crate) const NOISE: &str = "pixel noise";

impl Recipe for Draws {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(self.origins);
        for stack in self.stacks {
            let widths: Vec<String> = stack.widths.iter().map(usize::to_string).collect();
            hypers.fact(&format!("hidden units, {}", stack.name), &widths.join("–"));
        }
        let shared = self.stacks.len() == 1;
        let epochs: Vec<Scaled<usize>> = self.stacks.iter().map(|stack| stack.epochs).collect();
        hypers.with(&EPOCHS, settings, &epochs, shared);
        let batches: Vec<Scaled<usize>> = self.stacks.iter().map(|stack| Scaled::same(stack.batch)).collect();
        hypers.with(&BATCH, settings, &batches, shared);
        hypers.add(&RATE, settings, &[Scaled::same(self.rate)]);
        hypers.add(&SIGMA, settings, &[Scaled::same(self.sigma)]);
        hypers.add(&IMAGES, settings, &[self.images]);
        hypers.add(&GIBBS, settings, &[self.gibbs]);
        hypers.add(&DRAWN, settings, &[self.drawn]);
        mixing::tell(self.mixing, &mut hypers, settings);
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        let settings = planning.settings;
        let count = DRAWN.at(settings, &self.drawn)?;
        for &seed in planning.seeds {
            for stack in self.stacks {
                let layers = self.layers(stack, seed, planning)?;
                let [chains, steps] = self.mixing.map(|amount| amount.at(settings.profile));
                let machine = Machine::Top(Stacked::one_each(stack.widths));
                let label = format!("autocorrelation of the {}, seed {seed}", stack.name);
                let mixed = planning.add(label, Mixing { machine, chains, steps, seed }, &layers)?;
                planning.name(&mixed, MIXING, &[("origin", &stack.name), ("seed", &seed)]);
                let (_, drawn) = self.samples(stack, count, seed, planning)?;
                self.score(stack.name, Origin::Samples, count, seed, &[drawn], planning)?;
            }
            self.score(REAL, Origin::Training, count, seed, &[], planning)?;
            self.score(NOISE, Origin::Noise, count, seed, &[], planning)?;
        }
        let sizes: Vec<String> = self
            .stacks
            .iter()
            .map(|stack| format!("{} in the {}", parameters(stack.widths), stack.name))
            .collect();
        planning.notes.push(mixing::SAID.into());
        planning.notes.push(format!("Parameters: {}.", sizes.join(", ")));
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        drawing.evidence.0 = drawing.finished.all(&[SCORES, MIXING])?;
        drawing.metrics();
        let finished = drawing.finished;
        let mut lines = Vec::new();
        for task in finished.shown(SCORES) {
            let origin = task.columns.get("origin").to_owned();
            let kind = if origin == REAL { RowKind::Reference } else { RowKind::Plain };
            let place: Place = vec![("origin".into(), origin.clone())];
            let pixels = finished.tensors(task, SHOWN)?.f32s("images")?.to_vec();
            lines.push(Line { label: origin, pixels, place, values: None, kind });
        }
        let metrics = [
            Metric::new("pixels", "W₂²", Better::Lower).unit("pixels").decimals(1),
            Metric::percent("ink", "pixels on", Better::Neither).decimals(1),
        ];
        drawing.strip(
            &Strip {
                name: "samples",
                title: "Digits drawn, and their distance to held-out digits",
                size: Digits::SIZE,
                per_line: 10,
                metrics: &metrics,
                caption: "The first twenty digits of each origin. The distance is the mean number of pixels by which a drawn digit \
                          differs from the held-out digit that the best matching of all gives it.",
                alt: "Strips of digits with their distances.",
            },
            &lines,
        );
        drawing.grid(&Grid {
            caption: "Distances to held-out digits",
            by: &["origin"],
            heads: &["origin"],
            metrics: &metrics,
            label: None,
            reported: None,
        });
        mixing::table("origin", "machine", drawing);
        Ok(())
    }
}

impl Draws {
    /// Adds the layers of a stack where they are not there already; gives their keys, bottom first.
    fn layers(&self, stack: &Stack, seed: u64, planning: &mut Planning<'_>) -> Result<Vec<Key>> {
        let settings = planning.settings;
        let layers = DigitLayers {
            images: IMAGES.at(settings, &self.images)?,
            widths: stack.widths,
            batch: BATCH.of(settings, stack.batch)?,
            rate: RATE.of(settings, self.rate)?,
            sigma: SIGMA.of(settings, self.sigma)?,
            epochs: EPOCHS.at(settings, &stack.epochs)?,
            seed,
        };
        layers.plan(planning)
    }

    /// Adds a stack and so many samples of it; gives the keys of its layers, bottom first, and of the samples.
    ///
    /// # Errors
    /// If a value of `--set` makes no sense, or the data are missing.
    pub(crate) fn samples(
        &self,
        stack: &Stack,
        samples: usize,
        seed: u64,
        planning: &mut Planning<'_>,
    ) -> Result<(Vec<Key>, Key)> {
        let layers = self.layers(stack, seed, planning)?;
        let settings = planning.settings;
        let job = Sample {
            learned: Learned::Digits { images: IMAGES.at(settings, &self.images)? },
            stacked: Stacked::one_each(stack.widths),
            start: Start::Pixels,
            gibbs: GIBBS.at(settings, &self.gibbs)?,
            samples,
            seed,
        };
        let drawn = planning.add(format!("digits of the {}, seed {seed}", stack.name), job, &layers)?;
        Ok((layers, drawn))
    }

    fn score(
        &self,
        name: &'static str,
        origin: Origin,
        images: usize,
        seed: u64,
        needs: &[Key],
        planning: &mut Planning<'_>,
    ) -> Result<()> {
        let label = format!("{name} against {images} held-out digits, seed {seed}");
        let key = planning.add(label, Score { origin, judge: Judge::Digits { images }, seed }, needs)?;
        planning.name(&key, SCORES, &[("origin", &name), ("seed", &seed)]);
        Ok(())
    }
}

/// Weights and both biases of every machine of a stack on digits.
pub(crate) const fn parameters(widths: &[usize]) -> usize {
    let (mut below, mut sum, mut layer) = (Digits::SIZE.0 * Digits::SIZE.1, 0, 0);
    while layer < widths.len() {
        let above = widths[layer];
        sum += below * above + below + above;
        (below, layer) = (above, layer + 1);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::parameters;

    /// Tables 9 and 10 of the report.
    #[test]
    fn stacks_have_as_many_parameters_as_the_report_counts() {
        assert_eq!(parameters(&[1200]), 942_784);
        assert_eq!(parameters(&[1000, 500, 250]), 1_413_034);
    }
}
