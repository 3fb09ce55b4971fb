//! Where the hyperparameters of networks on digits come from.

use engine::Origins;

pub(super) const GENERATIVE: Origins = Origins(&[]);
pub(super) const SCRATCH: Origins = Origins(&[]);
pub(super) const OURS: Origins = Origins(&[]);
