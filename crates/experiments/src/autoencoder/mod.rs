//! Stacks of denoising autoencoders on grey digits: what each layer costs and sees, what a classifier gains that begins as one,
//! with and without sparsity, and how both compare with convolutional networks.

pub mod accuracy;
mod claims;
mod draw;
mod entry;
mod entry_finetune;
mod entry_record;
mod entry_sparse;
pub mod ladder;
pub mod layer;
pub mod looks;
mod network;
mod origins;
mod pictures;
mod recipe;
mod record;
pub mod stack;

pub use ladder::Climb;
pub use layer::Layer;
pub use recipe::Autoencoders;
pub use record::Least;

use crate::experiment::Experiment;

/// The entries, in the order of the page.
pub const ENTRIES: &[&Experiment] =
    &[&entry::STACKED, &entry_finetune::FINE, &entry_sparse::SPARSE, &entry_record::RECORD];
