//! The jobs: what one point trains and measures.

pub mod barycentre;
pub mod belief;
mod binarise;
pub mod classifier;
pub mod desserts;
pub mod digits;
pub mod stack;
pub mod strip;
mod toy;
pub mod transfer;

use serde::{Deserialize, Serialize};

pub use barycentre::ClassBarycentre;
pub use belief::Belief;
pub use binarise::{Binarise, PICTURES};
pub use classifier::Classifier;
pub use desserts::Desserts;
pub use digits::{ClassDistances, SampleDistance};
pub use stack::Stack;
pub use strip::Strip;
pub use toy::{Toy, ToyFault};
pub use transfer::Transfer;

use crate::workbench::Workbench;

/// One job with every hyperparameter and amount; together with its data and needs it makes a point's key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Job {
    /// Layers of RBMs, trained greedily on letters.
    Stack(Stack),
    /// Samples, scores and errors of a trained stack.
    Strip(Strip),
    /// One layer of a stack of RBMs, trained on digits.
    Belief(Belief),
    /// A network that classifies digits, trained and tested.
    Classifier(Classifier),
    /// Digits in grey and in black and white.
    Binarise(Binarise),
    /// Desserts for guests, by exact and entropic plans.
    Desserts(Desserts),
    /// Distances between classes of digits.
    ClassDistances(ClassDistances),
    /// The distance from generated digits to real ones.
    SampleDistance(SampleDistance),
    /// The barycentre of a class of digits.
    ClassBarycentre(ClassBarycentre),
    /// Two pictures, for those who recolour them.
    Pictures(transfer::Pictures),
    /// A picture in the colours of another.
    Transfer(Transfer),
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
            Self::Stack(stack) => stack.run(bench),
            Self::Strip(strip) => strip.run(bench),
            Self::Belief(belief) => belief.run(bench),
            Self::Classifier(classifier) => classifier.run(bench),
            Self::Binarise(binarise) => binarise.run(bench),
            Self::Desserts(desserts) => desserts.run(bench),
            Self::ClassDistances(job) => job.run(bench),
            Self::SampleDistance(job) => job.run(bench),
            Self::ClassBarycentre(job) => job.run(bench),
            Self::Pictures(job) => job.run(bench),
            Self::Transfer(job) => job.run(bench),
            Self::Toy(toy) => toy.run(bench),
        }
    }

    /// Memory that states of units and images take at least, beside weights; 0 where the data bound them.
    pub fn state_bytes(&self) -> u64 {
        match self {
            Self::Stack(stack) => stack.state_bytes(),
            Self::Strip(strip) => strip.state_bytes(),
            _ => 0,
        }
    }

    /// Raised by hand when a change of code changes this job's results.
    pub fn numerics(&self) -> u32 {
        match self {
            Self::Stack(_) => 2,
            Self::Strip(_) => 3,
            _ => 1,
        }
    }
}
