//! What a running job sees: threads, data, what it needs, a folder for artefacts, rows, and checkpointed training.
//!
//! A job must give the same bytes whenever it is stopped and run again. Three doors see to that: [`Workbench::train`]
//! resumes at the end of an epoch, [`Workbench::stage`] runs once and is read back afterwards, and everything else is
//! computed again.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use disk::Name;
use serde::{Deserialize, Serialize};
use train::{Event, Fit, Outcome, Snapshot, Tensor, Trainee, epochs};

use crate::canonical;
use crate::checkpoint::Checkpoint;
use crate::digest::sha256;
use crate::point::Point;
use crate::progress::{Notice, Progress};
use crate::publish::{Done, Publish};
use crate::rows::Rows;
use crate::store::{Artefact, Artefacts, Store, Turn, read_if_file, read_sound};

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
    /// What was measured; becomes `metrics.csv`.
    pub rows: Rows,
    point: &'a Point,
    around: Surroundings<'a>,
    turn: &'a Turn,
    kept: Artefacts,
}

/// What is kept beside the artefact of a finished stage, so that a run that was stopped can trust it.
#[derive(Serialize, Deserialize)]
struct StageNote {
    rows: String,
    /// The stage's own artefact, and others that were put on the bench meanwhile.
    kept: Artefacts,
    /// Over both.
    sha256: String,
}

impl StageNote {
    fn new(rows: &Rows, kept: Artefacts) -> Result<Self> {
        let rows = String::from_utf8(rows.to_csv())?;
        let sha256 = Self::seal(&rows, &kept);
        Ok(Self { rows, kept, sha256 })
    }

    fn seal(rows: &str, kept: &Artefacts) -> String {
        sha256(canonical::json(&(rows, kept)).as_bytes())
    }

    /// Reads a note; none if it is not as it was written.
    fn read(bytes: &[u8]) -> Option<(Rows, Artefacts)> {
        let note: Self = serde_json::from_slice(bytes).ok()?;
        let sound = Self::seal(&note.rows, &note.kept) == note.sha256;
        let rows = Rows::from_csv(note.rows.as_bytes()).ok().filter(|_| sound)?;
        Some((rows, note.kept))
    }
}

/// Losses recorded in one training run: at most about this many epochs, well spread.
const LOSSES: usize = 200;
/// Checkpoints may take this share of the time.
const SHARE: f64 = 0.05;

