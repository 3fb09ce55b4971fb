//! Hyperparameters that models of several folders have in common.

use engine::Hyper;

/// Training images, where no report counts them in its own words.
pub(crate) const IMAGES: Hyper<usize> =
    Hyper { key: "images", says: "training images", unit: "training images", range: 1..=1_000_000 };
/// Test images.
pub(crate) const TEST_IMAGES: Hyper<usize> =
    Hyper { key: "test-images", says: "test images", unit: "test images", range: 1..=10_000 };
/// Momentum.
pub(crate) const MOMENTUM: Hyper<f32> =
    Hyper { key: "momentum", says: "momentum", unit: "momentum", range: 0.0..=0.999 };
/// Samples in a mini-batch.
pub(crate) const BATCH: Hyper<usize> =
    Hyper { key: "batch", says: "batch size", unit: "samples a batch", range: 1..=100_000 };
/// The standard deviation of the first weights.
pub(crate) const SIGMA: Hyper<f32> =
    Hyper { key: "sigma", says: "initial weights N(0, σ²): σ", unit: "σ", range: 0.0..=100.0 };
/// The standard deviation of first weights in the code of the report written from scratch: a variance of 0.1, where the
/// exercise that it answers asks for 0.01.
pub(crate) const SCRATCH_SIGMA: f32 = 0.316;
/// The learning rate.
pub(crate) const RATE: Hyper<f32> =
    Hyper { key: "rate", says: "learning rate", unit: "learning rate", range: 0.0..=f32::MAX };

/// The readings of an entry in words, each with the values of the sweep that are run under it; `all` stands for none named.
pub(crate) fn readings(
    readings: impl Iterator<Item = (String, &'static [&'static str])>,
    all: &str,
) -> String {
    let say = |(name, values): (String, &[&str])| match values.len() {
        0 => format!("{name} ({all})"),
        _ => format!("{name} ({})", values.join(", ")),
    };
    readings.map(say).collect::<Vec<_>>().join("; ")
}
