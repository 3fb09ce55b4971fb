//! The store: one folder a point, named by its key, published by one rename.
//!
//! ```text
//! <out>/<profile>/points/<key>/            published: artefacts, metrics.csv, manifest.json, host.json
//! <out>/<profile>/points/.work-<key>/      under way: finished stages and checkpoints survive a kill here
//! <out>/<profile>/points/.aside-<key>/     what stood in the way of a published point; goes when that is there
//! <out>/<profile>/points/.lock-<key>       held by the process that works on it
//! ```
//!
//! Several processes, on several machines that share a directory, may work through one plan: a lock keeps two of them
//! from the same point. Where the file system has no locks, each process works in a folder of its own, and the rename
//! lets one win; the others compare their bytes with the winner's and drop their own.
//!
//! A results folder may come from somebody else. Names in manifests are [`Name`]s, which cannot leave their folder, and
//! nothing is written or removed through a link.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail, ensure};
use disk::{Disk, Folder, Kind, Lock, Locking, Name};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::canonical;
use crate::digest::sha256;
use crate::point::{Key, Point};
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
pub type Artefacts = BTreeMap<Name, Artefact>;

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
/// The folder with all points.
const POINTS: &str = "points";

/// A name that this program chose.
///
/// # Panics
/// If it is none: a bug.
pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap_or_else(|bad| panic!("a name of our own: {bad}"))
}

/// The points of one profile under one results folder.
#[derive(Debug)]
pub struct Store {
    root: Folder,
    disk: Disk,
    unlocked: AtomicUsize,
}

/// The right to work on a point, and where. Given back when dropped, or when the process dies.
#[derive(Debug)]
pub struct Turn {
    lock: Option<Lock>,
    /// Where the point is under way.
    pub work: Folder,
}

impl Turn {
    /// Gives the turn back and removes its lock file: the point is published, and whoever still waits on this very file
    /// looks for the point first when it gets the lock.
    pub fn retire(self) {
        if let Some(lock) = self.lock {
            lock.retire();
        }
    }
}

/// What becomes of a point that is published already when it is published once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publish {
    /// It stays, and must have the same bytes.
    Compare,
    /// The new one takes its place: `--force`.
    Replace,
}

impl Store {
    /// The store in `root`, the folder of one profile; nothing is created yet.
    pub fn new(root: Folder, disk: Disk) -> Self {
        Self { root, disk, unlocked: AtomicUsize::new(0) }
    }

    /// The folder of the profile.
    pub fn root(&self) -> &Folder {
        &self.root
    }

    /// The disk it writes through.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// The folder of a published point.
    pub fn path(&self, key: &Key) -> Folder {
        self.points().folder(&name(key.as_str()))
    }

    /// The folder of a point under way.
    pub fn work(&self, key: &Key) -> Folder {
        self.points().folder(&name(&format!(".work-{key}")))
    }

    fn points(&self) -> Folder {
        self.root.folder(&name(POINTS))
    }

    /// Whether the point is published: its folder appears by one rename, manifest and all. A folder without a manifest,
    /// or with one that is cut off, is what an interrupted copy leaves: the point is not there.
    ///
    /// # Errors
    /// If the disk does not say.
    pub fn has(&self, key: &Key) -> Result<bool> {
        if self.path(key).kind()? != Some(Kind::Folder) {
            return Ok(false);
        }
        let Some(bytes) = self.path(key).read_if_there(&name(MANIFEST))? else { return Ok(false) };
        Ok(serde_json::from_slice::<Manifest>(&bytes).is_ok_and(|manifest| manifest.key == *key))
    }

    /// Tries to become the one who works on a point; none if another process is.
    ///
    /// # Errors
    /// If the lock file cannot be opened or locked. A file system that has no locks is no error.
    pub fn turn(&self, key: &Key) -> Result<Option<Turn>> {
        let work = self.work(key);
        Ok(match self.lock(key.as_str())? {
            Locking::Held(lock) => Some(Turn { lock: Some(lock), work }),
            Locking::Elsewhere => None,
            Locking::Unsupported(_) => {
                let nth = self.unlocked.load(Ordering::Relaxed);
                let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
                let own = format!(".work-{key}.{}-{nth}-{since}", std::process::id());
                Some(Turn { lock: None, work: self.points().folder(&name(&own)) })
            }
        })
    }

