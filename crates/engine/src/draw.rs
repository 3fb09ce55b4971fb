//! Draws every study whose points are all finished: files, findings, its section, and the page. No training.
//!
//! A study is left alone when nothing changed: the same points, the same program, all its files there. Nothing is written
//! then, so that a finished results folder of somebody else can be looked at.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Result, ensure};
use disk::{Folder, Locking, Name};
use report::{ClaimRow, Section, Verdicts};
use serde_json::{Value, json};

use crate::canonical;
use crate::finished::Finished;
use crate::host;
use crate::page::{self, Binding};
use crate::plan::Plan;
use crate::point::Key;
use crate::progress::{Notice, Progress};
use crate::rows::csv;
use crate::section::{Manifest, SECTION, section_in};
use crate::store::{Artefact, HOST, MANIFEST, Store, name, verify};
use crate::study::{Drawn, Study};
use crate::workbench::Interrupted;

/// What drawing did.
#[derive(Debug, Default)]
pub struct Summary {
    /// Studies drawn anew.
    pub drawn: usize,
    /// Studies where nothing had changed.
    pub unchanged: usize,
    /// Studies that wait for points: name, and how many are missing.
    pub incomplete: Vec<(String, usize)>,
    /// Studies that could not be drawn: name, and why.
    pub failed: Vec<(String, String)>,
    /// On the claims of the studies of this selection.
    pub verdicts: Verdicts,
    /// What was drawn or had not changed, in the order of the plan.
    pub sections: Vec<Section>,
    /// The page.
    pub page: Option<PathBuf>,
}

/// Who watches, and who may stop it.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Is told what was drawn.
    pub progress: &'a dyn Progress,
    /// Set when everything shall stop.
    pub interrupt: &'a AtomicBool,
}

/// Draws studies, whose points are those of `plan` in the same order, and the page over all that were ever drawn.
///
/// # Errors
/// If the disk refuses, or the run is interrupted while another process draws.
pub fn draw(
    studies: &[Study],
    plan: &Plan,
    binding: &Binding<'_>,
    store: &Store,
    watch: Watch<'_>,
) -> Result<Summary> {
    let mut summary = Summary::default();
    let mut lock = None;
    for (study, places) in studies.iter().zip(&plan.members) {
        let keys: Vec<Key> = places.iter().map(|&place| plan.points[place].key.clone()).collect();
        let mut missing = 0;
        for key in &keys {
            missing += usize::from(!store.has(key)?);
        }
        if missing > 0 {
            summary.incomplete.push((study.about.name(), missing));
            continue;
        }
        let folder = folder_of(store.root(), study);
        let section = match unchanged(&folder, &keys)? {
            Some(section) => {
                summary.unchanged += 1;
                Ok(section)
            }
            None => {
                if lock.is_none() {
                    lock = Some(wait_for(store, watch.interrupt)?);
                }
                draw_one(study, &keys, store).inspect(|_| {
                    summary.drawn += 1;
                    let (name, directory): (_, &Path) = (&study.about.name(), &folder.path());
                    watch.progress.tell(&Notice::Drawn { name, directory });
                })
            }
        };
        match section {
            Ok(section) => {
                summary.verdicts += section.verdicts();
                summary.sections.push(section);
            }
            Err(error) => summary.failed.push((study.about.name(), format!("{error:#}"))),
        }
    }
    if summary.drawn + summary.unchanged > 0 {
        if lock.is_none() && !page::is_current(binding, store)? {
            lock = Some(wait_for(store, watch.interrupt)?);
        }
        summary.page = Some(page::bind(binding, store)?);
    }
    drop(lock);
    Ok(summary)
}

