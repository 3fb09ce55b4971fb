//! `compare`: two results folders against each other.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use disk::Folder;
use engine::{Profile, compare};
use experiments::registry;

use crate::results::of_profile;
use crate::say;
use crate::summary::told;

/// What `compare` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask compare results/quick results/reference/quick
  cargo xtask compare results ~/elsewhere/results --profile paper

Says for each experiment of A which verdicts and numbers differ from B, the largest relative difference first, and the \
first epoch at which two curves part. Exit status 0 whatever comes out; 1 if a folder holds nothing.")]
pub struct Arguments {
    /// A results folder, or the folder of one profile in it
    #[arg(value_name = "A")]
    first: PathBuf,
    /// Another
    #[arg(value_name = "B")]
    second: PathBuf,
    /// The profile, where A and B are results folders
    #[arg(long, default_value = "quick", value_parser = |text: &str| text.parse::<Profile>())]
    profile: Profile,
}

/// Prints what differs.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let [first, second] = [&arguments.first, &arguments.second].map(|path| folder(path, arguments.profile));
    let found = compare::folders(&registry::catalogue(), &first?, &second?)?;
    say::line(told(&found, &arguments.second.display().to_string()));
    Ok(ExitCode::SUCCESS)
}

/// The folder of a profile that a path names, by itself or as a results folder.
fn folder(path: &Path, profile: Profile) -> Result<Folder> {
    if !path.is_dir() {
        bail!("{}: expected a results folder, found none", path.display());
    }
    let below = of_profile(path.to_path_buf(), profile);
    Ok(if below.exists()? { below } else { Folder::root(path) })
}
