//! Operations that change the disk: each counted, each with an error that names the path, each with a fault for tests.
//!
//! A file appears whole or not at all: a temporary file with a name of its own in the same folder, write, sync, rename,
//! sync of the folder. Two processes may write the same file; one of them wins, and both have succeeded. Permissions
//! are the umask's.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Error, Result};

use crate::calls::{Call, Calls};
use crate::folder::Folder;
use crate::kind::{Kind, absent, if_found, if_there};
use crate::name::Name;
use crate::temporary;
use crate::text::shown;

/// Which operation a test wants to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// None.
    Never,
    /// Only operation number n, from 0.
    Once(usize),
    /// Operation number n and all that follow: a disk that is gone.
    From(usize),
}

/// The disk, with a count of the operations that change it.
#[derive(Debug)]
pub struct Disk {
    fault: Fault,
    operations: AtomicUsize,
    pub(crate) calls: Calls,
    pub(crate) locks: Locks,
    /// What its locks say of their holder; none for process and machine.
    pub(crate) signature: Option<String>,
}

/// Whether the file system knows locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locks {
    /// It says so itself.
    AsTheyAre,
    /// A test wants it to know none.
    Unsupported,
    /// A test wants everybody to get every lock, as machines do that do not share theirs.
    Unshared,
    /// A test wants files that were removed to keep their names for a while.
    NamesRemembered,
}

impl Locks {
    /// Tries to take the lock on a file.
    pub(crate) fn take(self, file: &File) -> Result<(), TryLockError> {
        match self {
            Self::AsTheyAre | Self::NamesRemembered => file.try_lock(),
            Self::Unsupported => Err(TryLockError::Error(io::ErrorKind::Unsupported.into())),
            Self::Unshared => Ok(()),
        }
    }
}

/// How often a file is written again when somebody took its temporary file away. Where locks are not shared between
/// machines, a process on another one cannot see that it is in use.
const ATTEMPTS: usize = 8;

impl Disk {
    /// The disk as it is.
    pub fn new() -> Self {
        Self::with_fault(Fault::Never)
    }

    /// A disk that fails as told.
    pub fn with_fault(fault: Fault) -> Self {
        let (operations, calls) = (AtomicUsize::new(0), Calls::default());
        Self { fault, operations, calls, locks: Locks::AsTheyAre, signature: None }
    }

    /// A disk for tests whose call number `number` of the system, from 0, fails with the system's error `error` (`errno`), once.
    /// Calls of [`Disk::root`] and of folders in it count.
    pub fn with_failing_call(number: usize, error: i32) -> Self {
        Self { calls: Calls::failing(number, error), ..Self::new() }
    }

    /// [`Folder::root`] on this disk: what is read there fails with it.
    pub fn root(&self, path: impl Into<PathBuf>) -> Folder {
        Folder::root(path).counted(self.calls.clone())
    }

    /// Calls of a kind that were made so far; counted only by [`Disk::with_failing_call`].
    pub fn calls(&self, call: Call) -> usize {
        self.calls.made(call)
    }

    /// The same disk as if its file system knew no locks, for tests.
    #[must_use]
    pub fn without_locks(self) -> Self {
        Self { locks: Locks::Unsupported, ..self }
    }

    /// The same disk as if each process were on a machine of its own and locks ended there, for tests.
    #[must_use]
    pub fn with_unshared_locks(self) -> Self {
        Self { locks: Locks::Unshared, ..self }
    }

    /// The same disk as if a file that was removed still had its name when somebody looks, for tests.
    #[must_use]
    pub fn with_remembered_names(self) -> Self {
        Self { locks: Locks::NamesRemembered, ..self }
    }

    /// The same disk, whose locks say that `who` holds them.
    #[must_use]
    pub fn signed(self, who: String) -> Self {
        Self { signature: Some(who), ..self }
    }

    /// Operations tried so far.
    pub fn operations(&self) -> usize {
        self.operations.load(Ordering::Relaxed)
    }

    /// Creates a folder and its parents; one that is there is fine.
    ///
    /// # Errors
    /// If a link or anything else stands in the place of a folder below the root, or the system refuses; names the
    /// path, as all errors here do.
    pub fn create(&self, folder: &Folder) -> Result<()> {
        let path = folder.path();
        let there = if_there(folder.enter());
        if there.with_context(|| format!("cannot create the directory {}", shown(&path)))?.is_some() {
            return Ok(());
        }
        self.attempt("create the directory", &path, || {
            self.calls.make(Call::MakeFolder, || fs::create_dir_all(folder.top()))?;
            folder.steps().try_for_each(|step| self.calls.make(Call::MakeFolder, || create_one(&step)))
        })
    }

    /// Writes a whole file, or leaves the one that was there; creates folders that are missing. A link in the place of
    /// the file is replaced, not followed.
    ///
    /// # Errors
    /// If one of the steps fails, or something else than a folder is on the way.
    pub fn write(&self, folder: &Folder, name: &Name, bytes: &[u8]) -> Result<()> {
        let path = folder.file(name);
        let at = || format!("cannot write {}", shown(&path));
        self.create(&folder.holder_of(name)).with_context(at)?;
        no_folder(&path).with_context(at)?;
        self.replace(&path, &path, bytes)
    }

