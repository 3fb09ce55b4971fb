//! Energy models: layers of units, restricted Boltzmann machines, contrastive training, exact answers by
//! enumeration, deep belief networks.
//!
//! A model gives every state an energy, and a state's probability is `exp(−energy) / Z`. Reading order:
//! [`Units`] is one layer; [`Rbm`] couples two; [`contrastive`] trains it; [`exact`] computes what training only
//! estimates, for models small enough to list; [`Dbn`] stacks them.
//!
//! Pure code: no files, no printing. A wrong shape is a bug and panics with both shapes.

pub mod contrastive;
mod dbn;
pub mod exact;
pub mod fast;
mod pseudo_likelihood;
mod rbm;
mod units;

pub use contrastive::{Contrastive, Negative, VisibleState};
pub use dbn::{Dbn, coin_flips};
pub use pseudo_likelihood::pseudo_likelihood;
pub use rbm::Rbm;
pub use units::{Bernoulli, Gaussian, Units};
