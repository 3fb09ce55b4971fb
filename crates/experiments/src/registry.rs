//! Every experiment there is, in the order of the page.

mod alpha_claims;
mod alpha_dbn;
mod alpha_dbn_shape;
mod alpha_rbm;
mod alpha_rbm_letter;
mod colour_transfer;
mod desserts;
mod digit_transport;
mod label_budget;
mod pretraining_claims;
mod pretraining_generative;
mod pretraining_scratch;

use crate::experiment::Experiment;

/// The catalogue.
pub static REGISTRY: &[Experiment] = &[
    alpha_rbm::RECONSTRUCTION,
    alpha_rbm::GENERATION,
    alpha_rbm::CLASSES_GENERATIVE,
    alpha_rbm::CLASSES_SCRATCH,
    alpha_rbm::EPOCHS,
    alpha_rbm_letter::PANEL,
    alpha_rbm_letter::UNITS,
    alpha_dbn::GENERATION,
    alpha_dbn::CLASSES_GENERATIVE,
    alpha_dbn::CLASSES_SCRATCH,
    alpha_dbn_shape::LAYERS_GENERATIVE,
    alpha_dbn_shape::LAYERS_SCRATCH,
    alpha_dbn_shape::UNITS_GENERATIVE,
    alpha_dbn_shape::UNITS_SCRATCH,
    pretraining_scratch::BINARISE,
    pretraining_generative::LAYERS,
    pretraining_scratch::LAYERS,
    pretraining_generative::UNITS,
    pretraining_scratch::UNITS,
    pretraining_generative::IMAGES,
    pretraining_scratch::IMAGES,
    pretraining_scratch::BEST,
    colour_transfer::COLOURS,
    desserts::DESSERTS,
    digit_transport::DIGITS,
    label_budget::LABELS,
];
