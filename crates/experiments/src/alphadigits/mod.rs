//! Our record on AlphaDigits, of which no likelihood and no error on a fixed split was published: likelihoods of machines,
//! networks and mixtures in nats, and errors of networks, on 29 training and ten test images of each of 36 characters.

pub mod classify;
mod entry;
mod recipe;

use crate::experiment::Experiment;

/// The entries, in the order of the page.
pub const ENTRIES: &[&Experiment] = &[&entry::RECORD];
