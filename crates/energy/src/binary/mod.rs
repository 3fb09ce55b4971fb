//! Machines of binary units: contrastive divergence and Gibbs sampling, laid out for the processor.
//!
//! The arithmetic is that of [`crate::learning`]; the layout and the loops are made for the processor. Binary visible states are
//! lists of on-pixels, weights lie hidden index fastest in panels ([`tensor::binary`]), bias, sigmoid and sampling are one pass,
//! and the update of plain descent goes straight into the weights without ever being a gradient. Momentum, decay, schedules,
//! persistent chains and centred units need a gradient that is written down (`written`); it stays within its panel. A step
//! allocates no states and no weights, only short lists of references to the panels it works on.
//!
//! Several threads share one machine by its hidden units: each keeps its own panels of weights, and what they send
//! to the visible units is added in a fixed order. The bits do not depend on the number of threads.

mod cd;
mod chains;
mod halves;
mod panel;
mod path;
mod step;
mod written;

pub use cd::{BinaryTrainer, Capacity};
pub use chains::BinaryChains;
pub use path::{BinaryPath, BinaryPathChains};
