//! The store: one folder a point, named by its key, published by one rename.
//!
//! ```text
//! <out>/<profile>/points/<key>/            published: artefacts, metrics.csv, manifest.json, host.json
//! <out>/<profile>/points/.work-<key>.<own>/  under way: finished stages and checkpoints survive a kill here
//! <out>/<profile>/points/.work-<key>/      under way, and given back by a run that was stopped
//! <out>/<profile>/points/.aside-<key>.<own>/ what stood in the way of a published point; goes when that is there
//! <out>/<profile>/points/.lock-<key>       held by the process that works on it
//! ```
//!
//! Several processes, on several machines that share a directory, may work through one plan: a lock keeps two of them
//! from the same point. Where the file system has no locks, or machines do not share them, that costs time and nothing
//! else: each process works in a folder of its own, and the rename lets one win; the others compare their bytes with the
//! winner's and drop their own.
//!
//! A results folder may come from somebody else. Names in manifests are [`Name`]s, which cannot leave their folder, and
//! nothing is written or removed through a link.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use disk::{Disk, Folder, Kind, Lock, Locking, Name};

use crate::canonical;
use crate::listing::{ASIDE, Listing, WORK};
use crate::owner;
use crate::point::Key;
use crate::rows::Rows;

pub use crate::manifest::{Artefact, Artefacts, HOST, MANIFEST, METRICS, Manifest, verify};
pub(crate) use crate::manifest::{name, read_if_file, read_sound, refused};

/// The folder with all points.
const POINTS: &str = "points";
/// How often a point is looked for that another process is about to put there anew, and after what pauses.
const PATIENCE: (usize, Duration) = (40, Duration::from_millis(50));
/// After how many looks in a row that find neither the point nor that it is set aside it counts as not there.
const FOUND_NEITHER: usize = 8;

/// The points of one profile under one results folder.
#[derive(Debug)]
pub struct Store {
    root: Folder,
    disk: Disk,
    unlocked: AtomicBool,
    said_so: AtomicBool,
    pub(crate) listing: Listing,
}

/// The right to work on a point, and where. Given back when dropped, or when the process dies.
#[derive(Debug)]
pub struct Turn {
    pub(crate) lock: Option<Lock>,
    /// Where the point is under way.
    pub work: Folder,
    /// What the names of its folders end in: the key, and something that no other turn has.
    ending: String,
    /// What earlier turns left of the point.
    pub(crate) left: Vec<Name>,
}

impl Turn {
    /// The name of its working folder among the points.
    pub(crate) fn work_name(&self) -> Name {
        name(&format!("{WORK}{}", self.ending))
    }

    /// The name of what stood in its way.
    pub(crate) fn aside_name(&self) -> Name {
        name(&format!("{ASIDE}{}", self.ending))
    }

    /// Gives the turn back and removes its lock file: the point is published, and whoever still waits on this very file
    /// looks for the point first when it gets the lock.
    pub fn retire(self) {
        if let Some(lock) = self.lock {
            lock.retire();
        }
    }
}

impl Store {
    /// The store in `root`, the folder of one profile; nothing is created yet.
    pub fn new(root: Folder, disk: Disk) -> Self {
        let (unlocked, said_so) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { root, disk: disk.signed(owner::whoami()), unlocked, said_so, listing: Listing::default() }
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

    /// The folder of a point under way that nobody works on: a run that was stopped gave it back.
    pub fn work(&self, key: &Key) -> Folder {
        self.points().folder(&name(&format!("{WORK}{key}")))
    }

    pub(crate) fn points(&self) -> Folder {
        self.root.folder(&name(POINTS))
    }

    /// Whether the point is published: its folder appears by one rename, manifest and all. A folder without a manifest,
    /// or with one that is cut off, is what an interrupted copy leaves: the point is not there.
    ///
    /// # Errors
    /// If the disk does not say.
    pub fn has(&self, key: &Key) -> Result<bool> {
        Ok(self.find(key)?.is_some())
    }

    /// Which of many points are published; as [`Store::has`], but the folder of all points is listed once, and only those that
    /// stand in it are looked at.
    ///
    /// # Errors
    /// If the disk does not say.
    pub fn which<'a>(&self, keys: impl Iterator<Item = &'a Key>) -> Result<Vec<bool>> {
        let there = self.listed()?;
        keys.map(|key| Ok(there.contains(key) && self.has(key)?)).collect()
    }

    /// The keys that entries of the folder of all points are called by, whole or not: one listing.
    ///
    /// # Errors
    /// If the disk does not say.
    pub(crate) fn listed(&self) -> Result<HashSet<Key>> {
        let entries = if self.points().exists()? { self.points().entries()? } else { Vec::new() };
        Ok(entries.iter().filter_map(|(entry, _)| entry.as_str().parse().ok()).collect())
    }

