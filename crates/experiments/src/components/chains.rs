//! The recipe of chains that begin at test images.

use anyhow::Result;
use engine::figures::{Axis, Better, Curve, Grid, Line, Metric, Steps, Strip};
use engine::hyper::distinct;
use engine::{Hypers, Scaled, Settings};
use report::RowKind;

use super::recipe::{Machines, ORIGINS};
use super::restore::{RESTORED, Restore};
use crate::data::Digits;
use crate::hypers::TEST_IMAGES;
use crate::inks::CURVE;
use crate::mixing::{self, Machine as Of, Mixing};
use crate::recipe::{Drawing, Planning, Recipe};

/// Some machines, and where their chains begin and end.
#[derive(Debug)]
pub struct FromImages {
    /// The machines that there are.
    pub machines: Machines,
    /// Those whose chains are run: the report's name, hidden units, rate. Each is taken after the first of the epochs.
    pub models: &'static [(&'static str, usize, f32)],
    /// What is tried, in the order of the page.
    pub trials: &'static [Trial],
    /// Whether the pixels that are there are also held, beside being drawn anew as the report has it.
    pub clamped: bool,
    /// Test images.
    pub images: Scaled<usize>,
    /// Chains whose autocorrelation is measured, and their Gibbs steps; none where that is not the question.
    pub mixing: Option<[Scaled<usize>; 2]>,
    /// What charts go along: the column "steps" or "rows".
    pub along: &'static str,
}

/// Rows of pixels that are missing, and Gibbs steps.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// Rows of pixels that are missing, from the top.
    pub removed: usize,
    /// Gibbs steps.
    pub steps: usize,
}

const CHAINS: &str = "chains";
const MIXING: &str = "mixing";
/// The texts of the column `known`: what becomes of the pixels that are there.
pub(super) const DRAWN: &str = "drawn anew";
pub(super) const HELD: &str = "held";

const MISSING: Metric = Metric::new("error_missing", "error on missing rows", Better::Lower).decimals(4);
const ERROR: Metric = Metric::new("error", "error", Better::Lower).decimals(4);

