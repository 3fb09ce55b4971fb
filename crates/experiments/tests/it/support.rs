//! The stand-in, settings, experiments by name, what they plan, and what a run of them gives.

use std::any::Any;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use disk::{Disk, Folder};
use engine::draw::{Watch, draw};
use engine::guide::Guide;
use engine::page::Binding;
use engine::plan::Plan;
use engine::progress::Quiet;
use engine::run::{self, Options, Summary};
use engine::store::Store;
use engine::workbench::Surroundings;
use engine::{Drawn, Finished, Hypers, Point, Profile, Settings, Study};
use experiments::data::Data;
use experiments::{Experiment, Job, Recipe, registry};
use fetch::{Network, Policy};
use report::Section;
use serde::de::DeserializeOwned;
use tempfile::TempDir;

/// The stand-in, drawn once for all tests.
pub fn standin() -> Arc<Data> {
    static DATA: OnceLock<Arc<Data>> = OnceLock::new();
    Arc::clone(DATA.get_or_init(|| Arc::new(Data::new(options(Policy::Standin)))))
}

/// No network; data of the workspace alone.
pub fn options(policy: Policy) -> fetch::Options {
    fetch::Options { policy, network: Network::Off, ..fetch::Options::from_environment() }
}

pub fn settings(profile: Profile, set: &[(&str, &str)]) -> Settings {
    let set = set.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Settings { set, readings: false, ..Settings::of(profile) }
}

pub fn experiment(name: &str) -> &'static Experiment {
    let found = registry::all().into_iter().find(|e| e.about.name() == name);
    found.unwrap_or_else(|| panic!("no experiment {name}"))
}

/// The recipe of an experiment, if it is of this kind.
pub fn recipe<T: Recipe>(experiment: &Experiment) -> Option<&'static T> {
    (experiment.recipe as &'static dyn Any).downcast_ref()
}

pub fn study(experiment: &'static Experiment, settings: &Settings) -> Study {
    experiment.study(settings, &standin()).unwrap()
}

/// The points of a study, each once, needed ones first.
pub fn points(study: &Study) -> Vec<Point> {
    Plan::new([&study.tasks[..]]).unwrap().points
}

/// All that is planned, each point once, needed ones first.
pub fn plan(experiment: &'static Experiment, settings: &Settings) -> Vec<Point> {
    points(&study(experiment, settings))
}

/// The plan of everything there is.
pub fn whole_plan(settings: &Settings) -> Plan {
    let studies: Vec<Study> = registry::all().into_iter().map(|e| study(e, settings)).collect();
    Plan::new(studies.iter().map(|study| &study.tasks[..])).unwrap()
}

/// Why it is not planned, from the outermost reason to the innermost.
pub fn refusal(experiment: &'static Experiment, settings: &Settings) -> anyhow::Error {
    let planned = experiment.study(settings, &standin());
    planned.err().unwrap_or_else(|| panic!("{} is planned", experiment.about.name()))
}

pub fn hypers(experiment: &Experiment, settings: &Settings) -> Hypers {
    experiment.recipe.hypers(settings)
}

/// What kind of job a point does.
pub fn kind(point: &Point) -> String {
    let config: serde_json::Value = serde_json::from_str(&point.config).unwrap();
    config["job"]["kind"].as_str().unwrap().to_owned()
}

/// The points that do this kind of job, each with its job.
pub fn jobs<T: Job + DeserializeOwned>(points: &[Point]) -> Vec<(&Point, T)> {
    let job = |point: &Point| {
        let config: serde_json::Value = serde_json::from_str(&point.config).unwrap();
        T::deserialize(&config["job"]).unwrap()
    };
    points.iter().filter(|point| kind(point) == T::KIND).map(|point| (point, job(point))).collect()
}

/// An experiment after a run on the stand-in.
pub struct Trained {
    pub study: Study,
    pub plan: Plan,
    pub store: Store,
    pub summary: Summary,
    _folder: TempDir,
}

/// Trains all points of an experiment on the stand-in.
pub fn train(experiment: &'static Experiment, settings: &Settings) -> Trained {
    train_study(study(experiment, settings))
}

static NEVER: AtomicBool = AtomicBool::new(false);

/// Trains all points of a study in a folder of its own, in memory where the system has one.
pub fn train_study(study: Study) -> Trained {
    let plan = Plan::new([&study.tasks[..]]).unwrap();
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let store = Store::new(Folder::root(folder.path()), Disk::new());
    let around =
        Surroundings { store: &store, progress: &Quiet, interrupt: &NEVER, checkpoint_every: Duration::ZERO };
    let everything: Vec<usize> = (0..plan.points.len()).collect();
    let options = Options { jobs: 2, threads: 2, force: false };
    let summary = run::run(&plan, &everything, around, options).unwrap();
    Trained { study, plan, store, summary, _folder: folder }
}

impl Trained {
    pub fn draw(&self) -> Drawn {
        let Study { tasks, about, stamp, draw, .. } = &self.study;
        draw(&Finished::new(&self.store, tasks, about.seed, *stamp)).unwrap()
    }

    /// Draws it into its folder, and gives the section of the page.
    pub fn section(&self) -> Section {
        let catalogue = registry::catalogue();
        let binding = Binding {
            catalogue: &catalogue,
            guide: &Guide::PLAIN,
            profile: self.study.profile,
            reference: None,
            paper: None,
        };
        let watch = Watch { progress: &Quiet, interrupt: &NEVER };
        let studies = std::slice::from_ref(&self.study);
        let mut summary = draw(studies, &self.plan, &binding, &self.store, watch).unwrap();
        assert!(summary.failed.is_empty() && summary.incomplete.is_empty(), "{:?}", summary.failed);
        summary.sections.remove(0)
    }
}

/// The bytes of a file that was drawn.
pub fn file<'a>(drawn: &'a Drawn, name: &str) -> &'a [u8] {
    let found = drawn.files.iter().find(|(own, _)| own == name);
    &found.unwrap_or_else(|| panic!("no file {name}")).1
}
