//! Products with binary batches: only the pixels that are on are touched.
//!
//! In a binary batch most entries are zero, and the others are one: `Wᵀv + b` is then a sum of the weight rows of
//! the on-pixels, and the gradient `v·hᵀ` touches only those rows. For that, the weights of one *visible* unit
//! must be contiguous: [`panels_of`] stores them with the hidden index running fastest, cut into panels of
//! [`PANEL`] lanes that fit the second-level cache. A dense library cannot use the zeros; these loops beat it by
//! two to four times (`cargo xtask bench`).

mod dense;
mod dots;
mod kernels;
mod panels;
mod spikes;

pub use dense::{add_products, forward};
pub use dots::{backward, dots};
pub use kernels::{add_outer, gather, sample_rows, scatter_outer, sigmoid_rows};
pub use panels::{PANEL, Rows, matrix_of, panel_widths, panels_of};
pub use spikes::Spikes;
