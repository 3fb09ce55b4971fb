//! The store: one folder a point, named by its key, published by one rename.
//!
//! ```text
//! <out>/<profile>/points/<key>/            published: artefacts, metrics.csv, manifest.json, host.json
//! <out>/<profile>/points/.work-<key>/      under way: finished stages and checkpoints survive a kill here
//! <out>/<profile>/points/.lock-<key>       held by the process that works on it
//! ```
//!
//! Several processes, on several machines that share a directory, may work through one plan: a lock keeps two of them
//! from the same point, and where locks fail the rename still lets one win and the other compare and drop its own.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::canonical;
use crate::disk::{self, Disk};
use crate::point::{Key, Point, sha256};
use crate::rows::Rows;

/// What a file is known by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artefact {
    /// Its length.
    pub bytes: u64,
    /// The SHA-256 of its bytes.
    pub sha256: String,
}

impl Artefact {
    /// The artefact with these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.len() as u64, sha256: sha256(bytes) }
    }
}

impl fmt::Display for Artefact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes with SHA-256 {}", self.bytes, self.sha256)
    }
}

/// Files by name.
pub type Artefacts = BTreeMap<String, Artefact>;

/// What of a published point is the same on every run: `manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its key.
    pub key: Key,
    /// What the key is made of.
    pub config: Value,
    /// The points it read.
    pub needs: Vec<Key>,
    /// Its files.
    pub artefacts: Artefacts,
    /// The last value of each metric; none where it is not finite.
    pub metrics: BTreeMap<String, Option<f64>>,
}

/// The file with the rows of a point.
pub const METRICS: &str = "metrics.csv";
/// The file with what is the same on every run.
pub const MANIFEST: &str = "manifest.json";
/// The file with what is not.
pub const HOST: &str = "host.json";

/// The points of one profile under one results folder.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    disk: Disk,
}

/// A lock on one point; released when dropped, or when the process dies.
#[derive(Debug)]
pub struct Lock {
    _file: File,
    path: PathBuf,
}

