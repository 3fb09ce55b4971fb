//! The recipe of the record on letters: the table of likelihoods, and networks that name characters.

use anyhow::Result;
use engine::figures::{Axis, Better, Curve, Grid, Metric, Steps};
use engine::{Hypers, Key, Rows, Scaled, Settings};
use report::Mark;

use super::classify::{Begin, Classify, NETWORK};
use crate::inks::CURVE;
use crate::likelihood::binarised::Binarised;
use crate::likelihood::recipe::{Likelihoods, Model};
use crate::likelihood::train::Machine;
use crate::recipe::{Drawing, Planning, Recipe, slug};
use crate::records::{self, ERROR};
use crate::tuned::Tuning;

/// Likelihoods of letters, and networks that name them.
#[derive(Debug)]
pub struct LetterRecord {
    /// Machines, networks and mixtures.
    pub likelihoods: &'static Likelihoods,
    /// The network of machines that others begin on.
    pub stack: Model,
    /// The networks that name characters: what they are called, what they see, hidden units, how they learn.
    pub networks: &'static [(&'static str, Begin, &'static [usize], Tuning)],
    /// Passes over the images, at most.
    pub epochs: Scaled<usize>,
    /// Training images of each character that choose the epoch.
    pub judging: usize,
}

const NAMED: &str = "named";

impl Recipe for LetterRecord {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = self.likelihoods.hypers(settings);
        for &(name, _, hidden, tuning) in self.networks {
            let widths: Vec<String> = hidden.iter().map(usize::to_string).collect();
            let tuning = Tuning { epochs: self.epochs.at(settings.profile), ..tuning };
            hypers.fact(name, &format!("units {}; {}", widths.join("–"), tuning.describe()));
        }
        hypers.cut("epochs of networks", settings.profile, &[self.epochs]);
        hypers.fact("training images of a character that choose the epoch", &self.judging.to_string());
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        self.likelihoods.plan(planning)?;
        let epochs = self.epochs.at(planning.settings.profile);
        for &seed in planning.seeds {
            for &(name, begin, hidden, tuning) in self.networks {
                let needs =
                    if begin == Begin::Random { Vec::new() } else { self.machines(hidden, seed, planning)? };
                let job = Classify {
                    begin,
                    hidden: hidden.to_vec(),
                    tuning: Tuning { epochs, ..tuning },
                    judging: self.judging,
                    seed,
                };
                let key = planning.add(format!("{name}, seed {seed}"), job, &needs)?;
                planning.name(&key, NAMED, &[("model", &name), ("seed", &seed)]);
            }
        }
        planning.notes.push(format!(
            "Networks choose their epoch on {} of the 29 training images of each character, learn anew from all of them for as many \
             epochs, and see test images once. Every ‘0’ is, pixel for pixel, an ‘O’: no network can tell those two apart.",
            self.judging
        ));
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        self.likelihoods.draw(drawing)?;
        let finished = drawing.finished;
        let rows = finished.all(&[NAMED])?;
        let curves = Rows { rows: rows.rows.iter().filter(|row| row.epoch.is_some()).cloned().collect() };
        drawing.evidence.rows.extend(rows.rows.into_iter().filter(|row| row.epoch.is_none()));
        drawing.files.retain(|(name, _)| name != "metrics.csv");
        drawing.metrics();
        drawing.curve(&Curve {
            file: "errors.svg",
            title: "Test characters taken for others",
            x: Axis { label: "", steps: Steps::Names },
            y: Axis { label: "test error, %", steps: Steps::Linear },
            along: "model",
            metrics: &[ERROR],
            mark: Mark::Points,
            caption: "Of 360 test images; bars are 95 % intervals.",
            alt: "Points of the test error of each network.",
            ..CURVE
        });
        records::held_out(curves, drawing);
        drawing.grid(&Grid {
            caption: "Errors on the test images, which were looked at once",
            by: &["model"],
            heads: &["model"],
            metrics: &[ERROR, Metric::new("epoch_chosen", "at epoch", Better::Neither).decimals(0)],
            label: None,
            reported: None,
        });
        for task in finished.shown(NAMED) {
            let name = slug(task.columns.get("model"));
            drawing.weights(task, NETWORK, &name)?;
        }
        Ok(())
    }
}

impl LetterRecord {
    /// The points of the first machines of the stack, with these hidden units, which the likelihoods have trained.
    fn machines(&self, hidden: &[usize], seed: u64, planning: &mut Planning<'_>) -> Result<Vec<Key>> {
        let (profile, images) = (planning.settings.profile, self.likelihoods.trained(planning.settings)?);
        let Model { learning, epochs, .. } = self.stack;
        let mut keys: Vec<Key> = Vec::new();
        for (layer, &units) in hidden.iter().enumerate() {
            let machine = Machine {
                images,
                binarised: Binarised::Letters,
                below: hidden[..layer].to_vec(),
                hidden: units,
                learning,
                batch: self.likelihoods.batch,
                epochs: epochs.at(profile),
                seed,
            };
            keys.push(planning.add(
                format!("layer {} of letters, seed {seed}", layer + 1),
                machine,
                &keys,
            )?);
        }
        Ok(keys)
    }
}
