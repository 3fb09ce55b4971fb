//! The recipe of one network under several optimisers, on all images and on a part of them.

use std::fmt::Display;

use anyhow::Result;
use engine::{Hyper, Hypers, Key, Origin, Origins, Scaled, Settings};
use train::{Decay, Descent, Rule};

use super::draw;
use super::look::Look;
use super::names::{ALL, DIGITS, FEW, LEARNT, SEEN};
use crate::hypers::{BATCH, IMAGES, TEST_IMAGES};
use crate::networks::{Architecture, Learner};
use crate::recipe::{Drawing, Planning, Recipe};

/// The report's network under several optimisers.
#[derive(Debug)]
pub struct Optimisers {
    /// On all images.
    pub all: &'static [Optimiser],
    /// On a part of them.
    pub part: &'static [Optimiser],
    /// How many all are, in training.
    pub images: Scaled<usize>,
    /// Passes over all of them.
    pub epochs: Scaled<usize>,
    /// Whose maps are drawn: one of `all`.
    pub shown: &'static str,
}

/// An optimiser, by its name on the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Optimiser {
    /// The name.
    pub name: &'static str,
    /// Rule.
    pub rule: Rule,
    /// Rate.
    pub rate: f32,
}

impl Optimiser {
    /// With the report's pull of the weights to zero.
    pub const fn descent(self) -> Descent {
        Descent { decay: Decay::Coupled(DECAY), ..Descent::new(self.rule, self.rate) }
    }
}

/// Gradient descent as the report begins with it, with momentum, and RMSProp.
pub const GD: Optimiser = Optimiser { name: "GD", rule: Rule::PLAIN, rate: 0.05 };
/// With momentum 0.1.
pub const MOMENTUM: Optimiser =
    Optimiser { name: "momentum 0.1", rule: Rule::Sgd { momentum: 0.1 }, rate: 0.05 };
/// With momentum 0.9.
pub const MORE_MOMENTUM: Optimiser =
    Optimiser { name: "momentum 0.9", rule: Rule::Sgd { momentum: 0.9 }, rate: 0.05 };
/// RMSProp, ε inside the root.
pub const RMSPROP: Optimiser =
    Optimiser { name: "RMSProp", rule: Rule::RmsProp { decay: 0.9, epsilon: 1e-6 }, rate: 0.001 };

/// Training and test images of the part, and passes over them.
pub const PART: (Scaled<usize>, Scaled<usize>) = (Scaled::new(300, 12_000, 12_000), Scaled::same(2000));
/// Passes over the part.
pub const PART_EPOCHS: Scaled<usize> = Scaled::new(2, 40, 100);
/// Test images beside all training images.
const TESTED: Scaled<usize> = Scaled::new(200, 10_000, 10_000);
/// Pull of the weights to zero.
const DECAY: f32 = 1e-4;
/// Samples in a mini-batch.
pub const SAMPLES: usize = 128;
const EPOCHS: Hyper<usize> =
    Hyper { key: "epochs", says: "epochs on all images", unit: "epochs", range: 1..=10_000 };

const STATED: Origin = Origin::Stated("part A 1");
const ORIGINS: Origins = Origins(&[
    ("network", Origin::Stated("part A, and the sizes of maps in its figures")),
    ("optimisers", Origin::Stated("part A 1 to 3")),
    ("weight decay", STATED),
    ("batch size", STATED),
    ("training images", Origin::Stated("part A 1, the full dataset")),
    ("test images", Origin::Stated("part A 1, the full dataset")),
    ("epochs on all images", Origin::Stated("part A 1, from 60 epochs to 100")),
    ("a part of the images", Origin::Stated("part A 2: 12 000 to train, 2000 to test")),
    ("first weights", Origin::Chosen("uniform within 1/√(fan-in); the report does not say")),
    ("inputs", Origin::Chosen("grey levels from 0 to 1; the report does not say")),
    ("epochs on the part", Origin::Chosen("as on all images; the report’s axis has no numbers in its text")),
]);

