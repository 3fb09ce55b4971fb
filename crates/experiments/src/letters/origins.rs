//! Where the letters' hyperparameters come from.

use engine::Origins;

pub(super) const GENERATIVE: Origins = Origins(&[]);
pub(super) const SCRATCH: Origins = Origins(&[]);
