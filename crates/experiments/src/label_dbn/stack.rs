//! The greedy training that all experiments of this folder share: its hyperparameters, its points, where its values come from.

use anyhow::Result;
use engine::hyper::distinct;
use engine::{Hyper, Hypers, Key, Origin, Origins, Scaled, Settings};

use super::train::{Bottom, Steps, Upper};
use crate::hypers::{BATCH, MOMENTUM, RATE};
use crate::recipe::Planning;

/// Greedy training of the network, stopped after several numbers of iterations.
#[derive(Clone, Copy, Debug)]
pub struct Stack {
    /// Training images.
    pub images: Scaled<usize>,
    /// The most iterations of a machine.
    pub iterations: Scaled<usize>,
    /// After which of them the bottom machine is kept.
    pub milestones: Scaled<&'static [usize]>,
    /// After which of them errors are measured.
    pub logged: Scaled<&'static [usize]>,
    /// How machines learn.
    pub steps: Steps,
}

const IMAGES: Hyper<usize> =
    Hyper { key: "images", says: "training images", unit: "training images", range: 1..=60_000 };
/// Training images whose labels are asked for.
pub const COUNTED: Hyper<usize> = Hyper {
    key: "counted",
    says: "training images recognised",
    unit: "training images recognised",
    range: 1..=60_000,
};
/// Gibbs steps of recognition.
pub const SWEEPS: Hyper<usize> = Hyper {
    key: "gibbs",
    says: "Gibbs steps to recognise",
    unit: "Gibbs steps to recognise",
    range: 1..=10_000,
};

const DEFAULT: Origin = Origin::Course("the exercise’s code, by default");

/// Where the values of this report's networks come from.
pub const ORIGINS: Origins = Origins(&[
    ("training images", Origin::Stated("sections 3.2, 3.3")),
    ("iterations a machine", Origin::Stated("section 3.2, Figures 3, 4; section 3.3")),
    ("units", Origin::Course("the exercise, after [Hinton2006]")),
    ("test images", Origin::Stated("section 3.2: 100; the others are ours")),
    ("training images recognised", Origin::Chosen("all that the network has learnt from")),
    ("batch size", DEFAULT),
    ("learning rate", DEFAULT),
    ("momentum", DEFAULT),
    ("first weights and biases", DEFAULT),
    ("inputs", Origin::Course("the exercise’s code")),
    ("learning", Origin::Course("the exercise")),
    ("step", Origin::Chosen("the report does not say for greedy training")),
    ("what machines learn from", Origin::Chosen("the report does not say")),
    ("Gibbs steps to recognise", DEFAULT),
    ("Gibbs steps to generate", Origin::Course("the exercise’s code: 200; 1000 where that is the question")),
    ("chains of each label", Origin::Chosen("the report shows one")),
    ("chains begin at", Origin::Chosen("fair coins know nothing of any digit")),
    ("epochs of up-down", Origin::Stated("section 3.3")),
    (
        "rates of up-down",
        Origin::Stated("section 3.3: 0.001 of the mean, 0.01 of the sum; between them ours"),
    ),
    ("Gibbs steps of up-down", DEFAULT),
    ("labels in up-down", Origin::Course("the exercise: at the top alone")),
]);

impl Stack {
    /// The point of the bottom machine.
    ///
    /// # Errors
    /// If a value of `--set` makes no sense.
    pub fn bottom(&self, seed: u64, planning: &mut Planning<'_>) -> Result<Key> {
        let (settings, profile) = (planning.settings, planning.settings.profile);
        let job = Bottom {
            images: IMAGES.at(settings, &self.images)?,
            steps: self.steps(settings)?,
            iterations: self.iterations.at(profile),
            milestones: self.milestones.at(profile).to_vec(),
            logged: self.logged.at(profile).to_vec(),
            seed,
        };
        let label = format!("bottom machine of {} images, {}, seed {seed}", job.images, said(&job.steps));
        planning.add(label, job, &[])
    }

    /// The point of the whole network after so many iterations of each machine, with the bottom machine's point before it.
    ///
    /// # Errors
    /// As [`Stack::bottom`].
    pub fn network(&self, iterations: usize, seed: u64, planning: &mut Planning<'_>) -> Result<Key> {
        let bottom = self.bottom(seed, planning)?;
        let settings = planning.settings;
        let job = Upper {
            images: self.trained(settings)?,
            steps: self.steps(settings)?,
            iterations,
            logged: self.logged.at(settings.profile).iter().copied().filter(|n| *n <= iterations).collect(),
            seed,
        };
        let label = format!(
            "network of {} images, {iterations} iterations, {}, seed {seed}",
            job.images,
            said(&job.steps)
        );
        planning.add(label, job, &[bottom])
    }

    /// Training images.
    ///
    /// # Errors
    /// As [`Stack::bottom`].
    pub fn trained(&self, settings: &Settings) -> Result<usize> {
        IMAGES.at(settings, &self.images)
    }

    /// Images in a mini-batch.
    ///
    /// # Errors
    /// As [`Stack::bottom`].
    pub fn batch(&self, settings: &Settings) -> Result<usize> {
        BATCH.of(settings, self.steps.batch)
    }

    fn steps(&self, settings: &Settings) -> Result<Steps> {
        let Steps { batch, rate, momentum } = self.steps;
        Ok(Steps {
            batch: BATCH.of(settings, batch)?,
            rate: RATE.of(settings, rate)?,
            momentum: MOMENTUM.of(settings, momentum)?,
        })
    }

    /// Adds what a page says of the networks; `sweep` are the iterations of each machine.
    pub fn tell(&self, hypers: &mut Hypers, settings: &Settings, sweep: &Scaled<&'static [usize]>) {
        hypers.fact("units", "784–500–(500 + 10)–2000");
        hypers.add(&IMAGES, settings, &[self.images]);
        let texts = |all: &[usize]| all.iter().map(usize::to_string).collect::<Vec<String>>();
        let (here, paper) = (texts(sweep.get(settings.profile)), texts(sweep.paper));
        hypers.fact("iterations a machine", &distinct(here.iter().cloned()));
        let [here, paper] = [&here, &paper].map(|all| all.iter().map(String::as_str).collect::<Vec<_>>());
        hypers.left_out("numbers of iterations", &here, &paper);
        hypers.add(&BATCH, settings, &[Scaled::same(self.steps.batch)]);
        hypers.add(&RATE, settings, &[Scaled::same(self.steps.rate)]);
        hypers.add(&MOMENTUM, settings, &[Scaled::same(self.steps.momentum)]);
        hypers.fact("step", "the rate times the mean over the mini-batch");
        hypers.fact("learning", "CD-1, reconstructions drawn, one label drawn from its softmax");
        hypers.fact("first weights and biases", "N(0, 0.01²)");
        hypers.fact("inputs", "grey levels from 0 to 1");
        hypers.fact("what machines learn from", "probabilities of the machine below");
    }
}

fn said(Steps { batch, rate, momentum }: &Steps) -> String {
    format!("batch {batch}, rate {rate}, momentum {momentum}")
}
