//! Hyperparameters that models of several folders have in common.

use engine::Hyper;

/// Samples in a mini-batch.
pub(crate) const BATCH: Hyper<usize> =
    Hyper { key: "batch", says: "batch size", unit: "samples a batch", range: 1..=100_000 };
/// The standard deviation of the first weights.
pub(crate) const SIGMA: Hyper<f32> =
    Hyper { key: "sigma", says: "initial weights N(0, σ²): σ", unit: "σ", range: 0.0..=100.0 };
/// The learning rate.
pub(crate) const RATE: Hyper<f32> =
    Hyper { key: "rate", says: "learning rate", unit: "learning rate", range: 0.0..=f32::MAX };
