//! Keeping a file: whole or not at all, whatever else writes there at the same time.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use disk::{Disk, Folder, Name};

/// Writes `bytes` to `folder/name`, where the folder is made if need be.
///
/// # Errors
/// If the disk refuses; what was there before is as it was.
pub(crate) fn keep(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let (folder, name) = (Folder::root(folder), Name::new(name)?);
    let hint = "for data there is --data-dir: put the files elsewhere and name that folder";
    Disk::new().write(&folder, &name, bytes).context(hint)?;
    Ok(folder.file(&name))
}

/// The same, but a different file that is there already is left alone.
///
/// # Errors
/// If there is one, or writing fails.
pub(crate) fn keep_new(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let path = folder.join(name);
    match Folder::root(folder).read_if_there(&Name::new(name)?)? {
        Some(there) if there == bytes => Ok(path),
        Some(_) => bail!("{} is there already, and is another file", path.display()),
        None => keep(folder, name, bytes),
    }
}
