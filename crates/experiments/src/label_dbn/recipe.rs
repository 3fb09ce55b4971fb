//! The recipes of greedy training: its convergence, the accuracy of what it gives, the weights of the bottom machine.

use anyhow::Result;
use engine::figures::{Axis, Better, Curve, Grid, Metric, Steps};
use engine::rows::READING;
use engine::{Hypers, Scaled, Settings};

use super::draw::{ACCURACIES, filters, without_losses};
use super::network::{EXACT, GIBBS, NETWORK};
use super::recognise::Recognise;
use super::stack::{COUNTED, ORIGINS, SWEEPS, Stack};
use crate::hypers::TEST_IMAGES;
use crate::inks::CURVE;
use crate::recipe::{Drawing, Planning, Recipe};

const MACHINES: &str = "machines";
const NETWORKS: &str = "networks";
const ACCURACY: &str = "accuracy";

pub(super) const ITERATIONS: Axis<'static> =
    Axis { label: "iterations (mini-batches) of each machine", steps: Steps::Linear };
const RECONSTRUCTION: Metric =
    Metric::new("reconstruction", "reconstruction error", Better::Lower).decimals(4);

/// How fast each machine of the network converges.
#[derive(Debug)]
pub struct Convergence {
    /// The training, to the last of its iterations.
    pub stack: Stack,
    /// Its last iteration, as a list for the page.
    pub last: Scaled<&'static [usize]>,
}

impl Recipe for Convergence {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        self.stack.tell(&mut hypers, settings, &self.last);
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        for &seed in planning.seeds {
            let bottom = self.stack.bottom(seed, planning)?;
            planning.name(&bottom, MACHINES, &[("seed", &seed)]);
            let iterations = self.stack.iterations.at(planning.settings.profile);
            let network = self.stack.network(iterations, seed, planning)?;
            planning.name(&network, NETWORKS, &[("seed", &seed)]);
        }
        planning.notes.push(
            "An iteration is a mini-batch, as in the exercise’s code. Errors are those of mean reconstructions, without \
             noise, of the first 500 training images; the machine with labels reconstructs those, too."
                .into(),
        );
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        drawing.evidence.0 = without_losses(drawing.finished.all(&[MACHINES, NETWORKS])?);
        drawing.metrics();
        drawing.curve(&Curve {
            file: "convergence.svg",
            title: "Reconstruction error of each machine",
            x: ITERATIONS,
            y: Axis { label: "mean squared error a unit", steps: Steps::Log },
            along: "iterations",
            split: "layer",
            metrics: &[RECONSTRUCTION],
            caption: "Each machine is trained on what the finished one below makes of the images.",
            alt: "Three falling curves, one for each machine.",
            ..CURVE
        });
        drawing.grid(&Grid {
            caption: "Reconstruction error, by iterations",
            by: &["layer", "iterations"],
            heads: &["machine", "iterations"],
            metrics: &[RECONSTRUCTION],
            label: None,
            reported: None,
        });
        let finished = drawing.finished;
        for task in finished.shown(NETWORKS) {
            let bytes = finished.read(task, NETWORK)?;
            drawing.files.push(("weights/network.safetensors".to_owned(), bytes));
        }
        Ok(())
    }
}

/// What the network's accuracy is after several numbers of iterations.
#[derive(Debug)]
pub struct Accuracy {
    /// The training.
    pub stack: Stack,
    /// Iterations of each machine.
    pub sweep: Scaled<&'static [usize]>,
    /// Training images whose labels are asked for.
    pub counted: Scaled<usize>,
    /// Test images.
    pub tested: Scaled<usize>,
    /// Gibbs steps to recognise.
    pub sweeps: usize,
    /// The same training at another rate, for a reading: its name, and the iterations that are run under it.
    pub reading: (&'static str, Stack, Scaled<&'static [usize]>),
    /// The iterations whose network is given away.
    pub given: Scaled<usize>,
}

impl Accuracy {
    fn networks(
        &self,
        (reading, stack, sweep): (&str, &Stack, &[usize]),
        planning: &mut Planning<'_>,
    ) -> Result<()> {
        for &seed in planning.seeds {
            for iterations in sweep {
                let network = stack.network(*iterations, seed, planning)?;
                let settings = planning.settings;
                let job = Recognise {
                    trained: COUNTED.at(settings, &self.counted)?.min(stack.trained(settings)?),
                    tested: TEST_IMAGES.at(settings, &self.tested)?,
                    sweeps: SWEEPS.of(settings, self.sweeps)?,
                    seed,
                };
                let columns: [(&str, &dyn std::fmt::Display); 3] =
                    [("iterations", iterations), ("seed", &seed), (READING, &reading)];
                planning.name(&network, NETWORKS, &columns);
                let said = if reading.is_empty() { String::new() } else { format!(", {reading}") };
                let label = format!("labels after {iterations} iterations{said}, seed {seed}");
                let key = planning.add(label, job, &[network])?;
                planning.name(&key, ACCURACY, &columns);
            }
        }
        Ok(())
    }
}

