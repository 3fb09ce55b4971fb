//! The lookup order, and torchvision's layout.
//!
//! A file is absent if the system says that nothing is there, and only then. A folder that may not be entered may hold it,
//! and is an error: drawing the stand-in instead would hide that the data are there.

use std::fs::Metadata;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::checksums::{Dataset, Entry};
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

/// What has the name of a data file must be one: a folder there is not the same as nothing.
pub(super) fn check_files(options: &Options, set: &Dataset) -> Result<()> {
    match set.files.iter().find_map(|entry| in_the_way(options, entry)) {
        None => Ok(()),
        Some(why) => bail!(why),
    }
}

/// What is wrong with the place of a data file that holds something else, or cannot be looked into, unless the file is
/// found before it.
pub fn in_the_way(options: &Options, entry: &Entry) -> Option<String> {
    for Located { path, origin } in candidates(options, entry) {
        match if_there(path.symlink_metadata()) {
            Ok(None) => {}
            Ok(Some(_)) => return no_file(&path),
            // Said once by `check_folders`.
            Err(_) if is_overruled(options, origin) => {}
            Err(error) => return Some(closed(&path, &error)),
        }
    }
    None
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
    candidates(options, entry).find(|located| located.path.is_file())
}

/// Where a file may be, in the lookup order.
fn candidates(options: &Options, entry: &Entry) -> impl Iterator<Item = Located> {
    let names = [entry.name.clone(), entry.download.clone()];
    let paths = ["", "mnist", "MNIST/raw"].into_iter().flat_map(move |below| {
        let inside = |name: &String| if below.is_empty() { name.into() } else { Path::new(below).join(name) };
        names.each_ref().map(inside)
    });
    let paths: Vec<PathBuf> = paths.collect();
    places(options).into_iter().flat_map(move |(folder, origin)| {
        let located = |path: &PathBuf| Located { path: folder.join(path), origin };
        paths.iter().map(located).collect::<Vec<_>>()
    })
}
