//! Machines of few hidden units, learnt by persistent chains as scikit-learn learns them: what their pseudo-likelihood says of
//! components, rate and epochs, where their chains go, and what they make of pictures with missing rows.

mod chains;
mod entry;
mod entry_chains;
pub mod job;
mod recipe;
pub mod restore;

use crate::experiment::Experiment;

pub(crate) use entry::GRID_MACHINES;
pub use recipe::Machines;

/// The entries, in the order of the page.
pub const ENTRIES: &[&Experiment] =
    &[&entry::GRID, &entry::RATES, &entry_chains::GIBBS, &entry_chains::INPAINTING];
