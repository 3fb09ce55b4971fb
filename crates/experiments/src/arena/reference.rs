//! The classifier that judges generators: convolutional, trained on all training images but those held out. Its last hidden
//! layer gives the features in which pictures are compared.
//!
//! It names a class for anything, noise as well; how sure it is, and what it makes of real images, must stand beside that.

use anyhow::{Context, Result};
use engine::{Key, Profile, Scaled, Workbench};
use feedforward::Network;
use tensor::Matrix;
use train::Descent;

use crate::data::Digits;
use crate::networks::{Architecture, Learner, likeliest};
use crate::recipe::Planning;

/// Filters and their edges, and units of the last hidden layer: the number of features.
const BLOCKS: [(usize, usize); 2] = [(16, 5), (32, 5)];
const FEATURES: usize = 128;
/// Training images, at most all but those held out; passes over them; test images that its accuracy is measured on.
const IMAGES: Scaled<usize> = Scaled::new(200, 20_000, 55_000);
const EPOCHS: Scaled<usize> = Scaled::new(1, 3, 15);
const TESTED: Scaled<usize> = Scaled::new(40, 1000, 10_000);
const BATCH: usize = 128;
const RATE: f32 = 1e-3;
/// One judge for all seeds of generators.
const SEED: u64 = 1;
/// Pictures that go through the network at once.
const CHUNK: usize = 250;

/// The trained classifier.
#[derive(Clone, Debug)]
pub struct Reference {
    network: Network,
}

/// What it makes of pictures.
#[derive(Clone, Debug)]
pub struct Seen {
    /// States of the last hidden layer, features × n.
    pub features: Matrix,
    /// The most likely class of each.
    pub classes: Vec<u8>,
    /// The probability of that class.
    pub sureness: Vec<f64>,
}

impl Reference {
    /// Adds its point, if it is not there already; gives its key.
    ///
    /// # Errors
    /// If the data are missing.
    pub fn plan(planning: &mut Planning<'_>) -> Result<Key> {
        let profile = planning.settings.profile;
        let job = Learner {
            architecture: architecture(),
            images: IMAGES.at(profile).min(planning.data.digits()?.held_out().start),
            tested: TESTED.at(profile),
            descent: Descent::adam(RATE),
            batch: BATCH,
            epochs: EPOCHS.at(profile),
            seed: SEED,
        };
        planning.add("the classifier that judges samples", job, &[])
    }

    /// What it is and how it learns, in words.
    pub fn words(profile: Profile) -> String {
        let blocks: Vec<String> =
            BLOCKS.iter().map(|(n, edge)| format!("{n} filters of {edge} × {edge}")).collect();
        format!(
            "{}, each with ReLU and max-pooling of 2; {FEATURES} ReLU; softmax of 10; Adam {RATE}, batch {BATCH}, {} images, \
             {} epochs",
            blocks.join("; "),
            IMAGES.at(profile),
            EPOCHS.at(profile)
        )
    }

    /// The classifier that the `index`-th point needed has trained.
    ///
    /// # Errors
    /// If its file is none of such a network.
    pub fn read(bench: &Workbench<'_>, index: usize) -> Result<Self> {
        let network = architecture().read(PIXELS, CLASSES, index, bench);
        Ok(Self { network: network.context("the classifier that judges samples")? })
    }

    /// What it makes of pictures, pixels × n.
    ///
    /// # Errors
    /// If the run is interrupted.
    ///
    /// # Panics
    /// If pictures have another size.
    pub fn look(&self, images: &Matrix, bench: &Workbench<'_>) -> Result<Seen> {
        let n = images.cols();
        let (mut features, mut classes, mut sureness) =
            (Vec::new(), Vec::with_capacity(n), Vec::with_capacity(n));
        for begin in (0..n).step_by(CHUNK) {
            bench.check_interrupt()?;
            let block = images.gather(&(begin..(begin + CHUNK).min(n)).collect::<Vec<_>>());
            let mut states = self.network.states(&block);
            let logits = states.pop().context("a network has layers")?.values;
            let hidden = states.into_iter().rev().find(|state| state.kind == "activation");
            features.extend(hidden.context("the classifier has a hidden layer")?.values.into_vec());
            for column in logits.columns() {
                let (class, probability) = most_likely(column);
                classes.push(class);
                sureness.push(probability);
            }
        }
        Ok(Seen { features: Matrix::from_vec(FEATURES, n, features), classes, sureness })
    }
}

const PIXELS: usize = Digits::SIZE.0 * Digits::SIZE.1;
const CLASSES: usize = 10;

fn architecture() -> Architecture {
    Architecture::Convolutional { blocks: BLOCKS.to_vec(), hidden: vec![FEATURES], dropout: 0.0 }
}

/// The class of the largest logit, and `1 / Σ exp(a − max a)`: its probability.
fn most_likely(logits: &[f32]) -> (u8, f64) {
    let (best, sum) = likeliest(logits);
    (best, 1.0 / sum)
}

#[cfg(test)]
mod tests {
    use super::most_likely;

    #[test]
    fn the_largest_logit_has_the_probability_of_the_softmax() {
        let (class, probability) = most_likely(&[0.0, 2.0, 1.0]);
        let by_hand = 2f64.exp() / (1.0 + 2f64.exp() + 1f64.exp());
        assert_eq!(class, 1);
        assert!((probability - by_hand).abs() < 1e-12, "{probability} against {by_hand}");
        assert_eq!(most_likely(&[1000.0, -1000.0]), (0, 1.0));
    }
}
