//! Temporary files and folders that killed processes left are removed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::calls::Call;
use crate::file::{carefully, is_at};
use crate::folder::Folder;
use crate::kind::{Kind, if_there};
use crate::operations::{Disk, Locks, gone};
use crate::temporary::is_ours;
use crate::text::shown;

/// From what age on a temporary is nobody's, where the file system knows no locks.
const LONG_AGO: Duration = Duration::from_secs(24 * 60 * 60);

impl Disk {
    /// Removes temporaries that killed processes left directly in `folder`; returns how many.
    ///
    /// Those that somebody holds stay. Where the file system knows no locks, those younger than a day stay.
    ///
    /// # Errors
    /// If one cannot be removed, or the folder is none or cannot be listed; one that is not there is fine.
    pub fn sweep(&self, folder: &Folder) -> Result<usize> {
        let mut swept = 0;
        for (name, kind) in if_there(folder.entries())?.unwrap_or_default() {
            let path = folder.file(&name);
            if !is_ours(name.as_str()) || !matches!(kind, Kind::File | Kind::Folder) {
                continue;
            }
            let at = || format!("cannot look at {}", shown(&path));
            // The lock is held until the file is gone, so that two who sweep do not meet.
            if let Some(_lock) = abandoned(self.locks, &path, kind).with_context(at)? {
                self.attempt("remove", &path, || {
                    let remove = || {
                        if kind == Kind::Folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) }
                    };
                    self.calls.make(Call::Remove, || gone(remove()))
                })?;
                swept += 1;
            }
        }
        Ok(swept)
    }
}

/// The temporary, locked, if it is nobody's.
fn abandoned(locks: Locks, path: &Path, kind: Kind) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.read(true).write(kind == Kind::File);
    // What we may not open is another user's, or gone.
    let Ok(file) = carefully(&mut options).open(path) else { return Ok(None) };
    let about = file.metadata()?;
    let nobody_holds = match locks.take(&file) {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(_)) => about.modified()?.elapsed().is_ok_and(|age| age > LONG_AGO),
    };
    let ours = nobody_holds && Kind::of(about.file_type()) == kind && is_at(&file, path)?;
    Ok(ours.then_some(file))
}