    /// The manifest of a point, if it is published; see [`Store::has`].
    ///
    /// # Errors
    /// If the disk does not say.
    pub fn find(&self, key: &Key) -> Result<Option<Manifest>> {
        let folder = self.path(key);
        if folder.kind()? != Some(Kind::Folder) {
            return Ok(None);
        }
        let bytes = read_if_file(&folder, &name(MANIFEST))?;
        Ok(bytes.and_then(|bytes| Manifest::of(key, &bytes)))
    }

    /// Tries to become the one who works on a point; none if another process is. What an earlier turn left of it is
    /// in the new one's folder.
    ///
    /// # Errors
    /// If the lock file cannot be opened or locked, or the disk refuses. A file system that has no locks is no error.
    pub fn turn(&self, key: &Key) -> Result<Option<Turn>> {
        let lock = match self.lock(key.as_str())? {
            Locking::Held(lock) => Some(lock),
            Locking::Elsewhere => {
                self.listing.forget();
                return Ok(None);
            }
            Locking::Unsupported(_) => None,
        };
        let ending = format!("{key}.{}", owner::own_ending());
        let work = self.points().folder(&name(&format!("{WORK}{ending}")));
        let turn = Turn { lock, work, ending, left: self.left_of(key)? };
        self.take_over(&turn)?;
        Ok(Some(turn))
    }

    /// Who works on a point, in a line fit to be printed; none if nobody says.
    pub fn holder(&self, what: &str) -> Option<String> {
        self.disk.holder(&self.points(), &name(&format!(".lock-{what}")))
    }

    /// Tries to lock something of this store by its name.
    ///
    /// # Errors
    /// If the lock file cannot be opened or locked.
    pub fn lock(&self, what: &str) -> Result<Locking> {
        self.disk.create(&self.points())?;
        let locking = self.disk.lock(&self.points(), &name(&format!(".lock-{what}")))?;
        if matches!(locking, Locking::Unsupported(_)) {
            self.unlocked.store(true, Ordering::Relaxed);
        }
        Ok(locking)
    }

    /// Whether this file system was found to have no locks; true once, so that it is told once.
    pub fn found_no_locks(&self) -> bool {
        self.unlocked.load(Ordering::Relaxed) && !self.said_so.swap(true, Ordering::Relaxed)
    }

    /// The manifest of a published point.
    ///
    /// # Errors
    /// If it cannot be read or is not one.
    pub fn manifest(&self, key: &Key) -> Result<Manifest> {
        let (folder, file) = (self.path(key), name(MANIFEST));
        let bytes = self.patiently(key, || folder.read_if_there(&file))?;
        let at = || folder.file(&file).display().to_string();
        let bytes = bytes.with_context(|| format!("{}: expected a published point, found nothing", at()))?;
        canonical::read(&bytes).with_context(|| {
            let path = folder.path();
            format!("{}: not a manifest; remove the folder {}, it is trained again", at(), path.display())
        })
    }

    /// What `read` finds of a point; where it finds nothing, again and again as long as another process has set the point
    /// aside and is about to put the same there anew. The two are looked at one after the other, and the point may come
    /// back or go between the two looks: only several that find neither say that it is not there.
    fn patiently<T>(&self, key: &Key, read: impl Fn() -> Result<Option<T>>) -> Result<Option<T>> {
        let (looks, pause) = PATIENCE;
        let mut found_neither = 0;
        for _ in 0..looks {
            if let Some(found) = read()? {
                return Ok(Some(found));
            }
            found_neither = if self.is_set_aside(key)? { 0 } else { found_neither + 1 };
            if found_neither == FOUND_NEITHER {
                break;
            }
            std::thread::sleep(pause);
        }
        Ok(None)
    }

    fn is_set_aside(&self, key: &Key) -> Result<bool> {
        let points = self.points();
        let entries = if points.exists()? { points.entries()? } else { vec![] };
        let aside = format!("{ASIDE}{key}");
        Ok(entries.iter().any(|(entry, _)| entry.as_str().starts_with(&aside)))
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
        let Some(bytes) = self.patiently(key, || folder.read_if_there(&file))? else {
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

    /// Removes whatever has this name in a folder of ours; a link itself, and not what it leads to.
    ///
    /// # Errors
    /// If the disk refuses.
    pub(crate) fn clear(&self, folder: &Folder, entry: &Name) -> Result<()> {
        let place = folder.folder(entry);
        match place.kind()? {
            None => Ok(()),
            Some(Kind::Folder) => self.disk.remove_folder(&place),
            Some(_) => self.disk.remove(folder, entry),
        }
    }

    /// Writes a file; a folder that stands in its place is removed.
    ///
    /// # Errors
    /// If the disk refuses.
    pub(crate) fn overwrite(&self, folder: &Folder, file: &Name, bytes: &[u8]) -> Result<()> {
        let place = folder.folder(file);
        if place.kind()? == Some(Kind::Folder) {
            self.disk.remove_folder(&place)?;
        }
        self.disk.write(folder, file, bytes)
    }
}
