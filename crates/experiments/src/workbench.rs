//! What a running job sees: threads, data, what it needs, a folder for artefacts, rows, and checkpointed training.
//!
//! A job must give the same bytes whenever it is stopped and run again. Three doors see to that: [`Workbench::train`]
//! resumes at the end of an epoch, [`Workbench::stage`] runs once and is read back afterwards, and everything else is
//! computed again.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use train::{Event, Fit, Outcome, Snapshot, Trainee, epochs};

use crate::checkpoint::Checkpoint;
use crate::disk;
use crate::point::Point;
use crate::progress::{Notice, Progress};
use crate::rows::Rows;
use crate::source::DataSource;
use crate::store::Store;

/// The run was asked to stop; what is done is in checkpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// What all points of a run share.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// Where points are.
    pub store: &'a Store,
    /// Where images come from.
    pub data: &'a DataSource,
    /// Who watches.
    pub progress: &'a dyn Progress,
    /// Set when everything shall stop.
    pub interrupt: &'a AtomicBool,
    /// Least time between two checkpoints; zero for one after every epoch.
    pub checkpoint_every: Duration,
}

/// What a running job sees.
pub struct Workbench<'a> {
    /// Threads this job may use, fixed when it starts; its results do not depend on them.
    pub threads: usize,
    /// Where images come from.
    pub data: &'a DataSource,
    /// What was measured; becomes `metrics.csv`.
    pub rows: Rows,
    point: &'a Point,
    around: Surroundings<'a>,
    needs: Vec<PathBuf>,
    work: PathBuf,
    kept: Vec<String>,
}

/// Losses recorded in one training run: at most about this many epochs, well spread.
const LOSSES: usize = 200;
/// Checkpoints may take this share of the time.
const SHARE: f64 = 0.05;

