//! The recipe of likelihoods: machines and mixtures on digits in black and white of both kinds.

use anyhow::Result;
use energy::Learning;
use engine::figures::{Axis, Better, Curve, Grid, Metric, Steps};
use engine::hyper::distinct;
use engine::{Hyper, Hypers, Key, Origin, Origins, Scaled, Settings};
use report::Mark;

use super::binarised::{Binarised, SEED};
use super::estimate::Likelihood;
use super::mixture::Mixture;
use super::train::{MACHINE, Machine, Stored};
use crate::dbm::Deep;
use crate::dbm::machine::DEEP;
use crate::hypers::{IMAGES, TEST_IMAGES};
use crate::inks::CURVE;
use crate::recipe::{Drawing, Planning, Recipe, slug};

/// Machines, mixtures, and how their likelihoods are estimated.
#[derive(Debug)]
pub struct Likelihoods {
    /// The machines.
    pub machines: &'static [Model],
    /// Deep Boltzmann machines, whose likelihood is bounded from below: their names, and how they learn. Each is on digits of one
    /// kind.
    pub deep: &'static [(&'static str, Deep)],
    /// Components of the mixtures; one is independent pixels.
    pub mixtures: &'static [usize],
    /// Rounds of expectation and maximisation.
    pub rounds: Scaled<usize>,
    /// What likelihoods are of.
    pub binarised: &'static [Binarised],
    /// Training images.
    pub images: Scaled<usize>,
    /// Test images.
    pub test: Scaled<usize>,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Temperatures of annealing.
    pub temperatures: Scaled<usize>,
    /// Chains from each end.
    pub chains: Scaled<usize>,
    /// Gibbs steps to settle.
    pub settle: Scaled<usize>,
    /// Machines of at most so many hidden units are listed, too.
    pub listed: Scaled<usize>,
}

/// One machine.
#[derive(Clone, Copy, Debug)]
pub struct Model {
    /// Its name in tables.
    pub name: &'static str,
    /// Hidden units of the machines below, bottom first: of a deep belief network, whose likelihood is bounded from below.
    pub below: &'static [usize],
    /// Hidden units.
    pub hidden: usize,
    /// How it learns.
    pub learning: Learning,
    /// Passes over the images.
    pub epochs: Scaled<usize>,
}

const MOST: usize = 1_000_000;
const TEMPERATURES: Hyper<usize> =
    Hyper { key: "temperatures", says: "temperatures", unit: "temperatures", range: 1..=MOST };
const CHAINS: Hyper<usize> = Hyper { key: "chains", says: "chains", unit: "chains", range: 2..=10_000 };
const SETTLE: Hyper<usize> =
    Hyper { key: "settle", says: "Gibbs steps to settle", unit: "Gibbs steps to settle", range: 1..=MOST };
const ROUNDS: Hyper<usize> =
    Hyper { key: "rounds", says: "rounds of the mixtures", unit: "rounds of the mixtures", range: 1..=MOST };

const ORIGINS: Origins = Origins(&[
    ("temperatures", Origin::Chosen("as many as are published for machines of this size")),
    ("chains", Origin::Chosen("as many as are published")),
]);

const SCORED: &str = "scored";
/// Deep machines: what is a bound in their rows stands beside likelihoods.
const BOUND: &str = "bound";
const SCORE: Metric =
    Metric::new("log_likelihood", "test log-likelihood", Better::Higher).unit("nats").decimals(2);

impl Likelihoods {
    /// Training images.
    ///
    /// # Errors
    /// If a value of `--set` makes no sense.
    pub fn trained(&self, settings: &Settings) -> Result<usize> {
        IMAGES.at(settings, &self.images)
    }

