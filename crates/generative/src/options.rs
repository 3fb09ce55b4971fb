//! What every trainer here is told beside the model and its descent.

/// Size of mini-batches, and helpers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Most samples in a mini-batch: there is room for as many.
    pub batch: usize,
    /// Threads that share the model. Small mini-batches use fewer.
    pub threads: usize,
}
