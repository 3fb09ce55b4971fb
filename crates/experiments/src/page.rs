//! The page of a profile: `index.html` and `REPORT.md` over every experiment that was ever drawn there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

use crate::canonical;
use crate::disk;
use crate::experiment::Experiment;
use crate::host;
use crate::point::sha256;
use crate::profile::Profile;
use crate::section::Section;
use crate::store::{HOST, MANIFEST, Store};

/// The page as one self-contained file.
pub const PAGE: &str = "index.html";
/// The same for GitHub.
pub const REPORT: &str = "REPORT.md";

/// The stamp on everything made from drawn data.
pub const STAMP: &str = "Made with drawn stand-in data, not with AlphaDigits or MNIST";

/// Writes the page anew if a section, or the program, has changed; gives its path.
///
/// # Errors
/// If a section or a picture cannot be read, or the disk refuses.
pub fn write(registry: &[&Experiment], profile: Profile, store: &Store) -> Result<PathBuf> {
    let (root, path) = (store.root(), store.root().join(PAGE));
    let directories = drawn(registry, root)?;
    let mut made_of = host::build();
    for directory in &directories {
        made_of += &sha256(&disk::read(&directory.join(MANIFEST))?);
    }
    let made_of = sha256(made_of.as_bytes());
    let note = root.join(HOST);
    let known =
        std::fs::read(&note).ok().and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    if path.is_file()
        && root.join(REPORT).is_file()
        && known.is_some_and(|known| known["page"] == json!(made_of))
    {
        return Ok(path);
    }
    let page = assemble(registry, &directories, profile)?;
    store.disk().write(&root.join(REPORT), report::markdown(&page).as_bytes())?;
    store.disk().write(&path, report::html(&page).as_bytes())?;
    store.disk().write(&note, canonical::pretty(&json!({ "page": made_of })).as_bytes())?;
    Ok(path)
}

/// Folders of drawn experiments in the order of the registry, each followed by its `--set` variants.
///
/// # Errors
/// If a folder cannot be listed.
pub fn drawn(registry: &[&Experiment], root: &Path) -> Result<Vec<PathBuf>> {
    let mut directories = Vec::new();
    for experiment in registry {
        let folder = root.join(experiment.id);
        if !folder.is_dir() {
            continue;
        }
        let at = || format!("cannot list {}", folder.display());
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&folder).with_context(at)? {
            names.push(entry.with_context(at)?.file_name().to_string_lossy().into_owned());
        }
        names.retain(|name| is_of(name, experiment.protocol));
        names.sort();
        let paths = names.iter().map(|name| folder.join(name));
        directories.extend(paths.filter(|path| path.join(MANIFEST).is_file()));
    }
    Ok(directories)
}

fn assemble(registry: &[&Experiment], directories: &[PathBuf], profile: Profile) -> Result<report::Page> {
    let (mut sections, mut points) = (Vec::new(), BTreeSet::new());
    let (mut standin, mut by_hand) = (false, false);
    let mut data_sets: BTreeSet<&str> = BTreeSet::new();
    for directory in directories {
        let section = Section::read(directory)?;
        sections.push(section.on_page(directory)?);
        by_hand |= section.is_by_hand();
        points.extend(section.points);
        standin |= section.standin;
        let of = registry.iter().filter(|e| e.id == section.id && is_of(&section.protocol, e.protocol));
        data_sets.extend(of.flat_map(|e| e.recipe.data_sets()));
    }
    let lead = match profile {
        Profile::Smoke => "The smallest run through every line: it shows that all of it works, not how well.",
        Profile::Quick => {
            "Architectures, learning rates and batch sizes of the reports; fewer epochs, samples and grid points."
        }
        Profile::Paper => "The reports' hyperparameters, exactly.",
    };
    let lead = if by_hand { format!("{lead} {BY_HAND}") } else { lead.to_owned() };
    let facts = [("experiments", sections.len()), ("trained points", points.len())];
    Ok(report::Page {
        title: "glyphlab".to_owned(),
        lead,
        profile: profile.to_string(),
        data_note: data_note(&data_sets, standin),
        stamp: standin.then(|| STAMP.to_owned()),
        facts: facts.map(|(name, count)| (name.to_owned(), count.to_string())).to_vec(),
        sections,
    })
}

const BY_HAND: &str = "Where a name has a +, what follows it was set by hand.";

/// Whether a folder is a protocol's own, or a `--set` variant of it.
fn is_of(folder: &str, protocol: &str) -> bool {
    folder.split('+').next() == Some(protocol)
}

/// Which data sets the sections on the page read; nothing if they read none.
fn data_note(data_sets: &BTreeSet<&str>, standin: bool) -> String {
    let names = data_sets.iter().copied().collect::<Vec<_>>().join(" and ");
    match (data_sets.is_empty(), standin) {
        (true, _) => String::new(),
        (false, true) => format!("Images drawn by a program stand in for {names}."),
        (false, false) => format!("{names}, checked by SHA-256."),
    }
}
