//! How a machine's training settles, mini-batch by mini-batch: what it reconstructs, and how much its weights still move.

mod entry;
pub mod job;
mod recipe;

use crate::experiment::Experiment;

/// The entries, in the order of the page.
pub const ENTRIES: &[&Experiment] = &[&entry::CONVERGENCE, &entry::STABILITY];
