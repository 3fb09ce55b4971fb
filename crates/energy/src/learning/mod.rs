//! Boltzmann learning: contrastive divergence, persistent chains, and the exact gradient.

mod negative;
pub(crate) mod statistics;
mod trainer;

pub use negative::Negative;
pub use trainer::{Contrastive, Trainer, gradient, train};
