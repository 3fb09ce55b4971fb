//! Convolutional networks on digits under three optimisers, what their filters and maps look like, and how low the error gets.
//!
//! Part A of the report on convolutional networks and autoencoders. Networks are trained by the job of [`crate::networks`]; [`look`]
//! opens one of them; `search` chooses among several by held-out images.

pub mod claims;
mod draw;
mod entry;
pub mod look;
mod names;
mod recipe;
mod record;
mod record_recipe;
mod search;

pub(crate) use recipe::{GD, MOMENTUM, Optimiser, PART_EPOCHS, RMSPROP, SAMPLES};

use crate::experiment::Experiment;

/// The experiments of this folder.
pub const ENTRIES: &[&Experiment] = &[&entry::SGD, &entry::MOMENTUM, &entry::RMSPROP, &record::CNN];
