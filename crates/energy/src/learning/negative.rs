//! Where the states come from that stand for the model in the gradient: its negative phase.
//!
//! The ways differ in this alone; what is done with the states is the same for all of them.

use serde::{Deserialize, Serialize};

/// Where the states that stand for the model come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Negative {
    /// CD-k: `sweeps` Gibbs steps from the data of this mini-batch.
    Cd {
        /// The k of CD-k.
        sweeps: usize,
    },
    /// Persistent CD: `chains` chains, zero at first, that make `sweeps` Gibbs steps at every update and are kept.
    /// Their states are always sampled. (scikit-learn keeps hidden states instead, also from zero.)
    Pcd {
        /// Gibbs steps at every update.
        sweeps: usize,
        /// Number of chains.
        chains: usize,
    },
    /// No sampling: all states of the smaller layer are listed, so that layer must be binary and small.
    Exact,
}

impl Negative {
    /// Number of persistent chains, 0 for what keeps none.
    ///
    /// # Panics
    /// If contrastive divergence or persistent chains make no sweep, or there are no persistent chains to make one.
    pub(crate) fn chains(self) -> usize {
        match self {
            Self::Cd { sweeps } => {
                assert!(sweeps > 0, "contrastive divergence needs at least one sweep");
                0
            }
            Self::Pcd { sweeps, chains } => {
                assert!(
                    sweeps > 0 && chains > 0,
                    "persistent chains: {sweeps} sweeps of {chains} chains, at least one of each is needed"
                );
                chains
            }
            Self::Exact => 0,
        }
    }
}
