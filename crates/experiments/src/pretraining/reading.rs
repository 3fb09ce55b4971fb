//! Other readings of what a report leaves open: the same networks with one thing read otherwise.

use feedforward::{Activation, Init};

use super::job::Start;
use super::{Greedy, Regime};

/// One thing, read otherwise than the protocol does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// First weights of another standard deviation: of belief networks, of random networks, of output layers.
    Sigma(f32),
    /// Sigmoid hidden units in all networks, as the authors' code has them behind its "ReLU".
    Sigmoid,
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
            Self::Sigmoid => "sigmoid hidden units".to_owned(),
            Self::Batch(batch) => format!("fine-tuning by mini-batches of {batch}"),
        }
    }

    /// Whether a network is another one under this reading. The tuned random network, which is ours, has nothing to be read.
    pub(super) fn concerns(self, regime: &Regime) -> bool {
        let read =
            matches!(regime.start, Start::Pretrained | Start::Random(Init::Normal { .. } | Init::Small));
        read && !(self == Self::Sigmoid && regime.activation == Activation::Sigmoid)
    }

    /// How the belief network is trained under this reading.
    pub(super) fn greedy(self, own: Greedy) -> Greedy {
        match self {
            Self::Sigma(sigma) => Greedy { sigma, ..own },
            Self::Sigmoid | Self::Batch(_) => own,
        }
    }

    /// How a network is trained under this reading.
    pub(super) fn regime(self, own: Regime) -> Regime {
        match (self, own.start) {
            (Self::Sigma(sigma), Start::Random(Init::Normal { .. } | Init::Small)) => {
                Regime { start: Start::Random(Init::normal(sigma)), ..own }
            }
            (Self::Sigmoid, Start::Pretrained | Start::Random(Init::Normal { .. })) => {
                Regime { activation: Activation::Sigmoid, ..own }
            }
            (Self::Batch(batch), Start::Pretrained | Start::Random(Init::Normal { .. })) => {
                Regime { batch, ..own }
            }
            _ => own,
        }
    }
}
