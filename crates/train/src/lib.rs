//! Training without knowing what is trained: [`Parameters`], optimisers, THE epoch loop, observers, checkpoints.
//!
//! The gradient of a model is a value of the model's own type, so that one trait gives optimiser, norms, gradient
//! check and checkpoint to every model. There is one epoch loop in the project, [`epochs`]; [`fit`] is that loop
//! with an optimiser. All randomness of an epoch derives from the plan's seed and the epoch's number: a run that
//! stopped at an epoch's end needs only its [`Snapshot`] to go on with the same bits.

mod delegate;
mod descent;
mod epochs;
mod fit;
mod gradient_check;
mod optimiser;
mod params;
mod schedule;
mod stopping;
mod tensors;
mod written;

pub use delegate::Delegate;
pub use descent::{ADAM_EPSILON, Decay, Descent, Rule};
pub use epochs::{Event, Fit, Observer, Outcome, Silent, Trainee, epochs};
pub use fit::fit;
pub use gradient_check::{GradientCheck, check_gradient};
pub use optimiser::Optimiser;
pub use params::{Kind, Param, Parameters};
pub use schedule::{Epoch, Schedule};
pub use stopping::{Best, EarlyStopping};
pub use tensors::{MAX_HEADER, Snapshot, Tensor, TensorError, Values};
