//! Every experiment there is, in the order of the page: one line a folder.

use engine::Question;

use crate::experiment::Experiment;

/// The folders, each with its entries.
const FOLDERS: &[&[&Experiment]] = &[
    crate::letters::ENTRIES,
    crate::binarise::ENTRIES,
    crate::pretraining::ENTRIES,
    crate::drawn::ENTRIES,
    crate::vae::ENTRIES,
    crate::convergence::ENTRIES,
    crate::label_dbn::ENTRIES,
    crate::components::ENTRIES,
    crate::likelihood::ENTRIES,
    crate::dbm::ENTRIES,
    crate::cnn::ENTRIES,
    crate::autoencoder::ENTRIES,
    crate::adversarial::ENTRIES,
    crate::dbn_error::ENTRIES,
    crate::alphadigits::ENTRIES,
    crate::colours::ENTRIES,
    crate::desserts::ENTRIES,
    crate::digits::ENTRIES,
    crate::compared::ENTRIES,
];

/// All experiments, in the order of the page.
pub fn all() -> Vec<&'static Experiment> {
    FOLDERS.iter().flat_map(|entries| entries.iter().copied()).collect()
}

/// What each of them asks, in the same order.
pub fn catalogue() -> Vec<&'static Question> {
    all().into_iter().map(|experiment| &experiment.about).collect()
}
