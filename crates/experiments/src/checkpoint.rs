//! Checkpoints: parameters, optimiser, chains and rows at the end of an epoch, in two generations.
//!
//! There is no random state to keep: all noise of an epoch derives from the seed and the epoch's number.

use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use train::Snapshot;

use crate::canonical;
use crate::disk::{self, Disk};
use crate::rows::Rows;

/// The state of one training run.
pub(crate) struct Checkpoint {
    /// The name of the training run.
    pub stage: String,
    /// Everything the next epoch depends on.
    pub snapshot: Snapshot,
    /// Rows recorded since the training run began.
    pub rows: Rows,
}

#[derive(Serialize, Deserialize)]
struct Head {
    stage: String,
    epoch: usize,
    rows: String,
    /// Over the tensors: a half-written file is refused, and the generation before it is taken.
    sha256: String,
}

const NEW: &str = "checkpoint.safetensors";
const OLD: &str = "checkpoint.previous.safetensors";

impl Checkpoint {
    /// Writes this generation and keeps the one before.
    pub fn save(&self, directory: &Path, disk: &Disk) -> Result<()> {
        let head = Head {
            stage: self.stage.clone(),
            epoch: self.snapshot.epoch,
            rows: String::from_utf8(self.rows.to_csv())?,
            sha256: crate::point::sha256(&self.snapshot.encode("")),
        };
        let bytes = self.snapshot.encode(&canonical::json(&head));
        let (new, old) = (directory.join(NEW), directory.join(OLD));
        if new.is_file() {
            disk.rename(&new, &old)?;
        }
        disk.write(&new, &bytes)
    }

    /// The newest readable checkpoint of the training run `stage`. One that cannot be read is as good as none: the
    /// run begins anew and ends with the same bytes.
    pub fn load(directory: &Path, stage: &str) -> Option<Self> {
        let mut found = [NEW, OLD].into_iter().filter_map(|name| Self::read(&directory.join(name)));
        found.find(|checkpoint| checkpoint.stage == stage)
    }

    fn read(path: &Path) -> Option<Self> {
        let bytes = disk::read(path).ok()?;
        let (snapshot, head) = Snapshot::decode(&bytes).ok()?;
        let head: Head = serde_json::from_str(&head).ok()?;
        snapshot.check_finite().ok()?;
        let intact = crate::point::sha256(&snapshot.encode("")) == head.sha256;
        let rows = Rows::from_csv(head.rows.as_bytes()).ok().filter(|_| intact)?;
        Some(Self { stage: head.stage, snapshot: Snapshot { epoch: head.epoch, ..snapshot }, rows })
    }
}
