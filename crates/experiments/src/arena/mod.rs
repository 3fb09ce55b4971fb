//! One judge for every generator of digits: a classifier that says what a picture shows and in whose features pictures are
//! compared, and how sharp pictures are.
//!
//! In reading order: [`Samples`] is what a generator has drawn, [`Reference`] the classifier, [`sharpness`] what tells a
//! blurred picture, [`Recognise`] how surely the classifier takes samples for digits, and for which,
//! [`Measure`] all metrics of [`quality::Standard`] at once.

mod measure;
mod recognise;
mod reference;
mod samples;
pub mod sharpness;

pub use measure::{Amounts, Levels, Measure, Origin};
pub use recognise::{Recognise, Shown};
pub use reference::{Reference, Seen};
pub use samples::{Samples, put_samples};
