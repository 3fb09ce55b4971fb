//! Digits in grey over the same digits in black and white.

mod entry;
pub mod job;
mod recipe;

use crate::experiment::Experiment;

/// The entry.
pub const ENTRIES: &[&Experiment] = &[&entry::BINARISE];
