//! Element-wise kernels, compiled for the widest vectors that the processor has and chosen at run time.
//!
//! A kernel is written once, over the vectors of [`pulp::Simd`], and compiled for AVX-512, for AVX2 with FMA, and
//! for the plain instruction set; [`dispatch`] picks. Element-wise arithmetic does not change with the width, and sums over lanes
//! are made for sixteen floats, however many vectors these are: every kernel gives the same bits on every processor.
//! [`crate::plain`] holds their twins, one value at a time in `f64`, as test oracles.

mod fill;
mod functions;
#[cfg(test)]
pub(crate) mod imitation;
mod lanes;
mod sums;

pub use fill::{bernoulli, fill_uniform, sigmoid_sample};
pub(crate) use fill::{draw, uniform, with_noise};
pub use functions::sigmoid;
pub(crate) use functions::{exp, sigmoid_of};
pub use lanes::{LANE, dispatch, lanes_for, vectorize};
pub(crate) use lanes::{PARTS, evenly, group, group_mut, in_steps, part, per_lane, tile, with_width};
pub(crate) use sums::{Quarters, Totals, add_products, sum_of_lane};
