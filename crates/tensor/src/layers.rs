//! The kernels of a dense layer, forward, backward and down the gradient, for small batches and sparse images.
//!
//! Weights lie as [`Rows`](crate::binary::Rows), fan-in × units, the unit's index fastest, cut along the units into
//! panels; states and gradients of a batch are samples × units. A kernel works on one panel, at the lane where its
//! units begin. The gradient of the weights is never written: the sum over the samples is made in registers and goes
//! from there into the update ([`Update`]), and where the inputs are [`Sparse`] only their non-zeros are touched. All
//! sums run in a fixed order, so the bits depend on the data alone.

mod descend;
mod elements;
mod gather;
mod learn;
mod logistic;
mod products;
mod softmax;
mod sparse;
mod touched;
mod update;

pub use descend::descend;
pub use elements::{LEAK, Squash, differentiate, drop_out, squash};
pub use gather::gather;
pub use learn::{Inputs, Part, learn, learn_bias};
pub use logistic::{add_bias, logistic};
pub use products::{backward, forward};
pub use softmax::softmax;
pub use sparse::Sparse;
pub use touched::Touched;
pub use update::{Change, Moments, Update};
