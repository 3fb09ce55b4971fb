//! One job that trains a classifier of grey digits, of whatever layers, and measures it after every epoch: networks with
//! convolutions, perceptrons, and perceptrons on layers that were trained before, all on the same images.

mod architecture;
mod files;
mod job;

pub use architecture::{Architecture, LAYERS, read_stack};
pub use files::{NETWORK, PREDICTIONS};
pub(crate) use files::{likeliest, put_predictions, with_errors};
pub use job::Learner;
