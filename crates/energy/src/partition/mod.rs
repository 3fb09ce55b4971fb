//! What training only estimates: partition functions, likelihoods, expected steps of a chain.

mod annealed;
pub mod exact;
mod pseudo_likelihood;
pub mod transition;

pub use annealed::Annealed;
pub use pseudo_likelihood::pseudo_likelihood;
