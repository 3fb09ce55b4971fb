//! Early stopping: the state at the epoch with the least error on held-out samples, and an end when it stays away.
//!
//! A wrapper around any [`Trainee`]. What it keeps is part of the snapshot, under `best.`, so that a run stopped and
//! resumed chooses the same epoch.

use tensor::Stream;

use crate::{Epoch, Snapshot, Tensor, TensorError, Trainee};

/// The best epoch so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// The error on held-out samples after it.
    pub error: f64,
    /// All state after it; its `epoch` is the epoch's number.
    pub snapshot: Snapshot,
}

/// A trainee that is scored after every epoch and wants no more once `patience` epochs in a row were not the best.
pub struct EarlyStopping<T, F> {
    /// What learns.
    pub trainee: T,
    score: F,
    patience: usize,
    best: Option<Best>,
    epoch: usize,
}

impl<T: Trainee, F: FnMut(&T) -> f64> EarlyStopping<T, F> {
    /// `score` gives the error on held-out samples; less is better, NaN is never best. It is told as the metric
    /// `held_out`.
    ///
    /// # Panics
    /// If `patience` is 0.
    pub fn new(trainee: T, patience: usize, score: F) -> Self {
        assert!(patience > 0, "a patience of 0 trains nothing");
        Self { trainee, score, patience, best: None, epoch: 0 }
    }

    /// The best epoch so far; none before the first one has ended.
    pub fn best(&self) -> Option<&Best> {
        self.best.as_ref()
    }

    /// Goes back to the best epoch; nothing happens before the first one has ended.
    ///
    /// # Errors
    /// If the trainee does not accept its own snapshot.
    pub fn restore_best(&mut self) -> Result<(), TensorError> {
        self.best.as_ref().map_or(Ok(()), |best| self.trainee.restore(&best.snapshot))
    }
}

const ERROR: &str = "best.error";
const EPOCH: &str = "best.epoch";
const STATE: &str = "best.state.";

impl<T: Trainee, F: FnMut(&T) -> f64> Trainee for EarlyStopping<T, F> {
    fn begin(&mut self, epoch: Epoch) {
        self.trainee.begin(epoch);
    }

    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        self.trainee.step(batch, noise)
    }

    fn non_finite(&self) -> Option<String> {
        self.trainee.non_finite()
    }

    fn measure(&mut self, epoch: usize, metrics: &mut Vec<(&'static str, f64)>) {
        self.trainee.measure(epoch, metrics);
        let error = (self.score)(&self.trainee);
        metrics.push(("held_out", error));
        self.epoch = epoch;
        if self.best.as_ref().is_none_or(|best| error < best.error || best.error.is_nan()) {
            self.best = Some(Best { error, snapshot: Snapshot { epoch, ..self.trainee.snapshot() } });
        }
    }

    fn finished(&self) -> bool {
        let waited = self.best.as_ref().map_or(0, |best| self.epoch - best.snapshot.epoch);
        self.trainee.finished() || waited >= self.patience
    }

    fn snapshot(&self) -> Snapshot {
        let mut snapshot = self.trainee.snapshot();
        if let Some(best) = &self.best {
            // The bits of the error: a file refuses NaN, a 64-bit float has no tensor of its own.
            snapshot.tensors.push(Tensor::from_u64(ERROR, vec![], vec![best.error.to_bits()]));
            snapshot.tensors.push(Tensor::from_u64(EPOCH, vec![], vec![best.snapshot.epoch as u64]));
            let state = best.snapshot.tensors.iter().cloned();
            snapshot.tensors.extend(state.map(|t| Tensor { name: format!("{STATE}{}", t.name), ..t }));
        }
        snapshot
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        self.trainee.restore(snapshot)?;
        self.epoch = snapshot.epoch;
        self.best = None;
        if snapshot.tensor(EPOCH).is_ok() {
            let error = f64::from_bits(snapshot.u64s(ERROR)?[0]);
            let epoch = snapshot.u64s(EPOCH)?[0] as usize;
            let state = snapshot.tensors.iter().filter_map(|t| {
                t.name.strip_prefix(STATE).map(|name| Tensor { name: name.to_owned(), ..t.clone() })
            });
            self.best = Some(Best { error, snapshot: Snapshot { epoch, tensors: state.collect() } });
        }
        Ok(())
    }
}
