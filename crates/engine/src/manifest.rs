//! Manifests: which files a folder holds, by the digests of what was written, and what of a point is the same on every run.

use std::collections::BTreeMap;
use std::{fmt, io};

use anyhow::{Error, Result};
use disk::{Folder, Name};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::digest::sha256;
use crate::point::Key;

/// The file with the rows of a point.
pub const METRICS: &str = "metrics.csv";
/// The file with what is the same on every run.
pub const MANIFEST: &str = "manifest.json";
/// The file with what is not.
pub const HOST: &str = "host.json";

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
        write!(f, "{} bytes with SHA-256 {}", self.bytes, disk::escaped(&self.sha256))
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

impl Manifest {
    /// Reads the manifest of the point `key`; none if the bytes are something else, or cut off.
    pub(crate) fn of(key: &Key, bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Self>(bytes).ok().filter(|manifest| manifest.key == *key)
    }
}

/// What differs between the files of a folder and their digests, one sentence each.
///
/// # Errors
/// If the system does not give a file that is there.
pub fn verify(folder: &Folder, artefacts: &Artefacts) -> Result<Vec<String>> {
    let mut trouble = Vec::new();
    for (file, expected) in artefacts {
        let path = folder.file(file);
        match folder.read_if_there(file) {
            Ok(None) => trouble.push(format!("{}: expected {expected}, found nothing", path.display())),
            Ok(Some(bytes)) if Artefact::of(&bytes) == *expected => {}
            Ok(Some(bytes)) => {
                let (path, found) = (path.display(), Artefact::of(&bytes));
                trouble.push(format!("{path}: expected {expected}, found {found}"));
            }
            Err(error) if refused(&error) => return Err(error),
            Err(error) => trouble.push(format!("{error:#}")),
        }
    }
    Ok(trouble)
}

/// The bytes of a file if they are as expected; none if it is not there, damaged, or no file at all.
///
/// # Errors
/// If the system does not give it.
pub(crate) fn read_sound(folder: &Folder, file: &Name, expected: &Artefact) -> Result<Option<Vec<u8>>> {
    let bytes = read_if_file(folder, file)?;
    Ok(bytes.filter(|bytes| Artefact::of(bytes) == *expected))
}

/// The bytes of a file; none if it is not there, or something else stands in its place.
///
/// # Errors
/// If the system does not give it.
pub(crate) fn read_if_file(folder: &Folder, file: &Name) -> Result<Option<Vec<u8>>> {
    match folder.read_if_there(file) {
        Err(error) if !refused(&error) => Ok(None),
        other => other,
    }
}

/// Whether an error says that the system refused something: try again later. If not, something else was found than was
/// expected.
pub(crate) fn refused(error: &Error) -> bool {
    error.chain().any(|cause| cause.is::<io::Error>())
}

/// A name that this program chose.
///
/// # Panics
/// If it is none: a bug.
pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap_or_else(|bad| panic!("a name of our own: {bad}"))
}
