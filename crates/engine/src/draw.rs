//! Draws every study whose points are all finished: files, findings, its section, and the page. No training.
//!
//! A study is left alone when nothing changed: the same points, the same program, all its files there. Nothing is written
//! then, so that a finished results folder of somebody else can be looked at.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use disk::{Folder, Kind, Locking, Name};
use report::{ClaimRow, Finding, Section, Verdicts};
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
    let mut turn = DrawingTurn { store, watch, lock: None };
    for (study, places) in studies.iter().zip(&plan.members) {
        let keys = plan.keys(places);
        let mut missing = 0;
        for key in &keys {
            missing += usize::from(!store.has(key)?);
        }
        if missing > 0 {
            summary.incomplete.push((study.about.name(), missing));
            continue;
        }
        match turn.draw(study, &keys, &mut summary) {
            Ok(section) => {
                summary.verdicts += section.verdicts();
                summary.sections.push(section);
            }
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(error) => summary.failed.push((study.about.name(), format!("{error:#}"))),
        }
    }
    if summary.drawn + summary.unchanged > 0 {
        summary.page = Some(turn.bind(binding)?);
    }
    Ok(summary)
}

/// The name of the lock for drawing.
const DRAWING: &str = "draw";
/// The first pause before the lock is asked for again, and the longest.
const POLL: Duration = Duration::from_millis(50);
const SELDOM: Duration = Duration::from_secs(5);

/// One process draws at a time, where the file system can say so: the lock is taken when the first file is to be written.
struct DrawingTurn<'a> {
    store: &'a Store,
    watch: Watch<'a>,
    lock: Option<Locking>,
}

impl DrawingTurn<'_> {
    /// The section of a study, drawn anew if something has changed.
    fn draw(&mut self, study: &Study, keys: &[Key], summary: &mut Summary) -> Result<Section> {
        let folder = folder_of(self.store.root(), study);
        if let Some(section) = unchanged(&folder, keys)? {
            summary.unchanged += 1;
            return Ok(section);
        }
        let drawing = Rendering::of(study, keys, self.store)?;
        if drawing.is_there(&folder)? {
            // Another build of this program drew the very same.
            match self.take(&folder.path()).and_then(|()| sign(&folder, self.store)) {
                Err(error) if !is_forbidden(&error) => return Err(error),
                _ => {}
            }
            summary.unchanged += 1;
            return Ok(drawing.section);
        }
        self.take(&folder.path())?;
        let section = drawing.write(&folder, self.store)?;
        summary.drawn += 1;
        let (name, directory) = (study.about.name(), folder.path());
        self.watch.progress.tell(&Notice::Drawn { name: &name, directory: &directory });
        Ok(section)
    }

    /// The page, bound anew if something has changed. In a folder of somebody else's it is enough that it is as it would
    /// be bound now.
    fn bind(&mut self, binding: &Binding<'_>) -> Result<PathBuf> {
        let root = self.store.root();
        let path = root.file(&name(page::PAGE));
        if page::is_current(binding, self.store)? {
            return Ok(path);
        }
        match self.take(&path).and_then(|()| page::bind(binding, self.store)) {
            Err(error) if is_forbidden(&error) && page::is_same(binding, root)? => Ok(path),
            bound => bound,
        }
    }

    /// Waits until nobody else draws, and asks less and less often; `path` is what is to be written then.
    fn take(&mut self, path: &Path) -> Result<()> {
        let (mut pause, mut until, mut asked) = (POLL, Instant::now(), false);
        while self.lock.is_none() {
            if self.watch.interrupt.load(Ordering::Relaxed) && asked {
                return Err(Interrupted.into());
            }
            if Instant::now() < until {
                std::thread::sleep(POLL);
                continue;
            }
            match self.store.lock(DRAWING)? {
                Locking::Elsewhere => {
                    if !std::mem::replace(&mut asked, true) {
                        let holder = self.store.holder(DRAWING);
                        self.watch.progress.tell(&Notice::WaitingToDraw { holder: holder.as_deref() });
                    }
                    until = Instant::now() + pause;
                    pause = (2 * pause).min(SELDOM);
                }
                ours => {
                    let swept = self.store.disk().sweep(self.store.root());
                    swept.with_context(|| format!("cannot write {}", path.display()))?;
                    self.lock = Some(ours);
                }
            }
        }
        Ok(())
    }
}

