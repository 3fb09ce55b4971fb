//! A task: a point with what it does, and what the experiment that asked for it knows about it.
//!
//! Several tasks may name one point: a layer that two stacks share, or one model that stands in two rows of a table. The
//! columns are those of the sweep (the swept value, the model, the seed), so that drawing needs no second plan.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::point::{Estimate, Key, Point, Shape};
use crate::rows::Columns;
use crate::work::Work;

/// One point as an experiment sees it.
#[derive(Clone)]
pub struct Task {
    /// What it is known by, needs and costs.
    pub point: Point,
    /// The sweep's columns, added in front of the point's rows.
    pub columns: Columns,
    /// What the point is to the experiment: "samples", "network". Empty for one that only others need.
    pub role: &'static str,
    /// What it does.
    pub work: Arc<dyn Work>,
}

impl Task {
    /// The job that this point does, read back from its configuration.
    ///
    /// # Errors
    /// If it is another kind of job.
    pub fn job<T: DeserializeOwned>(&self) -> Result<T> {
        let mut config: Value = serde_json::from_str(&self.point.config)?;
        let mut job = config["job"].take();
        // What kind of job it is stands beside its own fields.
        if let Some(fields) = job.as_object_mut() {
            fields.remove("kind");
        }
        T::deserialize(job).with_context(|| format!("{}: another kind of job", self.point.label))
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { point, columns, role, .. } = self;
        f.debug_struct("Task").field("point", point).field("columns", columns).field("role", role).finish()
    }
}

/// The tasks of an experiment while it is planned.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    points: Vec<Task>,
    place: HashMap<Key, usize>,
    named: Vec<Task>,
}

impl Tasks {
    /// Adds a point, if it is not there already, and gives its key. Without a name it is there for others to need.
    ///
    /// # Panics
    /// If a needed point was not added before.
    pub fn add(&mut self, label: impl Into<String>, work: Arc<dyn Work>, needs: &[Key]) -> Key {
        let missing = needs.iter().find(|need| !self.place.contains_key(*need));
        assert!(missing.is_none(), "needed point {missing:?} was not planned before the point that needs it");
        let (job, data, numerics) = (work.config(), work.data(), work.numerics());
        let estimate = Estimate { seconds: work.seconds(), bytes: work.bytes() };
        let point = Point::new(label, needs.to_vec(), &Shape { job, data, numerics }, estimate);
        let key = point.key.clone();
        if !self.place.contains_key(&key) {
            self.place.insert(key.clone(), self.points.len());
            self.points.push(Task { point, columns: Columns::default(), role: "", work });
        }
        key
    }

    /// Says what a point is to the experiment: its rows are shown under `role`, with these columns. A point may have
    /// several names.
    ///
    /// # Panics
    /// If the point was not added, or the role is empty.
    pub fn name(&mut self, key: &Key, role: &'static str, columns: Columns) {
        assert!(!role.is_empty(), "expected a role for point {key}, found an empty one");
        let place = self.place.get(key).copied();
        let place = place.unwrap_or_else(|| panic!("point {key} was not planned before it was named"));
        self.named.push(Task { role, columns, ..self.points[place].clone() });
    }

    /// All tasks: points without a name first, then names in the order in which they were given.
    pub fn into_vec(self) -> Vec<Task> {
        let Self { mut points, place, named } = self;
        let mut only_needed = vec![true; points.len()];
        named.iter().for_each(|task| only_needed[place[&task.point.key]] = false);
        let mut only_needed = only_needed.into_iter();
        points.retain(|_| only_needed.next().unwrap_or(false));
        points.extend(named);
        points
    }
}
