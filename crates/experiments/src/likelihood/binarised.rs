//! Digits in black and white, in two ways that must never stand in one column: a likelihood is of one of them.

use std::fmt;

use datasets::Images;
use serde::{Deserialize, Serialize};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed};

use crate::data::Digits;

/// How grey digits become black and white.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Binarised {
    /// On where the grey level is strictly above 128.
    #[default]
    Threshold,
    /// On with the probability grey level / 255, drawn once with [`SEED`]: what most published likelihoods are of
    /// [Salakhutdinov2008].
    Drawn,
}

/// The seed of the draw: part of what a likelihood is of, so that it never changes.
pub const SEED: u64 = 20_080;

impl fmt::Display for Binarised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Threshold => "above 128",
            Self::Drawn => "drawn once",
        })
    }
}

impl Binarised {
    /// Whether it is the usual one, which jobs need not name.
    pub fn is_threshold(&self) -> bool {
        *self == Self::Threshold
    }

    /// These images, as lists of the pixels that are on. Image `i` of a set of this `name` is always the same, whatever others
    /// are asked for.
    ///
    /// # Panics
    /// If there are not so many.
    pub fn spikes(self, images: &Images, name: &str, chosen: std::ops::Range<usize>) -> Spikes {
        if self == Self::Threshold {
            return Digits::spikes(images, chosen);
        }
        let mut spikes = Spikes::new(images.features());
        for i in chosen {
            let grey = images.image(i);
            let mut states = Matrix::from_fn(grey.len(), 1, |pixel, _| f32::from(grey[pixel]) / 255.0);
            Seed::new(SEED).child(name, i as u64).stream().bernoulli(&mut states);
            spikes.push((0..grey.len() as u32).filter(|&pixel| states.as_slice()[pixel as usize] == 1.0));
        }
        spikes
    }
}
