//! What a run tells whoever watches it. Nothing here draws; a terminal is one listener, a log another.

use std::path::Path;
use std::time::Duration;

use crate::point::{Key, Point};

/// Totals of a plan, before anything runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Totals {
    /// Points in all.
    pub points: usize,
    /// Points that are published already.
    pub cached: usize,
    /// Points to be trained.
    pub to_train: usize,
    /// Estimate of the wall time, in seconds.
    pub seconds: f64,
}

/// One thing that happened.
#[derive(Clone, Copy, Debug)]
pub enum Notice<'a> {
    /// The plan is known.
    Planned(Totals),
    /// A point begins, or goes on after a stop, with so many threads.
    Started {
        /// The point.
        point: &'a Point,
        /// Threads it was given.
        threads: usize,
    },
    /// A point has trained one more epoch.
    Epoch {
        /// The point.
        key: &'a Key,
        /// Its stage: one training run of perhaps several.
        stage: &'a str,
        /// Epochs done.
        epoch: usize,
        /// Epochs in all.
        epochs: usize,
        /// Mean loss over the epoch's samples.
        loss: f64,
    },
    /// A job has something to say: what it does when it does not train.
    Doing {
        /// The point.
        key: &'a Key,
        /// "1000 Gibbs steps".
        what: &'a str,
    },
    /// A point is published.
    Finished {
        /// The point.
        point: &'a Point,
        /// Wall time.
        took: Duration,
    },
    /// The file system has no locks: points are kept apart by the rename that publishes them. Told once.
    NoLocks,
    /// Another process works on a point; told once.
    Waiting {
        /// The point.
        point: &'a Point,
        /// Who has it, in a line fit to be printed, if he said.
        holder: Option<&'a str>,
    },
    /// Another process draws; told once.
    WaitingToDraw {
        /// As for a point.
        holder: Option<&'a str>,
    },
    /// Another process published a point while we waited.
    Elsewhere {
        /// The point.
        point: &'a Point,
    },
    /// A point has failed; the others go on.
    Failed {
        /// The point.
        point: &'a Point,
        /// Why.
        error: &'a anyhow::Error,
    },
    /// A point cannot run because one that it needs has failed.
    Skipped {
        /// The point.
        point: &'a Point,
        /// The one that failed.
        needs: &'a Key,
    },
    /// A point has stopped at a checkpoint because we were asked to.
    Interrupted {
        /// The point.
        point: &'a Point,
    },
    /// An experiment's figures and tables are written.
    Drawn {
        /// `id:protocol`.
        name: &'a str,
        /// Where they are.
        directory: &'a Path,
    },
}

/// Listens to a run, from several threads at once.
pub trait Progress: Sync {
    /// Receives one notice.
    fn tell(&self, notice: &Notice<'_>);
}

/// Listens and says nothing.
pub struct Quiet;

impl Progress for Quiet {
    fn tell(&self, _: &Notice<'_>) {}
}
