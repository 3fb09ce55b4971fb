//! The sound file of a name: everything that has the name is tried in the lookup order, and what is passed over is said.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use datasets::relaid::Reading;
use datasets::{gzip, kind};

use crate::checksums::{Dataset, Entry};
use crate::locate::{self, Candidate, Located};
use crate::options::Options;

/// A file that was found, and its bytes, not compressed.
pub(crate) struct File {
    pub located: Located,
    pub content: Vec<u8>,
    /// The published images in another layout.
    pub relaid: Option<Reading>,
}

/// What has the name of a data file.
pub(crate) enum Found {
    /// The published file, or its content.
    Sound(File),
    /// Something else, and nothing sound beside it.
    Wrong(Wrong),
}

/// Something else than the published file.
pub(crate) struct Wrong {
    /// Where it is.
    pub located: Located,
    /// What it is, with its path.
    pub why: String,
    /// Its content, if it could be read.
    pub file: Option<File>,
    /// Whether a file is there: one that is damaged can be fetched anew; a folder that is closed cannot.
    pub is_file: bool,
}

impl Found {
    /// What could be read.
    pub fn file(&self) -> Option<&File> {
        match self {
            Self::Sound(file) => Some(file),
            Self::Wrong(wrong) => wrong.file.as_ref(),
        }
    }

    /// What is wrong.
    pub fn wrong(&self) -> Option<&Wrong> {
        match self {
            Self::Sound(_) => None,
            Self::Wrong(wrong) => Some(wrong),
        }
    }

    /// Where it is.
    pub fn located(&self) -> &Located {
        match self {
            Self::Sound(file) => &file.located,
            Self::Wrong(wrong) => &wrong.located,
        }
    }
}

/// The first sound file of this name, or else the first of any kind, or nothing where there is none.
pub(crate) fn search(options: &Options, set: &Dataset, entry: &Entry) -> Option<Found> {
    let mut first: Option<Wrong> = None;
    let mut passed: Vec<String> = Vec::new();
    for Candidate { located, trouble } in locate::candidates(options, entry) {
        let wrong = match trouble {
            Some(why) => Wrong { located, why, file: None, is_file: false },
            None => match tried(set, entry, located) {
                Found::Sound(file) => {
                    let used = file.located.path.display();
                    if let Some(Reading { change, .. }) = &file.relaid {
                        let line = format!("{used} holds the published images in another layout ({change})");
                        options.say.line(&line);
                    }
                    let name =
                        file.located.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                    if !entry.is_spelt(name) {
                        options.say.line(&format!("{used} is read as {}", entry.name));
                    }
                    passed.iter().for_each(|why| options.say.line(&format!("{why}; {used} is used")));
                    return Some(Found::Sound(file));
                }
                Found::Wrong(wrong) => wrong,
            },
        };
        passed.push(wrong.why.clone());
        first.get_or_insert(wrong);
    }
    first.map(Found::Wrong)
}

/// A file, held against the published one.
fn tried(set: &Dataset, entry: &Entry, located: Located) -> Found {
    let path = located.path.display().to_string();
    let refused = |located: Located, error: &anyhow::Error, head: &[u8], file| {
        let what = kind::describe(head).map_or_else(String::new, |what| format!("it is {what}; "));
        let why =
            format!("{path} is not the published file (move it away to have it downloaded): {what}{error:#}");
        Found::Wrong(Wrong { located, why, file, is_file: true })
    };
    match read(entry, &located.path) {
        Ok(content) => match set.recognise(entry, &content) {
            Ok(relaid) => Found::Sound(File { located, content, relaid }),
            Err(error) => {
                let head = content[..content.len().min(kind::HEAD)].to_vec();
                let file = File { located: located.clone(), content, relaid: None };
                refused(located, &error, &head, Some(file))
            }
        },
        Err(error) => {
            let head = head(&located.path);
            refused(located, &error, &head, None)
        }
    }
}

/// A file, read and inflated; never more of it than fits in memory, so that a copy that was written in wider numbers is
/// read as well: what counts is its digest.
fn read(entry: &Entry, path: &Path) -> Result<Vec<u8>> {
    let limit = (entry.bytes + entry.bytes / 4 + 4096).max(datasets::MEMORY_LIMIT as u64);
    let size = std::fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?.len();
    if size > limit {
        return Err(anyhow!("expected about {} bytes, found {size}", entry.bytes));
    }
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    if gzip::is_gzip(&bytes) {
        return Ok(gzip::inflate(&bytes, usize::try_from(limit)?, &path.display().to_string())?.into_owned());
    }
    Ok(bytes)
}

/// The first bytes of a file; none where it cannot be read.
pub(crate) fn head(path: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    let file = std::fs::File::open(path);
    // It is for a message: what cannot be read is not said.
    let _ = file.and_then(|file| file.take(kind::HEAD as u64).read_to_end(&mut head));
    head
}