impl<'a> Workbench<'a> {
    /// A bench for one point whose turn it is, with its working folder, which may hold what an earlier run left.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn new(point: &'a Point, turn: &'a Turn, around: Surroundings<'a>, threads: usize) -> Result<Self> {
        let disk = around.store.disk();
        if around.store.is_under_way(turn)? {
            disk.sweep(&turn.work)?;
        } else {
            disk.create(&turn.work)?;
        }
        let (rows, kept) = (Rows::default(), Artefacts::new());
        Ok(Self { threads, rows, point, around, turn, kept })
    }

    /// How many points this one needs.
    pub fn needs(&self) -> usize {
        self.point.needs.len()
    }

    /// A file of the `index`-th needed point, held against that point's manifest.
    ///
    /// # Errors
    /// As for [`Store::read`].
    ///
    /// # Panics
    /// If the point does not need so many.
    pub fn read_need(&self, index: usize, file: &str) -> Result<Vec<u8>> {
        self.around.store.read(&self.point.needs[index], file)
    }

    /// Writes an artefact, whole or not at all; it will be published.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn put(&mut self, file: &str, bytes: &[u8]) -> Result<()> {
        let file = Name::new(file)?;
        self.around.store.overwrite(&self.turn.work, &file, bytes)?;
        self.kept.insert(file, Artefact::of(bytes));
        Ok(())
    }

    /// Writes tensors as an artefact; [`crate::Finished::tensors`] reads them back.
    ///
    /// # Errors
    /// As [`Workbench::put`].
    pub fn put_tensors(&mut self, file: &str, tensors: Vec<Tensor>) -> Result<()> {
        self.put(file, &Snapshot { epoch: 0, tensors }.encode(""))
    }

    /// Runs `make` once and keeps the bytes that it gives as artefact `file`, what else it puts on the bench, and the rows
    /// that it records: a run that was stopped later reads all of it back. If anything of it is not as it was written,
    /// `make` runs again.
    ///
    /// # Errors
    /// If `make` fails or the disk refuses.
    pub fn stage(&mut self, file: &str, make: impl FnOnce(&mut Self) -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let artefact = Name::new(file)?;
        let note = Name::new(&format!(".stage-{}", file.replace('/', "-")))?;
        if let Some(bytes) = self.recall(&artefact, &note)? {
            return Ok(bytes);
        }
        let (before, earlier) = (self.rows.rows.len(), self.kept.clone());
        let bytes = make(self)?;
        self.put(file, &bytes)?;
        let recorded = Rows { rows: self.rows.rows[before..].to_vec() };
        let kept = canonical::pretty(&StageNote::new(&recorded, self.kept_since(&earlier))?);
        self.around.store.overwrite(&self.turn.work, &note, kept.as_bytes())?;
        Ok(bytes)
    }

    /// What was put on the bench since it held `earlier`, or was put again with other bytes.
    fn kept_since(&self, earlier: &Artefacts) -> Artefacts {
        let new = |(file, artefact): &(&Name, &Artefact)| earlier.get(*file) != Some(*artefact);
        self.kept.iter().filter(new).map(|(file, artefact)| (file.clone(), artefact.clone())).collect()
    }

    /// What an earlier run left of a stage, if all of it is sound.
    fn recall(&mut self, artefact: &Name, note: &Name) -> Result<Option<Vec<u8>>> {
        let Some(note) = read_if_file(&self.turn.work, note)? else { return Ok(None) };
        let Some((rows, kept)) = StageNote::read(&note) else { return Ok(None) };
        let mut found = None;
        for (file, expected) in &kept {
            let Some(bytes) = read_sound(&self.turn.work, file, expected)? else { return Ok(None) };
            if file == artefact {
                found = Some(bytes);
            }
        }
        if found.is_some() {
            self.rows.rows.extend(rows.rows);
            self.kept.extend(kept);
        }
        Ok(found)
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

    /// Trains with [`train::epochs`], records the `loss` and what else is measured at well-spread epochs, checkpoints, and
    /// resumes from the checkpoint of a training run of the same name. `each_epoch` runs after every epoch and may record
    /// rows; what it puts must be the same when an epoch is run again.
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
        let begun = Begun { what, epochs: fit.epochs, rows: self.rows.rows.len(), kept: self.kept.clone() };
        let resumed = Checkpoint::load(&self.turn.work, what);
        if let Some(checkpoint) = &resumed {
            self.rows.rows.extend(checkpoint.rows.rows.iter().cloned());
            self.kept.extend(checkpoint.kept.clone());
        }
        let fit = Fit { resume: resumed.map(|checkpoint| checkpoint.snapshot), ..*fit };
        let mut failure = None;
        let mut clock = Clock::new(self.around.checkpoint_every);
        let outcome = epochs(trainee, samples, &fit, &mut |event: &Event<'_>| {
            let Event::Epoch { epoch, metrics, snapshot } = *event else { return ControlFlow::Continue(()) };
            self.record(&begun, epoch, metrics);
            let done = each_epoch(epoch, snapshot, self);
            match done.and_then(|()| self.keep_state(&begun, snapshot, &mut clock)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failure = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        failure.map_or_else(|| self.ended(what, outcome), Err)
    }

    /// Records what was measured in an epoch, if it is one of those that are recorded, and tells of it.
    fn record(&mut self, begun: &Begun<'_>, epoch: usize, metrics: &[(&'static str, f64)]) {
        let (stage, epochs) = (begun.what, begun.epochs);
        if recorded(epoch, epochs) {
            for (metric, value) in metrics {
                self.rows.push_at(Some(epoch), metric, *value, &[("stage", &stage)]);
            }
        }
        let loss = metrics.iter().find(|(name, _)| *name == "loss").map_or(f64::NAN, |(_, loss)| *loss);
        let key = &self.point.key;
        self.around.progress.tell(&Notice::Epoch { key, stage, epoch, epochs, loss });
    }

    /// Writes a checkpoint if it is time, or if the run was asked to stop, which is an error then.
    fn keep_state(&self, begun: &Begun<'_>, state: &dyn Fn() -> Snapshot, clock: &mut Clock) -> Result<()> {
        let stop = self.interrupted();
        if stop || clock.due() {
            let rows = Rows { rows: self.rows.rows[begun.rows..].to_vec() };
            let (stage, kept) = (begun.what.to_owned(), self.kept_since(&begun.kept));
            let checkpoint = Checkpoint { stage, snapshot: state(), rows, kept };
            clock.time(|| checkpoint.save(&self.turn.work, self.around.store))?;
        }
        if stop { Err(Interrupted.into()) } else { Ok(()) }
    }

    /// What a training run's end means.
    fn ended(&self, what: &str, outcome: Outcome) -> Result<()> {
        // Its name when this run has given it back.
        let work = self.around.store.work(&self.point.key).path();
        match outcome {
            Outcome::Finished => Ok(()),
            Outcome::Stopped { epoch } => bail!("{what}: stopped after epoch {epoch} without a reason"),
            Outcome::Diverged { epoch, step, what: which } => {
                let kept = Checkpoint::load(&self.turn.work, what).map_or_else(String::new, |good| {
                    let epoch = good.snapshot.epoch;
                    format!("; the checkpoint after epoch {epoch} is kept in {}", work.display())
                });
                bail!("{what}: {which} is not finite in epoch {epoch}, step {step}{kept}")
            }
            Outcome::Mismatch(error) => Err(error).with_context(|| {
                format!(
                    "{what}: the checkpoint in {} does not fit the model; remove that folder, the point is trained anew",
                    work.display()
                )
            }),
        }
    }

    /// Publishes the point.
    ///
    /// # Errors
    /// If the disk refuses, or the point is there with other bytes.
    pub fn publish(self, host: &serde_json::Value, publish: Publish) -> Result<()> {
        let done = Done { kept: &self.kept, rows: &self.rows, host };
        self.around.store.publish(self.point, self.turn, done, publish)
    }
}

/// Called after every epoch with its number, the state, and the bench.
pub type EachEpoch<'f> = dyn FnMut(usize, &dyn Fn() -> Snapshot, &mut Workbench<'_>) -> Result<()> + 'f;

/// Whether the loss of this epoch is recorded: the first, the last, and those where the scaled count steps.
fn recorded(epoch: usize, total: usize) -> bool {
    let bin = |epoch: usize| epoch * LOSSES / total.max(1);
    total <= LOSSES || epoch == 1 || epoch == total || bin(epoch) != bin(epoch - 1)
}

/// How things stood when a training run began.
struct Begun<'a> {
    /// The name of the training run.
    what: &'a str,
    /// Epochs in all.
    epochs: usize,
    /// Rows that were recorded before.
    rows: usize,
    /// What was on the bench before.
    kept: Artefacts,
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
