//! Holds what is drawn against its digests, and, where all points are at hand, against what would be drawn now.

use anyhow::Result;
use disk::Folder;

use crate::draw::{folder_of, make};
use crate::plan::Plan;
use crate::section::Manifest;
use crate::store::{Artefact, Store};
use crate::study::Study;

/// What does not fit in a drawn study: files against digests, and, where all points are at hand, files against what would
/// be drawn now. One sentence each; empty if all is well.
///
/// # Errors
/// If a manifest or a file cannot be read.
pub fn check(study: &Study, plan: &Plan, places: &[usize], store: &Store) -> Result<Vec<String>> {
    let folder = folder_of(store.root(), study);
    let manifest = Manifest::read(&folder)?;
    let mut trouble = manifest.damage(&folder)?;
    let keys = plan.keys(places);
    let mut all = true;
    for key in &keys {
        if store.has(key)? {
            trouble.extend(store.verify(key)?);
        } else {
            all = false;
        }
    }
    // What was drawn from other seeds is a different drawing, and cannot be compared with one of these.
    if all && manifest.seeds == study.facts.seeds {
        let (_, files) = make(study, &keys, store)?;
        for (file, bytes) in files {
            if manifest.artefacts.get(&file) != Some(&Artefact::of(&bytes)) {
                let path = folder.file(&file);
                trouble.push(format!("{}: not what its points give now; draw it again", path.display()));
            }
        }
    }
    Ok(trouble)
}

/// What differs between a drawn study and its manifest; weights need not be there.
///
/// # Errors
/// If the manifest or a file cannot be read.
pub fn against_digests(folder: &Folder) -> Result<Vec<String>> {
    Manifest::read(folder)?.damage(folder)
}
