//! Draws every experiment whose points are all finished: files, findings, its section, and the page. No training.
//!
//! An experiment is left alone when nothing changed: the same points, the same program, all its files there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::canonical;
use crate::claim::Finding;
use crate::disk;
use crate::experiment::{Drawn, Experiment, Settings};
use crate::host;
use crate::page;
use crate::plan::Plan;
use crate::point::Key;
use crate::progress::{Notice, Progress};
use crate::rows::Rows;
use crate::section::{SECTION, SavedClaim, SavedTable, Section, Verdicts};
use crate::store::{Artefact, Artefacts, HOST, Lock, MANIFEST, Store};
use crate::workbench::Interrupted;

/// The finished points of one experiment.
#[derive(Clone, Copy)]
pub struct Finished<'a> {
    store: &'a Store,
}

impl<'a> Finished<'a> {
    /// The finished points of a store.
    pub fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// The rows of a point.
    ///
    /// # Errors
    /// If it is not published, or its rows cannot be read.
    pub fn rows(&self, key: &Key) -> Result<Rows> {
        self.store.rows(key)
    }

    /// An artefact of a point.
    ///
    /// # Errors
    /// If it is not published, has no such artefact, or a damaged one.
    pub fn read(&self, key: &Key, name: &str) -> Result<Vec<u8>> {
        self.store.read(key, name)
    }

    /// The folder of a point.
    pub fn path(&self, key: &Key) -> PathBuf {
        self.store.path(key)
    }
}

/// What of a drawn experiment is the same on every run: `manifest.json` beside its figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The experiment.
    pub id: String,
    /// The protocol.
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
    pub metrics: Vec<SavedClaim>,
    /// Its files.
    pub artefacts: Artefacts,
}

/// What drawing did.
#[derive(Debug, Default)]
pub struct Summary {
    /// Experiments drawn anew.
    pub drawn: usize,
    /// Experiments where nothing had changed.
    pub unchanged: usize,
    /// Experiments that wait for points: name, and how many are missing.
    pub incomplete: Vec<(String, usize)>,
    /// Experiments that could not be drawn: name, and why.
    pub failed: Vec<(String, String)>,
    /// On the claims of the experiments of this selection.
    pub verdicts: Verdicts,
    /// What was drawn or had not changed, in the order of the plan.
    pub sections: Vec<Section>,
    /// The page.
    pub page: Option<PathBuf>,
}

/// Draws the experiments of a plan, and the page over all that were ever drawn.
///
/// # Errors
/// If the disk refuses, or the run is interrupted while another process draws.
pub fn draw(
    plan: &Plan,
    registry: &[&Experiment],
    settings: &Settings,
    store: &Store,
    (progress, interrupt): (&dyn Progress, &AtomicBool),
) -> Result<Summary> {
    let _lock = wait_for(store, interrupt)?;
    let mut summary = Summary::default();
    for (experiment, places) in &plan.experiments {
        let keys: Vec<Key> = places.iter().map(|&place| plan.points[place].key.clone()).collect();
        let missing = keys.iter().filter(|key| !store.has(key)).collect::<BTreeSet<_>>().len();
        if missing > 0 {
            summary.incomplete.push((experiment.name(), missing));
            continue;
        }
        let desk = Desk { experiment, settings, store, keys, data: data(plan, places) };
        match desk.draw_if_changed() {
            Ok((section, anew)) => {
                let (drawn, unchanged) = if anew { (1, 0) } else { (0, 1) };
                summary.drawn += drawn;
                summary.unchanged += unchanged;
                summary.verdicts += section.verdicts();
                if anew {
                    progress.tell(&Notice::Drawn { name: &experiment.name(), directory: &desk.directory() });
                }
                summary.sections.push(section);
            }
            Err(error) => summary.failed.push((experiment.name(), format!("{error:#}"))),
        }
    }
    if summary.drawn + summary.unchanged > 0 {
        summary.page = Some(page::write(registry, settings.profile, store)?);
    }
    Ok(summary)
}

