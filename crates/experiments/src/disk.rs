//! Every change to the disk goes through here: one atomic writer, errors that name the path, a fault for tests.
//!
//! A file appears whole or not at all: temporary name in the same directory, write, sync, rename, sync of the
//! directory. Permissions are the umask's. Temporary names are fixed (`.tmp-NAME`), so that what a killed process
//! left is overwritten by the next one; whoever writes holds a lock on that directory's work.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};

/// What the names of unfinished files begin with.
pub const TEMPORARY: &str = ".tmp-";

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
}

impl Disk {
    /// The disk as it is.
    pub fn new() -> Self {
        Self::with_fault(Fault::Never)
    }

    /// A disk that fails as told.
    pub fn with_fault(fault: Fault) -> Self {
        Self { fault, operations: AtomicUsize::new(0) }
    }

    /// Operations tried so far.
    pub fn operations(&self) -> usize {
        self.operations.load(Ordering::Relaxed)
    }

    /// Creates a directory and its parents.
    ///
    /// # Errors
    /// If that fails; names the path, as all errors here do.
    pub fn create_directory(&self, path: &Path) -> Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        self.attempt("create the directory", path, || fs::create_dir_all(path))
    }

    /// Writes a whole file, or leaves the one that was there.
    ///
    /// # Errors
    /// If one of the steps fails.
    pub fn write(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let temporary = temporary_for(path);
        let written = self.attempt("write", path, || {
            let mut file = File::create(&temporary)?;
            file.write_all(bytes)?;
            file.sync_all()
        });
        let renamed = written.and_then(|()| self.rename(&temporary, path));
        if renamed.is_err() {
            // Best effort: room for others on a full disk.
            let _ = fs::remove_file(&temporary);
        }
        renamed
    }

    /// Renames a file or directory and syncs the directory that holds it.
    ///
    /// # Errors
    /// If that fails.
    pub fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        self.attempt("move a finished file to", to, || fs::rename(from, to))?;
        self.attempt("sync the directory of", to, || sync_directory(to.parent()))
    }

    /// Removes a file; one that is not there is fine.
    ///
    /// # Errors
    /// If it stays.
    pub fn remove(&self, path: &Path) -> Result<()> {
        self.attempt("remove", path, || gone(fs::remove_file(path)))
    }

    /// Removes a directory with all it holds; one that is not there is fine.
    ///
    /// # Errors
    /// If something stays.
    pub fn remove_directory(&self, path: &Path) -> Result<()> {
        self.attempt("remove the directory", path, || gone(fs::remove_dir_all(path)))
    }

    /// Opens, creating it if need be, the file that a lock is held on.
    ///
    /// # Errors
    /// If that fails.
    pub fn open_lock(&self, path: &Path) -> Result<File> {
        self.attempt("open the lock file", path, || {
            File::options().create(true).truncate(false).write(true).open(path)
        })
    }

    fn attempt<T>(&self, verb: &str, path: &Path, operation: impl FnOnce() -> io::Result<T>) -> Result<T> {
        let number = self.operations.fetch_add(1, Ordering::Relaxed);
        let fails = match self.fault {
            Fault::Never => false,
            Fault::Once(n) => number == n,
            Fault::From(n) => number >= n,
        };
        let result = if fails { Err(io::Error::other("operation failed by a test")) } else { operation() };
        result.map_err(|error| {
            let hint = hint(&error);
            anyhow::Error::new(error).context(format!("cannot {verb} {}{hint}", path.display()))
        })
    }
}

impl Default for Disk {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads a whole file.
///
/// # Errors
/// If that fails; names the path.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Where a file of the user's is to be written: `path`, or what it leads to if it is a link.
///
/// # Errors
/// If something is there that is no file, such as a folder or a device, or links lead in a circle; names the path.
pub fn destination(path: &Path) -> Result<PathBuf> {
    let at = || format!("cannot write {}", path.display());
    match fs::metadata(path) {
        Ok(about) => {
            let found = if about.is_dir() { "a folder" } else { "something else" };
            ensure!(about.is_file(), "{}: expected the name of a file, found {found}", at());
            if !fs::symlink_metadata(path).with_context(at)?.is_symlink() {
                return Ok(path.to_path_buf());
            }
            fs::canonicalize(path).with_context(at)
        }
        // Nothing, or a link to nothing yet.
        Err(error) if error.kind() == io::ErrorKind::NotFound => match fs::read_link(path) {
            Ok(named) => destination(&path.with_file_name("").join(named)),
            Err(_) => Ok(path.to_path_buf()),
        },
        Err(error) => Err(error).with_context(at),
    }
}

/// Names of the regular files below `directory`, `/` between folders, sorted.
///
/// # Errors
/// If a directory cannot be read; names it.
pub fn list(directory: &Path) -> Result<Vec<String>> {
    fn walk(directory: &Path, prefix: &str, names: &mut Vec<String>) -> Result<()> {
        let at = || format!("cannot list {}", directory.display());
        for entry in fs::read_dir(directory).with_context(at)? {
            let entry = entry.with_context(at)?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type().with_context(at)?.is_dir() {
                walk(&entry.path(), &format!("{name}/"), names)?;
            } else {
                names.push(name);
            }
        }
        Ok(())
    }
    let mut names = Vec::new();
    walk(directory, "", &mut names)?;
    names.sort();
    Ok(names)
}

fn temporary_for(path: &Path) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    path.with_file_name(format!("{TEMPORARY}{name}"))
}

fn gone(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Some file systems cannot sync a directory; a rename there is as durable as it gets.
fn sync_directory(directory: Option<&Path>) -> io::Result<()> {
    let Some(directory) = directory.filter(|d| !d.as_os_str().is_empty()) else { return Ok(()) };
    match File::open(directory).and_then(|directory| directory.sync_all()) {
        Err(error) if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput) => {
            Ok(())
        }
        other => other,
    }
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
