//! Desserts for guests: who gets which, if all are to like theirs?

mod draw;
mod entry;
pub mod job;
mod recipe;

use crate::experiment::Experiment;

/// The entry.
pub const ENTRIES: &[&Experiment] = &[&entry::DESSERTS];
