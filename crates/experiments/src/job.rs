//! A job: what one point trains or measures, with every hyperparameter and amount that shapes it.
//!
//! What makes a job stands in one file: its kind, what it reads, what it costs, and its work. The engine sees it bound to
//! the data, as [`engine::Work`].

use std::sync::Arc;

use anyhow::Result;
use engine::{Work, Workbench, canonical};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::data::{Data, Reads};

/// One job. Serialised, it becomes part of its point's key, together with its kind, its data and its numerics.
pub trait Job: Serialize + Send + Sync + 'static {
    /// What kind of job it is: "classifier". Never changed, since it is in every key.
    const KIND: &'static str;
    /// Raised by hand when a change of code changes this job's results.
    const NUMERICS: u32 = 1;

    /// What it reads.
    fn reads(&self) -> Reads;

    /// What it will cost.
    ///
    /// # Errors
    /// If the data are missing.
    fn cost(&self, data: &Data) -> Result<Cost>;

    /// Trains, measures and puts the artefacts on the bench; the same bytes whenever it is stopped and run again.
    ///
    /// # Errors
    /// If training diverges, a needed file is not as expected, the disk refuses, or the run is interrupted.
    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()>;
}

/// What a job will cost, by estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Seconds on one thread of the reference machine; from the speeds in [`crate::cost`].
    pub seconds: f64,
    /// Peak memory in bytes.
    pub bytes: u64,
}

/// A job with the data that it reads.
pub(crate) struct Bound<J> {
    job: J,
    data: Arc<Data>,
    digest: String,
    cost: Cost,
}

impl<J: Job> Bound<J> {
    /// # Errors
    /// If the data are missing.
    pub fn new(job: J, data: &Arc<Data>) -> Result<Self> {
        let (digest, cost) = (data.digest(job.reads())?, job.cost(data)?);
        Ok(Self { job, data: Arc::clone(data), digest, cost })
    }
}

impl<J: Job> Work for Bound<J> {
    fn config(&self) -> Value {
        let tagged = |mut fields: Map<String, Value>| {
            fields.insert("kind".to_owned(), J::KIND.into());
            Value::Object(fields)
        };
        match canonical::tree(&self.job) {
            Value::Object(fields) => tagged(fields),
            // A choice without fields.
            Value::String(choice) => tagged(Map::from_iter([(choice, Value::Null)])),
            other => tagged(Map::from_iter([("value".to_owned(), other)])),
        }
    }

    fn data(&self) -> String {
        self.digest.clone()
    }

    fn numerics(&self) -> u32 {
        J::NUMERICS
    }

    fn seconds(&self) -> f64 {
        self.cost.seconds
    }

    fn bytes(&self) -> u64 {
        self.cost.bytes
    }

    fn run(&self, bench: &mut Workbench<'_>) -> Result<()> {
        self.job.run(&self.data, bench)
    }
}
