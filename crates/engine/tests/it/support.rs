//! Toy experiments, settings for them, and a digest of a whole results folder.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use experiments::disk::{self, Disk, Fault};
use experiments::jobs::{Job, Toy, ToyFault};
use experiments::plan::Plan;
use experiments::point::sha256;
use experiments::progress::Quiet;
use experiments::recipes::{self, Recipe};
use experiments::run::{self, Options};
use experiments::source::DataSource;
use experiments::store::Store;
use experiments::workbench::Surroundings;
use experiments::{
    Claim, Estimate, Experiment, Point, Profile, Progress, Report, Scaled, Settings, draw, pick,
};

/// Toys read no data: nothing is loaded.
pub fn data() -> DataSource {
    DataSource::new(experiments::data::Options::from_environment())
}

pub fn settings() -> Settings {
    Settings { profile: Profile::Smoke, repeats: None, set: vec![], data: Arc::new(data()), threads: 2 }
}

pub static CLAIMS: &[Claim] = &[Claim {
    says: "Four is more than two.",
    reported: "4 > 2",
    test: |evidence| evidence.above(pick("norm", &[("model", "4")]), pick("norm", &[("model", "2")])),
}];

/// An experiment of lines; the last one goes wrong if there is a fault.
pub fn lines(id: &'static str, sizes: &'static [usize], fault: Option<ToyFault>) -> &'static Experiment {
    Box::leak(Box::new(Experiment {
        id,
        protocol: "ours",
        report: Report::Ours,
        title: "Lines",
        reproduces: "nothing",
        question: "Does it run?",
        seed: 1,
        repeats: Scaled::same(1),
        recipe: Recipe::Toy(recipes::Toy { sizes, epochs: Scaled::new(5, 10, 20), fault }),
        artefacts: &["lines.csv"],
        claims: CLAIMS,
    }))
}

/// A toy of so many epochs, with what it needs.
pub fn toy(size: usize, epochs: usize, fault: Option<ToyFault>, needs: &[&Point]) -> Point {
    let job = Job::Toy(Toy { size, epochs, seed: 7, fault });
    Point::new(format!("toy {size}"), job, needs, Estimate { seconds: 1.0, bytes: 1 << 20 }, "")
}

pub fn plan_of(points: &[&Point]) -> Plan {
    Plan::of(vec![(lines("unused", &[1], None), points.iter().map(|&point| point.clone()).collect())])
        .unwrap()
}

pub fn store(root: &Path, fault: Fault) -> Store {
    Store::new(root, Disk::with_fault(fault))
}

pub static NEVER: AtomicBool = AtomicBool::new(false);

pub fn around<'a>(
    store: &'a Store,
    data: &'a DataSource,
    progress: &'a dyn Progress,
    interrupt: &'a AtomicBool,
) -> Surroundings<'a> {
    Surroundings { store, data, progress, interrupt, checkpoint_every: Duration::ZERO }
}

/// Runs all of a plan, quietly.
pub fn train(plan: &Plan, store: &Store, jobs: usize) -> run::Summary {
    let everything: Vec<usize> = (0..plan.points.len()).collect();
    let options = Options { jobs, threads: jobs, force: false };
    run::run(plan, &everything, around(store, &data(), &Quiet, &NEVER), options)
}

/// Draws all of a plan, quietly.
pub fn draw_all(plan: &Plan, store: &Store) -> anyhow::Result<draw::Summary> {
    draw_with(plan, &settings(), store)
}

/// The same with other settings, which are those of the plan.
pub fn draw_with(plan: &Plan, settings: &Settings, store: &Store) -> anyhow::Result<draw::Summary> {
    let registry: Vec<&'static Experiment> =
        plan.experiments.iter().map(|(experiment, _)| *experiment).collect();
    draw::draw(plan, &registry, settings, store, (&Quiet, &NEVER))
}

/// One line a file, name and digest, without what may differ from run to run. Leftovers show up in it.
pub fn contents(root: &Path) -> String {
    let files = disk::list(root).unwrap().into_iter();
    let same = |name: &String| !name.ends_with("host.json") && !name.contains("/.lock-");
    files
        .filter(same)
        .map(|name| format!("{name} {}\n", sha256(&disk::read(&root.join(&name)).unwrap())))
        .collect()
}

/// A folder of its own, in memory where the system has one: tests of thousands of syncs need not wait for a disk.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}
