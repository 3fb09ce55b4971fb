//! Claims about the numbers that measure samples.

mod autocorrelation;
mod distance;
mod fidelity;
mod glyphs;
mod images;
mod reference;
mod scoring;
