//! Noise that a denoising autoencoder has to undo [Vincent2010, section 3.2].
//!
//! Shapes: features × samples, each value for itself. Masking sets a value to 0 with probability p; salt-and-pepper sets it
//! to 0 or 1, by a fair coin, with probability p; Gaussian noise adds N(0, σ²) and does not clip what leaves [0, 1].
//! Samples are taken in blocks of [`BLOCK`], each with a generator of its own, so that threads can share a mini-batch.
//! A strength of 0 draws nothing.

use std::fmt;

use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed, Stream};

use crate::NetworkError;

/// Samples that share a generator: a multiple of those that share one in the fill of a matrix.
pub(crate) const BLOCK: usize = 32;

/// What happens to the inputs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Corruption {
    /// `x̃ = 0` with this probability, else `x`.
    Masking(f32),
    /// `x̃` is 0 or 1, each with half of this probability, else `x`.
    SaltAndPepper(f32),
    /// `x̃ = x + N(0, σ²)`, with this σ.
    Gaussian(f32),
}

impl Corruption {
    /// No noise.
    pub const NONE: Self = Self::Masking(0.0);

    /// Masking with probability `p`.
    ///
    /// # Errors
    /// If `p` is not in [0, 1].
    pub fn masking(p: f32) -> Result<Self, NetworkError> {
        Self::Masking(p).checked()
    }

    /// Salt and pepper with probability `p`.
    ///
    /// # Errors
    /// If `p` is not in [0, 1].
    pub fn salt_and_pepper(p: f32) -> Result<Self, NetworkError> {
        Self::SaltAndPepper(p).checked()
    }

    /// Gaussian noise of standard deviation `sigma`.
    ///
    /// # Errors
    /// If `sigma` is not in [0, 1], the range of the inputs.
    pub fn gaussian(sigma: f32) -> Result<Self, NetworkError> {
        Self::Gaussian(sigma).checked()
    }

    /// The same if its strength makes sense. Whoever trains with a value that was read or written out asks this first.
    ///
    /// # Errors
    /// If the strength is not in [0, 1].
    pub fn checked(self) -> Result<Self, NetworkError> {
        let kind = match self {
            Self::Masking(_) => "masking",
            Self::SaltAndPepper(_) => "salt-and-pepper noise",
            Self::Gaussian(_) => "Gaussian noise",
        };
        let amount = self.strength();
        if (0.0..=1.0).contains(&amount) { Ok(self) } else { Err(NetworkError::Noise { kind, amount }) }
    }

    /// Probability or standard deviation.
    pub fn strength(self) -> f32 {
        match self {
            Self::Masking(amount) | Self::SaltAndPepper(amount) | Self::Gaussian(amount) => amount,
        }
    }

    /// Corrupts every column of `x`; one draw from `noise`.
    pub fn corrupt(self, x: &mut Matrix, noise: &mut Stream) {
        let (rows, seed) = (x.rows(), noise.next_seed());
        let mut numbers = Matrix::zeros(rows, BLOCK.min(x.cols()));
        for (block, columns) in x.as_mut_slice().chunks_mut((rows * BLOCK).max(1)).enumerate() {
            self.draw(&mut numbers, seed, block);
            self.apply(columns, &numbers.as_slice()[..columns.len()]);
        }
    }

    /// The random numbers of block `block` of a mini-batch, which are none where there is no noise. A column of them
    /// does not depend on how many columns are drawn.
    pub(crate) fn draw(self, numbers: &mut Matrix, seed: Seed, block: usize) {
        let mut noise = seed.child("corruption", block as u64).stream();
        match self {
            _ if self.strength() == 0.0 => {}
            Self::Masking(_) | Self::SaltAndPepper(_) => noise.uniform(numbers),
            Self::Gaussian(sigma) => noise.normal(numbers, sigma),
        }
    }

    /// Corrupts values by the numbers drawn for them.
    pub(crate) fn apply(self, values: &mut [f32], numbers: &[f32]) {
        let pairs = values.iter_mut().zip(numbers);
        match self {
            _ if self.strength() == 0.0 => {}
            Self::Masking(p) => pairs.for_each(|(x, &u)| *x = if u < p { 0.0 } else { *x }),
            // One number says whether and what: its lower half is pepper, its upper half salt.
            Self::SaltAndPepper(p) => pairs.for_each(|(x, &u)| {
                let changed = f32::from(u8::from(u >= p / 2.0));
                *x = if u < p { changed } else { *x };
            }),
            Self::Gaussian(_) => pairs.for_each(|(x, &n)| *x += n),
        }
    }
}

/// In words, for tables: `masking 0.1`.
impl fmt::Display for Corruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            _ if self.strength() == 0.0 => f.write_str("no noise"),
            Self::Masking(p) => write!(f, "masking {p}"),
            Self::SaltAndPepper(p) => write!(f, "salt and pepper {p}"),
            Self::Gaussian(sigma) => write!(f, "Gaussian σ {sigma}"),
        }
    }
}
