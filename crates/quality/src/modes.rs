//! Modes: which classes samples belong to, beside real images.
//!
//! ```text
//! H = −Σ_c p_c ln p_c        effective number of classes = exp H        variation = ½ Σ_c |p_c − q_c|
//! ```
//!
//! p are the shares of the classes among samples, q among real images. The total variation is the share of samples that would have
//! to be of another class; it was chosen before the Jensen–Shannon divergence since it can be read without a table, and both are
//! finite where a class is missing. A class is *covered* when samples show it at least a tenth as often as real images do: any
//! classifier puts one sample in a hundred into a wrong class, and one is not enough.
//!
//! Labels come from a classifier of the caller. Nothing here sees what a sample looks like: a classifier gives noise a class, too.

use tensor::Matrix;

use crate::error::{QualityError, enough, in_unit_interval};

/// Share of its real frequency from which on a class is covered.
const COVERED: f64 = 0.1;

/// What the histogram of classes says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Modes {
    /// Number of classes that samples show at least a tenth as often as real images do.
    pub covered: usize,
    /// Entropy of the histogram in nats, in [0, ln C].
    pub entropy: f64,
    /// Effective number of classes, exp(entropy), in [1, C].
    pub effective: f64,
    /// Total variation distance to the real histogram, in [0, 1].
    pub variation: f64,
}

impl Modes {
    /// Of `labels` of samples, beside `real` shares of the classes (which sum to 1).
    ///
    /// # Errors
    /// If there is no sample, or a label is no class.
    pub fn of(labels: &[u8], real: &[f64]) -> Result<Self, QualityError> {
        let shares = shares(labels, real.len())?;
        let entropy: f64 = shares.iter().filter(|p| **p > 0.0).map(|p| -p * p.ln()).sum();
        let covers = |(p, q): &(&f64, &f64)| **p > 0.0 && **p >= COVERED * **q;
        Ok(Self {
            covered: shares.iter().zip(real).filter(covers).count(),
            entropy: entropy.max(0.0),
            effective: entropy.max(0.0).exp(),
            variation: 0.5 * shares.iter().zip(real).map(|(p, q)| (p - q).abs()).sum::<f64>(),
        })
    }
}

/// The share of each of `classes` classes among labels.
///
/// # Errors
/// If there is no label, or one is no class.
pub fn shares(labels: &[u8], classes: usize) -> Result<Vec<f64>, QualityError> {
    enough("labels", labels.len(), 1)?;
    let mut counts = vec![0_usize; classes];
    for (sample, &label) in labels.iter().enumerate() {
        *counts.get_mut(usize::from(label)).ok_or(QualityError::Class { sample, label, classes })? += 1;
    }
    Ok(counts.into_iter().map(|count| count as f64 / labels.len() as f64).collect())
}

/// The most likely class of each sample, from probabilities (classes × samples); the first of several.
///
/// # Errors
/// If there is no class or a probability lies outside of [0, 1].
///
/// # Panics
/// If there are more classes than a label can tell apart, 256.
pub fn labels_of(probabilities: &Matrix) -> Result<Vec<u8>, QualityError> {
    let classes = probabilities.rows();
    assert!(classes <= 256, "{classes} classes, a label has 256 values");
    enough("classes", classes, 1)?;
    in_unit_interval("class probabilities", probabilities)?;
    let first_of_largest = |p: &[f32]| (0..classes).fold(0, |best, c| if p[c] > p[best] { c } else { best });
    Ok(probabilities.columns().map(|p| first_of_largest(p) as u8).collect())
}
