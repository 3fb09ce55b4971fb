//! `adopt`: makes what was drawn the reference run, which is committed and which runs of others are held against.
//!
//! Only what the experiments themselves have drawn from published data: no variant set by hand, no stand-in. Weights, points,
//! what differs from run to run, and the page itself stay behind; the page is bound from the sections when it is wanted.
//! Everything is looked at before anything is written.

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use disk::{Disk, Folder, Kind, Name};
use engine::page::{self, Binding};
use engine::section::{self, Manifest, is_weights};
use engine::store::MANIFEST;
use engine::{Profile, Question};
use experiments::guide::GUIDE;
use experiments::registry;

use crate::results::{self, Place, paper_beside, reference};
use crate::say;
use crate::words::count;

/// What `adopt` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask adopt
  cargo xtask adopt --profile paper --out ~/elsewhere/results

Experiments that are not drawn there stay in the reference run as they are; those that this program does not have \
any more are removed from it.")]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
}

/// An experiment that is fit to be a reference: where it is drawn, and the files that are taken.
struct Adopted {
    question: &'static Question,
    from: Folder,
    files: BTreeSet<Name>,
}

/// Copies what is drawn, and says how many experiments that are.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let catalogue = registry::catalogue();
    let (profile, own) = (arguments.place.profile, arguments.place.own()?);
    let (reference, disk) = (reference(profile), Disk::new());
    if own.path().canonicalize().is_ok_and(|own| reference.path().canonicalize().is_ok_and(|it| it == own)) {
        bail!("{}: is the reference run itself", own.path().display());
    }
    let mut adopted = Vec::new();
    for question in &catalogue {
        adopted.extend(fit(question, &own)?);
    }
    if adopted.is_empty() {
        bail!("{}: nothing is drawn there that can be a reference", own.path().display());
    }
    for one in &adopted {
        copy(one, &reference, &disk)?;
    }
    clear(&catalogue, &reference, &disk)?;
    // The report of the quick profile says which verdicts the paper profile has otherwise.
    for one in [profile, Profile::Quick] {
        let (paper, there) = (paper_beside(one), results::reference(one));
        let binding = Binding {
            catalogue: &catalogue,
            guide: &GUIDE,
            profile: one,
            reference: None,
            paper: paper.as_ref(),
        };
        if there.exists()? {
            page::write_report(&binding, &there, &disk)?;
        }
    }
    say_left_out(&catalogue, &own)?;
    say::line(format_args!(
        "{} adopted in {}",
        count(adopted.len(), "experiment"),
        reference.path().display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// The folder of an experiment as it stands in the catalogue.
fn home(question: &Question, root: &Folder) -> Result<Folder> {
    Ok(root.folder(&Name::new(question.id)?).folder(&Name::new(question.protocol)?))
}

/// What is to be taken of an experiment; none if it is not drawn.
fn fit(question: &'static Question, own: &Folder) -> Result<Option<Adopted>> {
    let from = home(question, own)?;
    if !from.exists()? {
        return Ok(None);
    }
    let (manifest, section) = (Manifest::read(&from)?, section::section_in(&from)?);
    if section.standin {
        bail!("{}: made with drawn stand-in data, which are no reference", question.name());
    }
    if let Some(first) = manifest.damage(&from)?.first() {
        bail!("{}: {first}", question.name());
    }
    let files = manifest.artefacts.into_keys().filter(|file| !is_weights(file));
    let files = files.chain([Name::new(MANIFEST)?]).collect();
    Ok(Some(Adopted { question, from, files }))
}

/// Copies the files of an experiment, the manifest last, and removes what is no longer drawn.
fn copy(adopted: &Adopted, reference: &Folder, disk: &Disk) -> Result<()> {
    let to = home(adopted.question, reference)?;
    let (manifest, others): (Vec<&Name>, Vec<&Name>) =
        adopted.files.iter().partition(|file| file.as_str() == MANIFEST);
    for file in others.into_iter().chain(manifest) {
        disk.write(&to, file, &adopted.from.read(file)?)?;
    }
    for file in to.files()?.into_iter().filter(|file| !adopted.files.contains(file)) {
        disk.remove(&to, &file)?;
    }
    Ok(())
}

/// Removes from the reference run what the catalogue does not have, and a page that was bound there before.
fn clear(catalogue: &[&'static Question], reference: &Folder, disk: &Disk) -> Result<()> {
    page::remove(reference, disk)?;
    for (id, kind) in reference.entries()? {
        if kind != Kind::Folder {
            continue;
        }
        let folder = reference.folder(&id);
        for (protocol, _) in folder.entries()? {
            let known =
                |question: &&&Question| question.id == id.as_str() && question.protocol == protocol.as_str();
            if catalogue.iter().find(known).is_none() {
                disk.remove_folder(&folder.folder(&protocol))?;
            }
        }
        if folder.entries()?.is_empty() {
            disk.remove_folder(&folder)?;
        }
    }
    Ok(())
}

/// Says which variants were set by hand, and therefore not taken.
fn say_left_out(catalogue: &[&'static Question], own: &Folder) -> Result<()> {
    for folder in section::drawn(catalogue, own)? {
        let name = section::name_of(&folder);
        if catalogue.iter().all(|question| question.name() != name) {
            say::note(format_args!("{name}: set by hand, not adopted"));
        }
    }
    Ok(())
}
