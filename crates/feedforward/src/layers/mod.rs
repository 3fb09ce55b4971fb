//! The kinds of layers, one file each, and the closed list of them.

mod activation;
mod any;
mod batch_norm;
mod dense;
mod dropout;

pub use activation::Activation;
pub use any::{AnyLayer, AnyTrace};
pub use batch_norm::{BatchNorm, BatchTrace};
pub use dense::Dense;
pub use dropout::Dropout;

pub(crate) use batch_norm::moments;
