//! A variational autoencoder of digits: what it draws, what it makes of test images, what its latent plane looks like, how its
//! bound rises with training, and how likely test images are under it.

mod bound;
mod claims;
mod decode;
mod draw;
mod entry;
mod look;
mod model;
mod origins;
mod pictures;
pub mod quantile;
mod recipe;
mod train;

pub use bound::ImportanceBound;
pub use decode::{Decode, Latents};
pub use entry::{LEARNING, VAE_2, VAE_20};
pub use look::Look;
pub use model::{Learning, Model};
pub use train::{Seen, VAE, Variational, read_vae};

use crate::experiment::Experiment;

/// The entries, in the order of the page.
pub const ENTRIES: &[&Experiment] = &[&entry::SAMPLES];