    /// Removes a file, or a link itself; one that is not there is fine.
    ///
    /// # Errors
    /// If it stays, if it is a folder, or if something else than a folder is on the way.
    pub fn remove(&self, folder: &Folder, name: &Name) -> Result<()> {
        let path = folder.file(name);
        let place = if_there(folder.place(name)).and_then(|place| {
            no_folder(&path)?;
            Ok(place)
        });
        match place.with_context(|| format!("cannot remove {}", shown(&path)))? {
            Some(path) => {
                self.attempt("remove", &path, || self.calls.make(Call::Remove, || gone(remove_one(&path))))
            }
            None => Ok(()),
        }
    }

    /// Removes a folder with all it holds; one that is not there is fine. Links inside go and are not followed; if the
    /// folder is a link itself, the link goes and nothing else.
    ///
    /// # Errors
    /// If something stays, if it is a file, or if something else than a folder is on the way.
    pub fn remove_folder(&self, folder: &Folder) -> Result<()> {
        let path = folder.path();
        let on_the_way = folder.parent().map_or(Ok(()), |(parent, _)| parent.enter());
        let kind = if_there(on_the_way.and_then(|()| {
            let kind = Kind::at(&path)?;
            if kind != Kind::Link {
                kind.expect(Kind::Folder, &path)?;
            }
            Ok(kind)
        }));
        match kind.with_context(|| format!("cannot remove the directory {}", shown(&path)))? {
            Some(Kind::Link) => {
                self.attempt("remove", &path, || self.calls.make(Call::Remove, || gone(remove_one(&path))))
            }
            Some(_) => self.attempt("remove the directory", &path, || {
                self.calls.make(Call::Remove, || gone(fs::remove_dir_all(&path)))
            }),
            None => Ok(()),
        }
    }

    /// The writer of files: `bytes` appear at `path` whole, or not at all. Errors speak of `named`.
    pub(crate) fn replace(&self, named: &Path, path: &Path, bytes: &[u8]) -> Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut left = ATTEMPTS;
        loop {
            left -= 1;
            let temporary =
                self.attempt("write", named, || temporary::file_with(&self.calls, folder, bytes))?;
            let moved = self.attempt("move a finished file to", named, || {
                let mut unmoved = Some(temporary);
                self.calls.make(Call::Rename, || {
                    let temporary = unmoved.take().expect("it comes back when it cannot be moved");
                    temporary.persist(path).map_err(|failed| {
                        unmoved = Some(failed.file);
                        failed.error
                    })
                })
            });
            match moved {
                Err(error) if absent(&error) && left > 0 => {}
                other => {
                    other?;
                    return self.attempt("sync the directory of", named, || sync(&self.calls, folder));
                }
            }
        }
    }

    /// One operation, unless it is to fail.
    pub(crate) fn attempt<T>(
        &self,
        verb: &str,
        path: &Path,
        operation: impl FnOnce() -> io::Result<T>,
    ) -> Result<T> {
        let number = self.operations.fetch_add(1, Ordering::Relaxed);
        let fails = match self.fault {
            Fault::Never => false,
            Fault::Once(n) => number == n,
            Fault::From(n) => number >= n,
        };
        let result = if fails { Err(io::Error::other("operation failed by a test")) } else { operation() };
        result.map_err(|error| {
            let hint = hint(&error);
            Error::new(error).context(format!("cannot {verb} {}{hint}", shown(path)))
        })
    }
}

impl Default for Disk {
    fn default() -> Self {
        Self::new()
    }
}

/// Syncs a folder. Some file systems cannot; a rename there is as durable as it gets.
pub(crate) fn sync(calls: &Calls, folder: &Path) -> io::Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    let synced = calls
        .make(Call::Open, || File::open(folder))
        .and_then(|folder| calls.make(Call::Sync, || folder.sync_all()));
    match synced {
        Err(error) if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput) => {
            Ok(())
        }
        other => other,
    }
}

/// That something is gone already is fine.
pub(crate) fn gone(result: io::Result<()>) -> io::Result<()> {
    if_found(result).map(|_| ())
}

/// An error if a folder stands where a file is wanted.
pub(crate) fn no_folder(path: &Path) -> Result<()> {
    match Kind::if_any(path)? {
        Some(Kind::Folder) => Kind::Folder.expect(Kind::File, path),
        _ => Ok(()),
    }
}

/// Another process may create the same folder at the same time.
fn create_one(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && Kind::at(path)? == Kind::Folder => {
            Ok(())
        }
        other => other,
    }
}

/// Windows removes a link to a folder as a folder.
fn remove_one(path: &Path) -> io::Result<()> {
    if cfg!(windows) && Kind::at(path)? == Kind::Link {
        return fs::remove_file(path).or_else(|_| fs::remove_dir(path));
    }
    fs::remove_file(path)
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            " (the disk is full: free some space and run the same command again; what is finished is kept)"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            " (no permission to write there: choose another place; for results, --out)"
        }
        _ => "",
    }
}