/// One process draws at a time, where the file system can say so.
fn wait_for(store: &Store, interrupt: &AtomicBool) -> Result<Locking> {
    loop {
        match store.lock("draw")? {
            Locking::Elsewhere => {}
            ours => {
                store.disk().sweep(store.root())?;
                return Ok(ours);
            }
        }
        if interrupt.load(Ordering::Relaxed) {
            return Err(Interrupted.into());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Where a study is drawn, below the folder of its profile.
pub fn folder_of(root: &Folder, study: &Study) -> Folder {
    root.folder(&name(study.about.id)).folder(&name(&study.folder()))
}

/// The section of a study that nothing has happened to since this program drew it from these points.
fn unchanged(folder: &Folder, keys: &[Key]) -> Result<Option<Section>> {
    if !folder.exists()? || drawn_by(folder) != Some(host::build()) {
        return Ok(None);
    }
    let Ok(manifest) = Manifest::read(folder) else { return Ok(None) };
    if manifest.points != keys || !verify(folder, &manifest.artefacts)?.is_empty() {
        return Ok(None);
    }
    Ok(section_in(folder).ok())
}

fn draw_one(study: &Study, keys: &[Key], store: &Store) -> Result<Section> {
    let folder = folder_of(store.root(), study);
    let old = if folder.exists()? { Manifest::read(&folder).ok() } else { None };
    let (section, files) = make(study, keys, store)?;
    let manifest = manifest_of(study, keys, &section, &files);
    let disk = store.disk();
    disk.create(&folder)?;
    disk.sweep(&folder)?;
    for (file, bytes) in &files {
        disk.write(&folder, file, bytes)?;
    }
    for file in old.iter().flat_map(|old| old.artefacts.keys()) {
        if !manifest.artefacts.contains_key(file) {
            disk.remove(&folder, file)?;
        }
    }
    let mut host = host::here();
    host["drawn_by"] = json!(host::build());
    disk.write(&folder, &name(HOST), canonical::pretty(&host).as_bytes())?;
    disk.write(&folder, &name(MANIFEST), canonical::pretty(&manifest).as_bytes())?;
    Ok(section)
}

/// Names and bytes.
pub(crate) type Files = Vec<(Name, Vec<u8>)>;

/// The section and all files of a study, sorted by name; nothing is written.
///
/// # Errors
/// If a point's file is not as expected, or a file that was promised is not drawn.
pub(crate) fn make(study: &Study, keys: &[Key], store: &Store) -> Result<(Section, Files)> {
    let about = study.about;
    let finished = Finished::new(store, &study.tasks, about.seed, study.stamp);
    let Drawn { mut files, evidence, figures, tables, notes } = (study.draw)(&finished)?;
    let judge = |claim: &crate::claim::Claim| ClaimRow {
        says: claim.says.to_owned(),
        reported: claim.reported.to_owned(),
        finding: (claim.test)(&evidence),
    };
    let claims: Vec<ClaimRow> = about.claims.iter().map(judge).collect();
    files.push(("claims.csv".to_owned(), claims_csv(&claims)));
    files.sort();
    for file in about.artefacts.iter().copied().chain(figures.iter().map(|figure| figure.file.as_str())) {
        let drawn = files.iter().any(|(name, _)| name == file);
        ensure!(drawn, "{}: expected the file {file} to be drawn, found none", about.name());
    }
    let all_notes = study.facts.notes.iter().cloned().chain(notes).collect();
    let section = Section {
        id: about.id.to_owned(),
        protocol: study.folder(),
        title: about.title.to_owned(),
        report: about.report.to_owned(),
        question: about.question.to_owned(),
        reproduces: about.reproduces.to_owned(),
        standin: study.stamp.is_some(),
        points: keys.iter().map(Key::to_string).collect(),
        figures,
        tables,
        claims,
        hyperparameters: study.facts.hypers.table.clone(),
        cuts: study.facts.hypers.cuts.clone(),
        files: files.iter().map(|(file, _)| file.clone()).chain([MANIFEST.to_owned()]).collect(),
        notes: all_notes,
    };
    files.push((SECTION.to_owned(), canonical::pretty(&section).into_bytes()));
    let named = |(file, bytes): (String, Vec<u8>)| Ok((Name::new(&file)?, bytes));
    Ok((section, files.into_iter().map(named).collect::<Result<_>>()?))
}

fn manifest_of(study: &Study, keys: &[Key], section: &Section, files: &Files) -> Manifest {
    Manifest {
        id: section.id.clone(),
        protocol: section.protocol.clone(),
        profile: study.profile.to_string(),
        seeds: study.facts.seeds.clone(),
        hyperparameters: section.hyperparameters.clone(),
        data: study.tasks.iter().filter_map(|task| task.point.data()).collect(),
        points: keys.to_vec(),
        metrics: section.claims.clone(),
        artefacts: files.iter().map(|(file, bytes)| (file.clone(), Artefact::of(bytes))).collect(),
    }
}

fn drawn_by(folder: &Folder) -> Option<String> {
    let host: Value = serde_json::from_slice(&folder.read(&name(HOST)).ok()?).ok()?;
    host["drawn_by"].as_str().map(str::to_owned)
}

fn claims_csv(claims: &[ClaimRow]) -> Vec<u8> {
    let header = ["says", "reported", "measured", "verdict", "why"].map(str::to_owned).to_vec();
    let row = |claim: &ClaimRow| {
        let report::Finding { verdict, measured, why } = &claim.finding;
        vec![claim.says.clone(), claim.reported.clone(), measured.clone(), verdict.to_string(), why.clone()]
    };
    csv(&std::iter::once(header).chain(claims.iter().map(row)).collect::<Vec<_>>())
}
