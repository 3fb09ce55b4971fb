//! The lookup order, and torchvision's layout.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::{ENVIRONMENT, Entry, Options};

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

/// A folder that somebody names must be there: a misspelt one is not the same as none.
pub(super) fn check_folders(options: &Options) -> Result<()> {
    for (folder, origin) in places(options) {
        if origin != Origin::Workspace && !folder.is_dir() {
            let named_by = if origin == Origin::DataDir { "--data-dir" } else { ENVIRONMENT };
            bail!("{named_by} names {}, which is not a folder", folder.display());
        }
    }
    Ok(())
}

/// The first file in the lookup order that has the right name, compressed or not.
pub(super) fn locate(options: &Options, entry: &Entry) -> Option<Located> {
    for (folder, origin) in places(options) {
        for below in ["", "mnist", "MNIST/raw"] {
            for name in [&entry.name, &entry.download] {
                let path = if below.is_empty() { folder.join(name) } else { folder.join(below).join(name) };
                if path.is_file() {
                    return Some(Located { path, origin });
                }
            }
        }
    }
    None
}

/// `data/` of the workspace that this program was built from, or of the current folder if that has moved away.
pub(super) fn workspace_data() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    match built.canonicalize() {
        Ok(workspace) if workspace.join("Cargo.toml").is_file() => workspace.join("data"),
        _ => PathBuf::from("data"),
    }
}
