//! What stands at a path, without following a link that stands there.

use std::fmt;
use std::fs::{self, FileType};
use std::io;
use std::path::Path;

use anyhow::{Error, Result, anyhow};

use crate::text::shown;

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link, wherever it leads.
    Link,
    /// A pipe, a socket, a device.
    Other,
}

impl Kind {
    pub(crate) fn of(found: FileType) -> Self {
        if found.is_symlink() {
            Self::Link
        } else if found.is_dir() {
            Self::Folder
        } else if found.is_file() {
            Self::File
        } else {
            Self::Other
        }
    }

    /// What stands at `path`. That nothing does is an error like any other, [`io::ErrorKind::NotFound`].
    pub(crate) fn at(path: &Path) -> io::Result<Self> {
        Ok(Self::of(fs::symlink_metadata(path)?.file_type()))
    }

    /// The same, but none if nothing stands there.
    pub(crate) fn if_any(path: &Path) -> io::Result<Option<Self>> {
        if_found(Self::at(path))
    }

    /// An error unless it is `expected`.
    pub(crate) fn expect(self, expected: Self, path: &Path) -> Result<()> {
        if self == expected {
            return Ok(());
        }
        let hint = if self == Self::Link { " (links are not followed there)" } else { "" };
        Err(anyhow!("expected {expected} at {}, found {self}{hint}", shown(path)))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "a file",
            Self::Folder => "a folder",
            Self::Link => "a link",
            Self::Other => "something else",
        })
    }
}

/// Whether an error says that a file or folder is not there.
pub fn absent(error: &Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// None in the place of an error that says that something is not there.
pub(crate) fn if_there<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The same of what the system says.
pub(crate) fn if_found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
