//! `page`: binds the page from what is drawn already, or from the reference run that comes with the source.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use disk::{Disk, Folder};
use engine::page::{self, Binding};
use engine::store::Store;
use engine::{Profile, section};
use experiments::guide::GUIDE;
use experiments::registry;

use crate::results::{Place, paper_beside, reference, reference_beside};
use crate::say;

/// What `page` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask page                    the page of your own quick run, or of the reference run
  cargo xtask page --profile paper --reference")]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// The reference run's page, even where something of your own is drawn
    #[arg(long)]
    reference: bool,
}

/// Writes the page if it is not as it would be bound now, and prints its path.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let (profile, own) = (arguments.place.profile, arguments.place.own()?);
    if !arguments.reference
        && let Some(path) = bind(profile, own)?
    {
        return said(path);
    }
    let other = reference(profile);
    let place = other.path();
    match bind(profile, other)? {
        Some(path) => said(path),
        None => bail!("{}: nothing is drawn there", place.display()),
    }
}

fn said(path: PathBuf) -> Result<ExitCode> {
    say::line(path.canonicalize().unwrap_or(path).display());
    Ok(ExitCode::SUCCESS)
}

/// Binds the pages of what is drawn in a folder, unless they are as they would be bound now; their index, or none where nothing is
/// drawn.
///
/// # Errors
/// As [`page::bind`].
pub fn bind(profile: Profile, chosen: Folder) -> Result<Option<PathBuf>> {
    let catalogue = registry::catalogue();
    if section::drawn(&catalogue, &chosen)?.is_empty() {
        return Ok(None);
    }
    let against = reference_beside(&chosen, profile);
    let paper = paper_beside(profile);
    let binding = Binding {
        catalogue: &catalogue,
        guide: &GUIDE,
        profile,
        reference: against.as_ref(),
        paper: paper.as_ref(),
    };
    page::bind(&binding, &Store::new(chosen, Disk::new())).map(Some)
}
