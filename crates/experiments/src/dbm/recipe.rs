//! The recipe of a deep machine beside two small ones.

use anyhow::Result;
use engine::{Hyper, Hypers, Key, Origin, Origins, Scaled, Settings};

use super::deep::Deep;
use super::detail::Detail;
use super::machine::Machine;
use super::modes::Modes;
use super::samples::{Begin, Samples};
use crate::components::Machines;
use crate::hypers::TEST_IMAGES;
use crate::recipe::{Drawing, Planning, Recipe};

/// A deep machine, and the small ones that it is held against.
#[derive(Debug)]
pub struct DeepMachine {
    /// The grid that the small machines are of.
    pub machines: Machines,
    /// The small machines: the report's name, hidden units, rate. Each is taken after the first of the epochs.
    pub small: &'static [(&'static str, usize, f32)],
    /// The deep machine.
    pub deep: Deep,
    /// Training images.
    pub images: Scaled<usize>,
    /// Samples of each machine.
    pub samples: Scaled<usize>,
    /// Gibbs steps of each sample.
    pub sweeps: usize,
    /// Training images that the judge of classes knows.
    pub known: Scaled<usize>,
    /// Test images of the bound.
    pub test_images: Scaled<usize>,
    /// Temperatures of annealing, chains each way, and Gibbs steps before the way back.
    pub annealing: [Scaled<usize>; 3],
}

pub(super) const IMAGES: Hyper<usize> =
    Hyper { key: "training-images", says: "training images", unit: "training images", range: 1..=1_000_000 };
const SAMPLED: Hyper<usize> =
    Hyper { key: "samples", says: "samples of each machine", unit: "samples", range: 2..=10_000 };
const SWEEPS: Hyper<usize> =
    Hyper { key: "gibbs", says: "Gibbs steps", unit: "Gibbs steps", range: 1..=1_000_000 };
const KNOWN: Hyper<usize> =
    Hyper { key: "known", says: "images of the judge", unit: "images of the judge", range: 20..=5000 };
pub(super) const ANNEALING: [Hyper<usize>; 3] = [
    Hyper { key: "temperatures", says: "temperatures", unit: "temperatures", range: 1..=1_000_000 },
    Hyper { key: "chains", says: "annealed chains", unit: "annealed chains", range: 2..=10_000 },
    Hyper {
        key: "burn-in",
        says: "Gibbs steps before the way back",
        unit: "Gibbs steps before the way back",
        range: 1..=1_000_000,
    },
];
const EXAMPLE: Origin =
    Origin::Course("the example of the library that made the model which the exercise hands out");

const ORIGINS: Origins = Origins(&[
    ("hidden units", Origin::Course("the size of the model that the exercise hands out")),
    ("epochs of the bottom machine", EXAMPLE),
    ("epochs of the top machine", EXAMPLE),
    (
        "epochs of joint training",
        Origin::Chosen("a fifth of the library’s example, which takes days on two cores"),
    ),
    ("mean-field updates", Origin::Chosen("a fifth of the library’s example, for the same reason")),
    ("batch size", EXAMPLE),
    ("learning rate of pretraining", EXAMPLE),
    (
        "learning rate of joint training",
        Origin::Course("the same example; here over all epochs, there over the first 400 of 500"),
    ),
    ("momentum", Origin::Course("the same example, which begins with 0.5")),
    ("persistent chains", EXAMPLE),
    (
        "learning",
        Origin::Chosen(
            "the library’s example adds decay, sparsity and a bound on weights, and more Gibbs steps in the top machine",
        ),
    ),
    ("Gibbs steps", Origin::Stated("Figure 11")),
    ("small machines", Origin::Stated("sections 1.1 and 1.2")),
    (
        "beginning of chains",
        Origin::Chosen(
            "the report does not say, so both are run; its sentences are judged by chains from noise",
        ),
    ),
    ("training images", Origin::Chosen("all there are; the report does not say")),
]);

pub(super) const DETAIL: &str = "detail";
pub(super) const SAMPLE: &str = "samples";
pub(super) const MODES: &str = "modes";
pub(super) const BOUND: &str = "bound";
pub(super) const SMALL: &str = "small";
/// The names of the two states of the deep machine.
pub(super) const GREEDY: &str = "DBM, pretrained only";
pub(super) const DEEP: &str = "DBM";

