//! The ladder network [Rasmus2015]: a classifier whose every layer also learns to be denoised, with or without labels.
//!
//! An encoder runs twice, clean and with Gaussian noise at every layer. A decoder goes down from the noisy top and makes, at each
//! layer l, an estimate `ẑ` of the clean `z` from the noisy `z̃` beside it and from what comes from above. The cost is the
//! cross-entropy of the noisy top and the labels, plus `λₗ` times the squared error of each estimate. Gradients flow through
//! both encoders, as the cost is a function of all parameters in both [Rasmus2015, algorithm 1].
//!
//! Shapes: states width × batch, weights fan_in × fan_out. Encoder layer l: `z = N(Wᵀh) + noise`, `h = f(z + β)`, with `N` the
//! normalisation over the mini-batch, ε = 10⁻¹⁰; on top `softmax(γ (z + β))`. ReLU needs no scale of its own. There are no
//! convolutions and no other combinators.

mod combinator;
mod decoder;
mod encoder;
mod gradient;
mod model;
mod normal;
mod trainer;

pub use gradient::{LadderCost, Recipe};
pub use model::{COMBINATOR, Ladder, Rung};
pub use trainer::{Labelled, LadderTrainer};
