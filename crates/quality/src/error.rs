//! What can be wrong with samples, and the checks that find it before anything is computed.

use std::fmt;

use tensor::Matrix;

/// Why samples, features or labels were refused. `what` names them: "samples", "features of the held-out images".
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum QualityError {
    /// Fewer than a metric needs.
    TooFew {
        /// What there is too little of.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// Columns of another length than those they are compared with.
    Width {
        /// What the columns are.
        what: &'static str,
        /// Their length.
        found: usize,
        /// The length of what they are compared with.
        expected: usize,
    },
    /// Two descriptions of the same samples that differ in their number.
    Count {
        /// What is described.
        what: &'static str,
        /// How many.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A value that is NaN, infinite or too large to be multiplied, or a pixel or probability outside of [0, 1].
    Value {
        /// What holds it.
        what: &'static str,
        /// The sample.
        sample: usize,
        /// Its value.
        value: f32,
    },
    /// A label that is no class.
    Class {
        /// The sample.
        sample: usize,
        /// Its label.
        label: u8,
        /// The number of classes.
        classes: usize,
    },
    /// A kernel's width or a number of draws that is no positive number.
    Parameter {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: f64,
    },
}

impl fmt::Display for QualityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooFew { what, found, needed } => write!(f, "{found} {what}, at least {needed} are needed"),
            Self::Width { what, found, expected } => {
                write!(f, "{what} of {found} values are compared with {expected} values")
            }
            Self::Count { what, found, expected } => write!(f, "{found} {what} for {expected} samples"),
            Self::Value { what, sample, value } => {
                write!(f, "{what}: sample {sample} has the value {value}")
            }
            Self::Class { sample, label, classes } => {
                write!(f, "sample {sample} has the label {label}, there are {classes} classes from 0")
            }
            Self::Parameter { name, value } => write!(f, "{name} is {value}, a positive number is needed"),
        }
    }
}

impl std::error::Error for QualityError {}

/// The largest value of features that are multiplied.
const LARGEST: f32 = 1e6;

/// That there are at least `needed`.
pub(crate) fn enough(what: &'static str, found: usize, needed: usize) -> Result<(), QualityError> {
    if found < needed { Err(QualityError::TooFew { what, found, needed }) } else { Ok(()) }
}

/// That columns of two sets have the same length.
pub(crate) fn same_width(what: &'static str, found: &Matrix, expected: &Matrix) -> Result<(), QualityError> {
    let (found, expected) = (found.rows(), expected.rows());
    if found == expected { Ok(()) } else { Err(QualityError::Width { what, found, expected }) }
}

/// That every value is finite.
pub(crate) fn finite(what: &'static str, columns: &Matrix) -> Result<(), QualityError> {
    every(what, columns, f32::is_finite)
}

/// That every value is finite and at most [`LARGEST`], so that no cube of a product of two leaves the range of `f32`.
pub(crate) fn moderate(what: &'static str, columns: &Matrix) -> Result<(), QualityError> {
    every(what, columns, |x| x.abs() <= LARGEST)
}

/// That every value lies in [0, 1].
pub(crate) fn in_unit_interval(what: &'static str, columns: &Matrix) -> Result<(), QualityError> {
    every(what, columns, |x| (0.0..=1.0).contains(&x))
}

fn every(what: &'static str, columns: &Matrix, holds: impl Fn(f32) -> bool) -> Result<(), QualityError> {
    match columns.as_slice().iter().position(|&x| !holds(x)) {
        None => Ok(()),
        Some(at) => {
            Err(QualityError::Value { what, sample: at / columns.rows(), value: columns.as_slice()[at] })
        }
    }
}