    /// Adds the deep machines and their bounds.
    fn deep(&self, images: usize, test: usize, seed: u64, planning: &mut Planning<'_>) -> Result<()> {
        let settings = planning.settings;
        for (name, deep) in self.deep {
            let annealed = [
                TEMPERATURES.at(settings, &self.temperatures)?,
                CHAINS.at(settings, &self.chains)?,
                SETTLE.at(settings, &self.settle)?,
            ];
            let [_, joint] = deep.plan(images, seed, planning)?;
            let key = deep.bound((name, &joint), test, annealed, seed, planning)?;
            planning.name(&key, BOUND, &[("model", name), ("digits", &deep.binarised), ("seed", &seed)]);
        }
        Ok(())
    }

    /// Says what a reader must know of likelihoods.
    fn notes(&self, planning: &mut Planning<'_>) {
        planning.notes.push(match self.binarised {
            [Binarised::Letters] => "Of each character 29 images are learnt from and ten are tested on: the split of every experiment \
                                     on letters that holds out ten, drawn once from a fixed seed."
                .into(),
            _ => format!(
                "Digits in black and white are of two kinds, and likelihoods of one kind say nothing of the other: on where the \
                 grey level is above 128, or drawn once, on with the probability grey / 255 (seed {SEED})."
            ),
        });
        planning.notes.push(
            "Likelihoods of machines lie between a bound from chains that are annealed to the machine and one from chains that are \
             annealed back from it; the range runs from the lower end of the one to the upper end of the other, over resampled \
             chains."
                .into(),
        );
        planning.notes.push(
            "Three checks stand beside each: the probability of all distinct training images together is at most one (the \
             logarithm at most 0), chains at the machine do not drift in as many steps again (at most three standard errors), and \
             a good part of the chains count. What is said of a deep belief network or of a deep Boltzmann machine is a bound \
             from below: its own likelihood is higher. The mass of a deep Boltzmann machine is of the images that it was measured on."
                .into(),
        );
    }
}

