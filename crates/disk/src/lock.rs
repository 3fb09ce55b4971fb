//! Locks between processes, and machines that share a folder: a file that one process holds a lock on.
//!
//! The lock is the system's and ends with the process. The file holds one line about who has it, for people.
//! Where the file system knows no locks nobody is kept off, and whoever asks is told so. Where machines do not share their
//! locks each gets its own, and nobody can tell: whoever holds one has to write where nobody else does.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::PathBuf;

use anyhow::{Context, Error, Result};

use crate::calls::Call;
use crate::file::{carefully, is_at};
use crate::folder::Folder;
use crate::kind::Kind;
use crate::name::Name;
use crate::operations::{Disk, Locks};
use crate::text::{escaped, shown};

/// How often a lock file that vanishes while we take it is opened anew. After that, somebody else is at it.
const ATTEMPTS: usize = 16;

/// What a lock file says once it has lost its name. Some file systems remember names for a while, so that the name alone
/// does not tell a file that was removed from one that is there.
const RETIRED: &[u8] = b"retired\n";

/// As much as is read of a line about who holds a lock, in bytes.
const LONGEST_LINE: u64 = 256;

/// The error `ENOLCK`, no locks available: a network file system without its lock daemon. The standard library has no
/// kind for it.
const NO_LOCKS: i32 = if cfg!(any(target_arch = "mips", target_arch = "mips64")) {
    46
} else if cfg!(any(target_os = "linux", target_os = "android")) {
    37
} else {
    77
};

/// What became of an attempt to take a lock.
#[derive(Debug)]
pub enum Locking {
    /// It is ours until it is dropped.
    Held(Lock),
    /// Another process, or another part of this one, has it.
    Elsewhere,
    /// The file system refuses locks.
    Unsupported(io::Error),
}

/// A lock; released when dropped, or when the process dies.
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
    is_retired: bool,
}

impl Lock {
    /// Releases the lock and removes its file. Whoever opened the file before that sees that it lost its name, or reads in
    /// it that it did, and opens it anew.
    pub fn retire(mut self) {
        // An empty file that stays does no harm.
        if fs::remove_file(&self.path).is_ok() {
            self.is_retired = self.write(RETIRED).is_ok();
        }
    }

    /// Says in the file who holds it. For people alone: that it fails on a full disk does no harm.
    fn sign(&mut self, who: &str) {
        let _ = self.write(format!("{who}\n").as_bytes());
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(line)
    }

    /// Whether the file was removed by whoever held it before, whatever its name says.
    fn was_retired(&mut self) -> io::Result<bool> {
        let mut beginning = Vec::new();
        self.file.rewind()?;
        (&self.file).take(RETIRED.len() as u64).read_to_end(&mut beginning)?;
        Ok(beginning == RETIRED)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The line is about who holds it. The lock itself goes with the file.
        if !self.is_retired {
            let _ = self.file.set_len(0);
        }
    }
}

impl Disk {
    /// Tries to take the lock `name` in `folder`, which is created if it is missing; never waits.
    ///
    /// # Errors
    /// If the lock file is something else than a file, or cannot be opened or locked.
    pub fn lock(&self, folder: &Folder, name: &Name) -> Result<Locking> {
        let path = folder.file(name);
        let at = || format!("cannot lock {}", shown(&path));
        for _ in 0..ATTEMPTS {
            self.create(&folder.holder_of(name))?;
            if let Some(found) = Kind::if_any(&path).with_context(at)? {
                found.expect(Kind::File, &path).with_context(at)?;
            }
            let mut options = OpenOptions::new();
            carefully(options.create(true).truncate(false).read(true).write(true));
            let open = || self.calls.make(Call::Open, || options.open(&path));
            let file = match self.attempt("open the lock file", &path, open) {
                // Others remove and create it at this moment, and a network file system remembers an old state.
                Err(error) if is_stale(&error) => continue,
                other => other?,
            };
            match self.locks.take(&file) {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(Locking::Elsewhere),
                Err(TryLockError::Error(error)) if lacks_locks(&error) => {
                    return Ok(Locking::Unsupported(error));
                }
                Err(TryLockError::Error(error)) => return Err(error).with_context(at),
            }
            let has_its_name =
                self.locks == Locks::NamesRemembered || is_at(&file, &path).with_context(at)?;
            let mut lock = Lock { file, path: path.clone(), is_retired: false };
            if lock.was_retired().with_context(at)? || !has_its_name {
                // What it says is not ours to take away.
                lock.is_retired = true;
                continue;
            }
            lock.sign(self.signature.as_deref().unwrap_or(&whoami()));
            return Ok(Locking::Held(lock));
        }
        Ok(Locking::Elsewhere)
    }

    /// Who holds the lock `name`, in a line that is fit to be printed; none if nobody said. A process that was killed
    /// leaves its line, so ask only when the lock is elsewhere.
    pub fn holder(&self, folder: &Folder, name: &Name) -> Option<String> {
        let file = folder.open(name, OpenOptions::new().read(true)).ok()?;
        let mut bytes = Vec::new();
        file.take(LONGEST_LINE).read_to_end(&mut bytes).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        let line = escaped(text.lines().next()?.trim());
        (!line.is_empty()).then_some(line)
    }
}

/// Whether an error says that the file system knows no locks: `ENOLCK`, `ENOTSUP`, `EOPNOTSUPP`, `ENOSYS`.
pub fn lacks_locks(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Unsupported || (cfg!(unix) && error.raw_os_error() == Some(NO_LOCKS))
}

fn is_stale(error: &Error) -> bool {
    let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
    matches!(kind, Some(io::ErrorKind::NotFound | io::ErrorKind::StaleNetworkFileHandle))
}

/// This process, and its machine where that has a name.
fn whoami() -> String {
    let process = format!("process {}", std::process::id());
    let named = fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let named = named.or_else(|| std::env::var("HOSTNAME").or_else(|_| std::env::var("COMPUTERNAME")).ok());
    match named.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        Some(machine) => format!("{process} on {machine}"),
        None => process,
    }
}
