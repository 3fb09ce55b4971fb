//! Our record of errors of deep belief networks: with labels at the top and up-down, and with backpropagation from the same
//! greedy beginning.

mod entry;
mod recipe;
pub mod refine;

use crate::experiment::Experiment;

/// The entries, in the order of the page.
pub const ENTRIES: &[&Experiment] = &[&entry::RECORD];
