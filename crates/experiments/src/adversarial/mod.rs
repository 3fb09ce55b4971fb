//! Generators and their critics on grey digits: how both fare while they learn, and which digits a generator draws.
//!
//! In reading order: [`Players`] (layers), [`Adversary`] (the job that trains both), [`Kinds`] (what a classifier takes samples for, and
//! how alike they are), [`Between`] (from one digit to another), [`curves`] (numbers of a curve).

mod adversary;
mod between;
pub mod curves;
mod kinds;
mod players;

pub use adversary::{Adversary, PLAYERS, SAMPLES, kept_after, latents, show};
pub use between::{Between, WAYS, circle, likeliest, pairs};
pub use kinds::{Kinds, Look, REAL, look};
pub use players::Players;
