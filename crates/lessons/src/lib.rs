//! Planted bugs for a class: small programs with one mistake each, beside the same programs without it, on drawn digits.
//!
//! The mistakes are ones that people make: they compile, they run, and what they print looks plausible. None of them is in any
//! other crate; each stands here in a function of its own, written with the public parts of `energy`, `train` and `feedforward`.
//! A [`Lesson`] runs both programs under the names A and B, gives the numbers by which one can tell them apart, and knows where to
//! look; which of both is wrong, and why, is in its answer. Reading order: [`digits`] are the data, [`annealing`], [`momentum`] and
//! [`labels`] a lesson each, [`lesson`] the list of them. Nothing is printed here.

pub mod digits;

pub mod annealing;
pub mod labels;
pub mod momentum;

mod lesson;
mod shown;

pub use lesson::{LESSONS, Lesson};
pub use shown::{Program, Reading, Shown};
