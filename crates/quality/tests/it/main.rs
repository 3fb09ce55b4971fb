//! Claims about the numbers that measure samples.

mod autocorrelation;
mod battery;
mod copying;
mod coverage;
mod distance;
mod fidelity;
mod glyphs;
mod images;
mod kernel_distance;
mod modes;
mod packages;
mod planted;
mod points;
mod reference;
mod scoring;
mod shapes;
mod vendi;