impl Recipe for DeepMachine {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        let small =
            self.small.iter().map(|(name, hidden, rate)| format!("{name}: {hidden} units, rate {rate}"));
        hypers.fact("small machines", &small.collect::<Vec<_>>().join("; "));
        hypers.add(&IMAGES, settings, &[self.images]);
        self.deep.tell(&mut hypers, settings);
        hypers.add(&SAMPLED, settings, &[self.samples]);
        hypers.add(&SWEEPS, settings, &[Scaled::same(self.sweeps)]);
        hypers.fact("beginning of chains", "noise, and test images");
        hypers.add(&KNOWN, settings, &[self.known]);
        hypers.add(&TEST_IMAGES, settings, &[self.test_images]);
        for (hyper, amount) in ANNEALING.iter().zip(self.annealing) {
            hypers.add(hyper, settings, &[amount]);
        }
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        for &seed in planning.seeds {
            let mut models: Vec<(&str, Machine, Key)> = Vec::new();
            let epoch = self.machines.epochs.at(planning.settings.profile)[0];
            for &(name, hidden, rate) in self.small {
                let key = self.machines.machine((hidden, rate), seed, planning)?;
                planning.name(&key, SMALL, &[("model", &name), ("seed", &seed)]);
                models.push((name, Machine::Small { hidden, epoch }, key));
            }
            let images = IMAGES.at(planning.settings, &self.images)?;
            let [greedy, joint] = self.deep.plan(images, seed, planning)?;
            for (name, key) in [(GREEDY, greedy), (DEEP, joint)] {
                self.bound((name, &key), seed, planning)?;
                models.push((name, Machine::Deep(self.deep.hidden), key));
            }
            self.looks(&models, seed, planning)?;
        }
        planning.notes.push(
            "Classes of samples are what a kernel scorer of training images takes them for; it names one for anything, so that \
             test images stand beside the samples. “Effective classes” is the exponential of the entropy of their shares: 10 for \
             ten digits drawn alike, 1 for a single one. A sample is as near as test images if it is no farther from \
             training images than all but the farthest hundredth of those. The bound is one on the likelihood of images in black and white, in \
             nats an image, from the lower end of the interval of annealed chains towards the machine to the upper end of those \
             back from it."
                .into(),
        );
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        super::draw::draw(drawing)
    }
}

impl DeepMachine {
    fn bound(&self, own: (&str, &Key), seed: u64, planning: &mut Planning<'_>) -> Result<()> {
        let settings = planning.settings;
        let of = |index: usize| ANNEALING[index].at(settings, &self.annealing[index]);
        let (images, annealed) = (TEST_IMAGES.at(settings, &self.test_images)?, [of(0)?, of(1)?, of(2)?]);
        let key = self.deep.bound(own, images, annealed, seed, planning)?;
        planning.name(&key, BOUND, &[("model", &own.0), ("seed", &seed)]);
        Ok(())
    }

    /// Filters, samples and their classes of all machines.
    fn looks(&self, models: &[(&str, Machine, Key)], seed: u64, planning: &mut Planning<'_>) -> Result<()> {
        let settings = planning.settings;
        let (chains, sweeps) = (SAMPLED.at(settings, &self.samples)?, SWEEPS.of(settings, self.sweeps)?);
        let (mut sets, mut needs) = (Vec::new(), Vec::new());
        for (name, machine, key) in models {
            let (machine, own) = (*machine, std::slice::from_ref(key));
            let detail = planning.add(format!("filters of {name}, seed {seed}"), Detail { machine }, own)?;
            planning.name(&detail, DETAIL, &[("model", name), ("seed", &seed)]);
            for begin in Begin::ALL {
                let job = Samples { machine, begin, sweeps, chains, seed };
                let from = begin.name();
                let samples =
                    planning.add(format!("samples of {name} from {from}, seed {seed}"), job, own)?;
                planning.name(&samples, SAMPLE, &[("model", name), ("begin", &from), ("seed", &seed)]);
                sets.push(((*name).to_owned(), begin));
                needs.push(samples);
            }
        }
        let modes = Modes { sets, images: chains, known: KNOWN.at(settings, &self.known)? };
        let key = planning.add(format!("classes of samples, seed {seed}"), modes, &needs)?;
        planning.name(&key, MODES, &[("seed", &seed)]);
        Ok(())
    }
}
