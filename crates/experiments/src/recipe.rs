//! A recipe: how one kind of question is answered. It says which hyperparameters there are, plans tasks, and draws what they
//! gave. Its fields are the typed hyperparameters of an entry.

use std::any::Any;
use std::fmt::{Debug, Display};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use anyhow::Result;
use engine::figures::{Curve, Grid, Line, Strip};
use engine::{Columns, Drawn, Finished, Hypers, Key, Row, Rows, Settings, Task, Tasks};

use crate::data::Data;
use crate::job::{Bound, Job};

/// How one kind of question is answered. Whoever knows which recipe it is may look at its hyperparameters, as [`Any`].
pub trait Recipe: Any + Debug + Sync {
    /// What `--set` accepts, what a reader is told of the hyperparameters, and what the profile cuts of them.
    fn hypers(&self, settings: &Settings) -> Hypers;

    /// Plans what is to be done, for all seeds.
    ///
    /// # Errors
    /// If a value of `--set` makes no sense, or the data are missing.
    fn plan(&self, planning: &mut Planning<'_>) -> Result<()>;

    /// Makes tables, figures and evidence from finished tasks. It sees neither settings nor data.
    ///
    /// # Errors
    /// If a point's file is not as expected.
    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()>;

    /// Whether it works on pictures that a user may bring.
    fn takes_pictures(&self) -> bool {
        false
    }
}

/// What a recipe plans with.
pub struct Planning<'a> {
    /// The profile, and what was set by hand.
    pub settings: &'a Settings,
    /// The seeds of all repeats.
    pub seeds: &'a [u64],
    /// Where images come from.
    pub data: &'a Arc<Data>,
    /// Remarks for the reader that follow from the plan.
    pub notes: Vec<String>,
    tasks: Tasks,
}

impl<'a> Planning<'a> {
    /// Nothing planned yet.
    pub fn new(settings: &'a Settings, seeds: &'a [u64], data: &'a Arc<Data>) -> Self {
        Self { settings, seeds, data, notes: Vec::new(), tasks: Tasks::default() }
    }

    /// Adds a job, if its point is not there already, and gives its key.
    ///
    /// # Errors
    /// If the data are missing.
    ///
    /// # Panics
    /// If a needed point was not added before.
    pub fn add<J: Job>(&mut self, label: impl Into<String>, job: J, needs: &[Key]) -> Result<Key> {
        let work = Arc::new(Bound::new(job, self.data)?);
        Ok(self.tasks.add(label, work, needs))
    }

    /// Says what a point is to the experiment: its rows get these columns, and drawing finds it by its role.
    ///
    /// # Panics
    /// If the point was not added.
    pub fn name(&mut self, key: &Key, role: &'static str, columns: &[(&str, &dyn Display)]) {
        self.tasks.name(key, role, Columns::new(columns));
    }

    /// The tasks, and the remarks.
    pub fn finish(self) -> (Vec<Task>, Vec<String>) {
        (self.tasks.into_vec(), self.notes)
    }
}

/// What a recipe draws with: the finished tasks, and what has been drawn so far.
pub struct Drawing<'a> {
    /// The finished tasks.
    pub finished: &'a Finished<'a>,
    /// What has been drawn so far.
    pub drawn: Drawn,
}

impl<'a> Drawing<'a> {
    /// Nothing drawn yet.
    pub fn new(finished: &'a Finished<'a>) -> Self {
        Self { finished, drawn: Drawn::default() }
    }

    /// Adds a chart of the evidence, as it is now.
    pub fn curve(&mut self, curve: &Curve<'_>) {
        curve.draw(self.finished.stamp, &mut self.drawn);
    }

    /// Adds a chart of these rows, instead of the evidence, along the epochs that they were made after.
    pub fn along_epochs(&mut self, curve: &Curve<'_>, rows: &Rows) {
        let shown = |row: &&Row| curve.metrics.iter().any(|metric| metric.name == row.metric);
        let mut sheet = Drawn::default();
        for row in rows.rows.iter().filter(|row| row.epoch.is_some()).filter(shown) {
            let mut row = row.clone();
            // The epoch is the swept quantity here.
            let epoch = row.epoch.take().map_or_else(String::new, |epoch| epoch.to_string());
            row.columns.push(("epoch".to_owned(), epoch));
            sheet.evidence.rows.push(row);
        }
        curve.draw(self.finished.stamp, &mut sheet);
        self.drawn.files.append(&mut sheet.files);
        self.drawn.figures.append(&mut sheet.figures);
    }

    /// Adds a table of the evidence, as it is now.
    pub fn grid(&mut self, grid: &Grid<'_>) {
        grid.draw(&mut self.drawn);
    }

    /// Adds strips of pictures with their scores.
    pub fn strip(&mut self, strip: &Strip<'_>, lines: &[Line]) {
        strip.draw(lines, self.finished.stamp, &mut self.drawn);
    }

    /// Adds an artefact of a task, its weights, as a file of this name under `weights/`.
    ///
    /// # Errors
    /// If the point has no such artefact, or a damaged one.
    pub fn weights(&mut self, task: &Task, artefact: &str, name: &str) -> Result<()> {
        let bytes = self.finished.read(task, artefact)?;
        self.drawn.files.push((format!("weights/{name}.safetensors"), bytes));
        Ok(())
    }

    /// Adds the evidence, as it is now, as `metrics.csv`.
    pub fn metrics(&mut self) {
        let metrics = self.drawn.evidence.to_csv();
        self.drawn.files.push(("metrics.csv".to_owned(), metrics));
    }

    /// The stamp of everything that is drawn, if there is one.
    pub fn stamp(&self) -> Option<&'static str> {
        self.finished.stamp
    }
}

impl Deref for Drawing<'_> {
    type Target = Drawn;
    fn deref(&self) -> &Drawn {
        &self.drawn
    }
}

impl DerefMut for Drawing<'_> {
    fn deref_mut(&mut self) -> &mut Drawn {
        &mut self.drawn
    }
}

/// Lower-case letters, digits and hyphens.
pub fn slug(text: &str) -> String {
    let kept = text.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    kept.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}
