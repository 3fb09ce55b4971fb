//! Training as fast as one or two cores can, with the results of the plain code up to rounding: a perceptron ([`FastMlp`]), or
//! any network without batch normalisation, such as a convolutional one ([`FastNetwork`]).
//!
//! A perceptron's step has two phases. In the first, blocks of samples go forward, through the loss and backward, each on its own;
//! in the second, panels of units take in the gradient, which is summed over all samples in registers and goes from
//! there straight into the rule. Blocks and panels are cut by shape alone and every sum has its order, so the bits are
//! the same for any number of threads. The first layer touches only pixels that are not zero. Noise is drawn as the plain
//! code draws it: masks of dropout are equal bit for bit.

mod laid;
mod network;
pub(crate) mod panels;
mod pass;
pub(crate) mod samples;
mod sides;
mod trainee;

pub use laid::{Entry, Laid, Lesson, Passage};
pub use network::FastNetwork;
pub use panels::Kept;
pub use samples::Samples;
pub use trainee::{FastMlp, FastOptions};
