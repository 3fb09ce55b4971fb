//! `page`: binds the page from what is drawn already, or from the reference run that comes with the source.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use disk::{Disk, Folder};
use engine::page::{self, Binding};
use engine::section;
use engine::store::Store;
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
    let catalogue = registry::catalogue();
    let holds = |folder: &Folder| Ok::<_, anyhow::Error>(!section::drawn(&catalogue, folder)?.is_empty());
    let chosen = if !arguments.reference && holds(&own)? { own } else { reference(profile) };
    if !holds(&chosen)? {
        bail!("{}: nothing is drawn there", chosen.path().display());
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
    let path = page::bind(&binding, &Store::new(chosen, Disk::new()))?;
    say::line(path.canonicalize().unwrap_or(path).display());
    Ok(ExitCode::SUCCESS)
}
