//! A deep Boltzmann machine of two hidden layers on black and white digits: what greedy pretraining and joint training give,
//! what its filters show, which digits its chains draw, and how likely it finds test images.

mod bound;
pub mod claims;
mod deep;
mod detail;
mod draw;
mod entry;
mod entry_record;
mod fine;
mod joint;
pub mod machine;
pub mod modes;
mod pretraining;
mod recipe;
mod record;
mod record_recipe;
mod samples;

pub use bound::{Bound, LEAST_EFFECTIVE};
pub use deep::Deep;
pub use detail::{Detail, detail};
pub use entry::{EXERCISE, EXERCISE_IMAGES};
pub use fine::FineTune;
pub use joint::Joint;
pub use machine::Machine;
pub use pretraining::Pretraining;
pub use record::RECORD;
pub use samples::{Begin, Samples};

use crate::experiment::Experiment;

/// The entries, in the order of the page.
pub const ENTRIES: &[&Experiment] = &[&entry::DEEP, &entry_record::RECORD];