impl<'a> Workbench<'a> {
    /// A bench for one point, with its working folder, which may hold what an earlier run left.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn new(point: &'a Point, around: Surroundings<'a>, threads: usize) -> Result<Self> {
        let work = around.store.work(&point.key);
        around.store.disk().create_directory(&work)?;
        let needs = point.needs.iter().map(|key| around.store.path(key)).collect();
        let (rows, kept) = (Rows::default(), Vec::new());
        Ok(Self { threads, data: around.data, rows, point, around, needs, work, kept })
    }

    /// How many points this one needs.
    pub fn needs(&self) -> usize {
        self.needs.len()
    }

    /// The published folder of the `index`-th needed point.
    ///
    /// # Panics
    /// If the point does not need so many.
    pub fn need(&self, index: usize) -> &Path {
        &self.needs[index]
    }

    /// A file of the `index`-th needed point, held against that point's manifest.
    ///
    /// # Errors
    /// As for [`Store::read`].
    ///
    /// # Panics
    /// If the point does not need so many.
    pub fn read_need(&self, index: usize, name: &str) -> Result<Vec<u8>> {
        self.around.store.read(&self.point.needs[index], name)
    }

    /// Writes an artefact, whole or not at all.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn put(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let (disk, path) = (self.around.store.disk(), self.work.join(name));
        if let Some(folder) = path.parent() {
            disk.create_directory(folder)?;
        }
        disk.write(&path, bytes)?;
        self.keep(name);
        Ok(())
    }

    /// Whether an artefact is there, from this run or from one that was stopped.
    pub fn has(&self, name: &str) -> bool {
        self.work.join(name).is_file()
    }

    /// Reads an artefact back; it will be published.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(&mut self, name: &str) -> Result<Vec<u8>> {
        self.keep(name);
        disk::read(&self.work.join(name))
    }

    fn keep(&mut self, name: &str) {
        if !self.kept.iter().any(|kept| kept == name) {
            self.kept.push(name.to_owned());
        }
    }

    /// Runs `make` once and keeps the bytes that it gives as artefact `name`, and the rows that it records: a run that
    /// was stopped later reads both back.
    ///
    /// # Errors
    /// If `make` fails or the disk refuses.
    pub fn stage(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let notes = self.work.join(format!(".rows-{}", name.replace('/', "-")));
        if self.has(name) && notes.is_file() {
            self.rows.rows.extend(Rows::from_csv(&disk::read(&notes)?)?.rows);
            return self.read(name);
        }
        let before = self.rows.rows.len();
        let bytes = make(self)?;
        let recorded = Rows { rows: self.rows.rows[before..].to_vec() };
        self.around.store.disk().write(&notes, &recorded.to_csv())?;
        self.put(name, &bytes)?;
        Ok(bytes)
    }

    /// Tells what is done when nothing is trained: "1000 Gibbs steps".
    pub fn say(&self, what: &str) {
        self.around.progress.tell(&Notice::Doing { key: &self.point.key, what });
    }

    /// To be asked now and then in long work that is not training.
    ///
    /// # Errors
    /// [`Interrupted`] if the run was asked to stop.
    pub fn check_interrupt(&self) -> Result<()> {
        if self.interrupted() { Err(Interrupted.into()) } else { Ok(()) }
    }

    /// Does what can be asked to stop, and asks it to when the run is.
    ///
    /// # Errors
    /// [`Interrupted`] if the run was asked to stop, else as `work`.
    pub fn until_interrupted<T, E: Into<anyhow::Error>>(
        &self,
        work: impl FnOnce(&dyn Fn() -> bool) -> Result<T, E>,
    ) -> Result<T> {
        let found = work(&|| self.interrupted());
        self.check_interrupt()?;
        found.map_err(Into::into)
    }

    fn interrupted(&self) -> bool {
        self.around.interrupt.load(Ordering::Relaxed)
    }

    /// Trains with [`train::epochs`], records the `loss` and what else is measured at well-spread epochs, checkpoints, and resumes from the
    /// checkpoint of a training run of the same name. `each_epoch` runs after every epoch and may record rows; what it
    /// puts must be the same when an epoch is run again.
    ///
    /// # Errors
    /// If training diverges (names stage, epoch, step and parameter), `each_epoch` fails, a checkpoint cannot be
    /// written, or the run is interrupted.
    pub fn train<T: Trainee>(
        &mut self,
        what: &str,
        trainee: &mut T,
        samples: usize,
        fit: &Fit,
        each_epoch: &mut EachEpoch<'_>,
    ) -> Result<()> {
        self.check_interrupt()?;
        let (before, total) = (self.rows.rows.len(), fit.epochs);
        let resumed = Checkpoint::load(&self.work, what);
        if let Some(checkpoint) = &resumed {
            self.rows.rows.extend(checkpoint.rows.rows.iter().cloned());
        }
        let fit = Fit { resume: resumed.map(|checkpoint| checkpoint.snapshot), ..*fit };
        let mut failure = None;
        let mut clock = Clock::new(self.around.checkpoint_every);
        let outcome = epochs(trainee, samples, &fit, &mut |event: &Event<'_>| {
            let Event::Epoch { epoch, metrics, snapshot } = *event else { return ControlFlow::Continue(()) };
            let done = self.after_epoch(what, (epoch, total), metrics, snapshot, each_epoch).and_then(|()| {
                let stop = self.interrupted();
                if stop || clock.due() {
                    let rows = Rows { rows: self.rows.rows[before..].to_vec() };
                    let checkpoint = Checkpoint { stage: what.to_owned(), snapshot: snapshot(), rows };
                    clock.time(|| checkpoint.save(&self.work, self.around.store.disk()))?;
                }
                if stop { Err(Interrupted.into()) } else { Ok(()) }
            });
            match done {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failure = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        if let Some(error) = failure {
            return Err(error);
        }
        match outcome {
            Outcome::Finished => Ok(()),
            Outcome::Stopped { epoch } => bail!("{what}: stopped after epoch {epoch} without a reason"),
            Outcome::Diverged { epoch, step, what: which } => {
                let kept = match Checkpoint::load(&self.work, what) {
                    Some(good) => {
                        let (epoch, path) = (good.snapshot.epoch, self.work.display());
                        format!("; the checkpoint after epoch {epoch} is kept in {path}")
                    }
                    None => String::new(),
                };
                Err(anyhow!("{what}: {which} is not finite in epoch {epoch}, step {step}{kept}"))
            }
            Outcome::Mismatch(error) => {
                let path = self.work.display();
                Err(error).with_context(|| format!("{what}: the checkpoint in {path} does not fit the model"))
            }
        }
    }

    fn after_epoch(
        &mut self,
        what: &str,
        (epoch, total): (usize, usize),
        metrics: &[(&'static str, f64)],
        snapshot: &dyn Fn() -> Snapshot,
        each_epoch: &mut EachEpoch<'_>,
    ) -> Result<()> {
        let loss = metrics.iter().find(|(name, _)| *name == "loss").map_or(f64::NAN, |(_, loss)| *loss);
        if recorded(epoch, total) {
            for (metric, value) in metrics {
                self.rows.push_at(Some(epoch), metric, *value, &[("stage", &what)]);
            }
        }
        let key = &self.point.key;
        self.around.progress.tell(&Notice::Epoch { key, stage: what, epoch, epochs: total, loss });
        each_epoch(epoch, snapshot, self)
    }

    /// Publishes the point.
    ///
    /// # Errors
    /// If the disk refuses, or the point is there with other bytes.
    pub fn publish(self, host: &serde_json::Value) -> Result<()> {
        self.around.store.publish(self.point, &self.kept, &self.rows, host)
    }
}

/// Called after every epoch with its number, the state, and the bench.
pub type EachEpoch<'f> = dyn FnMut(usize, &dyn Fn() -> Snapshot, &mut Workbench<'_>) -> Result<()> + 'f;

/// Whether the loss of this epoch is recorded: the first, the last, and those where the scaled count steps.
fn recorded(epoch: usize, total: usize) -> bool {
    let bin = |epoch: usize| epoch * LOSSES / total.max(1);
    total <= LOSSES || epoch == 1 || epoch == total || bin(epoch) != bin(epoch - 1)
}

/// When the next checkpoint is due.
struct Clock {
    every: Duration,
    last: Instant,
    cost: Duration,
}

impl Clock {
    fn new(every: Duration) -> Self {
        Self { every, last: Instant::now(), cost: Duration::ZERO }
    }

    fn due(&self) -> bool {
        let passed = self.last.elapsed();
        self.every.is_zero() || (passed >= self.every && passed.mul_f64(SHARE) >= self.cost)
    }

    fn time<T>(&mut self, save: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let out = save();
        self.cost = begun.elapsed();
        self.last = Instant::now();
        out
    }
}
