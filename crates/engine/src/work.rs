//! What a point does, as the engine sees it: a configuration to be hashed, costs to be planned with, and something to run.

use anyhow::Result;
use serde_json::Value;

use crate::workbench::Workbench;

/// The work of one point. It must give the same bytes on every machine of one kind, whenever it is stopped and run again,
/// and on any number of threads.
pub trait Work: Send + Sync {
    /// Everything that shapes the result, as JSON: the kind of the work and its hyperparameters. It becomes part of the key.
    fn config(&self) -> Value;

    /// The digest of the data that it reads; empty if it reads none. It becomes part of the key.
    fn data(&self) -> String;

    /// Raised by hand when a change of code changes results. It becomes part of the key.
    fn numerics(&self) -> u32;

    /// Estimate: seconds on one thread of the reference machine.
    fn seconds(&self) -> f64;

    /// Estimate: peak memory in bytes.
    fn bytes(&self) -> u64;

    /// Trains, measures and puts the artefacts on the bench.
    ///
    /// # Errors
    /// If training diverges, a needed file is not as expected, the disk refuses, or the run is interrupted.
    fn run(&self, bench: &mut Workbench<'_>) -> Result<()>;
}
