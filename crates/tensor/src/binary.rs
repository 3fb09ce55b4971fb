//! Products with binary batches: only the pixels that are on are touched.
//!
//! In a binary batch most entries are zero, and the others are one: `Wᵀv + b` is then a sum of the weight rows of
//! the on-pixels, and the gradient `v·hᵀ` touches only those rows. For that, the weights of one *visible* unit
//! must be contiguous: [`panels_of`] stores them with the hidden index running fastest, cut into panels of
//! [`PANEL`] lanes that fit the second-level cache. A dense library cannot use the zeros; these loops beat it by
//! two to four times (`cargo xtask bench`).
//!
//! Three ways for three sizes: a handful of samples is sorted by what units have in common (`patterns`, `subsets`,
//! `reconstruct`), larger batches are lists (`kernels`), and where many states are on in many samples, sums of four
//! are looked up (`lookup`).

mod centre;
mod dots;
mod kernels;
mod lookup;
mod panels;
mod patterns;
mod products;
mod reconstruct;
mod softplus;
mod spikes;
mod subsets;

pub use centre::{VisibleSlope, centre};
pub use dots::dots;
pub use kernels::{
    add_differences, add_outer, add_samples, gather, sample_rows, scale_rows, sigmoid_rows, sum_of_squares,
    sum_rows,
};
pub use lookup::{Keys, MANY, Stripe, backward_lookup, forward_lookup, pays};
pub use panels::{Blocks, PANEL, Rows, cut_lanes, matrix_of, panel_widths, panels_of};
pub use patterns::{FEW, Patterns, gather_few};
pub use products::{add_products, forward};
pub use reconstruct::{Pass, reconstruct};
pub use softplus::add_softplus_steps;
pub use spikes::Spikes;
pub use subsets::{Products, Subsets, add_few};
