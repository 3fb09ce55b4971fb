//! Where the states come from that stand for the model in the gradient: its negative phase.
//!
//! The ways differ in this alone; what is done with the states is the same for all of them.

use serde::{Deserialize, Serialize};

/// Where the states that stand for the model come from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Persistent chains on weights that are pushed away from where the chains are: a copy of the weights that learns at
    /// `fast_rate` and is forgotten by a twentieth at every update is added for the chains alone [Tieleman2009].
    Fpcd {
        /// Gibbs steps at every update.
        sweeps: usize,
        /// Number of chains.
        chains: usize,
        /// Learning rate of the fast weights.
        fast_rate: f32,
    },
    /// Parallel tempering: chains at `temperatures` inverse temperatures from 1 down to 0 that exchange their states
    /// [Cho2010]; those at 1 stand for the model.
    Tempered {
        /// Gibbs steps, each followed by exchanges, at every update.
        sweeps: usize,
        /// Number of chains at each temperature.
        chains: usize,
        /// Number of temperatures, at least two.
        temperatures: usize,
    },
    /// No sampling: all states of the smaller layer are listed, so that layer must be binary and small.
    Exact,
}

impl Negative {
    /// Gibbs steps at an update, and number of persistent chains: none for what keeps none.
    ///
    /// # Panics
    /// If chains make no sweep, there are no persistent chains to make one, or fewer than two temperatures to temper with.
    pub(crate) fn counts(self) -> Counts {
        let (sweeps, chains) = match self {
            Self::Cd { sweeps } => {
                assert!(sweeps > 0, "contrastive divergence needs at least one sweep");
                (sweeps, 0)
            }
            Self::Exact => (0, 0),
            Self::Pcd { sweeps, chains } | Self::Fpcd { sweeps, chains, .. } => (sweeps, chains),
            Self::Tempered { sweeps, chains, temperatures } => {
                assert!(temperatures >= 2, "{temperatures} temperatures, at least two are needed to temper");
                (sweeps, chains)
            }
        };
        let keeps_none = matches!(self, Self::Cd { .. } | Self::Exact);
        assert!(
            keeps_none || sweeps > 0 && chains > 0,
            "persistent chains: {sweeps} sweeps of {chains} chains, at least one of each is needed"
        );
        Counts { sweeps, chains }
    }
}

/// What a negative phase consists of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counts {
    pub sweeps: usize,
    pub chains: usize,
}
