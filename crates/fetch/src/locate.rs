//! The lookup order, and torchvision's layout.

use std::io::ErrorKind;
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
        let why = match std::fs::read_dir(&folder) {
            Ok(_) => continue,
            Err(error) if error.kind() == ErrorKind::NotFound => "is not there".to_owned(),
            Err(error) if error.kind() == ErrorKind::NotADirectory => "is not a folder".to_owned(),
            Err(error) => format!("cannot be read: {error}"),
        };
        let sentence = format!("{named_by} names {}, which {why}", folder.display());
        if origin == Origin::Environment && options.data_dir.is_some() {
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

/// What is wrong with the place of a data file that holds something else, unless the file is found before it.
pub fn in_the_way(options: &Options, entry: &Entry) -> Option<String> {
    let path = candidates(options, entry)
        .map(|located| located.path)
        .find(|path| path.symlink_metadata().is_ok())?;
    let found = match path.metadata() {
        Ok(about) if about.is_file() => return None,
        Ok(about) if about.is_dir() => "a folder",
        Ok(_) => "something else",
        Err(_) => "a link that leads nowhere",
    };
    Some(format!("{}: expected a file, found {found} (move it away)", path.display()))
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
