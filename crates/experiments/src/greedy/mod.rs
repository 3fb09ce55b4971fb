//! Stacks of restricted Boltzmann machines: trained greedily, one layer after another [Hinton2006], sampled, scored and held
//! against their own data; for letters and digits alike. Whoever asks for the same layers shares their points.
//!
//! In reading order: [`Learned`] says what a stack learns from, [`Greedy`] trains layers, [`Stacked`] is where they lie then,
//! [`DigitLayers`] plans those of a network of digits. [`Sample`] draws samples, [`Score`] scores samples and what they are
//! held against, [`Reconstruct`] measures what a stack makes of its own data.

mod learned;
mod points;
mod reconstruct;
mod sample;
mod score;
mod stacked;
mod train;

pub use learned::Learned;
pub use points::DigitLayers;
pub use reconstruct::{RECONSTRUCTIONS, Reconstruct};
pub use sample::{SAMPLES, Sample, Start};
pub use score::{Judge, Origin, SHOWN, Score, distance, lit, points, to_held_out};
pub use stacked::{InPoints, Stacked, layer_file, milestone_file};
pub use train::Greedy;

pub(crate) use stacked::rbm_from;
