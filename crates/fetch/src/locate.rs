//! The lookup order, and torchvision's layout.
//!
//! A file is found under its name, compressed or not, whatever stands for the dots and dashes in it and in whatever case;
//! also in a folder of that name, as some archives unpack. It is absent if the system says that nothing is there, and only
//! then. A folder that may not be entered may hold it, and is an error: drawing the stand-in instead would hide that the
//! data are there.

use std::ffi::OsString;
use std::fs::Metadata;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::checksums::Entry;
use crate::options::{ENVIRONMENT, Options};

/// Why a folder is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The user named it.
    DataDir,
    /// The environment names it.
    Environment,
    /// It is `data/`.
    Workspace,
}

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The file.
    pub path: PathBuf,
    /// Why its folder was searched.
    pub origin: Origin,
}

/// The folders that are searched, in order; each itself, its `mnist` and its `MNIST/raw`.
pub fn places(options: &Options) -> Vec<(PathBuf, Origin)> {
    let named = options.data_dir.iter().map(|folder| (folder.clone(), Origin::DataDir));
    let environment = options.environment.iter().map(|folder| (folder.clone(), Origin::Environment));
    let home = (options.home.clone(), Origin::Workspace);
    named.chain(environment).chain([home]).collect()
}

/// A folder that somebody names must be there: a misspelt one is not the same as none. What was typed wins over the
/// environment, which may be stale.
pub(super) fn check_folders(options: &Options) -> Result<()> {
    for (folder, origin) in places(options) {
        if origin == Origin::Workspace {
            continue;
        }
        let named_by = if origin == Origin::DataDir { "--data-dir" } else { ENVIRONMENT };
        // Files are found by name: a folder must be entered for that, and need not be listed.
        let why = match folder.join(".").metadata() {
            Ok(about) if about.is_dir() => continue,
            Ok(_) => "is not a folder".to_owned(),
            Err(error) if error.kind() == ErrorKind::NotFound => "is not there".to_owned(),
            Err(error) if error.kind() == ErrorKind::NotADirectory => "is not a folder".to_owned(),
            Err(error) => cannot_be_entered(&error),
        };
        let sentence = format!("{named_by} names {}, which {why}", folder.display());
        if is_overruled(options, origin) {
            options.say.line(&format!("{sentence}; --data-dir is used"));
        } else {
            bail!(sentence);
        }
    }
    Ok(())
}

/// What is wrong with the place of a data file that holds something else, or cannot be looked into, unless a file is
/// found before it.
pub fn in_the_way(options: &Options, entry: &Entry) -> Option<String> {
    match candidates(options, entry).into_iter().next() {
        Some(Candidate { trouble: Some(why), .. }) => Some(why),
        _ => None,
    }
}

/// What has the name `path` and is no file, if so.
fn no_file(path: &Path) -> Option<String> {
    let found = match if_there(path.metadata()) {
        Ok(Some(about)) if about.is_file() => return None,
        Ok(Some(about)) if about.is_dir() => "a folder",
        Ok(Some(_)) => "something else",
        Ok(None) => "a link that leads nowhere",
        Err(error) => {
            return Some(format!("{}: found a link that cannot be followed: {error}", path.display()));
        }
    };
    Some(format!("{}: expected a file, found {found} (move it away)", path.display()))
}

/// None in the place of an error that says that nothing is there: no such name, or no folder that could hold it.
fn if_there(looked: io::Result<Metadata>) -> io::Result<Option<Metadata>> {
    match looked {
        Ok(about) => Ok(Some(about)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether what is wrong with a place does not count, because the user has typed another one.
fn is_overruled(options: &Options, origin: Origin) -> bool {
    origin == Origin::Environment && options.data_dir.is_some()
}

/// The folder of `path` cannot be looked into.
fn closed(path: &Path, error: &io::Error) -> String {
    let folder = path.parent().unwrap_or(path);
    format!("{} {}", folder.display(), cannot_be_entered(error))
}

fn cannot_be_entered(error: &io::Error) -> String {
    let hint = match error.kind() {
        ErrorKind::PermissionDenied => {
            " (ask its owner for permission, or name another folder with --data-dir)"
        }
        _ => "",
    };
    format!("cannot be entered: {error}{hint}")
}

/// The first file in the lookup order that has the right name, compressed or not.
pub(super) fn locate(options: &Options, entry: &Entry) -> Option<Located> {
    let mut found = candidates(options, entry).into_iter();
    found.find(|candidate| candidate.trouble.is_none()).map(|candidate| candidate.located)
}

/// A place where something has the name of a data file.
pub(super) struct Candidate {
    pub located: Located,
    /// Why it cannot be that file; nothing for a file.
    pub trouble: Option<String>,
}

/// Everything that has the name of a file, in the lookup order.
pub(super) fn candidates(options: &Options, entry: &Entry) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (folder, origin) in places(options) {
        for below in BELOW {
            // Without the separator that joining nothing leaves behind.
            let inside: PathBuf = folder.join(below).components().collect();
            look_into(options, entry, (&inside, origin), &mut found);
        }
    }
    found
}

/// The folders that are searched in each place.
pub(super) const BELOW: [&str; 3] = ["", "mnist", "MNIST/raw"];

fn look_into(
    options: &Options,
    entry: &Entry,
    (folder, origin): (&Path, Origin),
    found: &mut Vec<Candidate>,
) {
    for name in spellings(folder, entry) {
        let path = folder.join(name);
        let trouble = match if_there(path.symlink_metadata()) {
            Ok(None) => continue,
            Ok(Some(_)) => no_file(&path),
            // Said once by `check_folders`.
            Err(_) if is_overruled(options, origin) => return,
            Err(error) => {
                // One word for all files that may be in it.
                let located = Located { path: path.clone(), origin };
                found.push(Candidate { located, trouble: Some(closed(&path, &error)) });
                return;
            }
        };
        let inside = if path.is_dir() { spellings(&path, entry) } else { Vec::new() };
        let before = found.len();
        let mut trouble = trouble;
        for path in inside.into_iter().map(|name| path.join(name)) {
            match if_there(path.metadata()) {
                Ok(Some(about)) if about.is_file() => {
                    found.push(Candidate { located: Located { path, origin }, trouble: None });
                }
                Ok(_) => {}
                Err(error) => trouble = Some(closed(&path, &error)),
            }
        }
        if found.len() > before {
            continue;
        }
        found.push(Candidate { located: Located { path, origin }, trouble });
    }
}

/// The names of a file in a folder: its own and that on the mirrors, which are found where folders may be entered and
/// not listed, then others that mean the same.
fn spellings(folder: &Path, entry: &Entry) -> Vec<OsString> {
    let mut names: Vec<OsString> = vec![entry.name.clone().into(), entry.download.clone().into()];
    names.dedup();
    let mut others: Vec<OsString> = listed(folder);
    others.retain(|name| !names.contains(name) && name.to_str().is_some_and(|name| entry.is_called(name)));
    names.extend(others);
    names
}

/// The names in a folder, sorted; none where it cannot be listed.
pub(super) fn listed(folder: &Path) -> Vec<OsString> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<OsString> = entries.map(|entry| entry.file_name()).collect();
    names.sort();
    names
}
