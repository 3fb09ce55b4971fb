//! Layers of units whose states are drawn at once when their inputs are known: the trait, and one file a kind.

mod bernoulli;
mod gaussian;
mod joined;
mod layer;
mod softmax;

pub use bernoulli::Bernoulli;
pub use gaussian::Gaussian;
pub(crate) use joined::part;
pub use joined::{Joined, join};
pub use layer::Units;
pub use softmax::Softmax;
