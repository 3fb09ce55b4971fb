//! A selection of experiments with all that running it takes.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use disk::{Disk, Folder};
use engine::page::Binding;
use engine::plan::Plan;
use engine::select::{closest, select};
use engine::store::Store;
use engine::workbench::Surroundings;
use engine::{Progress, Question, Settings, Study, limits};
use experiments::colours::recolour;
use experiments::data::Data;
use experiments::guide::GUIDE;
use experiments::{Experiment, registry};

use crate::interrupt::INTERRUPT;
use crate::options::Common;
use crate::results::{of_profile, paper_beside, reference_beside, results};
use crate::say;
use crate::status::Usage;

/// A selection of experiments with all that running it takes.
pub struct Session {
    /// Profile, repeats, hyperparameters.
    pub settings: Settings,
    /// The experiments, planned.
    pub studies: Vec<Study>,
    /// Where points are and go.
    pub store: Store,
    /// What is to be done.
    pub plan: Plan,
    /// Threads in all.
    pub threads: usize,
    /// Points side by side.
    pub jobs: usize,
    /// All experiments, in the order of the page.
    pub catalogue: Vec<&'static Question>,
    /// The folder of the reference run of this profile, if there is one and these are not its own results.
    pub reference: Option<Folder>,
    /// The folder of the reference run of the paper profile, if this is another one.
    pub paper: Option<Folder>,
    checkpoint_every: Duration,
}

/// Layers of all seeds of a model: a plan names the layers below of every point, some 200 MB for each model.
const MOST_LAYERS: usize = 100_000;

impl Common {
    /// Selects experiments and plans them.
    ///
    /// # Errors
    /// [`Usage`] for a name or hyperparameter that does not exist; missing data; a recipe that cannot plan.
    pub fn session(&self, what: &[String]) -> Result<Session> {
        let catalogue = registry::catalogue();
        let all = registry::all();
        let chosen = select(&catalogue, what).map_err(|unknown| Usage(unknown.to_string()))?;
        let experiments: Vec<&'static Experiment> = chosen.into_iter().map(|place| all[place]).collect();
        // What was misspelt is said before any file of the user's is opened.
        self.check_keys(&experiments, &self.settings())?;
        self.check_images(&experiments)?;
        let mut data = crate::data::source(self);
        if let [a, b] = &self.images[..] {
            let open = |path: &PathBuf| {
                let read = recolour::open_noting(path)?;
                let said = |note: &String| say::note(format_args!("{}: {note}", path.display()));
                read.notes.iter().for_each(said);
                anyhow::Ok(read.picture)
            };
            data = data.with_pictures([open(a)?, open(b)?]);
        }
        let store = Store::new(of_profile(results(self.out.as_deref()), self.profile), Disk::new());
        self.planned(&experiments, catalogue, data, store)
    }

    /// Plans experiments on these data, whether they are of the catalogue or not.
    ///
    /// # Errors
    /// [`Usage`] for a hyperparameter that does not exist; missing data; a recipe that cannot plan.
    pub fn planned(
        &self,
        experiments: &[&'static Experiment],
        catalogue: Vec<&'static Question>,
        data: Data,
        store: Store,
    ) -> Result<Session> {
        let (profile, settings) = (self.profile, self.settings());
        self.check_keys(experiments, &settings)?;
        check_layers(&settings)?;
        let threads = self.threads.unwrap_or_else(limits::processors);
        let data: Arc<Data> = Arc::new(data);
        let studies: Vec<Study> =
            experiments.iter().map(|experiment| experiment.study(&settings, &data)).collect::<Result<_>>()?;
        let plan = Plan::new(studies.iter().map(|study| &study.tasks[..]))?;
        Ok(Session {
            settings,
            studies,
            plan,
            threads,
            jobs: self.jobs.unwrap_or(threads),
            catalogue,
            reference: reference_beside(store.root(), profile),
            paper: paper_beside(profile),
            store,
            checkpoint_every: Duration::from_secs_f64(self.checkpoint_every),
        })
    }

    fn settings(&self) -> Settings {
        Settings { repeats: self.repeats, set: self.set.clone(), ..Settings::of(self.profile) }
    }

    fn check_images(&self, experiments: &[&'static Experiment]) -> Result<()> {
        let other = experiments.iter().find(|e| !self.images.is_empty() && !e.recipe.takes_pictures());
        other.map_or(Ok(()), |other| {
            let name = other.about.name();
            Err(Usage(format!("--images: {name} takes no pictures; ot-colour-transfer does")).into())
        })
    }

    fn check_keys(&self, experiments: &[&'static Experiment], settings: &Settings) -> Result<()> {
        for (key, _) in &self.set {
            for experiment in experiments {
                let keys = experiment.recipe.hypers(settings).keys;
                if keys.contains(&key.as_str()) {
                    continue;
                }
                let name = experiment.about.name();
                let hint = match closest(key, keys.iter().copied()) {
                    Some(close) => format!("did you mean {close:?}?"),
                    None if keys.is_empty() => "it has none that can be set".to_owned(),
                    None => format!("it has {}", keys.join(", ")),
                };
                return Err(Usage(format!("--set {key}: {name} has no such hyperparameter; {hint}")).into());
            }
        }
        Ok(())
    }
}

/// Layers and repeats multiply. What is no number, or too large a one by itself, is refused by the plan.
fn check_layers(settings: &Settings) -> Result<()> {
    let layers = settings.text("layers").and_then(|text| text.parse().ok());
    let layers = layers.filter(|layers| *layers <= MOST_LAYERS).unwrap_or(1);
    let repeats = settings.repeats.unwrap_or(1);
    if repeats.saturating_mul(layers) > MOST_LAYERS {
        let found = format!("found {layers} of each of {repeats} repeats");
        return Err(Usage(format!("--set layers: expected at most {MOST_LAYERS} in all, {found}")).into());
    }
    Ok(())
}

impl Session {
    /// Places of all points of the plan.
    pub fn everything(&self) -> Vec<usize> {
        (0..self.plan.points.len()).collect()
    }

    /// Which points need not be trained: those that are published, unless `force` says otherwise.
    ///
    /// # Errors
    /// If the disk does not say.
    pub fn settled(&self, force: bool) -> Result<Vec<bool>> {
        let cached = self.plan.cached(&self.store)?;
        Ok(cached.into_iter().map(|cached| cached && !force).collect())
    }

    /// Refuses what this process may not hold, before anything runs: points at `wanted` (places in the plan) and what they
    /// need, but for those that are published, unless `force`.
    ///
    /// # Errors
    /// Names the point, its estimate and the memory.
    pub fn check_memory(&self, wanted: &[usize], force: bool) -> Result<()> {
        let Some(memory) = limits::memory() else { return Ok(()) };
        let settled = self.settled(force)?;
        let open = self.plan.closure(wanted).into_iter().filter(|&place| !settled[place]);
        self.plan.check_memory(open, memory)
    }

    /// What the engine needs of its surroundings.
    pub fn around<'a>(&'a self, progress: &'a dyn Progress) -> Surroundings<'a> {
        let (store, interrupt, checkpoint_every) = (&self.store, &INTERRUPT, self.checkpoint_every);
        Surroundings { store, progress, interrupt, checkpoint_every }
    }

    /// What the page is bound from. A run is held against the reference run; the reference run is not.
    pub fn binding(&self) -> Binding<'_> {
        let (profile, reference) = (self.settings.profile, self.reference.as_ref());
        Binding { catalogue: &self.catalogue, guide: &GUIDE, profile, reference, paper: self.paper.as_ref() }
    }
}
