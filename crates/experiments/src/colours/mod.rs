//! Colours of one picture moved to the palette of another.

mod draw;
mod entry;
pub mod hue;
pub mod job;
pub mod landscape;
mod names;
mod recipe;
pub mod recolour;
mod shrink;

use crate::experiment::Experiment;

/// The entry.
pub const ENTRIES: &[&Experiment] = &[&entry::COLOURS];
