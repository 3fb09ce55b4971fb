//! From shapes and regimes to points: shared layers once, and a twin that chooses epochs where no image is left over.

use std::fmt::Display;
use std::ops::Range;

use anyhow::Result;
use engine::Key;
use engine::rows::READING;
use feedforward::Init;

use super::job::{Classifier, Start};
use super::search::Searched;
use super::{GREEDY_EPOCHS, Greedy, Pretraining, Reading, Regime, Shape};
use crate::data::Digits;
use crate::greedy::DigitLayers;
use crate::hypers::SIGMA;
use crate::recipe::Planning;

/// The roles of points: a network, and the one that chooses its epoch where the network itself learns from all images.
pub(super) const NETWORK: &str = "network";
pub(super) const TWIN: &str = "twin";

pub(super) fn plan(recipe: &Pretraining, planning: &mut Planning<'_>) -> Result<()> {
    let digits = planning.data.digits()?;
    let shapes = recipe.shapes(planning.settings)?;
    let regimes = recipe.regimes(planning.settings, &shapes)?;
    let held_out = digits.held_out();
    for (nth, &seed) in planning.seeds.iter().enumerate() {
        for shape in shapes.iter().filter(|shape| shape.drawn || nth < recipe.most_undrawn()) {
            for regime in &regimes {
                let training = Training { greedy: recipe.greedy, shape, regime, seed };
                let columns: [(&str, &dyn Display); 3] =
                    [(recipe.sweep, &shape.value), ("start", &regime.name), ("seed", &seed)];
                let network = training.network(shape.images, &digits, planning)?;
                planning.name(&network, NETWORK, &columns);
                if shape.images > held_out.start && nth == 0 {
                    let twin = training.network(held_out.start, &digits, planning)?;
                    planning.name(&twin, TWIN, &columns);
                }
            }
            let profile = planning.settings.profile;
            for network in recipe.beside.iter().filter(|network| nth < network.seeds.at(profile)) {
                let key = network.plan(shape, seed, planning)?;
                let columns: [(&str, &dyn Display); 3] =
                    [(recipe.sweep, &shape.value), ("start", &network.name), ("seed", &seed)];
                planning.name(&key, NETWORK, &columns);
            }
        }
    }
    for &seed in planning.seeds {
        for (reading, values) in recipe.readings {
            read(recipe, *reading, values, (&shapes, &regimes, seed), planning)?;
        }
    }
    notes(&shapes, held_out, planning);
    if !recipe.beside.is_empty() {
        let names: Vec<&str> = recipe.beside.iter().map(|network| network.name).collect();
        planning.notes.push(format!(
            "Of {} images are grey, as those kinds of networks are published. Both learn without labels from all images that the \
             belief network learns from, whose layers are learnt anew with every seed; the denoising layers are learnt once, so \
             that their band is that of the labels and of fine-tuning.",
            names.join(" and ")
        ));
    }
    Ok(())
}

/// Plans some networks under another reading. They have no twins: no claim is about the epoch that is chosen.
fn read(
    recipe: &Pretraining,
    reading: Reading,
    values: &[&str],
    (shapes, regimes, seed): (&[Shape], &[Regime], u64),
    planning: &mut Planning<'_>,
) -> Result<()> {
    let digits = planning.data.digits()?;
    let name = reading.name();
    let wanted = |shape: &&Shape| values.is_empty() || values.contains(&shape.value);
    for shape in shapes.iter().filter(wanted).take(planning.settings.most_read()) {
        for regime in regimes.iter().filter(|regime| reading.concerns(regime)) {
            let regime = &reading.regime(*regime);
            if regime.batch > shape.images {
                continue;
            }
            let training = Training { greedy: reading.greedy(recipe.greedy), shape, regime, seed };
            let network = training.network(shape.images, &digits, planning)?;
            let columns: [(&str, &dyn Display); 4] =
                [(recipe.sweep, &shape.value), ("start", &regime.name), ("seed", &seed), (READING, &name)];
            planning.name(&network, NETWORK, &columns);
        }
    }
    Ok(())
}

/// One network under one regime.
struct Training<'a> {
    greedy: Greedy,
    shape: &'a Shape,
    regime: &'a Regime,
    seed: u64,
}

impl Training<'_> {
    /// Adds the network that learns from so many images, on its layers; gives its key.
    fn network(&self, images: usize, digits: &Digits, planning: &mut Planning<'_>) -> Result<Key> {
        let Self { shape, regime, seed, .. } = *self;
        let (layers, output) = match regime.start {
            Start::Pretrained => (self.layers(planning)?, Init::normal(self.sigma(planning)?)),
            // Denoised layers are planned by who has them: networks beside the regimes.
            Start::Random(_) | Start::Denoised => (Vec::new(), Init::Small),
        };
        let profile = planning.settings.profile;
        let job = Classifier { output, ..regime.classifier(shape, images, seed, profile) };
        let there = images.min(digits.train.len());
        let label =
            format!("{} × {} {}, {there} images, seed {seed}", shape.layers, shape.units, regime.name);
        if shape.drawn && !regime.search.is_empty() {
            let candidates = regime.search.to_vec();
            return planning.add(label, Searched { network: job, candidates }, &layers);
        }
        planning.add(label, job, &layers)
    }

    /// Of the first weights of a deep belief network, and of the output layer on it.
    fn sigma(&self, planning: &Planning<'_>) -> Result<f32> {
        SIGMA.of(planning.settings, self.greedy.sigma)
    }

    /// The points of the layers of a deep belief network, bottom first.
    fn layers(&self, planning: &mut Planning<'_>) -> Result<Vec<Key>> {
        let Self { shape, greedy, seed, .. } = *self;
        let layers = DigitLayers {
            images: shape.unlabelled.unwrap_or(shape.images),
            widths: &vec![shape.units; shape.layers],
            batch: greedy.batch,
            rate: greedy.rate,
            sigma: self.sigma(planning)?,
            epochs: GREEDY_EPOCHS.at(planning.settings, &greedy.epochs)?,
            seed,
        };
        layers.plan(planning)
    }
}

fn notes(shapes: &[Shape], held_out: Range<usize>, planning: &mut Planning<'_>) {
    planning.notes.push(format!(
        "Images are black and white: a pixel is on where its grey level is above {}. Only the column “best epoch” looks at \
         the test set; reports often quote that number.",
        Digits::THRESHOLD
    ));
    let count = held_out.len();
    let of_the_first = if planning.seeds.len() > 1 {
        "; for the first seed alone, since no claim is about that epoch"
    } else {
        ""
    };
    planning.notes.push(match shapes.iter().any(|shape| shape.images > held_out.start) {
        true => format!(
            "With all images in training, the epoch was chosen on a second network trained without the last {count}\
             {of_the_first}."
        ),
        false => format!("Epochs are chosen on the last {count} training images, which no network learns from."),
    });
    if planning.seeds.len() == 1 {
        planning.notes.push(
            "One seed: ranges are 95 % intervals of a share of the test images; the option --repeats 3 gives the spread over \
             seeds."
                .into(),
        );
    }
}
