//! The smallest work and the smallest study: what the engine's own tests run.

mod job;
mod recipe;

pub use job::{Toy, ToyFault};
pub use recipe::Lines;
