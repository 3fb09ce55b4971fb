//! Keeping a file: whole or not at all, whatever else writes there at the same time.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Writes `bytes` to `folder/name`: a temporary name of its own in the same folder, sync, rename, sync of the folder.
///
/// # Errors
/// If one of the steps fails; the temporary file is gone then, and what was there before is as it was.
pub(super) fn keep(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let path = folder.join(name);
    write(folder, &path, bytes).map_err(|error| {
        let hint = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => " (the disk is full: free some space)",
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                " (no permission: put the files elsewhere and name that folder with --data-dir)"
            }
            _ => "",
        };
        anyhow::Error::new(error).context(format!("cannot write {}{hint}", path.display()))
    })?;
    Ok(path)
}

fn write(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tmp-");
    #[cfg(unix)]
    {
        // As for any new file, the umask takes away from this.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|failed| failed.error)?;
    // Some file systems cannot sync a folder; a rename there is as durable as it gets.
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// The same, but a different file that is there already is left alone.
///
/// # Errors
/// If there is one, or writing fails.
pub(super) fn keep_new(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let path = folder.join(name);
    match fs::read(&path) {
        Ok(there) if there == bytes => Ok(path),
        Ok(_) => anyhow::bail!("{} is there already, and is another file", path.display()),
        Err(error) if error.kind() == ErrorKind::NotFound => keep(folder, name, bytes),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}