    /// Tries to lock something of this store by its name.
    ///
    /// # Errors
    /// If the lock file cannot be opened or locked.
    pub fn lock(&self, what: &str) -> Result<Locking> {
        self.disk.create(&self.points())?;
        let locking = self.disk.lock(&self.points(), &name(&format!(".lock-{what}")))?;
        if matches!(locking, Locking::Unsupported(_)) {
            self.unlocked.fetch_add(1, Ordering::Relaxed);
        }
        Ok(locking)
    }

    /// Whether this file system was found to have no locks.
    pub fn is_unlocked(&self) -> bool {
        self.unlocked.load(Ordering::Relaxed) > 0
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
    /// If it cannot be read; if the manifest does not list it, or its size or SHA-256 is another, names the file and the
    /// folder to remove.
    pub fn read(&self, key: &Key, file: &str) -> Result<Vec<u8>> {
        let folder = self.path(key);
        let file = Name::new(file)?;
        let path = folder.file(&file);
        let cure = format!("remove the folder {}, it is trained again", folder.path().display());
        let manifest = self.manifest(key)?;
        let Some(expected) = manifest.artefacts.get(&file) else {
            bail!("{}: expected a file that the manifest lists; {cure}", path.display());
        };
        let Some(bytes) = folder.read_if_there(&file)? else {
            bail!("{}: expected {expected}, found nothing; {cure}", path.display());
        };
        let found = Artefact::of(&bytes);
        ensure!(found == *expected, "{}: expected {expected}, found {found}; {cure}", path.display());
        Ok(bytes)
    }

    /// The rows of a published point.
    ///
    /// # Errors
    /// As for [`Store::read`], or if they are no rows.
    pub fn rows(&self, key: &Key) -> Result<Rows> {
        let path = self.path(key).file(&name(METRICS));
        Rows::from_csv(&self.read(key, METRICS)?).with_context(|| format!("{}", path.display()))
    }

    /// Publishes a working folder: only the files named by `kept` go with it, and manifest and host. Their digests are
    /// those of the bytes that were written, so that a file that has changed since is found out.
    ///
    /// If the point is there already, `publish` says what becomes of it.
    ///
    /// # Errors
    /// If the disk refuses, a file has changed, or the point is there with other bytes: then one of the two runs is wrong.
    pub fn publish(&self, point: &Point, turn: &Turn, done: Done<'_>, publish: Publish) -> Result<()> {
        let mut artefacts = done.kept.clone();
        let rows = done.rows.to_csv();
        self.disk.write(&turn.work, &name(METRICS), &rows)?;
        artefacts.insert(name(METRICS), Artefact::of(&rows));
        let manifest = Manifest {
            key: point.key.clone(),
            config: serde_json::from_str(&point.config).context("a canonical configuration reads back")?,
            needs: point.needs.clone(),
            metrics: last_values(done.rows),
            artefacts,
        };
        self.disk.write(&turn.work, &name(HOST), canonical::pretty(done.host).as_bytes())?;
        // From here on the folder is complete, and whoever finds it needs only to finish.
        self.disk.write(&turn.work, &name(MANIFEST), canonical::pretty(&manifest).as_bytes())?;
        let finished = self.finish(&point.key, turn, publish)?;
        ensure!(
            finished,
            "cannot publish {}: a file changed while it was written",
            turn.work.path().display()
        );
        Ok(())
    }

    /// Publishes a working folder that is complete but for the rename: a run was stopped there. False if it is not, and
    /// then its manifest is gone.
    ///
    /// # Errors
    /// As for [`Store::publish`].
    pub fn finish(&self, key: &Key, turn: &Turn, publish: Publish) -> Result<bool> {
        let work = &turn.work;
        if !work.exists()? {
            return Ok(false);
        }
        let Some(manifest) = complete(work, key)? else {
            self.disk.remove(work, &name(MANIFEST))?;
            return Ok(false);
        };
        if publish == Publish::Compare && self.has(key)? {
            self.compare(&manifest, work)?;
            self.disk.remove_folder(work)?;
            return Ok(true);
        }
        let stays =
            |file: &Name| manifest.artefacts.contains_key(file) || [MANIFEST, HOST].contains(&file.as_str());
        for file in work.files()?.into_iter().filter(|file| !stays(file)) {
            self.disk.remove(work, &file)?;
        }
        let aside = self.points().folder(&name(&format!(".aside-{key}")));
        self.disk.remove_folder(&aside)?;
        if self.path(key).kind()?.is_some() {
            self.set_aside(key, &aside)?;
        }
        match self.disk.rename(work, &self.path(key)) {
            // Another process was faster, on a file system that has no locks.
            Err(_) if work.exists()? && self.has(key)? => {
                self.compare(&manifest, work)?;
                self.disk.remove_folder(work)?;
            }
            result => result?,
        }
        self.disk.remove_folder(&aside)?;
        Ok(true)
    }

    /// Moves what has the name of a published point out of the way. A link is removed: it is nobody's folder.
    fn set_aside(&self, key: &Key, aside: &Folder) -> Result<()> {
        if self.path(key).kind()? == Some(Kind::Folder) {
            self.disk.rename(&self.path(key), aside)
        } else {
            self.disk.remove_folder(&self.path(key))
        }
    }

    fn compare(&self, ours: &Manifest, work: &Folder) -> Result<()> {
        let published = self.manifest(&ours.key)?;
        if published.artefacts == ours.artefacts {
            return Ok(());
        }
        let differs =
            |(file, artefact): &(&Name, &Artefact)| published.artefacts.get(*file) != Some(*artefact);
        let first = ours.artefacts.iter().find(differs);
        let first = first.map_or("a file of the published one", |(file, _)| file.as_str());
        bail!(
            "point {} is published in {} with other bytes ({first} differs): the same configuration gave two results; \
             ours is kept in {}",
            ours.key,
            self.path(&ours.key).path().display(),
            work.path().display()
        )
    }

    /// What differs between a published point and its manifest, one sentence each; empty if nothing does.
    ///
    /// # Errors
    /// If the manifest or a file cannot be read.
    pub fn verify(&self, key: &Key) -> Result<Vec<String>> {
        verify(&self.path(key), &self.manifest(key)?.artefacts)
    }

    /// Keys of all published points, sorted.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn published(&self) -> Result<Vec<Key>> {
        if !self.points().exists()? {
            return Ok(vec![]);
        }
        let mut keys = Vec::new();
        for (entry, _) in self.points().entries()? {
            if let Ok(key) = entry.as_str().parse::<Key>()
                && self.has(&key)?
            {
                keys.push(key);
            }
        }
        keys.sort();
        Ok(keys)
    }
}

