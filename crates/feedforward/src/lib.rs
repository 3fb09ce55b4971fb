//! Feed-forward networks: layers with hand-written backward passes, losses, multilayer perceptrons, classifiers.
//!
//! A batch is features × batch, one sample a column. Every [`Layer`] has `forward` and `backward` side by side, the
//! backward pass as the equation has it; the gradient of a network is a value of the network's own type, which
//! [`train`] turns into steps. [`fast`] is the common case made fast: the same network, trained without a gradient that
//! is ever written down. This crate knows no energy model: [`Mlp::from_affine`] takes weights from wherever they come.

pub mod fast;

mod activation;
mod batch_norm;
mod classifier;
mod dense;
mod dropout;
mod error;
mod init;
mod layer;
mod loss;
mod mlp;

pub use activation::Activation;
pub use batch_norm::{BatchNorm, BatchTrace};
pub use classifier::{Confusion, mean_cross_entropy, predictions, wilson};
pub use dense::Dense;
pub use dropout::Dropout;
pub use error::NetworkError;
pub use init::Init;
pub use layer::{Layer, Mode};
pub use loss::{check_labels, softmax_cross_entropy};
pub use mlp::{Mlp, MlpTrace};
