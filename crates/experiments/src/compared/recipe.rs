//! The recipe of the comparison: every generator's pictures before one judge, beside held-out images and planted generators.

use std::fmt::Display;

use anyhow::{Result, ensure};
use engine::{Hyper, Hypers, Key, Origins, Scaled, Settings};

use super::generators::{Asked, Generator, Planned};
use super::names::{FLOOR, LIKELIHOODS, MEASURED, PICTURES, RECOGNISED, name};
use crate::arena::{Amounts, Levels, Measure, Origin, Recognise, Reference, Shown};
use crate::recipe::{Drawing, Planning, Recipe};

/// Generators before one judge.
#[derive(Debug)]
pub struct Comparison {
    /// The generators.
    pub generators: &'static [Generator],
    /// Pictures of each.
    pub samples: Scaled<usize>,
    /// Training images that they are held against.
    pub fitted: Scaled<usize>,
    /// Held-out images.
    pub held_out: Scaled<usize>,
    /// Pictures on both sides of the transport distance.
    pub matched: Scaled<usize>,
    /// Draws of as many held-out images.
    pub draws: Scaled<usize>,
    /// Test images that likelihoods are of.
    pub bounded: Scaled<usize>,
    /// Temperatures of annealing, chains each way, and Gibbs steps before the way back.
    pub annealed: [Scaled<usize>; 3],
    /// Importance samples for each test image.
    pub importance: Scaled<usize>,
}

// The metrics look at the five nearest neighbours.
const SAMPLES: Hyper<usize> =
    Hyper { key: "samples", says: "pictures of each", unit: "pictures of each", range: 6..=10_000 };
const ORIGINS: Origins = Origins(&[]);

impl Comparison {
    /// As what pictures are taken, for all who draw so.
    pub(super) const LEVELS: [Levels; 2] = [Levels::BlackAndWhite, Levels::Grey];

    fn asked(&self, settings: &Settings) -> Result<Asked> {
        let profile = settings.profile;
        let (samples, most) = (SAMPLES.at(settings, &self.samples)?, self.held_out.at(profile));
        ensure!(
            samples <= most,
            "samples: expected at most {most}, as many as images are held out, found {samples}"
        );
        Ok(Asked {
            samples,
            bounded: self.bounded.at(profile),
            annealed: self.annealed.map(|amount| amount.at(profile)),
            importance: self.importance.at(profile),
        })
    }

    /// Measures pictures; `seed` is that of a generator.
    fn measure(
        &self,
        origin: (&str, Origin),
        seed: Option<u64>,
        levels: Levels,
        needs: &[Key],
        planning: &mut Planning<'_>,
    ) -> Result<()> {
        let (profile, (named, origin)) = (planning.settings.profile, origin);
        let amounts = Amounts {
            samples: SAMPLES.at(planning.settings, &self.samples)?,
            fitted: self.fitted.at(profile),
            held_out: self.held_out.at(profile),
            matched: self.matched.at(profile),
            draws: self.draws.at(profile),
        };
        let label = format!("metrics of {named} in {}", levels.name());
        let key = planning.add(label, Measure { origin, levels, amounts }, needs)?;
        let seed = seed.map_or_else(String::new, |seed| seed.to_string());
        let columns: [(&str, &dyn Display); 3] =
            [("origin", &named), ("levels", &levels.name()), ("seed", &seed)];
        planning.name(&key, MEASURED, &columns);
        Ok(())
    }

    /// One generator: its pictures, what they are taken for, their metrics, and its likelihood.
    fn generator(
        &self,
        own: &Generator,
        seed: u64,
        reference: &Key,
        planning: &mut Planning<'_>,
    ) -> Result<()> {
        let asked = self.asked(planning.settings)?;
        let Planned { samples, likelihood } = (own.plan)(&asked, seed, planning)?;
        let columns: [(&str, &dyn Display); 2] = [("origin", &own.name), ("seed", &seed)];
        planning.name(&samples, PICTURES, &columns);
        let needs = [reference.clone(), samples];
        let job = Recognise { shown: Shown::Samples, pictures: asked.samples };
        let label = format!("what samples of the {} are taken for, seed {seed}", own.name);
        let key = planning.add(label, job, &needs)?;
        planning.name(&key, RECOGNISED, &columns);
        for levels in Self::LEVELS {
            if levels == Levels::BlackAndWhite || levels == own.draws {
                self.measure((own.name, Origin::Samples), Some(seed), levels, &needs, planning)?;
            }
        }
        if let Some(likelihood) = likelihood {
            planning.name(&likelihood, LIKELIHOODS, &columns);
        }
        Ok(())
    }
}

impl Recipe for Comparison {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        let sizes: Vec<String> =
            self.generators.iter().map(|own| format!("{}: {}", own.name, own.parameters)).collect();
        hypers.fact("parameters", &sizes.join("; "));
        hypers.fact("classifier", &Reference::words(settings.profile));
        hypers.add(&SAMPLES, settings, &[self.samples]);
        let profile = settings.profile;
        for (what, amount) in [
            ("training images that they are held against", self.fitted),
            ("held-out images", self.held_out),
            ("pictures matched by transport", self.matched),
            ("draws of the floor", self.draws),
            ("test images of likelihoods", self.bounded),
            ("importance samples", self.importance),
            ("temperatures", self.annealed[0]),
            ("annealed chains", self.annealed[1]),
        ] {
            hypers.fact(what, &amount.at(profile).to_string());
            hypers.cut(what, profile, &[amount]);
        }
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        let reference = Reference::plan(planning)?;
        let needs = [reference.clone()];
        let pictures = SAMPLES.at(planning.settings, &self.samples)?;
        let real = Recognise { shown: Shown::Test, pictures };
        let key = planning.add("what test images are taken for", real, &needs)?;
        planning.name(&key, RECOGNISED, &[("origin", &FLOOR)]);
        for &seed in planning.seeds {
            for own in self.generators {
                self.generator(own, seed, &reference, planning)?;
            }
        }
        for levels in Self::LEVELS {
            for origin in [Origin::HeldOut].into_iter().chain(Origin::PLANTED) {
                self.measure((name(origin), origin), None, levels, &needs, planning)?;
            }
        }
        notes(planning);
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        super::draw::draw(self, drawing)
    }
}

fn notes(planning: &mut Planning<'_>) {
    planning.notes.push(
        "All generators are compared in black and white, on where a pixel is above one half, real images as well: Boltzmann machines \
         know no grey, and would be told from grey images by that alone. Those that draw grey are compared in grey, too, in a table of \
         their own."
            .into(),
    );
    planning.notes.push(
        "Held-out images are test images in the place of samples, several draws of as many: what a perfect generator reaches. A value \
         more than four standard deviations of these draws on the worse side of their mean is worse than real images; “≈” marks those \
         that are not. Of the planted generators the copier gives training images, the others are made of real images that are \
         neither held against nor held out. In black and white a blur is mostly undone."
            .into(),
    );
    planning.notes.push(
        "Likelihoods are of test images in black and white, on above 128, in nats an image: of the RBM between two bounds, of the \
         others a bound from below. The autoencoders have learnt from grey levels or draws of them, not from these images."
            .into(),
    );
}