/// Whether an error says that we may not write there.
fn is_forbidden(error: &anyhow::Error) -> bool {
    let mut kinds = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    kinds.any(|kind| matches!(kind, io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem))
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

/// A study as it is drawn now; nothing of it is written yet.
struct Rendering {
    section: Section,
    files: Files,
    manifest: Manifest,
}

impl Rendering {
    fn of(study: &Study, keys: &[Key], store: &Store) -> Result<Self> {
        let (section, files) = make(study, keys, store)?;
        let manifest = manifest_of(study, keys, &section, &files);
        Ok(Self { section, files, manifest })
    }

    /// Whether the folder holds exactly this.
    fn is_there(&self, folder: &Folder) -> Result<bool> {
        let same = Manifest::read(folder).is_ok_and(|manifest| manifest == self.manifest);
        Ok(same && verify(folder, &self.manifest.artefacts)?.is_empty())
    }

    /// Writes its files, and removes those of the drawing that was there before. The manifest comes last.
    fn write(self, folder: &Folder, store: &Store) -> Result<Section> {
        let (old, disk) = (Manifest::read(folder).ok(), store.disk());
        disk.create(folder)?;
        disk.sweep(folder)?;
        for (file, bytes) in &self.files {
            disk.write(folder, file, bytes)?;
        }
        for file in old.iter().flat_map(|old| old.artefacts.keys()) {
            let is_file = folder.folder(file).kind()?.is_some_and(|kind| kind != Kind::Folder);
            if is_file && !self.manifest.artefacts.contains_key(file) {
                disk.remove(folder, file)?;
            }
        }
        sign(folder, store)?;
        disk.write(folder, &name(MANIFEST), canonical::pretty(&self.manifest).as_bytes())?;
        Ok(self.section)
    }
}

/// Notes beside a drawing which build of this program drew it.
fn sign(folder: &Folder, store: &Store) -> Result<()> {
    let mut host = host::here();
    host["drawn_by"] = json!(host::build());
    store.disk().write(folder, &name(HOST), canonical::pretty(&host).as_bytes())
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
    let mut drawn = (study.draw)(&finished)?;
    let claims: Vec<ClaimRow> = about.claims.iter().map(|claim| claim.judge(&drawn.evidence)).collect();
    drawn.files.push(("claims.csv".to_owned(), claims_csv(&claims)));
    drawn.files.sort();
    if let Some(pair) = drawn.files.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        bail!("{}: the file {} is drawn twice", about.name(), pair[0].0);
    }
    let figures = drawn.figures.iter().map(|figure| figure.file.as_str());
    for file in about.artefacts.iter().copied().chain(figures) {
        let is_drawn = drawn.files.iter().any(|(name, _)| name == file);
        ensure!(is_drawn, "{}: expected the file {file} to be drawn, found none", about.name());
    }
    let mut files = std::mem::take(&mut drawn.files);
    let names = files.iter().map(|(file, _)| file.clone()).chain([MANIFEST.to_owned()]).collect();
    let section = section_of(study, keys, claims, drawn, names);
    files.push((SECTION.to_owned(), canonical::pretty(&section).into_bytes()));
    let named = |(file, bytes): (String, Vec<u8>)| Ok((Name::new(&file)?, bytes));
    Ok((section, files.into_iter().map(named).collect::<Result<_>>()?))
}

fn section_of(
    study: &Study,
    keys: &[Key],
    claims: Vec<ClaimRow>,
    drawn: Drawn,
    files: Vec<String>,
) -> Section {
    let (about, hypers) = (study.about, &study.facts.hypers);
    Section {
        id: about.id.to_owned(),
        protocol: study.folder(),
        title: about.title.to_owned(),
        report: about.report.to_owned(),
        question: about.question.to_owned(),
        reproduces: about.reproduces.to_owned(),
        standin: study.stamp.is_some(),
        points: keys.iter().map(Key::to_string).collect(),
        figures: drawn.figures,
        tables: drawn.tables,
        claims,
        hyperparameters: hypers.table.clone(),
        cuts: hypers.cuts.clone(),
        files,
        notes: study.facts.notes.iter().cloned().chain(drawn.notes).collect(),
    }
}

fn manifest_of(study: &Study, keys: &[Key], section: &Section, files: &Files) -> Manifest {
    Manifest {
        id: section.id.clone(),
        protocol: section.protocol.clone(),
        profile: study.profile.to_string(),
        seeds: study.facts.seeds.clone(),
        hyperparameters: section.hyperparameters.iter().map(|h| (h.name.clone(), h.value.clone())).collect(),
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
    let header = ["says", "place", "reported", "measured", "verdict", "seeds", "why", "reason", "readings"];
    let header = header.map(str::to_owned).to_vec();
    let row = |claim: &ClaimRow| {
        let finding = claim.finding.clone();
        let readings = finding.readings.iter().map(|own| format!("{}: {}", own.name, own.verdict));
        let readings = readings.collect::<Vec<_>>().join("; ");
        let Finding { verdict, measured, why, reason, seeds, .. } = finding;
        let [says, place, reported] = [&claim.says, &claim.place, &claim.reported].map(String::clone);
        let (verdict, seeds) = (verdict.to_string(), seeds.to_string());
        vec![says, place, reported, measured, verdict, seeds, why, reason, readings]
    };
    csv(&std::iter::once(header).chain(claims.iter().map(row)).collect::<Vec<_>>())
}
