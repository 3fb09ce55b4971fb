//! The kinds of layers, one file each, and the closed list of them.

mod activation;
mod any;
mod batch_norm;
mod convolution;
mod dense;
mod dropout;
mod pooling;
mod sliding;
mod transposed;

pub use activation::Activation;
pub use any::{AnyLayer, AnyTrace};
pub use batch_norm::{BatchNorm, BatchTrace};
pub use convolution::Convolution;
pub use dense::Dense;
pub use dropout::Dropout;
pub use pooling::MaxPool;
pub use sliding::Sliding;
pub use transposed::TransposedConvolution;

pub(crate) use batch_norm::moments;
