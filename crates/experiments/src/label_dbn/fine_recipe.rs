//! The recipes of what the network draws from labels, and of fine-tuning by up-down.

use anyhow::Result;
use energy::wake_sleep::StepRule;
use engine::figures::{Axis, Better, Curve, Grid, Metric, Steps};
use engine::hyper::distinct;
use engine::{Hyper, Hypers, Key, Scaled, Settings};

use super::draw::{
    ACCURACIES, ALIKE, RECOGNISED, RECOGNISED_DIGIT, RECOGNISED_REAL, digits, last, models, without_losses,
};
use super::fine::{FineTune, options};
use super::generate::Generate;
use super::network::{EXACT, GIBBS, NETWORK};
use super::recognise::TEST;
use super::stack::{ORIGINS, SWEEPS, Stack};
use crate::hypers::TEST_IMAGES;
use crate::inks::CURVE;
use crate::recipe::{Drawing, Planning, Recipe, slug};

/// How pictures are drawn from labels.
#[derive(Clone, Copy, Debug)]
pub struct FromLabels {
    /// Chains of each label.
    pub chains: Scaled<usize>,
    /// After how many Gibbs steps pictures are taken; rising.
    pub steps: Scaled<&'static [usize]>,
    /// Training images that pictures are likened to.
    pub compared: Scaled<usize>,
    /// Test images that tell how far to trust that.
    pub checked: Scaled<usize>,
}

const CHAINS: Hyper<usize> =
    Hyper { key: "chains", says: "chains of each label", unit: "chains of each label", range: 1..=10_000 };
const EPOCHS: Hyper<usize> =
    Hyper { key: "epochs", says: "epochs of up-down", unit: "epochs of up-down", range: 1..=1000 };
const FINE_IMAGES: Hyper<usize> =
    Hyper { key: "fine-images", says: "images of up-down", unit: "images of up-down", range: 1..=60_000 };

const DRAWN: &str = "drawn";
const BEFORE: &str = "before";
const AFTER: &str = "after";
const TUNED: &str = "tuned";

impl FromLabels {
    fn tell(&self, hypers: &mut Hypers, settings: &Settings) {
        hypers.add(&CHAINS, settings, &[self.chains]);
        let steps = self.steps.at(settings.profile);
        hypers.fact("Gibbs steps to generate", &distinct(steps.iter().map(usize::to_string)));
        let most = |steps: &[usize]| steps.last().copied().unwrap_or(0);
        let Scaled { smoke, quick, paper } = self.steps;
        let lasts = Scaled::new(most(smoke), most(quick), most(paper));
        hypers.cut("Gibbs steps to generate", settings.profile, &[lasts]);
        hypers.fact("chains begin at", "fair coins in the layer below the top");
        let compared = self.compared.at(settings.profile);
        hypers.fact("pictures are likened to", &format!("{compared} training images, by angle"));
        hypers.cut("images that pictures are likened to", settings.profile, &[self.compared]);
    }

    fn plan(&self, network: &Key, what: &str, seed: u64, planning: &mut Planning<'_>) -> Result<Key> {
        let settings = planning.settings;
        let job = Generate {
            chains: CHAINS.at(settings, &self.chains)?,
            steps: self.steps.at(settings.profile).to_vec(),
            compared: self.compared.at(settings.profile),
            checked: self.checked.at(settings.profile),
            seed,
        };
        planning.add(format!("pictures from labels {what}, seed {seed}"), job, std::slice::from_ref(network))
    }
}

const LIKENED: &str = "A picture counts as recognised if, of some thousand training images, the one at the smallest angle to \
                       it has the label that was held; beside it stands how often that is so for real test images.";

/// What the network draws when it is told a label.
#[derive(Debug)]
pub struct Generation {
    /// The greedy training.
    pub stack: Stack,
    /// Iterations of each machine, one number.
    pub iterations: Scaled<&'static [usize]>,
    /// How pictures are drawn.
    pub from_labels: FromLabels,
}

