//! The AlphaDigits experiments: variants of one model, trained, sampled, scored and drawn side by side.
//!
//! An RBM is a stack of one layer, so that RBM and DBN experiments are one recipe. Variants that share layers, epochs or both
//! share points: a stack of seven layers trains the five below it once, and a look at epoch 100 is a milestone of the run to
//! 5000.

pub(crate) mod claims;
mod dbn;
mod dbn_shape;
mod draw;
mod metrics;
mod model;
mod origins;
mod pictures;
mod plan;
pub mod ratings;
mod rbm;
mod rbm_letter;
mod rbm_limits;
mod reading;
mod recipe;
pub mod scorer;

pub use model::{Alpha, Picture, Variant};
pub use reading::{Reading, Readings};

use crate::experiment::Experiment;

/// The entries, in the order of the page.
pub const ENTRIES: &[&Experiment] = &[
    &rbm::RECONSTRUCTION,
    &rbm::GENERATION,
    &rbm_limits::CLASSES_GENERATIVE,
    &rbm_limits::CLASSES_SCRATCH,
    &rbm_limits::EPOCHS,
    &rbm_letter::PANEL,
    &rbm_letter::UNITS,
    &dbn::GENERATION,
    &dbn::CLASSES_GENERATIVE,
    &dbn::CLASSES_SCRATCH,
    &dbn_shape::LAYERS_GENERATIVE,
    &dbn_shape::LAYERS_SCRATCH,
    &dbn_shape::UNITS_GENERATIVE,
    &dbn_shape::UNITS_SCRATCH,
];
