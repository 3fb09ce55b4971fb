//! Boltzmann learning: what a machine learns from, how, and the trainer that is generic over units and rules.

pub(crate) mod input;
pub(crate) mod negative;
pub(crate) mod options;
pub(crate) mod statistics;
mod trainer;

pub use input::{Input, InputError};
pub use negative::Negative;
pub use options::{Learning, VisibleBias};
pub use trainer::{Trainer, gradient, train};