impl Recipe for Generation {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        self.stack.tell(&mut hypers, settings, &self.iterations);
        self.from_labels.tell(&mut hypers, settings);
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        for &seed in planning.seeds {
            for iterations in self.iterations.at(planning.settings.profile) {
                let network = self.stack.network(*iterations, seed, planning)?;
                planning.name(&network, TUNED, &[("seed", &seed)]);
                let what = format!("after {iterations} iterations");
                let drawn = self.from_labels.plan(&network, &what, seed, planning)?;
                planning.name(&drawn, DRAWN, &[("seed", &seed)]);
            }
        }
        planning.notes.push(LIKENED.into());
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        drawing.evidence.0 = drawing.finished.all(&[DRAWN])?;
        drawing.metrics();
        digits(drawing, DRAWN)?;
        drawing.curve(&Curve {
            file: "recognised.svg",
            title: "Pictures recognised as their label",
            x: Axis { label: "Gibbs steps", steps: Steps::Log },
            y: Axis { label: "share of all pictures, %", steps: Steps::Linear },
            along: "steps",
            metrics: &[RECOGNISED],
            caption: "Share of pictures whose most similar training image has the label that was held.",
            alt: "Share of recognised pictures against Gibbs steps.",
            ..CURVE
        });
        drawing.grid(&Grid {
            caption: "Pictures recognised as their label, by Gibbs steps",
            by: &["steps"],
            heads: &["Gibbs steps"],
            metrics: &[RECOGNISED, ALIKE],
            label: None,
            reported: None,
        });
        let finished = drawing.finished;
        for task in finished.shown(TUNED) {
            drawing.weights(task, NETWORK, "network")?;
        }
        Ok(())
    }
}

/// A step size of up-down.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// What it is called.
    pub model: &'static str,
    /// The learning rate that would make the same steps along the mean over a mini-batch, as it stands in the rows.
    pub of_mean: &'static str,
    /// The learning rate.
    pub rate: f32,
    /// What it multiplies.
    pub rule: StepRule,
}

/// Fine-tuning at several step sizes.
#[derive(Debug)]
pub struct WakeSleep {
    /// The greedy training.
    pub stack: Stack,
    /// Iterations of each machine before, one number.
    pub iterations: Scaled<&'static [usize]>,
    /// The step sizes, rising.
    pub sizes: Scaled<&'static [Size]>,
    /// Passes over the images.
    pub epochs: Scaled<usize>,
    /// Training images of up-down.
    pub images: Scaled<usize>,
    /// Gibbs steps in the middle of it.
    pub middle: usize,
    /// Test images.
    pub tested: Scaled<usize>,
    /// Gibbs steps to recognise.
    pub sweeps: usize,
    /// How pictures are drawn.
    pub from_labels: FromLabels,
}

/// What the network without fine-tuning is called.
pub(super) const GREEDY: &str = "before fine-tuning";

impl WakeSleep {
    fn tuned(&self, size: &Size, network: &Key, seed: u64, planning: &mut Planning<'_>) -> Result<()> {
        let settings = planning.settings;
        let job = FineTune {
            images: FINE_IMAGES.at(settings, &self.images)?,
            batch: self.stack.batch(settings)?,
            epochs: EPOCHS.at(settings, &self.epochs)?,
            options: options(size.rate, size.rule, self.middle),
            tested: TEST_IMAGES.at(settings, &self.tested)?,
            sweeps: SWEEPS.of(settings, self.sweeps)?,
            seed,
        };
        let columns: [(&str, &dyn std::fmt::Display); 3] =
            [("model", &size.model), ("rate", &size.of_mean), ("seed", &seed)];
        let label = format!("up-down, {}, seed {seed}", size.model);
        let tuned = planning.add(label, job, std::slice::from_ref(network))?;
        planning.name(&tuned, TUNED, &columns);
        let drawn = self.from_labels.plan(&tuned, size.model, seed, planning)?;
        planning.name(&drawn, AFTER, &columns);
        Ok(())
    }
}

