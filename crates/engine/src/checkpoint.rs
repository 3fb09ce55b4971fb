//! Checkpoints: parameters, optimiser, chains, rows and files at the end of an epoch, in two generations.
//!
//! There is no random state to keep: all noise of an epoch derives from the seed and the epoch's number.

use anyhow::Result;
use disk::{Folder, Kind};
use serde::{Deserialize, Serialize};
use train::Snapshot;

use crate::canonical;
use crate::digest::sha256;
use crate::rows::Rows;
use crate::store::{Artefacts, Store, name, read_sound};

/// The state of one training run.
pub(crate) struct Checkpoint {
    /// The name of the training run.
    pub stage: String,
    /// Everything the next epoch depends on.
    pub snapshot: Snapshot,
    /// Rows recorded since the training run began.
    pub rows: Rows,
    /// Files written since the training run began.
    pub kept: Artefacts,
}

#[derive(Serialize, Deserialize)]
struct Head {
    stage: String,
    epoch: usize,
    rows: String,
    #[serde(default)]
    kept: Artefacts,
    /// Over tensors, rows and files: a half-written or altered file is refused, and the generation before it is taken.
    sha256: String,
}

const NEW: &str = "checkpoint.safetensors";
const OLD: &str = "checkpoint.previous.safetensors";

impl Checkpoint {
    /// Writes this generation and keeps the one before.
    pub fn save(&self, folder: &Folder, store: &Store) -> Result<()> {
        let rows = String::from_utf8(self.rows.to_csv())?;
        let mut head = Head {
            stage: self.stage.clone(),
            epoch: self.snapshot.epoch,
            rows,
            kept: self.kept.clone(),
            sha256: String::new(),
        };
        head.sha256 = seal(&head, &self.snapshot);
        let bytes = self.snapshot.encode(&canonical::json(&head));
        let (new, old) = (name(NEW), name(OLD));
        if folder.folder(&new).kind()? == Some(Kind::File) {
            if folder.folder(&old).kind()? != Some(Kind::File) {
                store.clear(folder, &old)?;
            }
            store.disk().rename_file(folder, &new, &old)?;
        }
        store.overwrite(folder, &new, &bytes)
    }

    /// The newest sound checkpoint of the training run `stage`. One that is damaged, or whose files are, is as good as
    /// none: the run begins anew and ends with the same bytes.
    pub fn load(folder: &Folder, stage: &str) -> Option<Self> {
        let mut found = [NEW, OLD].into_iter().filter_map(|file| Self::read(folder, file));
        found.find(|checkpoint| checkpoint.stage == stage)
    }

    fn read(folder: &Folder, file: &str) -> Option<Self> {
        let bytes = folder.read(&name(file)).ok()?;
        let (snapshot, head) = Snapshot::decode(&bytes).ok()?;
        let head: Head = serde_json::from_str(&head).ok()?;
        snapshot.check_finite().ok()?;
        if seal(&head, &snapshot) != head.sha256 {
            return None;
        }
        for (file, expected) in &head.kept {
            read_sound(folder, file, expected).ok()??;
        }
        let rows = Rows::from_csv(head.rows.as_bytes()).ok()?;
        let snapshot = Snapshot { epoch: head.epoch, ..snapshot };
        Some(Self { stage: head.stage, snapshot, rows, kept: head.kept })
    }
}

/// The digest of everything in a checkpoint but the digest itself.
fn seal(head: &Head, snapshot: &Snapshot) -> String {
    let kept = canonical::json(&head.kept);
    let texts = [&head.stage, &head.epoch.to_string(), &head.rows, &kept, &sha256(&snapshot.encode(""))];
    sha256(canonical::json(&texts).as_bytes())
}
