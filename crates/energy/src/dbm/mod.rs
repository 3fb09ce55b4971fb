//! The deep Boltzmann machine: binary layers in a row, undirected weights between neighbours [Salakhutdinov2009].
//!
//! `E(x₀ … x_L) = −Σᵢ bᵢᵀxᵢ − Σᵢ xᵢᵀWᵢxᵢ₊₁` with `x₀ = v`. Layers of even number are independent of each other once those
//! of odd number are known, and the other way round: sampling, exact sums and annealing all use that. Reading order:
//! `model`, `gibbs`, `mean_field`, `bound` and its slow twin [`plain`], `exact`, `annealed`, `gradient`, `train`,
//! `pretrain`, `recognition`.

mod model;

mod gibbs;

mod mean_field;

mod bound;

pub mod plain;

mod exact;

mod annealed;

mod gradient;

mod train;

mod pretrain;

mod recognition;

pub use annealed::{DbmChains, DbmPath};
pub use gibbs::Clamped;
pub use gradient::{centred, exact_gradient, gradient};
pub use mean_field::{MeanField, Posterior};
pub use model::Dbm;
pub use pretrain::{Doubled, DoubledTrainer, pretrain};
pub use train::{DbmLearning, DbmTrainer, train};
