//! Feed-forward networks: layers with hand-written backward passes, losses, networks, classifiers.
//!
//! A batch is features × batch, one sample a column. Every [`Layer`] has `forward` and `backward` side by side, the
//! backward pass as the equation has it. A [`Network`] is a list of layers of any kind; its gradient is a value of its own
//! type, which [`train`] turns into steps. [`fast`] is the common cases made fast: a perceptron, trained without a gradient
//! that is ever written down, and any network whose samples go side by side. A sample may be an image of several channels
//! ([`Maps`]): convolutions, their transposes and max-pooling are layers like others, and [`Network::cnn`] puts them together.
//! [`autoencoder`] denoises layer by layer, [`ladder`] at all layers at once beside a classifier. This crate knows no energy model:
//! [`Network::from_affine`] takes weights from wherever they come.

pub mod autoencoder;
pub mod fast;
pub mod ladder;

mod classifier;
mod cnn;
mod corruption;
mod error;
mod init;
mod layer;
mod layers;
mod loss;
mod maps;
mod mlp;
mod network;
mod tangent;

pub use classifier::{Confusion, mcnemar, mean_cross_entropy, predictions, wilson};
pub use cnn::{Block, Cnn};
pub use corruption::Corruption;
pub use error::NetworkError;
pub use init::Init;
pub use layer::{Layer, Mode};
pub use layers::{
    Activation, AnyLayer, AnyTrace, BatchNorm, BatchTrace, Convolution, Dense, Dropout, MaxPool, Sliding,
    TransposedConvolution,
};
pub use loss::{check_inputs, check_labels, softmax_cross_entropy};
pub use maps::Maps;
pub use network::{Network, NetworkTrace, State};