/// One process draws at a time.
fn wait_for(store: &Store, interrupt: &AtomicBool) -> Result<Lock> {
    loop {
        if let Some(lock) = store.lock("draw")? {
            return Ok(lock);
        }
        if interrupt.load(Ordering::Relaxed) {
            return Err(Interrupted.into());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn data(plan: &Plan, places: &[usize]) -> BTreeSet<String> {
    let digest = |&place: &usize| {
        let config: Value = serde_json::from_str(&plan.points[place].config).ok()?;
        config["data"].as_str().filter(|data| !data.is_empty()).map(str::to_owned)
    };
    places.iter().filter_map(digest).collect()
}

/// Where an experiment is drawn.
pub(crate) fn directory(root: &Path, experiment: &Experiment, settings: &Settings) -> PathBuf {
    root.join(experiment.id).join(format!("{}{}", experiment.protocol, settings.suffix()))
}

/// Names and bytes.
type Files = Vec<(String, Vec<u8>)>;

struct Desk<'a> {
    experiment: &'a Experiment,
    settings: &'a Settings,
    store: &'a Store,
    keys: Vec<Key>,
    data: BTreeSet<String>,
}

impl Desk<'_> {
    fn directory(&self) -> PathBuf {
        directory(self.store.root(), self.experiment, self.settings)
    }

    fn draw_if_changed(&self) -> Result<(Section, bool)> {
        let directory = self.directory();
        let old: Option<Manifest> =
            disk::read(&directory.join(MANIFEST)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        if let Some(old) = &old
            && old.points == self.keys
            && drawn_by(&directory) == Some(host::build())
            && crate::store::verify(&directory, &old.artefacts).is_empty()
            && let Ok(section) = Section::read(&directory)
        {
            return Ok((section, false));
        }
        let (section, files) = self.make()?;
        let artefacts = files.iter().map(|(name, bytes)| (name.clone(), Artefact::of(bytes))).collect();
        let manifest = self.manifest(&section, artefacts);
        let disk = self.store.disk();
        for (name, bytes) in &files {
            let path = directory.join(name);
            disk.create_directory(path.parent().unwrap_or(&directory))?;
            disk.write(&path, bytes)?;
        }
        for name in old.iter().flat_map(|old| old.artefacts.keys()) {
            if !manifest.artefacts.contains_key(name) {
                disk.remove(&directory.join(name))?;
            }
        }
        let mut host = host::here();
        host["drawn_by"] = json!(host::build());
        disk.write(&directory.join(HOST), canonical::pretty(&host).as_bytes())?;
        disk.write(&directory.join(MANIFEST), canonical::pretty(&manifest).as_bytes())?;
        Ok((section, true))
    }

    /// The section and all files, sorted by name; nothing is written.
    fn make(&self) -> Result<(Section, Files)> {
        let (experiment, settings) = (self.experiment, self.settings);
        let drawn = experiment.recipe.draw(experiment, settings, &Finished::new(self.store))?;
        let judge = |claim: &crate::claim::Claim| SavedClaim {
            says: claim.says.to_owned(),
            reported: claim.reported.to_owned(),
            finding: (claim.test)(&drawn.evidence),
        };
        let claims: Vec<SavedClaim> = experiment.claims.iter().map(judge).collect();
        let Drawn { mut files, figures, tables, mut notes, .. } = drawn;
        if !settings.set.is_empty() {
            notes.insert(0, BY_HAND.to_owned());
        }
        files.push(("claims.csv".to_owned(), claims_csv(&claims)));
        files.sort();
        for name in
            experiment.artefacts.iter().copied().chain(figures.iter().map(|figure| figure.file.as_str()))
        {
            let drawn = files.iter().any(|(file, _)| file == name);
            ensure!(drawn, "{}: expected the file {name} to be drawn, found none", experiment.name());
        }
        let section = Section {
            id: experiment.id.to_owned(),
            protocol: format!("{}{}", experiment.protocol, settings.suffix()),
            title: experiment.title.to_owned(),
            report: experiment.report.slug().to_owned(),
            question: experiment.question.to_owned(),
            reproduces: experiment.reproduces.to_owned(),
            standin: self.data.iter().any(|digest| settings.data.is_standin(digest)),
            points: self.keys.iter().map(Key::to_string).collect(),
            figures,
            tables: tables.iter().map(SavedTable::from).collect(),
            claims,
            hyperparameters: experiment.recipe.hyperparameters(settings),
            cuts: cuts(experiment, settings),
            files: files.iter().map(|(name, _)| name.clone()).chain([MANIFEST.to_owned()]).collect(),
            notes,
        };
        files.push((SECTION.to_owned(), canonical::pretty(&section).into_bytes()));
        Ok((section, files))
    }

    fn manifest(&self, section: &Section, artefacts: Artefacts) -> Manifest {
        Manifest {
            id: section.id.clone(),
            protocol: section.protocol.clone(),
            profile: self.settings.profile.to_string(),
            seeds: self.experiment.seeds(self.settings),
            hyperparameters: section.hyperparameters.clone(),
            data: self.data.clone(),
            points: self.keys.clone(),
            metrics: section.claims.clone(),
            artefacts,
        }
    }
}

/// Stands first under figures of hyperparameters that no report has.
const BY_HAND: &str = "Set by hand: names of models and sentences of the report speak of the report's own values, and \
                       verdicts are not counted among those on its claims.";

/// What differs from the report: what was set, fewer seeds, and what the profile cut.
fn cuts(experiment: &Experiment, settings: &Settings) -> Vec<String> {
    let mut cuts: Vec<String> =
        settings.set.iter().map(|(key, value)| format!("set by hand: {key} = {value}")).collect();
    cuts.extend(experiment.recipe.cuts(settings));
    let (now, full) = (experiment.seeds(settings).len(), experiment.repeats.paper);
    if now < full {
        cuts.push(format!("seeds: {now} instead of {full}"));
    }
    cuts
}

/// The section of an experiment; none if it is not drawn.
///
/// # Errors
/// If it cannot be read.
pub fn section(experiment: &Experiment, settings: &Settings, store: &Store) -> Result<Option<Section>> {
    let directory = directory(store.root(), experiment, settings);
    if directory.join(MANIFEST).is_file() { Section::read(&directory).map(Some) } else { Ok(None) }
}

/// What does not fit in a drawn experiment: files against digests, and, where all points are at hand, files against what
/// would be drawn now. One sentence each; empty if all is well.
///
/// # Errors
/// If the manifest cannot be read.
pub fn check(
    plan: &Plan,
    (experiment, places): &(&'static Experiment, Vec<usize>),
    settings: &Settings,
    store: &Store,
) -> Result<Vec<String>> {
    let directory = directory(store.root(), experiment, settings);
    let path = directory.join(MANIFEST);
    let manifest: Manifest = serde_json::from_slice(&disk::read(&path)?)
        .with_context(|| format!("{}: not a manifest", path.display()))?;
    // Weights are not part of what is committed.
    let committed =
        |(name, _): &(&String, &Artefact)| !name.starts_with("weights/") || directory.join(name).exists();
    let artefacts: Artefacts =
        manifest.artefacts.iter().filter(committed).map(|(name, a)| (name.clone(), a.clone())).collect();
    let mut trouble = crate::store::verify(&directory, &artefacts);
    let keys: Vec<Key> = places.iter().map(|&place| plan.points[place].key.clone()).collect();
    for key in keys.iter().filter(|key| store.has(key)) {
        trouble.extend(store.verify(key)?);
    }
    // With other seeds it would be another drawing.
    if manifest.seeds == experiment.seeds(settings) && keys.iter().all(|key| store.has(key)) {
        let desk = Desk { experiment, settings, store, keys, data: data(plan, places) };
        let (_, files) = desk.make()?;
        for (name, bytes) in files {
            if manifest.artefacts.get(&name) != Some(&Artefact::of(&bytes)) {
                let path = directory.join(name);
                trouble.push(format!("{}: not what its points give now; draw it again", path.display()));
            }
        }
    }
    Ok(trouble)
}

fn drawn_by(directory: &Path) -> Option<String> {
    let host: Value = serde_json::from_slice(&disk::read(&directory.join(HOST)).ok()?).ok()?;
    host["drawn_by"].as_str().map(str::to_owned)
}

fn claims_csv(claims: &[SavedClaim]) -> Vec<u8> {
    let header = ["says", "reported", "measured", "verdict", "why"].map(str::to_owned).to_vec();
    let row = |claim: &SavedClaim| {
        let Finding { verdict, measured, why } = &claim.finding;
        vec![claim.says.clone(), claim.reported.clone(), measured.clone(), verdict.to_string(), why.clone()]
    };
    crate::rows::csv(&std::iter::once(header).chain(claims.iter().map(row)).collect::<Vec<_>>())
}
