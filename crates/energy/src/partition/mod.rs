//! What training only estimates: partition functions, likelihoods, expected steps of a chain.

pub mod ais;
mod annealed;
pub mod dbn;
pub mod estimate;
pub mod exact;
pub mod gates;
mod pseudo_likelihood;
mod rbm_path;
pub mod transition;

pub use annealed::Annealed;
pub use pseudo_likelihood::{pseudo_likelihood, stochastic_pseudo_likelihood};
pub use rbm_path::{RbmChains, RbmPath};
