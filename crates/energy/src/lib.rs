//! Energy models: layers of units, restricted Boltzmann machines, contrastive training, partition functions, stacks, deep
//! belief networks with and without labels, deep Boltzmann machines.
//!
//! A model gives every state an energy, and a state's probability is `exp(−energy) / Z`. Reading order:
//! [`Units`] is one layer; [`Rbm`] couples two, which scores and, in `gibbs`, samples; [`partition`] computes what training
//! only estimates: exactly for models small enough to list, between two bounds for all others; [`learning`] trains;
//! [`binary`] does the common case of both learning and sampling in a layout made for the processor, and [`AnyTrainer`] is
//! whichever of both trainers can do what is asked; [`stack`] trains machines on top of each other and sends states up and
//! down through them, wherever they lie; [`Dbn`] is a stack in memory; [`LabelRbm`] and [`LabelDbn`] know labels, too, and [`wake_sleep`] fine-tunes the latter; [`dbm`] is the deep Boltzmann
//! machine, whose layers hear both their neighbours; [`BernoulliMixture`] is what likelihoods stand beside.
//!
//! Pure code: no files, no printing. A wrong shape is a bug and panics with both shapes; a wrong number in somebody's
//! data is an error that says which and where.

mod units;

mod rbm;

mod gibbs;

pub mod partition;

pub mod learning;

pub mod binary;

mod any_trainer;

pub mod stack;

mod dbn;

mod mixture;

pub mod dbm;

mod labels;

mod directed;

mod label_dbn;

pub mod wake_sleep;

pub use any_trainer::AnyTrainer;
pub use dbm::{
    Clamped, Dbm, DbmChains, DbmLearning, DbmPath, DbmTrainer, Doubled, DoubledTrainer, MeanField, Posterior,
};
pub use dbn::Dbn;
pub use directed::Directed;
pub use gibbs::{VisibleState, coin_flips};
pub use label_dbn::LabelDbn;
pub use labels::{LabelError, LabelRbm, one_hot};
pub use learning::{Input, InputError, Learning, Negative, VisibleBias};
pub use mixture::BernoulliMixture;
pub use partition::{exact, pseudo_likelihood};
pub use rbm::{Rbm, SIGMA};
pub use units::{Bernoulli, Gaussian, Joined, Softmax, Units, join};
