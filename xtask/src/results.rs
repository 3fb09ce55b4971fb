//! Folders with results: what a run of the user's writes, and the reference run that is committed.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;
use disk::{Folder, Name};
use engine::Profile;

use crate::place::root;

/// Whose results are meant, for verbs that take what is drawn already.
#[derive(Args)]
pub struct Place {
    /// The profile: smoke, quick or paper
    #[arg(long, default_value = "quick", value_parser = |text: &str| text.parse::<Profile>())]
    pub profile: Profile,
    /// Folder with results [default: results, beside Cargo.toml]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Place {
    /// The folder of the user's own run; one that was named must be there.
    ///
    /// # Errors
    /// If it is not.
    pub fn own(&self) -> Result<Folder> {
        must_be_there(self.out.as_deref())?;
        Ok(of_profile(results(self.out.as_deref()), self.profile))
    }
}

/// The folder with results that the user named, or that of this workspace.
pub fn results(out: Option<&Path>) -> PathBuf {
    out.map_or_else(|| root().join("results"), Path::to_path_buf)
}

/// The folder of the reference run of a profile.
pub fn reference(profile: Profile) -> Folder {
    of_profile(root().join("results").join("reference"), profile)
}

/// The reference run, if there is one and `own` is another folder: a run is not held against itself.
pub fn reference_beside(own: &Folder, profile: Profile) -> Option<Folder> {
    let there = reference(profile).path().canonicalize().ok()?;
    let other = own.path().canonicalize().is_ok_and(|own| own == there);
    if other { None } else { Some(reference(profile)) }
}

/// The reference run of the paper profile, which the verdicts of other profiles are held against, if there is one.
pub fn paper_beside(profile: Profile) -> Option<Folder> {
    let paper = reference(Profile::Paper);
    (profile != Profile::Paper && paper.path().is_dir()).then_some(paper)
}

/// The folder of a profile in a results folder.
///
/// # Panics
/// Never: a profile's name is a plain one.
pub fn of_profile(results: PathBuf, profile: Profile) -> Folder {
    Folder::root(results).folder(&Name::new(profile.name()).expect("a profile's name is a plain one"))
}

/// Where results are only read, a folder that the user names must be there: a misspelt one is not an empty one.
///
/// # Errors
/// If it is not.
pub fn must_be_there(out: Option<&Path>) -> Result<()> {
    match out.filter(|folder| !folder.is_dir()) {
        Some(folder) => bail!("--out names {}, which is not there", folder.display()),
        None => Ok(()),
    }
}
