//! What a stack learns from: letters of some classes, or the first so many digits.

use anyhow::Result;
use energy::Input;
use serde::{Deserialize, Serialize};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed};

use crate::data::{Data, Digits, Letters, Reads};

/// Which images a stack learns from, without their labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Learned {
    /// Letters.
    Letters {
        /// The classes, by name: "0A".
        characters: String,
        /// Images of each class kept from training.
        held_out: usize,
    },
    /// Digits, in black and white.
    Digits {
        /// The first so many training images; of the stand-in those that there are.
        images: usize,
    },
    /// All images of a user's own, in black and white.
    Own {
        /// Rows of an image.
        height: usize,
        /// Pixels of a row.
        width: usize,
    },
}

impl Learned {
    /// The data set.
    pub fn reads(&self) -> Reads {
        match self {
            Self::Letters { .. } => Reads::Letters,
            Self::Digits { .. } => Reads::Digits,
            Self::Own { .. } => Reads::Own,
        }
    }

    /// Pixels of an image.
    pub fn pixels(&self) -> usize {
        let (height, width) = match self {
            Self::Letters { .. } => Letters::SIZE,
            Self::Digits { .. } => Digits::SIZE,
            Self::Own { height, width } => (*height, *width),
        };
        height * width
    }

    /// How many images there are.
    ///
    /// # Errors
    /// If the data are missing.
    pub fn count(&self, data: &Data) -> Result<usize> {
        Ok(match self {
            Self::Letters { characters, held_out } => {
                characters.chars().count() * Letters::PER_CLASS.saturating_sub(*held_out).max(1)
            }
            Self::Digits { images } => (*images).min(data.digits()?.train.len()),
            Self::Own { .. } => data.own()?.images.len(),
        })
    }

    /// The images as a machine learns from them.
    ///
    /// # Errors
    /// If the data are missing, have no such class, or not so many images.
    pub fn input(&self, data: &Data) -> Result<Input> {
        Ok(Input::Binary(match self {
            Self::Letters { characters, held_out } => {
                let letters = data.letters()?;
                let split = letters.split(&letters.labels(characters)?, *held_out);
                Spikes::from_matrix(&letters.images.to_matrix(&split.train))
            }
            Self::Digits { images } => {
                let digits = data.digits()?;
                let count = digits.amount("images", *images, digits.train.len())?;
                Digits::spikes(&digits.train, 0..count)
            }
            Self::Own { .. } => {
                let images = &data.own()?.images;
                Digits::spikes(images, 0..images.len())
            }
        }))
    }

    /// The images to learn from and those held out, with what each part is called, pixels × images.
    ///
    /// # Errors
    /// As [`Learned::input`].
    pub fn parts(&self, data: &Data) -> Result<Vec<(&'static str, Matrix)>> {
        Ok(match self {
            Self::Letters { characters, held_out } => {
                let letters = data.letters()?;
                let split = letters.split(&letters.labels(characters)?, *held_out);
                let parts = [("train", split.train), ("held_out", split.held_out)];
                let there = parts.into_iter().filter(|(_, indices)| !indices.is_empty());
                there.map(|(name, indices)| (name, letters.images.to_matrix(&indices))).collect()
            }
            Self::Digits { images } => {
                let digits = data.digits()?;
                let count = digits.amount("images", *images, digits.train.len())?;
                let rest = digits.held_out();
                let mut parts = vec![("train", Digits::spikes(&digits.train, 0..count).to_matrix())];
                if count <= rest.start {
                    parts.push(("held_out", Digits::spikes(&digits.train, rest).to_matrix()));
                }
                parts
            }
            Self::Own { .. } => {
                let images = &data.own()?.images;
                vec![("train", Digits::spikes(images, 0..images.len()).to_matrix())]
            }
        })
    }

    /// Where the images of each class lie among `count` of a part, for letters of several classes that were learnt from: they
    /// come class by class, equally many of each.
    pub fn classes(&self, part: &str, count: usize) -> Vec<(char, std::ops::Range<usize>)> {
        let characters: Vec<char> = match self {
            Self::Letters { characters, .. } if part == "train" => characters.chars().collect(),
            _ => Vec::new(),
        };
        let each = count / characters.len().max(1);
        let range = |(place, class): (usize, &char)| (*class, place * each..(place + 1) * each);
        characters.iter().enumerate().map(range).filter(|_| characters.len() > 1).collect()
    }

    /// The seed of a layer, from 0 at the bottom, of a stack trained with this seed.
    pub fn layer_seed(&self, seed: u64, layer: usize) -> Seed {
        let purpose = match self {
            Self::Letters { .. } => "layer",
            Self::Digits { .. } => "belief",
            Self::Own { .. } => "own",
        };
        Seed::new(seed).child(purpose, layer as u64)
    }
}
