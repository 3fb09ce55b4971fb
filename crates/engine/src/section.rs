//! What a drawn experiment keeps beside its figures: its manifest, its section of the page, and where all of them lie.
//!
//! ```text
//! <out>/<profile>/<id>/<protocol>[+key=value]/   figures, CSVs, weights/, section.json, manifest.json, host.json
//! ```

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use disk::{Folder, Kind, Name};
use report::{ClaimRow, Section};
use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::point::Key;
use crate::store::{Artefacts, MANIFEST, name, verify};
use crate::study::Question;

/// The file that holds a study's part of the page.
pub const SECTION: &str = "section.json";

/// What of a drawn study is the same on every run: `manifest.json` beside its figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The experiment.
    pub id: String,
    /// The protocol, with what was set by hand.
    pub protocol: String,
    /// The profile.
    pub profile: String,
    /// The seeds of all repeats.
    pub seeds: Vec<u64>,
    /// Every hyperparameter.
    pub hyperparameters: Vec<(String, String)>,
    /// Digests of the data sets that its points read.
    pub data: BTreeSet<String>,
    /// Keys of its points.
    pub points: Vec<Key>,
    /// Each claim with our numbers.
    pub metrics: Vec<ClaimRow>,
    /// Its files.
    pub artefacts: Artefacts,
}

impl Manifest {
    /// The manifest of a drawn study.
    ///
    /// # Errors
    /// If it cannot be read or is not one.
    pub fn read(folder: &Folder) -> Result<Self> {
        let bytes = folder.read(&name(MANIFEST))?;
        let at = || format!("{}: not a manifest", folder.file(&name(MANIFEST)).display());
        canonical::read(&bytes).with_context(at)
    }

    /// What differs between the files of a folder and this, one sentence each; weights need not be there.
    ///
    /// # Errors
    /// If a file that is there cannot be read.
    pub fn damage(&self, folder: &Folder) -> Result<Vec<String>> {
        verify(folder, &self.committed(folder)?)
    }

    /// The files that are committed: weights stay where they were trained, unless somebody copied them along.
    fn committed(&self, folder: &Folder) -> Result<Artefacts> {
        let mut committed = Artefacts::new();
        for (file, artefact) in &self.artefacts {
            if !is_weights(file) || (folder.folder(&name(WEIGHTS)).exists()? && folder.has(file)?) {
                committed.insert(file.clone(), artefact.clone());
            }
        }
        Ok(committed)
    }
}

/// The folder of weights below a drawn study.
const WEIGHTS: &str = "weights";

/// Whether a file of a drawn study holds weights.
pub fn is_weights(file: &Name) -> bool {
    file.as_str().split('/').next() == Some(WEIGHTS)
}

/// The section of a folder.
///
/// # Errors
/// If it cannot be read, is not one, or is that of another folder; names the file.
pub fn section_in(folder: &Folder) -> Result<Section> {
    let bytes = folder.read(&name(SECTION))?;
    let at = || format!("{}: not a section of the page", folder.file(&name(SECTION)).display());
    let section: Section = canonical::read(&bytes).with_context(at)?;
    let (own, found) = (name_of(folder), format!("{}:{}", section.id, section.protocol));
    ensure!(found == own, "{}: expected that of {own}, found that of {found:?}", at());
    Ok(section)
}

/// Folders of drawn experiments in the order of the catalogue, each followed by what was drawn of it with other
/// hyperparameters.
///
/// # Errors
/// If a folder cannot be listed.
pub fn drawn(catalogue: &[&'static Question], root: &Folder) -> Result<Vec<Folder>> {
    let mut folders = Vec::new();
    if !root.exists()? {
        return Ok(folders);
    }
    for question in catalogue {
        let home = root.folder(&name(question.id));
        // Something else in its place is told of when the experiment itself is drawn.
        if home.kind()? != Some(Kind::Folder) {
            continue;
        }
        for (entry, _) in home.entries()? {
            if is_of(entry.as_str(), question.protocol) {
                let folder = home.folder(&entry);
                if folder.kind()? == Some(Kind::Folder) && folder.has(&name(MANIFEST))? {
                    folders.push(folder);
                }
            }
        }
    }
    Ok(folders)
}

/// Whether a folder is a protocol's own, or what was drawn of it with other hyperparameters.
pub fn is_of(folder: &str, protocol: &str) -> bool {
    folder.split('+').next() == Some(protocol)
}

/// `id:protocol` of a drawn experiment, by its folders' names.
pub fn name_of(folder: &Folder) -> String {
    let path = folder.path();
    let part = |path: Option<&std::path::Path>| {
        path.and_then(|p| p.file_name()).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    };
    format!("{}:{}", part(path.parent()), part(Some(&path)))
}
