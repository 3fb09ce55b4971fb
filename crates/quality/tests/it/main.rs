//! Claims about the numbers that measure samples.

mod autocorrelation;
mod copying;
mod coverage;
mod distance;
mod fidelity;
mod glyphs;
mod images;
mod kernel_distance;
mod modes;
mod packages;
mod points;
mod reference;
mod scoring;
mod vendi;
