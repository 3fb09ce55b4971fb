//! Generators and their critics on grey digits: how both fare while they learn, which digits a generator draws, and whether critics of
//! the Wasserstein distance make it draw more of them.
//!
//! Sections 3 and 4.2 of the report on Boltzmann machines, adversarial networks and transport. In reading order: [`Players`] (layers),
//! [`Adversary`] (the job that trains both), [`Kinds`] (what a classifier takes samples for, and how alike they are), [`Between`]
//! (from one digit to another), [`curves`] (numbers of a curve), `summary` (the evidence), [`claims`]. Metrics of samples beside class counts
//! and likeness are none of this folder's business.

mod adversary;
mod between;
pub mod claims;
pub mod curves;
mod draw;
mod entry;
mod entry_wgan;
mod game;
mod kinds;
mod players;
mod recipe;
mod summary;

pub(crate) use entry::{ON_ALL_CLASSES, RULES};
pub(crate) use game::{ADAM_OF_PENALTY, Game, RMSPROP, drawn};

pub use adversary::{Adversary, PLAYERS, SAMPLES, kept_after, latents, show};
pub use between::{Between, WAYS, circle, likeliest, pairs};
pub use kinds::{Kinds, Look, REAL, look};
pub use players::Players;

use crate::experiment::Experiment;

/// The experiments of this folder.
pub const ENTRIES: &[&Experiment] = &[&entry::GAN, &entry_wgan::OBJECTIVES];
