//! Stacks of restricted Boltzmann machines, trained greedily, one layer after another [Hinton2006]. Whoever asks for the same
//! layer shares its point.
//!
//! [`Stack`] trains layers of letters, many in one point; [`Belief`] one layer of digits, and [`DigitLayers`] plans those of
//! a whole network.

mod belief;
mod points;
mod stack;

pub use belief::{Belief, LAYER, layers};
pub use points::DigitLayers;
pub(crate) use stack::{PIXELS, image_bytes, images_of};
pub use stack::{Stack, layer_file, milestone_file, rbm_from};
