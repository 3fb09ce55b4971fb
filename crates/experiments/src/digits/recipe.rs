//! The recipe of transport between digits: classes, generated against real, and a barycentre for each class.

use anyhow::Result;
use energy::SIGMA;
use engine::{Hyper, Hypers, Origins, Scaled, Settings};

use super::barycentre::ClassBarycentre;
use super::draw;
use super::job::ClassDistances;
use super::names::{BARYCENTRES, BLANK, CLASSES, MEAN, NOISE, SCORES, TRAINING};
use crate::greedy::{DigitLayers, Judge, Learned, Origin, Sample, Score, Stacked, Start};
use crate::recipe::{Drawing, Planning, Recipe};

/// Exact distances between sets of digits, and barycentres of classes.
#[derive(Debug)]
pub struct DigitTransport {
    /// Images on both sides of a distance to held-out digits.
    pub images: Scaled<usize>,
    /// Images of each class, on both sides of a distance between classes.
    pub class_images: Scaled<usize>,
    /// The generators: a name, and the hidden units of each layer.
    pub generators: &'static [(&'static str, &'static [usize])],
    /// Passes over the images for each of their layers.
    pub epochs: Scaled<usize>,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Learning rate of CD-1.
    pub rate: f32,
    /// Images that they learn from.
    pub learnt: Scaled<usize>,
    /// Gibbs steps of the top layer, from pixel noise.
    pub gibbs: Scaled<usize>,
    /// Images of a barycentre.
    pub barycentre: Scaled<usize>,
    /// Iterations of a barycentre, at most.
    pub iterations: Scaled<usize>,
    /// Weight of its entropy, in squared pixels.
    pub epsilon: f64,
}

const MOST: usize = 1_000_000;
const IMAGES: Hyper<usize> =
    Hyper { key: "images", says: "images of each side", unit: "images of each side", range: 1..=MOST };
const CLASS_IMAGES: Hyper<usize> = Hyper {
    key: "class-images",
    says: "images of each class and side",
    unit: "images of each class and side",
    range: 1..=MOST,
};
const GIBBS: Hyper<usize> =
    Hyper { key: "gibbs", says: "Gibbs steps from pixel noise", unit: "Gibbs steps", range: 1..=MOST };
const EPOCHS: Hyper<usize> =
    Hyper { key: "epochs", says: "epochs a layer", unit: "epochs a layer", range: 1..=MOST };
const BARYCENTRE_IMAGES: Hyper<usize> = Hyper {
    key: "barycentre-images",
    says: "images of a barycentre",
    unit: "images of a barycentre",
    range: 1..=MOST,
};
const ITERATIONS: Hyper<usize> = Hyper {
    key: "iterations",
    says: "its iterations, at most",
    unit: "iterations of a barycentre",
    range: 1..=MOST,
};
// Below, the sums of 28² costs have no digits left; above, everything is one blur.
const EPSILON: Hyper<f64> =
    Hyper { key: "epsilon", says: "its ε, in squared pixels", unit: "ε", range: 1e-3..=1e3 };

/// Where the values come from.
const ORIGINS: Origins = Origins(&[]);

impl Recipe for DigitTransport {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        hypers.add(&IMAGES, settings, &[self.images]);
        hypers.add(&CLASS_IMAGES, settings, &[self.class_images]);
        hypers.fact("cost", "pixels that differ, in black and white (squared distance)");
        let networks = self.generators.iter().map(|(name, widths)| {
            let widths: Vec<String> = widths.iter().map(usize::to_string).collect();
            format!("{name} {}", widths.join("–"))
        });
        hypers.fact("generators", &networks.collect::<Vec<_>>().join(", "));
        let learnt = self.learnt.at(settings.profile);
        let training =
            format!("from N(0, {SIGMA}²), CD-1, {learnt} images, batch {}, rate {}", self.batch, self.rate);
        hypers.fact("their training", &training);
        hypers.cut("images to learn from", settings.profile, &[self.learnt]);
        hypers.add(&GIBBS, settings, &[self.gibbs]);
        hypers.add(&EPOCHS, settings, &[self.epochs]);
        hypers.add(&BARYCENTRE_IMAGES, settings, &[self.barycentre]);
        hypers.add(&ITERATIONS, settings, &[self.iterations]);
        hypers.add(&EPSILON, settings, &[Scaled::same(self.epsilon)]);
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        let settings = planning.settings;
        let images = CLASS_IMAGES.at(settings, &self.class_images)?;
        let label = format!("distances of classes, {images} images each");
        let classes = planning.add(label, ClassDistances { images }, &[])?;
        planning.name(&classes, CLASSES, &[]);
        let images = BARYCENTRE_IMAGES.at(settings, &self.barycentre)?;
        let iterations = ITERATIONS.at(settings, &self.iterations)?;
        let epsilon = EPSILON.of(settings, self.epsilon)?;
        for class in 0..10 {
            let job = ClassBarycentre { class, images, epsilon, iterations };
            let key = planning.add(format!("barycentre of {images} images of {class}"), job, &[])?;
            planning.name(&key, BARYCENTRES, &[("class", &class)]);
        }
        for &seed in planning.seeds {
            self.scores(seed, planning)?;
        }
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        draw::draw(drawing)
    }
}

impl DigitTransport {
    /// What is held against held-out digits, for one seed: generators first, then what they are held beside.
    fn scores(&self, seed: u64, planning: &mut Planning<'_>) -> Result<()> {
        let settings = planning.settings;
        let images = IMAGES.at(settings, &self.images)?;
        let score = |origin| Score { origin, judge: Judge::Digits { images }, seed };
        for &(name, widths) in self.generators {
            let learnt = self.learnt.at(settings.profile);
            let layers = DigitLayers {
                images: learnt,
                widths,
                batch: self.batch,
                rate: self.rate,
                sigma: SIGMA,
                epochs: EPOCHS.at(settings, &self.epochs)?,
                seed,
            };
            let layers = layers.plan(planning)?;
            let drawn = Sample {
                learned: Learned::Digits { images: learnt },
                stacked: Stacked::one_each(widths),
                start: Start::Pixels,
                gibbs: GIBBS.at(settings, &self.gibbs)?,
                samples: images,
                seed,
            };
            let drawn = planning.add(format!("digits of an {name}, seed {seed}"), drawn, &layers)?;
            let label = format!("{name} against {images} held-out digits, seed {seed}");
            let key = planning.add(label, score(Origin::Samples), &[drawn])?;
            planning.name(&key, SCORES, &[("origin", &name), ("seed", &seed)]);
        }
        for (name, origin) in [
            (TRAINING, Origin::Training),
            (NOISE, Origin::Noise),
            (BLANK, Origin::Blank),
            (MEAN, Origin::Mean),
        ] {
            let label = format!("{name} against {images} held-out digits, seed {seed}");
            let key = planning.add(label, score(origin), &[])?;
            planning.name(&key, SCORES, &[("origin", &name), ("seed", &seed)]);
        }
        Ok(())
    }
}
