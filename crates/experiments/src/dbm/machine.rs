//! Which machine a job looks at, and how it is read from the point that made it.
//!
//! A small machine of one hidden layer is taken for a deep one without a second layer, so that one program samples both.

use anyhow::Result;
use energy::{Dbm, SIGMA};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::Seed;
use train::Snapshot;

use crate::components::job;
use crate::data::Digits;
use crate::greedy::rbm_from;

/// The file of a deep machine: `W.0`, `W.1`, `bias.0`, `bias.1`, `bias.2`.
pub const DEEP: &str = "dbm.safetensors";

/// A machine that another point has trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Machine {
    /// One hidden layer of few units, as it was after an epoch.
    Small {
        /// Hidden units.
        hidden: usize,
        /// The epoch.
        epoch: usize,
    },
    /// Two hidden layers of so many units, bottom first.
    Deep([usize; 2]),
}

impl Machine {
    /// The file that holds it.
    pub fn file(self) -> String {
        match self {
            Self::Small { epoch, .. } => job::machine_file(epoch),
            Self::Deep(_) => DEEP.to_owned(),
        }
    }

    /// Weights of all layers.
    pub fn weights(self) -> usize {
        let pixels = pixels();
        match self {
            Self::Small { hidden, .. } => pixels * hidden,
            Self::Deep([first, second]) => pixels * first + first * second,
        }
    }

    /// The machine in the file of the `index`-th point that is needed.
    ///
    /// # Errors
    /// If the file is damaged or holds a machine of another size.
    pub fn read(self, bench: &Workbench<'_>, index: usize) -> Result<Dbm> {
        let bytes = bench.read_need(index, &self.file())?;
        match self {
            Self::Small { hidden, .. } => Ok(rbm_from(&bytes, pixels(), hidden)?.into()),
            Self::Deep([first, second]) => {
                let (file, _) = Snapshot::decode(&bytes)?;
                let mut dbm = Dbm::new(&[pixels(), first, second], SIGMA, Seed::new(0));
                file.write_into(&mut dbm, "")?;
                Ok(dbm)
            }
        }
    }
}

/// Pixels of a digit.
pub(super) fn pixels() -> usize {
    Digits::SIZE.0 * Digits::SIZE.1
}

/// Weights times states that one thread multiplies in a second.
pub(super) const PACE: f64 = 7e9;
/// The same while learning, in products of whole mini-batches.
pub(super) const LEARNING: f64 = 4e10;

/// The mean of some values.
pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
