//! THE epoch loop: shuffle, mini-batches, metrics, observers, resume.

use std::ops::ControlFlow;

use tensor::{Seed, Stream};

use crate::{Epoch, Snapshot};

/// How long, in what portions, and from where.
#[derive(Clone, Debug)]
pub struct Fit {
    /// Passes over the data.
    pub epochs: usize,
    /// Samples in a mini-batch; the last one of an epoch may be short.
    pub batch: usize,
    /// Shuffles and noise of epoch `e` derive from `seed.child("epoch", e)` alone.
    pub seed: Seed,
    /// Goes on after this snapshot instead of from the beginning.
    pub resume: Option<Snapshot>,
}

/// What the loop tells: pure crates emit events, callers draw bars, write rows and keep checkpoints.
pub enum Event<'a> {
    /// Training begins, or goes on after `done` epochs.
    Begin {
        /// Epochs in all.
        epochs: usize,
        /// Epochs done before, when a snapshot was resumed.
        done: usize,
    },
    /// One epoch has ended.
    Epoch {
        /// Number of epochs done, from 1.
        epoch: usize,
        /// Names and values measured during the epoch; `loss` is the mean over its samples.
        metrics: &'a [(&'static str, f64)],
        /// All state at this point; costs a copy, so ask only to write it.
        snapshot: &'a dyn Fn() -> Snapshot,
    },
    /// The last epoch has ended.
    End,
}

/// Listens to the loop. `Break` stops it at the end of this epoch.
pub trait Observer {
    /// Receives one event.
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<()>;
}

/// An observer that only listens.
pub struct Silent;

impl Observer for Silent {
    fn observe(&mut self, _: &Event<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(&Event<'_>) -> ControlFlow<()>> Observer for F {
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        self(event)
    }
}

/// Something that learns from mini-batches in place.
pub trait Trainee {
    /// An epoch begins.
    fn begin(&mut self, _epoch: Epoch) {}

    /// Learns from the samples named by `batch`; the mean loss over them (what a reader watches fall).
    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64;

    /// The name of a parameter that is not finite after the last step. Called after every step: cheap signs
    /// suffice (a bias becomes NaN one step after a weight does).
    fn non_finite(&self) -> Option<String>;

    /// Epoch `epoch` has ended: adds what it measures to the loss that is there.
    fn measure(&mut self, _epoch: usize, _metrics: &mut Vec<(&'static str, f64)>) {}

    /// Whether no further epoch is wanted. Asked before each, so that a run resumed at its end stays there.
    fn finished(&self) -> bool {
        false
    }

    /// All state that the next step depends on.
    fn snapshot(&self) -> Snapshot;

    /// Takes over the state of a snapshot.
    ///
    /// # Errors
    /// If a tensor is missing, unexpected or of another shape; says which.
    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), crate::TensorError>;
}

/// How the loop ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// All epochs are done, or all that the trainee wanted.
    Finished,
    /// The observer stopped it after this many epochs.
    Stopped {
        /// Epochs done.
        epoch: usize,
    },
    /// A loss or parameter left the finite numbers; the state is that of the bad step.
    Diverged {
        /// Epoch under way, from 1.
        epoch: usize,
        /// Mini-batch within it, from 1.
        step: usize,
        /// The first parameter that is not finite, by name; `loss` where all still are.
        what: String,
    },
    /// The snapshot to resume from does not fit the model.
    Mismatch(crate::TensorError),
}

/// Runs `plan.epochs` passes over `samples` samples in shuffled mini-batches.
///
/// # Panics
/// If `samples` or `plan.batch` is 0.
pub fn epochs<T: Trainee>(
    trainee: &mut T,
    samples: usize,
    plan: &Fit,
    observer: &mut dyn Observer,
) -> Outcome {
    assert!(samples > 0 && plan.batch > 0, "{samples} samples in batches of {}", plan.batch);
    let done = match &plan.resume {
        None => 0,
        Some(snapshot) => match trainee.restore(snapshot) {
            Ok(()) => snapshot.epoch,
            Err(error) => return Outcome::Mismatch(error),
        },
    };
    if observer.observe(&Event::Begin { epochs: plan.epochs, done }).is_break() {
        return Outcome::Stopped { epoch: done };
    }
    for epoch in (done..plan.epochs).map(|done| done + 1) {
        if trainee.finished() {
            break;
        }
        trainee.begin(Epoch { number: epoch, of: plan.epochs });
        let mut noise = plan.seed.child("epoch", epoch as u64).stream();
        let order = noise.permutation(samples);
        let mut total = 0.0;
        for (index, batch) in order.chunks(plan.batch).enumerate() {
            let loss = trainee.step(batch, &mut noise);
            let bad = trainee.non_finite().or_else(|| (!loss.is_finite()).then(|| "loss".to_owned()));
            if let Some(what) = bad {
                return Outcome::Diverged { epoch, step: index + 1, what };
            }
            total += loss * batch.len() as f64;
        }
        let mut metrics = vec![("loss", total / samples as f64)];
        trainee.measure(epoch, &mut metrics);
        let snapshot = || Snapshot { epoch, ..trainee.snapshot() };
        if observer.observe(&Event::Epoch { epoch, metrics: &metrics, snapshot: &snapshot }).is_break()
            && epoch < plan.epochs
        {
            return Outcome::Stopped { epoch };
        }
    }
    let _ = observer.observe(&Event::End);
    Outcome::Finished
}
