//! The recipe of machines over components, rates and epochs.

use anyhow::Result;
use engine::figures::{Axis, Better, Curve, Grid, Metric, Steps};
use engine::hyper::distinct;
use engine::{Hypers, Key, Origin, Origins, Scaled, Settings, pick};

use super::job::{Components, machine_file};
use crate::data::Digits;
use crate::filters::Filters;
use crate::hypers::{BATCH, IMAGES};
use crate::inks::CURVE;
use crate::recipe::{Drawing, Planning, Recipe, slug};

/// Machines of every number of components with every rate.
#[derive(Debug)]
pub struct Machines {
    /// Hidden units.
    pub hidden: &'static [usize],
    /// Learning rates, as they stand in the column `rate`.
    pub rates: &'static [(&'static str, f32)],
    /// Passes over the images; the machine is kept after each of these.
    pub epochs: Scaled<&'static [usize]>,
    /// Training images.
    pub images: Scaled<usize>,
    /// Machines of at most so many hidden units have their likelihood computed exactly.
    pub listed: Scaled<usize>,
    /// Samples in a mini-batch, and chains.
    pub batch: usize,
    /// Where the values come from.
    pub origins: Origins,
}

/// Where the values of this report's machines come from.
pub(super) const ORIGINS: Origins = Origins(&[
    ("components", Origin::Stated("section 1.1")),
    ("learning rate", Origin::Stated("section 1.1")),
    ("epochs", Origin::Stated("section 1.1, “number of iterations”")),
    ("batch size", Origin::Course("the library that the course’s notebook calls, by default")),
    ("learning", Origin::Course("the same library")),
    ("inputs", Origin::Course("the course’s notebook")),
    ("training images", Origin::Chosen("all there are; the report does not say")),
]);

const MACHINES: &str = "machines";
const SCORE: Metric =
    Metric::new("pseudo_likelihood", "pseudo-likelihood", Better::Higher).unit("nats").decimals(1);

impl Machines {
    /// The point of one machine, which others share who ask for the same.
    ///
    /// # Errors
    /// If a value of `--set` makes no sense.
    pub(crate) fn machine(
        &self,
        (hidden, rate): (usize, f32),
        seed: u64,
        planning: &mut Planning<'_>,
    ) -> Result<Key> {
        let settings = planning.settings;
        let milestones = self.epochs.at(settings.profile).to_vec();
        let job = Components {
            hidden,
            images: IMAGES.at(settings, &self.images)?,
            batch: BATCH.of(settings, self.batch)?,
            rate,
            epochs: milestones.iter().copied().max().unwrap_or(1),
            milestones,
            listed: hidden <= self.listed.at(settings.profile),
            seed,
        };
        planning.add(format!("{hidden} components, rate {rate}, seed {seed}"), job, &[])
    }

    /// Adds what a page says of these machines.
    pub(super) fn tell(&self, hypers: &mut Hypers, settings: &Settings) {
        hypers.fact("components", &distinct(self.hidden.iter().map(usize::to_string)));
        hypers.fact("learning rate", &distinct(self.rates.iter().map(|(text, _)| (*text).to_owned())));
        hypers.fact("epochs", &distinct(self.epochs.at(settings.profile).iter().map(usize::to_string)));
        let most = |epochs: &'static [usize]| epochs.iter().copied().max().unwrap_or(0);
        let Scaled { smoke, quick, paper } = self.epochs;
        hypers.cut("epochs", settings.profile, &[Scaled::new(most(smoke), most(quick), most(paper))]);
        hypers.add(&IMAGES, settings, &[self.images]);
        hypers.add(&BATCH, settings, &[Scaled::same(self.batch)]);
        hypers.fact(
            "learning",
            "one Gibbs step of as many persistent chains as a batch has images, from N(0, 0.01²)",
        );
        hypers.fact("inputs", "grey levels from 0 to 1");
    }
}

impl Recipe for Machines {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(self.origins);
        self.tell(&mut hypers, settings);
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        for &seed in planning.seeds {
            for &hidden in self.hidden {
                for &(text, rate) in self.rates {
                    let key = self.machine((hidden, rate), seed, planning)?;
                    let model = format!("{hidden} components, rate {text}");
                    planning.name(
                        &key,
                        MACHINES,
                        &[("model", &model), ("components", &hidden), ("rate", &text), ("seed", &seed)],
                    );
                }
            }
        }
        planning.notes.push(
            "A pseudo-likelihood is the sum over pixels of how well each is foretold by all others, in nats an image, and \
             negative: the nearer to zero the better. The library prints an estimate from one random pixel of each image; the \
             exact one stands here, and its estimate beside it. Exact log-likelihoods are of test images in black and white."
                .into(),
        );
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        drawing.evidence.0 = drawing.finished.all(&[MACHINES])?;
        drawing.metrics();
        drawing.curve(&Curve {
            file: "pseudo-likelihood.svg",
            title: "Pseudo-likelihood of training images",
            x: Axis { label: "epochs", steps: Steps::Linear },
            y: Axis { label: "nats an image", steps: Steps::Linear },
            along: "epochs",
            split: "model",
            metrics: &[SCORE],
            caption: "Exact pseudo-likelihood of 200 training images after every epoch.",
            alt: "Pseudo-likelihood against epochs, a line for each machine.",
            ..CURVE
        });
        filters(drawing)?;
        drawing.grid(&Grid {
            caption: "Scores of the machines, by epochs",
            by: &["model", "epochs"],
            heads: &["machine", "epochs"],
            metrics: &[
                SCORE,
                Metric::new("pseudo_likelihood_test", "test images", Better::Higher).unit("nats").decimals(1),
                Metric::new("pseudo_likelihood_one_bit", "by one random pixel", Better::Higher)
                    .unit("nats")
                    .decimals(1),
                Metric::new("log_likelihood", "exact log-likelihood, test", Better::Higher)
                    .unit("nats")
                    .decimals(1),
                Metric::new("largest_weight", "largest weight", Better::Neither).decimals(2),
                Metric::new("free_energy_gap", "free energy, test − training", Better::Neither)
                    .unit("nats")
                    .decimals(2),
            ],
            label: None,
            reported: None,
        });
        Ok(())
    }
}

/// The weights of every component, of every machine of the first seed that was kept; and those machines as files.
fn filters(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let mut sheets = Vec::new();
    for task in finished.shown(MACHINES) {
        let model = task.columns.get("model");
        let epochs: Vec<String> = drawing
            .evidence
            .along(pick("largest_weight", &[("model", model)]), "epochs")
            .into_iter()
            .map(str::to_owned)
            .collect();
        for epoch in epochs {
            let file = machine_file(epoch.parse()?);
            let weights = finished.tensors(task, &file)?.f32s("W")?.to_vec();
            sheets.push((format!("{model}, {epoch} epochs"), weights));
            drawing.weights(task, &file, &format!("{}-{epoch}", slug(model)))?;
        }
    }
    let figure = Filters {
        file: "components.svg",
        title: "Components",
        size: Digits::SIZE,
        per_line: 10,
        caption: "The weights of each hidden unit on its own scale: red where a pixel turns it on, blue where it turns it off.",
        alt: "Rows of weights as pictures, a row for each machine.",
        stamp: drawing.stamp(),
    };
    figure.sheets(&sheets, usize::MAX, &mut drawing.drawn);
    Ok(())
}
