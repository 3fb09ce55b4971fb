//! Digits that a machine or a stack draws, after training as long as the report's.

mod entry;
mod quality;
mod recipe;

pub(crate) use entry::{DBN_STACK, DRAWS, RBM_STACK};
pub(crate) use quality::on_the_way;
pub(crate) use recipe::{NOISE, REAL, Stack, parameters};

use crate::experiment::Experiment;

/// The entries, in the order of the page.
pub const ENTRIES: &[&Experiment] = &[&entry::RBM, &entry::DBN];
