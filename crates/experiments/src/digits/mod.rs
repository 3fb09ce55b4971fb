//! Ours: how far apart sets of digits are, as transport sees it: classes, generated against real, a barycentre for each class.

pub mod barycentre;
mod draw;
mod entry;
pub mod job;
mod names;
mod recipe;

use crate::experiment::Experiment;

/// The entry.
pub const ENTRIES: &[&Experiment] = &[&entry::DIGITS];