impl Recipe for FromImages {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        self.machines.tell(&mut hypers, settings);
        hypers.add(&TEST_IMAGES, settings, &[self.images]);
        hypers.fact("Gibbs steps", &distinct(self.trials.iter().map(|trial| trial.steps.to_string())));
        if let Some([chains, steps]) = self.mixing {
            mixing::tell([chains, steps], &mut hypers, settings);
        }
        hypers.fact("rows removed", &distinct(self.trials.iter().map(|trial| trial.removed.to_string())));
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        let images = TEST_IMAGES.at(planning.settings, &self.images)?;
        let epoch = self.machines.epochs.at(planning.settings.profile)[0];
        for &seed in planning.seeds {
            for &(model, hidden, rate) in self.models {
                let machine = self.machines.machine((hidden, rate), seed, planning)?;
                if let Some([chains, steps]) =
                    self.mixing.map(|all| all.map(|n| n.at(planning.settings.profile)))
                {
                    let job = Mixing { machine: Of::Components { hidden, epoch }, chains, steps, seed };
                    let label = format!("{model}: autocorrelation, seed {seed}");
                    let key = planning.add(label, job, std::slice::from_ref(&machine))?;
                    planning.name(&key, MIXING, &[("model", &model), ("seed", &seed)]);
                }
                for &Trial { removed, steps } in self.trials {
                    for (known, clamped) in [(DRAWN, false), (HELD, true)] {
                        if clamped && (!self.clamped || removed == 0) {
                            continue;
                        }
                        let job = Restore { hidden, epoch, removed, sweeps: steps, clamped, images, seed };
                        let label =
                            format!("{model}: {removed} rows missing, {steps} steps, {known}, seed {seed}");
                        let key = planning.add(label, job, std::slice::from_ref(&machine))?;
                        planning.name(
                            &key,
                            CHAINS,
                            &[
                                ("model", &model),
                                ("rows", &removed),
                                ("steps", &steps),
                                ("known", &known),
                                ("seed", &seed),
                            ],
                        );
                    }
                }
            }
        }
        if self.mixing.is_some() {
            planning.notes.push(mixing::SAID.into());
        }
        if self.clamped {
            planning.notes.push(
                "The report’s chains draw all pixels anew at every step, those that were never missing among them; here the \
                 same chains stand beside others that hold what is known."
                    .into(),
            );
        }
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        drawing.evidence.0 = drawing.finished.all(&[CHAINS, MIXING])?;
        drawing.metrics();
        let metric = if self.clamped { MISSING } else { ERROR };
        // Where rows are swept, one trial of another number of steps stands beside the sweep.
        let (label, steps, among) = match self.along {
            "steps" => ("Gibbs steps", Steps::Log, None),
            _ => ("rows of pixels missing", Steps::Linear, Some(("steps", "10"))),
        };
        strips(drawing, metric)?;
        for (known, file) in [(DRAWN, "error.svg"), (HELD, "error-held.svg")] {
            if known == HELD && !self.clamped {
                continue;
            }
            drawing.curve(&Curve {
                file,
                title: &format!("{} (known pixels {known})", metric.heading),
                x: Axis { label, steps },
                y: Axis { label: "mean squared error a pixel", steps: Steps::Linear },
                only: &[("known", known)].into_iter().chain(among).collect::<Vec<_>>(),
                along: self.along,
                split: "model",
                metrics: &[metric],
                caption: "Squared difference between probabilities at the end of the chain and the grey levels of the test image.",
                alt: "Error of each machine along the sweep.",
                ..CURVE
            });
        }
        drawing.grid(&Grid {
            caption: "Where chains end that begin at test images",
            by: &["model", "rows", "steps", "known"],
            heads: &["machine", "rows missing", "Gibbs steps", "known pixels"],
            metrics: &[
                MISSING,
                ERROR,
                Metric::new("free_energy", "free energy", Better::Neither).unit("nats").decimals(1),
            ],
            label: None,
            reported: None,
        });
        mixing::table("model", "machine", drawing);
        Ok(())
    }
}

/// Ten digits of every trial of the first seed.
fn strips(drawing: &mut Drawing<'_>, metric: Metric) -> Result<()> {
    let finished = drawing.finished;
    let mut lines: Vec<Line> = Vec::new();
    let mut begun: Vec<String> = Vec::new();
    for task in finished.shown(CHAINS) {
        let file = finished.tensors(task, RESTORED)?;
        let [model, rows, steps, known] =
            ["model", "rows", "steps", "known"].map(|name| task.columns.get(name));
        if !begun.iter().any(|own| own == rows) {
            begun.push(rows.to_owned());
            let label = match rows {
                "0" => "test images".to_owned(),
                "1" => "1 row missing".to_owned(),
                rows => format!("{rows} rows missing"),
            };
            lines.push(Line {
                label,
                pixels: file.f32s("begun")?.to_vec(),
                place: Vec::new(),
                values: Some(vec![f64::NAN]),
                kind: RowKind::Reference,
            });
        }
        let place = task.columns.0.iter().filter(|(column, _)| column != "seed").cloned().collect();
        let known = if rows == "0" { String::new() } else { format!(", known pixels {known}") };
        lines.push(Line {
            label: format!("{model}, {steps} steps{known}"),
            pixels: file.f32s("ended")?.to_vec(),
            place,
            values: None,
            kind: RowKind::Plain,
        });
    }
    let strip = Strip {
        name: "chains",
        title: "",
        size: Digits::SIZE,
        per_line: 10,
        metrics: &[metric],
        caption: "Probabilities of all pixels at the end of each chain, under the images where they began.",
        alt: "Rows of ten digits: where chains begin, and what the machines make of them.",
    };
    drawing.strip(&strip, &lines);
    Ok(())
}
