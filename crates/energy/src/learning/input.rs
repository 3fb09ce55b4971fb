//! What a machine learns from, and the refusal of values that its visible units cannot have.

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;

use tensor::Matrix;
use tensor::binary::Spikes;

/// What a binary machine learns from: visible × samples.
#[derive(Clone, Debug)]
pub enum Input {
    /// Binary states, the same in every epoch.
    Binary(Spikes),
    /// Probabilities, taken as they are: what the layers of a stack hand up [Hinton2006].
    Probabilities(Matrix),
}

impl Input {
    /// Number of samples.
    pub fn len(&self) -> usize {
        match self {
            Self::Binary(spikes) => spikes.len(),
            Self::Probabilities(matrix) => matrix.cols(),
        }
    }

    /// Whether there are no samples.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of visible units.
    pub fn rows(&self) -> usize {
        match self {
            Self::Binary(spikes) => spikes.rows(),
            Self::Probabilities(matrix) => matrix.rows(),
        }
    }

    /// The same as a matrix, visible × samples; lists of states are written out.
    pub fn to_matrix(&self) -> Cow<'_, Matrix> {
        match self {
            Self::Binary(spikes) => Cow::Owned(spikes.to_matrix()),
            Self::Probabilities(matrix) => Cow::Borrowed(matrix),
        }
    }

    /// Refuses what is no probability; lists of states can hold nothing else.
    pub(crate) fn check(&self, range: &RangeInclusive<f32>) -> Result<(), InputError> {
        match self {
            Self::Binary(_) => Ok(()),
            Self::Probabilities(matrix) => check(matrix, range),
        }
    }

    /// The mean of each visible unit over the samples.
    pub(crate) fn means(&self) -> Vec<f64> {
        match self {
            Self::Binary(spikes) => spikes.means(),
            Self::Probabilities(matrix) => means(matrix),
        }
    }
}

/// A value that the visible units of a machine cannot have: pixels from 0 to 255 where probabilities are expected, or a
/// NaN.
#[derive(Clone, Debug, PartialEq)]
pub struct InputError {
    /// Which visible unit, from 0: the row.
    pub unit: usize,
    /// Which sample, from 0: the column.
    pub sample: usize,
    /// Its value.
    pub value: f32,
    /// The least and the largest value expected.
    pub expected: RangeInclusive<f32>,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { unit, sample, value, expected } = self;
        write!(f, "visible unit {unit} of sample {sample}: expected ")?;
        if *expected == (f32::MIN..=f32::MAX) {
            write!(f, "a finite value")?;
        } else {
            write!(f, "a value from {} to {}", expected.start(), expected.end())?;
        }
        write!(f, ", found {value}")?;
        if *expected == (0.0..=1.0) && (2.0..=255.0).contains(value) && value.fract() == 0.0 {
            write!(f, " (grey values from 0 to 255 are to be divided by 255)")?;
        }
        Ok(())
    }
}

impl std::error::Error for InputError {}

/// Finds the first value, sample by sample, that does not lie in the range.
pub(crate) fn check(data: &Matrix, range: &RangeInclusive<f32>) -> Result<(), InputError> {
    for (sample, column) in data.columns().enumerate() {
        if let Some(unit) = column.iter().position(|x| !range.contains(x)) {
            return Err(InputError { unit, sample, value: column[unit], expected: range.clone() });
        }
    }
    Ok(())
}

/// The mean of each row.
pub(crate) fn means(data: &Matrix) -> Vec<f64> {
    let mut sums = vec![0.0; data.rows()];
    data.columns().for_each(|column| sums.iter_mut().zip(column).for_each(|(sum, &x)| *sum += f64::from(x)));
    sums.iter().map(|sum| sum / data.cols() as f64).collect()
}
