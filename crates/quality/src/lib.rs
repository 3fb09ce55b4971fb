//! Sample quality as numbers, where a report judges by eye: class confidence, coverage, Fréchet distance, distance to the
//! nearest training image, each beside its *floor*, the same number for real held-out images.
//!
//! Reading order: [`pixels`] (blur, shift, distances), `merge` (classes that are the same
//! images), `kernel` (the class scorer), [`features`] and [`frechet`] (the distance of distributions), [`Scores`] (what the numbers
//! mean), [`Fidelity`] (what they reach of real images), [`Reference`] (all of it, fitted to real images), [`integrated_time`] (how
//! slowly the chains mix that samples come from).
//!
//! Everything is fitted in closed form or by leave-one-out on the reference images, nothing by gradient, so that
//! the same images and seed give the same numbers. Samples are best given as *sampled* binary images, at least
//! ten a class: probabilities are smoother than any real image, and few samples make a large Fréchet distance
//! ([`Reference::floor_for`] gives the floor of equally few). Memory is O(n²) in the number of reference images: this is
//! for data sets of a few thousand.
//!
//! A second set of numbers is for samples of any generator, in features of any origin: [`QualityError`] (what is refused),
//! `neighbours` (exact nearest neighbours), [`Support`] (precision, recall, density, coverage), [`Kernel`] (kernel distance and
//! its chance), [`vendi()`] (how many different samples), [`Modes`] (classes), [`Copying`], then [`Standard`] (all of them, beside
//! real images), [`METRICS`] (what each sees and cannot see) and [`Planted`] (generators with one fault each, which hold them to
//! it). Only one block of distances is in memory there, so that it is for tens of thousands.

mod autocorrelation;
mod battery;
mod clean;
mod copying;
mod coverage;
mod digits;
mod diversity;
mod error;
pub mod features;
mod fidelity;
pub mod frechet;
mod kernel;
mod measures;
mod merge;
mod metrics;
mod mmd;
mod modes;
mod neighbours;
pub mod pixels;
mod planted;
mod ranks;
mod reference;
mod scores;
mod vendi;

pub use autocorrelation::{Autocorrelation, integrated_time};
pub use battery::{Samples, Standard};
pub use copying::{Copying, nearest_training};
pub use coverage::{Overlap, Support};
pub use error::QualityError;
pub use features::Pca;
pub use fidelity::Fidelity;
pub use frechet::Gaussian;
pub use kernel::{Fit, Shifts};
pub use measures::Measures;
pub use metrics::{Better, METRICS, Metric, Sight};
pub use mmd::{Kernel, KernelTest};
pub use modes::{Modes, labels_of, shares};
pub use pixels::Size;
pub use planted::{Labelled, Planted};
pub use ranks::rank_sum;
pub use reference::{Confusion, Reference};
pub use scores::Scores;
pub use vendi::{vendi, vendi_of_kernel};
