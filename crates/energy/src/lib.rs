//! Energy models: layers of units, restricted Boltzmann machines, contrastive training, exact answers by
//! enumeration, stacks and deep belief networks.
//!
//! A model gives every state an energy, and a state's probability is `exp(−energy) / Z`. Reading order:
//! [`Units`] is one layer; [`Rbm`] couples two; [`learning`] trains it; [`partition`] computes what training only
//! estimates, for models small enough to list; [`stack`] sends states up and down through machines, wherever they lie, of
//! which [`Dbn`] holds its own in memory; [`binary`] is the common case made for the processor.
//!
//! Pure code: no files, no printing. A wrong shape is a bug and panics with both shapes.

pub mod binary;
mod dbn;
pub mod learning;
pub mod partition;
mod rbm;
pub mod stack;
mod units;

pub use dbn::Dbn;
pub use learning::{Contrastive, Negative};
pub use partition::{exact, pseudo_likelihood};
pub use rbm::{Rbm, VisibleState};
pub use stack::coin_flips;
pub use units::{Bernoulli, Gaussian, Units};
