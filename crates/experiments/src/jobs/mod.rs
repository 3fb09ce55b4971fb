//! The jobs: what one point trains and measures.

mod toy;

use serde::{Deserialize, Serialize};

pub use toy::{Toy, ToyFault};

use crate::workbench::Workbench;

/// One job with every hyperparameter and amount; together with its data and needs it makes a point's key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Job {
    /// The smallest job there is: the engine's own tests run it.
    Toy(Toy),
}

impl Job {
    /// Trains, measures and puts the artefacts on the bench.
    ///
    /// # Errors
    /// If training diverges, a needed file is not as expected, the disk refuses, or the run is interrupted.
    pub fn run(&self, bench: &mut Workbench<'_>) -> anyhow::Result<()> {
        match self {
            Self::Toy(toy) => toy.run(bench),
        }
    }

    /// Raised by hand when a change of code changes this job's results.
    pub fn numerics(&self) -> u32 {
        match self {
            Self::Toy(_) => 1,
        }
    }
}