/// One network.
fn learner(optimiser: Optimiser, (images, tested): (usize, usize), epochs: usize, seed: u64) -> Learner {
    let descent = optimiser.descent();
    Learner { architecture: Architecture::classic(), images, tested, descent, batch: SAMPLES, epochs, seed }
}

impl Optimisers {
    fn train(&self, optimiser: Optimiser, data: &str, seed: u64, planning: &mut Planning<'_>) -> Result<Key> {
        let settings = planning.settings;
        let (amounts, epochs) = if data == ALL {
            (
                (IMAGES.at(settings, &self.images)?, TEST_IMAGES.at(settings, &TESTED)?),
                EPOCHS.at(settings, &self.epochs)?,
            )
        } else {
            let profile = settings.profile;
            ((PART.0.at(profile), PART.1.at(profile)), PART_EPOCHS.at(profile))
        };
        let mut job = learner(optimiser, amounts, epochs, seed);
        job.batch = BATCH.of(settings, job.batch)?;
        let label = format!("network by {}, {data}, seed {seed}", optimiser.name);
        let architecture = job.architecture.clone();
        let key = planning.add(label, job, &[])?;
        let columns: [(&str, &dyn Display); 3] =
            [("network", &optimiser.name), ("data", &data), ("seed", &seed)];
        planning.name(&key, LEARNT, &columns);
        let look = Look { architecture, digits: DIGITS.to_vec() };
        let label = format!("maps and filters of {}, {data}, seed {seed}", optimiser.name);
        let seen = planning.add(label, look, &[key])?;
        planning.name(&seen, SEEN, &columns);
        Ok(seen)
    }
}

impl Recipe for Optimisers {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        let mut names: Vec<String> = Vec::new();
        for optimiser in self.all.iter().chain(self.part) {
            let words = format!("{} ({})", optimiser.name, Descent::new(optimiser.rule, optimiser.rate));
            if !names.contains(&words) {
                names.push(words);
            }
        }
        hypers.fact(
            "network",
            "15 filters of 9 × 9, ReLU, max-pooling of 2; 20 of 5 × 5, ReLU, max-pooling of 2; 100 ReLU; softmax of 10",
        );
        hypers.fact("optimisers", &names.join("; "));
        hypers.fact("weight decay", &DECAY.to_string());
        hypers.add(&BATCH, settings, &[Scaled::same(SAMPLES)]);
        hypers.add(&IMAGES, settings, &[self.images]);
        hypers.add(&TEST_IMAGES, settings, &[TESTED]);
        hypers.add(&EPOCHS, settings, &[self.epochs]);
        let profile = settings.profile;
        if !self.part.is_empty() {
            let (train, test) = (PART.0.at(profile), PART.1.at(profile));
            hypers.fact(
                "a part of the images",
                &format!("the first {train} to train, the first {test} to test"),
            );
            hypers.fact("epochs on the part", &PART_EPOCHS.at(profile).to_string());
            if PART_EPOCHS.at(profile) < PART_EPOCHS.paper {
                let (now, all) = (PART_EPOCHS.at(profile), PART_EPOCHS.paper);
                hypers.cuts.push(format!("{now} of {all} epochs on the part"));
            }
        }
        hypers.fact("first weights", "uniform within 1/√(fan-in), biases too");
        hypers.fact("inputs", "grey levels from 0 to 1");
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        for &seed in planning.seeds {
            for &optimiser in self.all {
                self.train(optimiser, ALL, seed, planning)?;
            }
            for &optimiser in self.part {
                self.train(optimiser, FEW, seed, planning)?;
            }
        }
        planning.notes.push(
            "Test images are looked at after every epoch and choose nothing. Roughness is the mean step between neighbouring \
             weights of a filter over the mean size of a weight: less is smoother, white noise has about 1.4."
                .into(),
        );
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        draw::draw(self.shown, drawing)
    }
}
