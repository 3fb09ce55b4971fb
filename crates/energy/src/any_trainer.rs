//! The trainer of a binary machine that is made for what is asked: the one laid out for the processor where it can do it, else
//! the one that can do everything.

use tensor::{Matrix, Stream};
use train::{Epoch, Snapshot, TensorError, Trainee};

use crate::binary::{BinaryTrainer, Capacity};
use crate::learning::{Input, InputError, Learning, Trainer};
use crate::rbm::Rbm;
use crate::units::Bernoulli;

/// A trainer of a binary machine, whichever fits.
pub enum AnyTrainer<'a> {
    /// For contrastive divergence and persistent chains, see [`BinaryTrainer`].
    Fast(Box<BinaryTrainer>),
    /// For everything else, see [`Trainer`].
    General(Box<Trainer<'a, Bernoulli, Bernoulli>>),
}

impl<'a> AnyTrainer<'a> {
    /// The trainer for this way of learning. `data` are what `input` holds, written out; the general trainer needs them so.
    ///
    /// # Errors
    /// If a value of the input is no probability; says which and where.
    ///
    /// # Panics
    /// As [`BinaryTrainer::new`] or [`Trainer::new`].
    pub fn new(
        rbm: &'a mut Rbm,
        input: &Input,
        data: &'a Matrix,
        learning: &Learning,
        capacity: Capacity,
    ) -> Result<Self, InputError> {
        Ok(match learning.suits_binary_trainer() {
            true => Self::Fast(Box::new(BinaryTrainer::new(rbm, input.clone(), learning, capacity)?)),
            false => Self::General(Box::new(Trainer::new(rbm, data, learning)?)),
        })
    }

    /// The machine as it is now.
    pub fn rbm(&self) -> Rbm {
        match self {
            Self::Fast(trainer) => trainer.rbm(),
            Self::General(trainer) => trainer.rbm().clone(),
        }
    }
}

impl Trainee for AnyTrainer<'_> {
    fn begin(&mut self, epoch: Epoch) {
        match self {
            Self::Fast(trainer) => trainer.begin(epoch),
            Self::General(trainer) => trainer.begin(epoch),
        }
    }

    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        match self {
            Self::Fast(trainer) => trainer.step(batch, noise),
            Self::General(trainer) => trainer.step(batch, noise),
        }
    }

    fn non_finite(&self) -> Option<String> {
        match self {
            Self::Fast(trainer) => trainer.non_finite(),
            Self::General(trainer) => trainer.non_finite(),
        }
    }

    fn snapshot(&self) -> Snapshot {
        match self {
            Self::Fast(trainer) => trainer.snapshot(),
            Self::General(trainer) => trainer.snapshot(),
        }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        match self {
            Self::Fast(trainer) => trainer.restore(snapshot),
            Self::General(trainer) => trainer.restore(snapshot),
        }
    }
}
