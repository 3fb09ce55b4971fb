//! Boltzmann learning: what a machine learns from, how, and the trainer that is generic over units and rules.

mod centring;
mod chains;
pub(crate) mod input;
pub(crate) mod negative;
pub(crate) mod options;
pub(crate) mod statistics;
mod tempering;
mod trainer;

pub(crate) use centring::SLIDING;
pub(crate) use input::check;
pub use input::{Input, InputError};
pub use negative::Negative;
pub use options::{Learning, Sparsity, VisibleBias, WarmUp};
pub use tempering::Tempering;
pub use trainer::{Trainer, gradient, train};
