//! Ours: every kind of generator of digits at about a million parameters, before one judge: the first report's “visual comparison”
//! in numbers, with what real images reach beside it, what planted generators get, and likelihoods in nats where there are any.

mod claims;
mod draw;
mod entry;
mod generators;
mod names;
mod recipe;
mod table;

pub use generators::{Asked, GENERATORS, Generator, Planned};

use crate::experiment::Experiment;

/// The entry.
pub const ENTRIES: &[&Experiment] = &[&entry::COMPARED];
