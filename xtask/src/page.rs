//! `page`: binds the page from what is drawn already, or from the reference run that comes with the source.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use disk::{Disk, Folder};
use engine::page::{self, Binding};
use engine::{Profile, section};
use experiments::registry;

use crate::place::root;
use crate::say;
use crate::session::of_profile;

/// What `page` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask page                    the page of your own quick run, or of the reference run
  cargo xtask page --profile paper --reference")]
pub struct Arguments {
    /// The profile: smoke, quick or paper
    #[arg(long, default_value = "quick", value_parser = |text: &str| text.parse::<Profile>())]
    profile: Profile,
    /// Folder with results [default: results, beside Cargo.toml]
    #[arg(long, value_name = "DIR")]
    out: Option<std::path::PathBuf>,
    /// The reference run's page, even where something of your own is drawn
    #[arg(long)]
    reference: bool,
}

/// Writes the page and prints its path.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let catalogue = registry::catalogue();
    let results = arguments.out.clone().unwrap_or_else(|| root().join("results"));
    let reference = of_profile(root().join("results").join("reference"), arguments.profile);
    let own = of_profile(results, arguments.profile);
    let holds = |folder: &Folder| Ok::<_, anyhow::Error>(!section::drawn(&catalogue, folder)?.is_empty());
    let chosen = if !arguments.reference && holds(&own)? { own } else { reference.clone() };
    if !holds(&chosen)? {
        bail!("{}: nothing is drawn there", chosen.path().display());
    }
    let reference = Some(&reference).filter(|folder| folder.path().is_dir());
    let binding = Binding { catalogue: &catalogue, profile: arguments.profile, reference };
    let path = page::write(&binding, &chosen, &Disk::new())?;
    say::line(path.canonicalize().unwrap_or(path).display());
    Ok(ExitCode::SUCCESS)
}