impl Lock {
    /// Releases the lock and removes its file: the point is published, and whoever still waits on this very file looks
    /// for the point first when it gets the lock.
    pub fn retire(self) {
        // An empty file that stays does no harm.
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Store {
    /// The store in `root`, which is `<out>/<profile>`; nothing is created yet.
    pub fn new(root: impl Into<PathBuf>, disk: Disk) -> Self {
        Self { root: root.into(), disk }
    }

    /// The folder of the profile.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The disk it writes through.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// The folder of a published point.
    pub fn path(&self, key: &Key) -> PathBuf {
        self.points().join(key.as_str())
    }

    /// The folder of a point under way.
    pub fn work(&self, key: &Key) -> PathBuf {
        self.points().join(format!(".work-{key}"))
    }

    fn points(&self) -> PathBuf {
        self.root.join("points")
    }

    /// Whether the point is published. Its folder appears by one rename, manifest and all.
    pub fn has(&self, key: &Key) -> bool {
        self.path(key).join(MANIFEST).is_file()
    }

    /// Tries to become the one who works on `name`; none if another process is.
    ///
    /// # Errors
    /// If the lock file cannot be opened or locked.
    pub fn lock(&self, name: &str) -> Result<Option<Lock>> {
        self.disk.create_directory(&self.points())?;
        let path = self.points().join(format!(".lock-{name}"));
        let file = self.disk.open_lock(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock { _file: file, path })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }

    /// The manifest of a published point.
    ///
    /// # Errors
    /// If it cannot be read or is not one.
    pub fn manifest(&self, key: &Key) -> Result<Manifest> {
        manifest_in(&self.path(key))
    }

    /// A file of a published point, held against the point's manifest.
    ///
    /// # Errors
    /// If it cannot be read, the manifest does not list it, or its size or SHA-256 is another; names the file and the
    /// folder to remove.
    pub fn read(&self, key: &Key, name: &str) -> Result<Vec<u8>> {
        let folder = self.path(key);
        let (path, cure) =
            (folder.join(name), format!("remove the folder {}, it is trained again", folder.display()));
        let manifest = self.manifest(key).with_context(|| cure.clone())?;
        let Some(expected) = manifest.artefacts.get(name) else {
            bail!("{}: expected a file that the manifest lists; {cure}", path.display());
        };
        let bytes = disk::read(&path).with_context(|| cure.clone())?;
        let found = Artefact::of(&bytes);
        ensure!(found == *expected, "{}: expected {expected}, found {found}; {cure}", path.display());
        Ok(bytes)
    }

    /// The rows of a published point.
    ///
    /// # Errors
    /// As for [`Store::read`], or if they are no rows.
    pub fn rows(&self, key: &Key) -> Result<Rows> {
        let path = self.path(key).join(METRICS);
        Rows::from_csv(&self.read(key, METRICS)?).with_context(|| format!("{}", path.display()))
    }

    /// Removes a published point, and what is left of one under way: `--force`.
    ///
    /// # Errors
    /// If something stays.
    pub fn forget(&self, key: &Key) -> Result<()> {
        self.disk.remove(&self.path(key).join(MANIFEST))?;
        self.disk.remove_directory(&self.path(key))?;
        self.disk.remove_directory(&self.work(key))
    }

    /// Publishes the working folder: only the files named by `keep` go with it, and manifest and host.
    ///
    /// If the point is there already, ours is compared and dropped.
    ///
    /// # Errors
    /// If the disk refuses, or if the point is there with other bytes: then one of the two runs is wrong.
    pub fn publish(&self, point: &Point, keep: &[String], rows: &Rows, host: &Value) -> Result<()> {
        let work = self.work(&point.key);
        self.disk.write(&work.join(METRICS), &rows.to_csv())?;
        let mut artefacts = Artefacts::new();
        for name in keep.iter().map(String::as_str).chain([METRICS]) {
            artefacts.insert(name.to_owned(), Artefact::of(&disk::read(&work.join(name))?));
        }
        let manifest = Manifest {
            key: point.key.clone(),
            config: serde_json::from_str(&point.config).context("a canonical configuration reads back")?,
            needs: point.needs.clone(),
            metrics: last_values(rows),
            artefacts,
        };
        self.disk.write(&work.join(HOST), canonical::pretty(host).as_bytes())?;
        // From here on the folder is complete, and whoever finds it needs only to finish.
        self.disk.write(&work.join(MANIFEST), canonical::pretty(&manifest).as_bytes())?;
        self.finish(&point.key).map(|_| ())
    }

    /// Publishes a working folder that is complete but for the rename: a run was stopped there. False if it is not.
    ///
    /// # Errors
    /// As for [`Store::publish`].
    pub fn finish(&self, key: &Key) -> Result<bool> {
        let work = self.work(key);
        let Some(manifest) = manifest_in(&work).ok().filter(|m| verify(&work, &m.artefacts).is_empty())
        else {
            self.disk.remove(&work.join(MANIFEST))?;
            return Ok(false);
        };
        if !self.has(key) {
            let stays =
                |name: &String| manifest.artefacts.contains_key(name) || name == MANIFEST || name == HOST;
            for name in disk::list(&work)?.into_iter().filter(|name| !stays(name)) {
                self.disk.remove(&work.join(name))?;
            }
            match self.disk.rename(&work, &self.path(key)) {
                // Another process was faster, on a file system that does not know locks.
                Err(_) if self.has(key) && work.is_dir() => {}
                result => return result.map(|()| true),
            }
        }
        self.compare(&manifest)?;
        self.disk.remove_directory(&work)?;
        Ok(true)
    }

    fn compare(&self, ours: &Manifest) -> Result<()> {
        let published = self.manifest(&ours.key)?;
        if published.artefacts == ours.artefacts {
            return Ok(());
        }
        let differs =
            |(name, artefact): &(&String, &Artefact)| published.artefacts.get(*name) != Some(*artefact);
        let name =
            ours.artefacts.iter().find(differs).map_or("a file of the published one", |(name, _)| name);
        bail!(
            "point {} is published in {} with other bytes ({name} differs): the same configuration gave two results; \
             ours is kept in {}",
            ours.key,
            self.path(&ours.key).display(),
            self.work(&ours.key).display()
        )
    }

    /// What differs between a published point and its manifest, one sentence each; empty if nothing does.
    ///
    /// # Errors
    /// If the manifest cannot be read.
    pub fn verify(&self, key: &Key) -> Result<Vec<String>> {
        Ok(verify(&self.path(key), &self.manifest(key)?.artefacts))
    }

    /// Keys of all published points, sorted.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn published(&self) -> Result<Vec<Key>> {
        let points = self.points();
        if !points.is_dir() {
            return Ok(vec![]);
        }
        let at = || format!("cannot list {}", points.display());
        let mut keys = Vec::new();
        for entry in std::fs::read_dir(&points).with_context(at)? {
            let name = entry.with_context(at)?.file_name();
            keys.extend(name.to_str().and_then(|name| name.parse::<Key>().ok()).filter(|key| self.has(key)));
        }
        keys.sort();
        Ok(keys)
    }
}

fn manifest_in(directory: &Path) -> Result<Manifest> {
    let path = directory.join(MANIFEST);
    serde_json::from_slice(&disk::read(&path)?).with_context(|| format!("{}: not a manifest", path.display()))
}

/// What differs between the files in `directory` and their digests, one sentence each.
pub fn verify(directory: &Path, artefacts: &Artefacts) -> Vec<String> {
    let mut trouble = Vec::new();
    for (name, expected) in artefacts {
        let path = directory.join(name);
        match disk::read(&path) {
            Err(error) => trouble.push(format!("{error:#}")),
            Ok(bytes) if Artefact::of(&bytes) == *expected => {}
            Ok(bytes) => {
                let (path, found) = (path.display(), Artefact::of(&bytes).sha256);
                trouble.push(format!("{path}: expected SHA-256 {}, found {found}", expected.sha256));
            }
        }
    }
    trouble
}

fn last_values(rows: &Rows) -> BTreeMap<String, Option<f64>> {
    let finite = |x: f64| x.is_finite().then_some(x);
    rows.rows.iter().map(|row| (row.metric.clone(), finite(row.value))).collect()
}
