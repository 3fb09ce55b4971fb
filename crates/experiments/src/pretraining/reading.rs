//! Other readings of what a report leaves open: the same networks with one thing read otherwise.

use feedforward::Init;

use super::job::Start;
use super::{Greedy, Regime};

/// One thing, read otherwise than the protocol does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// First weights of another standard deviation: of belief networks, of random networks, of output layers.
    Sigma(f32),
    /// The gradient of pretraining is the sum over the mini-batch, not its mean.
    Summed,
    /// Fine-tuning by mini-batches of another size.
    Batch(usize),
}

/// Which values of a sweep are run under a reading; all of them where none is named.
pub type Readings = &'static [(Reading, &'static [&'static str])];

impl Reading {
    /// Its name in tables and verdicts.
    pub fn name(self) -> String {
        match self {
            Self::Sigma(sigma) => format!("σ = {sigma}"),
            Self::Summed => "gradients of pretraining summed over a mini-batch".to_owned(),
            Self::Batch(batch) => format!("fine-tuning by mini-batches of {batch}"),
        }
    }

    /// How the belief network is trained under this reading.
    pub(super) fn greedy(self, own: Greedy) -> Greedy {
        match self {
            Self::Sigma(sigma) => Greedy { sigma, ..own },
            Self::Summed => Greedy { rate: own.rate * own.batch as f32, ..own },
            Self::Batch(_) => own,
        }
    }

    /// How a network is trained under this reading.
    pub(super) fn regime(self, own: Regime) -> Regime {
        match (self, own.start) {
            (Self::Sigma(sigma), Start::Random(Init::Normal { .. } | Init::Small)) => {
                Regime { start: Start::Random(Init::normal(sigma)), ..own }
            }
            (Self::Batch(batch), _) => Regime { batch, ..own },
            _ => own,
        }
    }
}