impl Recipe for WakeSleep {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        self.stack.tell(&mut hypers, settings, &self.iterations);
        hypers.add(&EPOCHS, settings, &[self.epochs]);
        hypers.add(&FINE_IMAGES, settings, &[self.images]);
        let said = |size: &Size| {
            let of = if size.rule == StepRule::Mean { "mean" } else { "sum" };
            format!("{} of the {of}", size.rate)
        };
        hypers.fact("rates of up-down", &distinct(self.sizes.at(settings.profile).iter().map(said)));
        let names = |sizes: &'static [Size]| sizes.iter().map(|size| size.model).collect::<Vec<_>>();
        hypers.left_out("step sizes", &names(self.sizes.at(settings.profile)), &names(self.sizes.paper));
        hypers.fact("Gibbs steps of up-down", &self.middle.to_string());
        hypers.fact("labels in up-down", "at the top alone");
        hypers.add(&TEST_IMAGES, settings, &[self.tested]);
        hypers.add(&SWEEPS, settings, &[Scaled::same(self.sweeps)]);
        self.from_labels.tell(&mut hypers, settings);
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        for &seed in planning.seeds {
            for iterations in self.iterations.at(planning.settings.profile) {
                let network = self.stack.network(*iterations, seed, planning)?;
                let what = format!("after {iterations} iterations");
                let drawn = self.from_labels.plan(&network, &what, seed, planning)?;
                planning.name(&drawn, BEFORE, &[("model", &GREEDY), ("seed", &seed)]);
                for size in self.sizes.at(planning.settings.profile) {
                    self.tuned(size, &network, seed, planning)?;
                }
            }
        }
        planning.notes.push(
            "The report’s two architectures are one, at two step sizes: a rate of 0.01 for the sum over a mini-batch of ten is \
             a rate of 0.1 for its mean, a hundred times the other. Here they stand at the ends of one scale."
                .into(),
        );
        planning.notes.push(LIKENED.into());
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        drawing.evidence.0 = without_losses(drawing.finished.all(&[BEFORE, TUNED, AFTER])?);
        drawing.metrics();
        models(drawing, &[BEFORE, AFTER])?;
        for (by, file, title) in [
            (GIBBS, "accuracy-gibbs.svg", "Accuracy by Gibbs steps, as in the report"),
            (EXACT, "accuracy-exact.svg", "Accuracy by the exact probability of each label"),
        ] {
            drawing.curve(&Curve {
                file,
                title,
                x: Axis { label: "epochs of up-down", steps: Steps::Linear },
                y: Axis { label: "accuracy on test images, %", steps: Steps::Linear },
                only: &[("by", by), ("set", TEST)],
                along: "epochs",
                split: "model",
                metrics: &ACCURACIES,
                caption: "Share of test images whose label is the most probable one.",
                alt: "Accuracy against epochs, a line for each step size.",
                ..CURVE
            });
        }
        sizes(drawing);
        drawing.grid(&Grid {
            caption: "Accuracy, by network and epochs",
            by: &["model", "epochs", "set", "by"],
            heads: &["network", "epochs", "images", "labels read by"],
            metrics: &ACCURACIES,
            label: None,
            reported: None,
        });
        drawing.grid(&Grid {
            caption: "Pictures recognised as their label",
            by: &["model", "steps"],
            heads: &["network", "Gibbs steps"],
            metrics: &[RECOGNISED, ALIKE],
            label: None,
            reported: None,
        });
        drawing.grid(&Grid {
            caption: "The same by label, after the last of those steps",
            by: &["model", "digit"],
            heads: &["network", "label"],
            metrics: &[RECOGNISED_DIGIT, RECOGNISED_REAL],
            label: None,
            reported: None,
        });
        let finished = drawing.finished;
        for task in finished.shown(TUNED) {
            drawing.weights(task, NETWORK, &slug(task.columns.get("model")))?;
        }
        Ok(())
    }
}

/// Accuracy and pictures along the scale of step sizes.
fn sizes(drawing: &mut Drawing<'_>) {
    let x = Axis { label: "learning rate of the mean over a mini-batch", steps: Steps::Log };
    let (epochs, steps) = (last(drawing, "accuracy", "epochs"), last(drawing, "recognised", "steps"));
    drawing.curve(&Curve {
        file: "sizes-accuracy.svg",
        title: "Accuracy at the end, by step size",
        x,
        y: Axis { label: "accuracy on test images, %", steps: Steps::Linear },
        only: &[("set", TEST), ("epochs", &epochs)],
        along: "rate",
        split: "by",
        metrics: &ACCURACIES,
        caption: "From the recognition-specialised network on the left to the generation-specialised one on the right.",
        alt: "Accuracy against the step size, for both ways of reading labels.",
        ..CURVE
    });
    drawing.curve(&Curve {
        file: "sizes-recognised.svg",
        title: "Pictures recognised as their label, by step size",
        x,
        y: Axis { label: "share of all pictures, %", steps: Steps::Linear },
        only: &[("steps", &steps)],
        along: "rate",
        metrics: &[Metric { better: Better::Higher, ..RECOGNISED }],
        caption: "The same scale of step sizes.",
        alt: "Share of recognised pictures against the step size.",
        ..CURVE
    });
}
