//! Every experiment there is, in the order of the page.

mod alpha_claims;
mod alpha_dbn;
mod alpha_rbm;

use crate::experiment::Experiment;

/// The catalogue.
pub static REGISTRY: &[Experiment] = &[
    alpha_rbm::RECONSTRUCTION,
    alpha_rbm::GENERATION,
    alpha_rbm::CLASSES_GENERATIVE,
    alpha_rbm::CLASSES_SCRATCH,
    alpha_rbm::EPOCHS,
    alpha_rbm::PANEL,
    alpha_rbm::UNITS,
    alpha_dbn::GENERATION,
    alpha_dbn::CLASSES_GENERATIVE,
    alpha_dbn::CLASSES_SCRATCH,
    alpha_dbn::LAYERS_GENERATIVE,
    alpha_dbn::LAYERS_SCRATCH,
    alpha_dbn::UNITS_GENERATIVE,
    alpha_dbn::UNITS_SCRATCH,
];
