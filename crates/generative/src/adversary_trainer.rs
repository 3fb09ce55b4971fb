//! Generator and critic under training: the epoch loop counts steps of the generator.
//!
//! A step gives the critic its own steps first, each on real images drawn anew with replacement and on fresh samples, then the generator
//! one. The samples of the epoch loop are places in mini-batches: with `b` of them in a mini-batch, an epoch of `b · s` samples is a
//! stretch of `s` steps, whatever images there are. So two games of different critics can be compared at equal steps.

use std::sync::Arc;

use tensor::Matrix;
use train::{Delegate, Trainee};

use crate::contest::{Contest, First};
use crate::error::check_range;
use crate::fast::FastAdversaries;
use crate::options::Options;
use crate::plain_adversaries::PlainAdversaries;
use crate::{Adversaries, GenerativeError, Objective};

/// Both players as a [`Trainee`], on the fast path where both networks are made of dense layers alone. The loss is the critic's;
/// after each epoch `critic_loss`, `critic_accuracy`, `generator_loss` and `generator_accuracy` stand beside it, means over its
/// steps. Snapshots hold `model.generator.…`, `model.critic.…` and the state of both descents, whichever path wrote them.
pub struct AdversaryTrainer(Path);

enum Path {
    Fast(FastAdversaries),
    Plain(PlainAdversaries),
}

impl AdversaryTrainer {
    /// Takes over both networks and the images, features × samples, in the range of the generator's outputs, from −1 to 1.
    ///
    /// # Errors
    /// If there is no image, images have other features than the critic reads, a value is outside the range, a number of the
    /// objective is not positive, the critic has no steps, a penalty is asked of a critic that is not linear in pieces, or the
    /// generator is normalised and a mini-batch has one sample.
    ///
    /// # Panics
    /// If `threads` is 0.
    pub fn new(
        players: Adversaries,
        images: Matrix,
        contest: Contest,
        options: Options,
    ) -> Result<Self, GenerativeError> {
        check(&players, &images, contest, options)?;
        let images = Arc::new(images);
        let fast = FastAdversaries::new(&players, &images, contest, options.batch, options.threads);
        Ok(Self(
            fast.map_or_else(|| Path::Plain(PlainAdversaries::new(players, images, contest)), Path::Fast),
        ))
    }

    /// The same on the plain path, whatever the layers: the fast path's oracle.
    ///
    /// # Errors
    /// As [`AdversaryTrainer::new`].
    pub fn plain(
        players: Adversaries,
        images: Matrix,
        contest: Contest,
        options: Options,
    ) -> Result<Self, GenerativeError> {
        check(&players, &images, contest, options)?;
        Ok(Self(Path::Plain(PlainAdversaries::new(players, Arc::new(images), contest))))
    }

    /// Whether the fast path trains.
    pub fn is_fast(&self) -> bool {
        matches!(self.0, Path::Fast(_))
    }

    /// Both networks as they are now.
    pub fn players(&self) -> Adversaries {
        match &self.0 {
            Path::Fast(trainer) => trainer.players(),
            Path::Plain(trainer) => trainer.players().clone(),
        }
    }

    /// What the first step showed, if it was taken here and not before a resume.
    pub fn first(&self) -> Option<&First> {
        match &self.0 {
            Path::Fast(trainer) => trainer.first(),
            Path::Plain(trainer) => trainer.first(),
        }
    }
}

fn check(
    players: &Adversaries,
    images: &Matrix,
    contest: Contest,
    options: Options,
) -> Result<(), GenerativeError> {
    assert!(options.threads > 0, "{options:?}");
    contest.objective.check()?;
    let nothing = |what| Err(GenerativeError::Nothing { what });
    if images.cols() == 0 {
        return nothing("images");
    }
    if options.batch == 0 {
        return nothing("samples in a mini-batch");
    }
    if contest.critic_steps == 0 {
        return nothing("steps of the critic");
    }
    let (expected, found) = (players.critic().inputs(), images.rows());
    if expected != found {
        return Err(GenerativeError::Chain { part: "critic", expected, found });
    }
    check_range(images, [-1.0, 1.0])?;
    if options.batch == 1 && players.is_normalised() {
        return Err(GenerativeError::Batch { found: 1 });
    }
    if matches!(contest.objective, Objective::Penalised { .. }) {
        players.critic().check_piecewise_linear().map_err(crate::error::of("critic"))?;
    }
    Ok(())
}

impl Delegate for AdversaryTrainer {
    fn inner(&self) -> &dyn Trainee {
        match &self.0 {
            Path::Fast(trainer) => trainer,
            Path::Plain(trainer) => trainer,
        }
    }

    fn inner_mut(&mut self) -> &mut dyn Trainee {
        match &mut self.0 {
            Path::Fast(trainer) => trainer,
            Path::Plain(trainer) => trainer,
        }
    }
}