impl Recipe for Accuracy {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        self.stack.tell(&mut hypers, settings, &self.sweep);
        hypers.add(&COUNTED, settings, &[self.counted]);
        hypers.add(&TEST_IMAGES, settings, &[self.tested]);
        hypers.add(&SWEEPS, settings, &[Scaled::same(self.sweeps)]);
        if settings.most_read() > 0 {
            hypers.fact("other readings", self.reading.0);
        }
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        let profile = planning.settings.profile;
        self.networks(("", &self.stack, self.sweep.at(profile)), planning)?;
        let (name, stack, sweep) = &self.reading;
        let most = planning.settings.most_read();
        let read: Vec<usize> = sweep.at(profile).iter().copied().take(most).collect();
        self.networks((name, stack, &read), planning)?;
        planning.notes.push(
            "Every number of iterations is a network of its own: each machine is trained so long, on what the one below makes \
             of the images after as many. Labels are read in two ways from the probabilities that the images make in the layer \
             below the top: by the exact probability of every label, and by Gibbs steps as the report does. Intervals are \
             Wilson’s, of 95 %."
                .into(),
        );
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        drawing.evidence.0 = drawing.finished.all(&[ACCURACY])?;
        drawing.metrics();
        for (by, file, title) in [
            (GIBBS, "accuracy-gibbs.svg", "Accuracy by Gibbs steps, as in the report"),
            (EXACT, "accuracy-exact.svg", "Accuracy by the exact probability of each label"),
        ] {
            drawing.curve(&Curve {
                file,
                title,
                x: ITERATIONS,
                y: Axis { label: "accuracy, %", steps: Steps::Linear },
                only: &[("by", by)],
                along: "iterations",
                split: "set",
                metrics: &ACCURACIES,
                caption: "Share of images whose label is the most probable one.",
                alt: "Accuracy against iterations, a line for each set of images.",
                ..CURVE
            });
        }
        drawing.grid(&Grid {
            caption: "Accuracy, by iterations, images and the way in which labels are read",
            by: &["iterations", "set", "by"],
            heads: &["iterations", "images", "labels read by"],
            metrics: &ACCURACIES,
            label: None,
            reported: None,
        });
        let finished = drawing.finished;
        for task in finished.shown(NETWORKS) {
            if task.columns.get(READING).is_empty() {
                let iterations = task.columns.get("iterations");
                if [self.given.smoke, self.given.quick].iter().any(|given| given.to_string() == iterations) {
                    let bytes = finished.read(task, NETWORK)?;
                    drawing.files.push((format!("weights/network-{iterations}.safetensors"), bytes));
                }
            }
        }
        Ok(())
    }
}

/// What the weights of the bottom machine look like after few and after many iterations.
#[derive(Debug)]
pub struct Fields {
    /// The training.
    pub stack: Stack,
    /// The iterations whose weights are shown.
    pub shown: Scaled<&'static [usize]>,
}

const STROKES: [Metric; 4] = [
    Metric::percent("clear", "filters with a clear stroke", Better::Neither).decimals(1),
    Metric::percent("stroke", "share of the stroke", Better::Neither).decimals(1),
    Metric::new("smoothness", "correlation of neighbours", Better::Neither).decimals(3),
    Metric::new("weight", "typical weight", Better::Neither).decimals(4),
];

impl Recipe for Fields {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        self.stack.tell(&mut hypers, settings, &self.shown);
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        for &seed in planning.seeds {
            let bottom = self.stack.bottom(seed, planning)?;
            planning.name(&bottom, MACHINES, &[("seed", &seed)]);
        }
        planning.notes.push(
            "A stroke is a filter’s largest connected part of one sign, among pixels whose weights are at least half the \
             filter’s largest; it is clear if it holds a tenth of all squared weights, which noise never does."
                .into(),
        );
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        drawing.evidence.0 = without_losses(drawing.finished.all(&[MACHINES])?);
        drawing.metrics();
        filters(drawing, MACHINES, &[self.shown.smoke, self.shown.paper])?;
        drawing.curve(&Curve {
            file: "strokes.svg",
            title: "Filters with a clear stroke",
            x: ITERATIONS,
            y: Axis { label: "share of 500 filters, %", steps: Steps::Linear },
            along: "iterations",
            metrics: &STROKES[..1],
            caption: "How many hidden units of the bottom machine have a stroke that holds a tenth of their squared weights.",
            alt: "Share of filters with a clear stroke against iterations.",
            ..CURVE
        });
        drawing.grid(&Grid {
            caption: "Weights of the bottom machine",
            by: &["iterations"],
            heads: &["iterations"],
            metrics: &STROKES,
            label: None,
            reported: None,
        });
        Ok(())
    }
}
