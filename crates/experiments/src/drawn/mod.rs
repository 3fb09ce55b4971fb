//! Digits that a machine or a stack draws, after training as long as the report's.

mod entry;
mod recipe;

use crate::experiment::Experiment;

/// The entries, in the order of the page.
pub const ENTRIES: &[&Experiment] = &[&entry::RBM, &entry::DBN];
