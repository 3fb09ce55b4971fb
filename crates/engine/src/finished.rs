//! The finished tasks of one experiment, as drawing sees them.

use anyhow::{Context, Result};
use disk::Name;
use train::Snapshot;

use crate::point::Key;
use crate::rows::Rows;
use crate::store::Store;
use crate::task::Task;

/// Finished tasks: rows with the sweep's columns on them, and artefacts.
#[derive(Clone, Copy)]
pub struct Finished<'a> {
    store: &'a Store,
    tasks: &'a [Task],
    /// The seed of the first repeat, whose pictures and weights are shown.
    pub seed: u64,
    /// Stands on everything that is drawn, if there is one.
    pub stamp: Option<&'static str>,
}

impl<'a> Finished<'a> {
    /// These tasks, finished in this store.
    pub fn new(store: &'a Store, tasks: &'a [Task], seed: u64, stamp: Option<&'static str>) -> Self {
        Self { store, tasks, seed, stamp }
    }

    /// The tasks of one of these roles, in the order in which they were named.
    pub fn tasks(&self, roles: &'a [&'a str]) -> impl Iterator<Item = &'a Task> {
        self.tasks.iter().filter(move |task| roles.contains(&task.role))
    }

    /// The tasks of a role that belong to the first seed, or to none.
    pub fn shown(&self, role: &'static str) -> impl Iterator<Item = &'a Task> + use<'a> {
        let seed = self.seed.to_string();
        self.tasks.iter().filter(move |task| {
            let own = task.columns.get("seed");
            task.role == role && (own.is_empty() || own == seed)
        })
    }

    /// The rows of a task, with the sweep's columns in front.
    ///
    /// # Errors
    /// If its point is not published, or its rows cannot be read.
    pub fn rows(&self, task: &Task) -> Result<Rows> {
        let mut rows = Rows::default();
        rows.extend_with(&self.store.rows(&task.point.key)?, &task.columns);
        Ok(rows)
    }

    /// The rows of all tasks of these roles.
    ///
    /// # Errors
    /// As [`Finished::rows`].
    pub fn all(&self, roles: &[&str]) -> Result<Rows> {
        let mut rows = Rows::default();
        for task in self.tasks.iter().filter(|task| roles.contains(&task.role)) {
            rows.rows.extend(self.rows(task)?.rows);
        }
        Ok(rows)
    }

    /// An artefact of a task.
    ///
    /// # Errors
    /// If its point is not published, has no such artefact, or a damaged one.
    pub fn read(&self, task: &Task, name: &str) -> Result<Vec<u8>> {
        self.store.read(&task.point.key, name)
    }

    /// An artefact of the `index`-th point that a task needs.
    ///
    /// # Errors
    /// As [`Finished::read`]; or if the task does not need so many.
    pub fn read_need(&self, task: &Task, index: usize, name: &str) -> Result<Vec<u8>> {
        self.store.read(needed(task, index)?, name)
    }

    /// The task of the `index`-th point that a task needs.
    ///
    /// # Errors
    /// If the task does not need so many, or the point was planned by another experiment.
    pub fn need(&self, task: &Task, index: usize) -> Result<&'a Task> {
        let key = task.point.needs.get(index);
        let found = key.and_then(|key| self.tasks.iter().find(|other| other.point.key == *key));
        found.with_context(|| format!("{}: needs no planned point number {index}", task.point.label))
    }

    /// How many bytes an artefact of the `index`-th needed point has.
    ///
    /// # Errors
    /// As [`Finished::read_need`].
    pub fn size_of_need(&self, task: &Task, index: usize, name: &str) -> Result<u64> {
        let manifest = self.store.manifest(needed(task, index)?)?;
        let artefact = manifest.artefacts.get(&Name::new(name)?);
        Ok(artefact.with_context(|| format!("{}: has no file {name}", task.point.label))?.bytes)
    }

    /// The tensors in an artefact of a task.
    ///
    /// # Errors
    /// As [`Finished::read`]; or if it is no safetensors file.
    pub fn tensors(&self, task: &Task, name: &str) -> Result<Snapshot> {
        let decoded = Snapshot::decode(&self.read(task, name)?);
        Ok(decoded.with_context(|| format!("{}: {name}", task.point.label))?.0)
    }
}

/// The key of the `index`-th point that a task needs.
fn needed(task: &Task, index: usize) -> Result<&Key> {
    let need = task.point.needs.get(index);
    need.with_context(|| format!("{}: needs no point number {index}", task.point.label))
}
