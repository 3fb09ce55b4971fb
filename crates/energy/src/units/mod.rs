//! Layers of units that are independent of each other once their inputs are known: the trait, and one file a kind.

mod bernoulli;
mod gaussian;
mod layer;

pub use bernoulli::Bernoulli;
pub use gaussian::Gaussian;
pub use layer::Units;
