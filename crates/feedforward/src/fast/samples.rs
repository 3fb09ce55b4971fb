//! What a fast network learns from and is measured on.

use tensor::Matrix;
use tensor::layers::Sparse;

use crate::{NetworkError, check_labels};

/// Images, grey values from 0 (which costs nothing) to 1, and their classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    /// Features × samples.
    pub images: Sparse,
    /// One for each image.
    pub labels: Vec<u8>,
}

impl Samples {
    /// The columns of `images` and their labels.
    pub fn new(images: &Matrix, labels: &[u8]) -> Self {
        Self { images: Sparse::from_matrix(images), labels: labels.to_vec() }
    }

    /// Whether there is one label below `classes` for each image, and every value is between 0 and 1.
    ///
    /// # Errors
    /// If not; says which sample, and what is wrong there.
    pub fn check(&self, classes: usize) -> Result<(), NetworkError> {
        check_labels(&self.labels, self.images.len(), classes)?;
        check_greys(&self.images)
    }
}

/// Whether every value is between 0 and 1.
///
/// # Errors
/// If not; says which sample and input, and the value.
pub(crate) fn check_greys(images: &Sparse) -> Result<(), NetworkError> {
    for sample in 0..images.len() {
        let values = images.column(sample);
        if let Some(&(input, value)) = values.iter().find(|(_, x)| !(0.0..=1.0).contains(x)) {
            return Err(NetworkError::Input { sample, input: input as usize, value });
        }
    }
    Ok(())
}
