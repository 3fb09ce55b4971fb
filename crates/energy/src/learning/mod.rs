//! Boltzmann learning: what a machine learns from, how, and the trainer that is generic over units and rules.

mod input;
mod negative;
mod options;
pub(crate) mod statistics;
mod trainer;

pub(crate) use input::check;
pub use input::{Input, InputError};
pub use negative::Negative;
pub use options::{Learning, VisibleBias};
pub use trainer::{Trainer, gradient, train};
