//! The recipe of variational autoencoders of digits: training, pictures, a look inside, and likelihoods.

use std::fmt::Display;

use anyhow::Result;
use engine::{Hyper, Hypers, Key, Origins, Scaled, Settings};

use super::bound::ImportanceBound;
use super::decode::{Decode, Latents};
use super::look::Look;
use super::model::{EPOCHS, Learning, Model};
use super::train::Seen;
use crate::arena::{Recognise, Reference, Shown};
use crate::drawn::{NOISE, REAL};
use crate::greedy::{Judge, Origin, Score};
use crate::hypers::{BATCH, IMAGES, RATE, TEST_IMAGES};
use crate::likelihood::binarised::{Binarised, SEED};
use crate::recipe::{Drawing, Planning, Recipe};

/// Autoencoders, the first of them the report's.
#[derive(Debug)]
pub struct Vaes {
    /// The autoencoders.
    pub models: &'static [Model],
    /// How they learn.
    pub learning: Learning,
    /// Pictures of each that are drawn and judged.
    pub drawn: Scaled<usize>,
    /// Pictures of each that are held against as many held-out digits by transport.
    pub matched: Scaled<usize>,
    /// Test images in the map of the latent plane.
    pub mapped: Scaled<usize>,
    /// Cells of the manifold, each way.
    pub grid: usize,
    /// Pairs of classes between which pictures are interpolated.
    pub pairs: &'static [[u8; 2]],
    /// Pictures of an interpolation.
    pub steps: usize,
    /// Test images that likelihoods are of.
    pub bounded: Scaled<usize>,
    /// Importance samples for each of them.
    pub importance: Scaled<usize>,
    /// Where the values come from.
    pub origins: Origins,
}

const MOST: usize = 1_000_000;
// Fewer than two digits match in one way only.
const DRAWN: Hyper<usize> =
    Hyper { key: "samples", says: "pictures drawn", unit: "pictures drawn", range: 20..=10_000 };
const IMPORTANCE: Hyper<usize> = Hyper {
    key: "importance-samples",
    says: "importance samples",
    unit: "importance samples",
    range: 1..=MOST,
};

pub(super) const TRAINED: &str = "trained";
pub(super) const PICTURES: &str = "pictures";
pub(super) const RECOGNISED: &str = "recognised";
pub(super) const SCORES: &str = "scores";
pub(super) const LOOKS: &str = "looks";
pub(super) const BOUNDS: &str = "bounds";

/// What the column `pictures` says: drawn from the prior, made of test images, or these themselves.
pub(super) const SAMPLES: &str = "samples";
pub(super) const RECONSTRUCTIONS: &str = "reconstructions";
pub(super) const TEST: &str = "test images";

impl Recipe for Vaes {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(self.origins);
        let Learning { images, epochs, tested, batch, rate } = self.learning;
        if let Some(own) = self.models.first() {
            let hidden: Vec<String> = own.hidden.iter().map(usize::to_string).collect();
            hypers.fact("hidden units", &hidden.join("–"));
            hypers.fact("latent variables", &own.latent.to_string());
        }
        hypers.fact("batch normalisation", "every layer but the last");
        hypers.fact("non-linearity", "ReLU");
        hypers.fact("law of pixels", "Bernoulli; of grey pixels their cross-entropy");
        hypers.fact("first weights", "uniform within 1/√(fan-in)");
        hypers.add(&RATE, settings, &[Scaled::same(rate)]);
        hypers.add(&BATCH, settings, &[Scaled::same(batch)]);
        hypers.add(&EPOCHS, settings, &[epochs]);
        hypers.add(&IMAGES, settings, &[images]);
        hypers.add(&TEST_IMAGES, settings, &[tested]);
        hypers.add(&DRAWN, settings, &[self.drawn]);
        hypers.add(&IMPORTANCE, settings, &[self.importance]);
        hypers.cut("test images of likelihoods", settings.profile, &[self.bounded]);
        let models: Vec<String> = self.models.iter().map(Model::words).collect();
        hypers.fact("autoencoders", &models.join("; "));
        hypers.fact("classifier", &Reference::words(settings.profile));
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        let reference = Reference::plan(planning)?;
        let pictures = DRAWN.at(planning.settings, &self.drawn)?;
        self.recognise((TEST, TEST, None), Shown::Test, std::slice::from_ref(&reference), planning)?;
        for &seed in planning.seeds {
            for model in self.models {
                let trained = self.learning.plan(model, seed, planning)?;
                let columns: [(&str, &dyn Display); 2] = [("model", &model.name), ("seed", &seed)];
                planning.name(&trained, TRAINED, &columns);
                for (latents, what) in [(Latents::Prior, SAMPLES), (Latents::TestImages, RECONSTRUCTIONS)] {
                    let job = Decode { shape: model.shape(), seen: model.seen, latents, pictures, seed };
                    let label = format!("{what} of the {}, seed {seed}", model.name);
                    let drawn = planning.add(label, job, std::slice::from_ref(&trained))?;
                    let columns: [(&str, &dyn Display); 3] =
                        [("model", &model.name), ("pictures", &what), ("seed", &seed)];
                    planning.name(&drawn, PICTURES, &columns);
                    let needs = [reference.clone(), drawn.clone()];
                    self.recognise((model.name, what, Some(seed)), Shown::Samples, &needs, planning)?;
                    if what == SAMPLES {
                        self.score(model.name, Origin::Samples, seed, &[drawn], planning)?;
                    }
                }
                self.look(model, &trained, seed, planning)?;
            }
            self.score(REAL, Origin::Training, seed, &[], planning)?;
            self.score(NOISE, Origin::Noise, seed, &[], planning)?;
        }
        self.notes(planning);
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        super::draw::draw(self, drawing)
    }
}

