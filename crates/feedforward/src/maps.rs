//! Samples seen as images of several channels.

use std::fmt;

use crate::NetworkError;

/// Channels × rows × columns: the shape of a sample that is an image, or the maps of a convolution.
///
/// The features of a sample run over channels, rows and columns, row-major, so that an image of one channel is its pixels in
/// reading order, and a dense layer on maps needs no layer between that flattens them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Maps {
    /// Channels.
    pub channels: usize,
    /// Rows of each.
    pub height: usize,
    /// Columns of each.
    pub width: usize,
}

impl Maps {
    /// A shape; `28, 28` with one channel for MNIST's digits.
    ///
    /// # Errors
    /// If one of the sizes is 0, or there are more features than a computer can count.
    pub fn new(channels: usize, height: usize, width: usize) -> Result<Self, NetworkError> {
        let maps = Self { channels, height, width };
        let features = channels.checked_mul(height).and_then(|n| n.checked_mul(width));
        if features.is_some_and(|n| n > 0) { Ok(maps) } else { Err(NetworkError::NoMaps { maps }) }
    }

    /// Features of a sample.
    pub fn features(self) -> usize {
        self.channels * self.height * self.width
    }
}

/// `15×20×20`.
impl fmt::Display for Maps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}×{}×{}", self.channels, self.height, self.width)
    }
}
