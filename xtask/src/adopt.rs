//! `adopt`: makes what was drawn the reference run, which is committed and which runs of others are held against.
//!
//! Only what the experiments themselves have drawn from published data: no variant set by hand, no stand-in. Weights, points,
//! what differs from run to run, and the page itself stay behind; the page is bound from the sections when it is wanted.

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use disk::{Disk, Folder, Name};
use engine::page::{self, Binding};
use engine::section::{self, Manifest, is_weights};
use engine::store::MANIFEST;
use engine::{Profile, Question};
use experiments::registry;

use crate::place::root;
use crate::say;
use crate::session::of_profile;
use crate::words::count;

/// What `adopt` takes.
#[derive(Args)]
pub struct Arguments {
    /// The profile: smoke, quick or paper
    #[arg(long, default_value = "quick", value_parser = |text: &str| text.parse::<Profile>())]
    profile: Profile,
    /// Folder with results [default: results, beside Cargo.toml]
    #[arg(long, value_name = "DIR")]
    out: Option<std::path::PathBuf>,
}

/// Copies what is drawn, and says how many experiments that are.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let catalogue = registry::catalogue();
    let results = arguments.out.clone().unwrap_or_else(|| root().join("results"));
    let own = of_profile(results, arguments.profile);
    let reference = of_profile(root().join("results").join("reference"), arguments.profile);
    let disk = Disk::new();
    let mut adopted = 0;
    for question in &catalogue {
        adopted += usize::from(adopt(question, &own, &reference, &disk)?);
    }
    if adopted == 0 {
        bail!("{}: nothing is drawn there", own.path().display());
    }
    let binding = Binding { catalogue: &catalogue, profile: arguments.profile, reference: None };
    page::write_report(&binding, &reference, &disk)?;
    say::line(format_args!("{} adopted in {}", count(adopted, "experiment"), reference.path().display()));
    Ok(ExitCode::SUCCESS)
}

/// Copies one experiment's files; false if it is not drawn.
fn adopt(question: &Question, own: &Folder, reference: &Folder, disk: &Disk) -> Result<bool> {
    let (id, protocol) = (Name::new(question.id)?, Name::new(question.protocol)?);
    let (from, to) = (own.folder(&id).folder(&protocol), reference.folder(&id).folder(&protocol));
    if !from.exists()? {
        return Ok(false);
    }
    let (manifest, section) = (Manifest::read(&from)?, section::section_in(&from)?);
    if section.standin {
        bail!("{}: made with drawn stand-in data, which are no reference", question.name());
    }
    let trouble = engine::check::against_digests(&from)?;
    if let Some(first) = trouble.first() {
        bail!("{}: {first}", question.name());
    }
    let manifest_file = Name::new(MANIFEST)?;
    let files: BTreeSet<Name> =
        manifest.artefacts.keys().filter(|file| !is_weights(file)).chain([&manifest_file]).cloned().collect();
    for file in &files {
        disk.write(&to, file, &from.read(file)?)?;
    }
    for file in to.files()?.into_iter().filter(|file| !files.contains(file)) {
        disk.remove(&to, &file)?;
    }
    Ok(true)
}
