//! The smallest work and the smallest study: what the engine's own tests run.

mod act;
mod job;
mod recipe;
mod staged;

pub use act::{Act, Deed};
pub use job::{Toy, ToyFault};
pub use recipe::Lines;
pub use staged::Staged;