impl Recipe for Likelihoods {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        for model in self.machines {
            let Learning { negative, descent, centred, .. } = model.learning;
            let centred = if centred { ", centred" } else { "" };
            let epochs = model.epochs.at(settings.profile);
            let batch = self.batch;
            hypers.fact(
                model.name,
                &format!("{negative:?}, {descent}{centred}, batch {batch}, {epochs} epochs"),
            );
            hypers.cut(&format!("epochs of {}", model.name), settings.profile, &[model.epochs]);
        }
        for (_, deep) in self.deep {
            deep.tell(&mut hypers, settings);
        }
        hypers.add(&IMAGES, settings, &[self.images]);
        hypers.add(&TEST_IMAGES, settings, &[self.test]);
        hypers.add(&TEMPERATURES, settings, &[self.temperatures]);
        hypers.add(&CHAINS, settings, &[self.chains]);
        hypers.add(&SETTLE, settings, &[self.settle]);
        hypers.add(&ROUNDS, settings, &[self.rounds]);
        hypers.fact("components of mixtures", &distinct(self.mixtures.iter().map(usize::to_string)));
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        let settings = planning.settings;
        let images = IMAGES.at(settings, &self.images)?;
        let test = TEST_IMAGES.at(settings, &self.test)?;
        for &seed in planning.seeds {
            for &binarised in self.binarised {
                for &components in self.mixtures {
                    let rounds = ROUNDS.at(settings, &self.rounds)?;
                    let job = Mixture { images, binarised, test, components, rounds, seed };
                    let name = match components {
                        1 => "independent pixels".to_owned(),
                        n => format!("mixture of {n}"),
                    };
                    let key = planning.add(format!("{name}, {binarised}, seed {seed}"), job, &[])?;
                    planning.name(&key, SCORED, &[("model", &name), ("digits", &binarised), ("seed", &seed)]);
                }
                for &Model { name, below, hidden, learning, epochs } in self.machines {
                    let epochs = epochs.at(settings.profile);
                    let batch = self.batch;
                    let mut keys: Vec<Key> = Vec::new();
                    for (layer, hidden) in below.iter().copied().chain([hidden]).enumerate() {
                        let below = below[..layer].to_vec();
                        let machine =
                            Machine { images, binarised, below, hidden, learning, batch, epochs, seed };
                        let label = format!("{name}, {binarised}, layer {}, seed {seed}", layer + 1);
                        keys.push(planning.add(label, machine, &keys)?);
                    }
                    let job = Likelihood {
                        below: below.to_vec(),
                        hidden,
                        stored: Stored::Machines,
                        binarised,
                        images,
                        test,
                        temperatures: TEMPERATURES.at(settings, &self.temperatures)?,
                        chains: CHAINS.at(settings, &self.chains)?,
                        settle: SETTLE.at(settings, &self.settle)?,
                        listed: below.is_empty() && hidden <= self.listed.at(settings.profile),
                        seed,
                    };
                    let label = format!("likelihood of {name}, {binarised}, seed {seed}");
                    let key = planning.add(label, job, &keys)?;
                    planning.name(&key, SCORED, &[("model", &name), ("digits", &binarised), ("seed", &seed)]);
                }
            }
            self.deep(images, test, seed, planning)?;
        }
        self.notes(planning);
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        drawing.evidence.0 = drawing.finished.all(&[SCORED, BOUND])?;
        for row in &mut drawing.drawn.evidence.rows {
            if let Some(rest) = row.metric.strip_prefix("bound") {
                row.metric = format!("log_likelihood{rest}");
            }
        }
        drawing.metrics();
        for &binarised in self.binarised {
            let kind = binarised.to_string();
            let file = format!("likelihood-{}.svg", slug(&kind));
            drawing.curve(&Curve {
                file: &file,
                title: &match binarised {
                    Binarised::Letters => format!("Test log-likelihood, {kind}"),
                    _ => format!("Test log-likelihood, digits {kind}"),
                },
                x: Axis { label: "", steps: Steps::Names },
                y: Axis { label: "nats an image", steps: Steps::Linear },
                only: &[("digits", &kind)],
                along: "model",
                metrics: &[SCORE],
                mark: Mark::Points,
                caption: "The mean over test images; bars run from the lower bound to the upper one, where they are wider than the mark.",
                alt: "Points of the log-likelihood of each model.",
                ..CURVE
            });
        }
        drawing.grid(&Grid {
            caption: "Likelihoods in nats an image",
            by: &["digits", "model"],
            heads: &[if self.binarised == [Binarised::Letters] { "images" } else { "digits" }, "model"],
            metrics: &[
                SCORE,
                Metric::new("log_likelihood_train", "training", Better::Higher).unit("nats").decimals(2),
                Metric::new("log_likelihood_exact", "test, exact", Better::Higher).unit("nats").decimals(2),
                Metric::new("width", "width of the range", Better::Lower).unit("nats").decimals(2),
                Metric::new("log_mass", "log mass of training images", Better::Neither).decimals(1),
                Metric::new("drift", "drift", Better::Lower).unit("standard errors").decimals(1),
                Metric::new("effective", "chains that count", Better::Higher).decimals(0),
                Metric::new("free_energy_gap", "free energy, test − training", Better::Neither)
                    .unit("nats")
                    .decimals(2),
            ],
            label: None,
            reported: None,
        });
        let finished = drawing.finished;
        for task in finished.shown(BOUND) {
            let name = slug(&format!("{} {}", task.columns.get("model"), task.columns.get("digits")));
            let bytes = finished.read_need(task, 0, DEEP)?;
            drawing.files.push((format!("weights/{name}.safetensors"), bytes));
        }
        for task in finished.shown(SCORED) {
            for layer in 0..task.point.needs.len() {
                let name = format!("{} {}", task.columns.get("model"), task.columns.get("digits"));
                let bytes = finished.read_need(task, layer, MACHINE)?;
                let layer = if layer == 0 { String::new() } else { format!("-layer-{}", layer + 1) };
                drawing.files.push((format!("weights/{}{layer}.safetensors", slug(&name)), bytes));
            }
        }
        Ok(())
    }
}
