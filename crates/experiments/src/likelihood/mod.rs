//! Likelihoods in nats: machines under several ways of learning, each between two bounds, beside mixtures and independent pixels;
//! of digits, and of letters for whoever asks.

pub mod binarised;
pub(crate) mod entry;
pub mod estimate;
pub mod mixture;
pub mod recipe;
pub mod train;

use crate::experiment::Experiment;

/// The entries, in the order of the page.
pub const ENTRIES: &[&Experiment] = &[&entry::RBM];