/// What a job leaves to be published.
#[derive(Clone, Copy, Debug)]
pub struct Done<'a> {
    /// Its files, by the digests of what was written.
    pub kept: &'a Artefacts,
    /// What was measured.
    pub rows: &'a Rows,
    /// How it was run.
    pub host: &'a Value,
}

/// The manifest of a working folder, if it is whole and so are all files.
fn complete(work: &Folder, key: &Key) -> Result<Option<Manifest>> {
    let Some(bytes) = work.read_if_there(&name(MANIFEST))? else { return Ok(None) };
    let manifest = serde_json::from_slice::<Manifest>(&bytes).ok().filter(|manifest| manifest.key == *key);
    let Some(manifest) = manifest else { return Ok(None) };
    let whole = verify(work, &manifest.artefacts)?.is_empty();
    Ok(whole.then_some(manifest))
}

fn manifest_in(folder: &Folder) -> Result<Manifest> {
    let bytes = folder.read(&name(MANIFEST))?;
    serde_json::from_slice(&bytes).with_context(|| {
        let path = folder.path();
        let file = folder.file(&name(MANIFEST));
        format!(
            "{}: not a manifest; remove the folder {}, it is trained again",
            file.display(),
            path.display()
        )
    })
}

/// What differs between the files of a folder and their digests, one sentence each.
///
/// # Errors
/// If a file that is there cannot be read.
pub fn verify(folder: &Folder, artefacts: &Artefacts) -> Result<Vec<String>> {
    let mut trouble = Vec::new();
    for (file, expected) in artefacts {
        let path = folder.file(file);
        match folder.read_if_there(file)? {
            None => trouble.push(format!("{}: expected {expected}, found nothing", path.display())),
            Some(bytes) if Artefact::of(&bytes) == *expected => {}
            Some(bytes) => {
                let (path, found) = (path.display(), Artefact::of(&bytes).sha256);
                trouble.push(format!("{path}: expected SHA-256 {}, found {found}", expected.sha256));
            }
        }
    }
    Ok(trouble)
}

fn last_values(rows: &Rows) -> BTreeMap<String, Option<f64>> {
    let finite = |x: f64| x.is_finite().then_some(x);
    rows.rows.iter().map(|row| (row.metric.clone(), finite(row.value))).collect()
}
