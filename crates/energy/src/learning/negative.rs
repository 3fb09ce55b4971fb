//! Where the states come from that stand for the model in the gradient.

/// Where the states that stand for the model come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