impl Vaes {
    /// What the classifier makes of pictures.
    fn recognise(
        &self,
        (model, what, seed): (&str, &str, Option<u64>),
        shown: Shown,
        needs: &[Key],
        planning: &mut Planning<'_>,
    ) -> Result<()> {
        let pictures = DRAWN.at(planning.settings, &self.drawn)?;
        let label = format!("what {what} of the {model} are taken for");
        let key = planning.add(label, Recognise { shown, pictures }, needs)?;
        let seed = seed.map_or_else(String::new, |seed| seed.to_string());
        planning.name(&key, RECOGNISED, &[("model", &model), ("pictures", &what), ("seed", &seed)]);
        Ok(())
    }

    /// The distance of pictures to held-out digits.
    fn score(
        &self,
        name: &'static str,
        origin: Origin,
        seed: u64,
        needs: &[Key],
        planning: &mut Planning<'_>,
    ) -> Result<()> {
        let images =
            self.matched.at(planning.settings.profile).min(DRAWN.at(planning.settings, &self.drawn)?);
        let label = format!("{name} against {images} held-out digits, seed {seed}");
        let key = planning.add(label, Score { origin, judge: Judge::Digits { images }, seed }, needs)?;
        planning.name(&key, SCORES, &[("origin", &name), ("seed", &seed)]);
        Ok(())
    }

    /// What a trained autoencoder looks like inside, and its likelihood if that is one.
    fn look(&self, model: &Model, trained: &Key, seed: u64, planning: &mut Planning<'_>) -> Result<()> {
        let profile = planning.settings.profile;
        let columns: [(&str, &dyn Display); 2] = [("model", &model.name), ("seed", &seed)];
        let look = Look {
            shape: model.shape(),
            seen: model.seen,
            images: self.mapped.at(profile),
            grid: self.grid,
            pairs: self.pairs.to_vec(),
            steps: self.steps,
        };
        let needs = std::slice::from_ref(trained);
        let key = planning.add(format!("inside the {}, seed {seed}", model.name), look, needs)?;
        planning.name(&key, LOOKS, &columns);
        if model.seen == Seen::Drawn {
            let bound = ImportanceBound {
                shape: model.shape(),
                binarised: Binarised::Drawn,
                images: self.bounded.at(profile),
                samples: IMPORTANCE.at(planning.settings, &self.importance)?,
                seed,
            };
            let key = planning.add(format!("likelihood of the {}, seed {seed}", model.name), bound, needs)?;
            planning.name(&key, BOUNDS, &columns);
        }
        Ok(())
    }

    fn notes(&self, planning: &mut Planning<'_>) {
        planning.notes.push(
            "The bound is log p(x | z) less the divergence of q(z | x) from N(0, 1), both summed and in nats an image. Of grey pixels \
             the first part is a cross-entropy and no density, so that its nats compare with no others; test images are looked at \
             after every epoch and choose nothing."
                .into(),
        );
        planning.notes.push(format!(
            "Likelihoods are of the first test images in black and white, drawn once with the probability grey / 255 (seed {SEED}): a \
             bound from below by importance sampling, with the interval of 95 % over these images."
        ));
        planning.notes.push(
            "Pictures are the means of their pixels. One counts as recognised if the classifier gives some class a probability of 0.9, \
             as blurred if its edges are less sharp than all but one in twenty of as many training images: the mean step between \
             neighbouring pixels, each weighted by itself, 1 for black and white."
                .into(),
        );
    }
}
