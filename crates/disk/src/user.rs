//! Files that the user named on the command line: they may be anywhere, and may be links.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::operations::Disk;
use crate::text::shown;

impl Disk {
    /// Writes a whole file that the user named, or leaves the one that was there. A link stays, and what it leads to
    /// is written. Folders are not created.
    ///
    /// # Errors
    /// As for [`destination`], or if one of the steps fails.
    pub fn write_user_file(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        self.replace(path, &destination(path)?, bytes)
    }
}

/// Where a file of the user's is to be written: `path`, or what it leads to if it is a link.
///
/// # Errors
/// If something is there that is no file, such as a folder or a device, or links lead in a circle; names the path.
pub fn destination(path: &Path) -> Result<PathBuf> {
    let at = || format!("cannot write {}", shown(path));
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
