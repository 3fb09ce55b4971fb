//! The network with labels, 784–500–(500 + 10)–2000: how long its machines are trained greedily, what their weights look like,
//! what it draws from labels, and what fine-tuning by up-down makes of it.

mod draw;
mod entry;
mod entry_fine;
pub mod fine;
mod fine_recipe;
pub mod generate;
pub mod nearest;
pub mod network;
mod recipe;
pub mod recognise;
pub mod slices;
pub mod stack;
pub mod strokes;
pub mod train;

use crate::experiment::Experiment;

/// The entries, in the order of the page.
pub const ENTRIES: &[&Experiment] = &[
    &entry::CONVERGENCE,
    &entry::ACCURACY,
    &entry::FIELDS,
    &entry_fine::GENERATION,
    &entry_fine::WAKE_SLEEP,
];
