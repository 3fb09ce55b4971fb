//! What the data sets are: files, sizes, digests, mirrors. All of it is in `data/checksums.json`.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use datasets::Images;
use datasets::relaid::Reading;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Both data sets.
#[derive(Debug, Clone, Deserialize)]
pub struct Checksums {
    /// Binary AlphaDigits.
    pub alphadigits: Dataset,
    /// MNIST: training images, training labels, test images, test labels.
    pub mnist: Dataset,
}

/// One data set.
#[derive(Debug, Clone, Deserialize)]
pub struct Dataset {
    /// How people call it.
    pub title: String,
    /// The folder below `data/` that downloads are kept in; empty for `data/` itself.
    pub folder: String,
    /// Addresses that end in `/`; the name of a file is appended.
    pub mirrors: Vec<String>,
    /// SHA-256 of the decoded images, see [`content_digest`]. Files with this content are accepted even when their
    /// bytes are not the published ones.
    pub content_sha256: Option<String>,
    /// The files.
    pub files: Vec<Entry>,
}

/// One file of a data set.
#[derive(Debug, Clone, Deserialize)]
pub struct Entry {
    /// Name once it is not compressed.
    pub name: String,
    /// Size of that.
    pub bytes: u64,
    /// SHA-256 of that.
    pub sha256: String,
    /// Name on the mirrors.
    pub download: String,
    /// Size on the mirrors.
    pub download_bytes: u64,
}

impl Checksums {
    /// The published data sets.
    ///
    /// # Panics
    /// If `data/checksums.json` is not a registry, which a test rules out.
    pub fn published() -> Self {
        serde_json::from_str(include_str!("../../../data/checksums.json"))
            .expect("the registry is part of the program, and a test reads it")
    }
}

impl Entry {
    /// Whether a file of this name may be this one, compressed or not: whatever stands for dots and dashes, in any case.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        plain_name(name) == plain_name(&self.name)
    }

    /// Whether it is a name that the file has where it comes from, compressed or not.
    pub(crate) fn is_spelt(&self, name: &str) -> bool {
        name == self.download || name.strip_suffix(".gz").unwrap_or(name) == self.name
    }
}

/// A name in small letters with dashes for all that separates, without `.gz`.
pub(crate) fn plain_name(name: &str) -> String {
    let lower = name.to_lowercase();
    let bare = lower.strip_suffix(".gz").unwrap_or(&lower);
    bare.replace(['.', '_', ' '], "-")
}

impl Dataset {
    /// Holds these bytes, not compressed, against the file `entry`.
    ///
    /// # Errors
    /// If they are not, saying what they are.
    pub fn check(&self, entry: &Entry, bytes: &[u8]) -> Result<()> {
        if hex(Sha256::digest(bytes).as_slice()) == entry.sha256 {
            return Ok(());
        }
        if let Some(expected) = &self.content_sha256 {
            let images = datasets::alphadigits::parse(bytes, &entry.name)?;
            let found = content_digest([&images]);
            if found != *expected {
                bail!("expected images with SHA-256 {expected}, found {found}");
            }
            return Ok(());
        }
        bail!(
            "expected {} bytes with SHA-256 {}, found {} with {}",
            entry.bytes,
            entry.sha256,
            bytes.len(),
            hex(Sha256::digest(bytes).as_slice())
        )
    }

    /// The same for a file of the user's, which others may have given another layout: what was changed to have the published
    /// images, if anything.
    ///
    /// # Errors
    /// As [`Dataset::check`].
    pub(crate) fn recognise(&self, entry: &Entry, bytes: &[u8]) -> Result<Option<Reading>> {
        let Err(wrong) = self.check(entry, bytes) else { return Ok(None) };
        let Some(expected) = &self.content_sha256 else { return Err(wrong) };
        let readings = datasets::relaid::readings(bytes, &entry.name).unwrap_or_default();
        let published = readings.into_iter().find(|reading| content_digest([&reading.images]) == *expected);
        published.map(Some).ok_or(wrong)
    }
}

/// SHA-256, in hexadecimal, of the canonical bytes of these images, one set after the other.
pub fn content_digest<'a>(sets: impl IntoIterator<Item = &'a Images>) -> String {
    let mut hasher = Sha256::new();
    for images in sets {
        images.digest_input(|part| hasher.update(part));
    }
    hex(hasher.finalize().as_slice())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}
