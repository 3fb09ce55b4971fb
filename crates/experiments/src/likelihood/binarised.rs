//! Images in black and white: digits in two ways, and letters, which have no grey. They must never stand in one column: a
//! likelihood is of one of them.

use std::fmt;

use anyhow::{Result, ensure};
use datasets::Images;
use serde::{Deserialize, Serialize};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed};

use crate::data::{Data, Digits, Letters, Reads};

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
    /// AlphaDigits, which are black and white: 29 images of each character to learn from, ten to be tested on. Which those are is
    /// the published split of [`crate::data::Letters`].
    Letters,
}

/// Images of each character that are kept from training.
pub const TESTED_LETTERS: usize = 10;

/// The seed of the draw: part of what a likelihood is of, so that it never changes.
pub const SEED: u64 = 20_080;

impl fmt::Display for Binarised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Threshold => "above 128",
            Self::Drawn => "drawn once",
            Self::Letters => "AlphaDigits",
        })
    }
}

impl Binarised {
    /// Whether it is the usual one, which jobs need not name.
    pub fn is_threshold(&self) -> bool {
        *self == Self::Threshold
    }

    /// The data set.
    pub fn reads(self) -> Reads {
        if self == Self::Letters { Reads::Letters } else { Reads::Digits }
    }

    /// Pixels of an image.
    pub fn pixels(self) -> usize {
        let (height, width) = if self == Self::Letters { Letters::SIZE } else { Digits::SIZE };
        height * width
    }

    /// How many training images there are of so many that are asked for, for estimates.
    ///
    /// # Errors
    /// If the data are missing.
    pub fn there(self, data: &Data, images: usize) -> Result<usize> {
        if self == Self::Letters { Ok(images) } else { Ok(images.min(data.digits()?.train.len())) }
    }

    /// The first so many training images and the first so many test images.
    ///
    /// # Errors
    /// If the data are missing or have not so many.
    pub fn sets(self, data: &Data, images: usize, test: usize) -> Result<[Spikes; 2]> {
        if self == Self::Letters {
            let letters = data.letters()?;
            let split = letters.split(&letters.labels(&letters.images.classes.concat())?, TESTED_LETTERS);
            let some = |what: &str, all: &[usize], count: usize| {
                ensure!(count <= all.len(), "{what}: expected at most {}, found {count}", all.len());
                Ok(Spikes::from_matrix(&letters.images.to_matrix(&all[..count])))
            };
            return Ok([some("images", &split.train, images)?, some("test images", &split.held_out, test)?]);
        }
        let digits = data.digits()?;
        let count = digits.amount("images", images, digits.train.len())?;
        let test = digits.amount("test images", test, digits.test.len())?;
        Ok([self.spikes(&digits.train, "train", 0..count), self.spikes(&digits.test, "test", 0..test)])
    }

    /// These digits, as lists of the pixels that are on. Image `i` of a set of this `name` is always the same, whatever others
    /// are asked for.
    ///
    /// # Panics
    /// If there are not so many.
    pub fn spikes(self, images: &Images, name: &str, chosen: std::ops::Range<usize>) -> Spikes {
        if self != Self::Drawn {
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
