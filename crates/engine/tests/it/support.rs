//! Toy studies, settings for them, and a digest of a whole results folder.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use disk::{Disk, Fault, Folder, Name};
use engine::draw::{self, Watch};
use engine::guide::Guide;
use engine::page::Binding;
use engine::plan::Plan;
use engine::point::Shape;
use engine::progress::Quiet;
use engine::run::{self, Options};
use engine::store::Store;
use engine::workbench::Surroundings;
use engine::{
    Claim, Columns, Estimate, Point, Profile, Progress, Question, Scaled, Settings, Study, Task, Work,
    digest, pick,
};

use crate::toy::{Lines, Toy, ToyFault};

pub fn settings() -> Settings {
    Settings::of(Profile::Smoke)
}

pub static CLAIMS: &[Claim] = &[Claim {
    says: "Four is more than two.",
    place: "Figure 1",
    reported: "4 > 2",
    test: |evidence| evidence.above(pick("norm", &[("model", "4")]), pick("norm", &[("model", "2")])),
    cause: "",
}];

/// What a toy is asked.
pub const fn question(id: &'static str, protocol: &'static str, report: &'static str) -> Question {
    Question {
        id,
        protocol,
        report,
        title: "Lines",
        reproduces: "nothing",
        question: "Does it run?",
        seed: 1,
        repeats: Scaled::same(1),
        data: &[],
        artefacts: &["lines.csv"],
        claims: CLAIMS,
    }
}

/// An experiment of lines; the last one goes wrong if there is a fault.
pub fn lines(id: &'static str, sizes: &'static [usize], fault: Option<ToyFault>) -> Lines {
    Lines { about: Box::leak(Box::new(question(id, "ours", "ours"))), sizes, fault }
}

/// A toy of so many epochs, with what it needs.
pub fn toy(size: usize, epochs: usize, fault: Option<ToyFault>, needs: &[&Task]) -> Task {
    costly(size, epochs, fault, needs, Estimate { seconds: 1.0, bytes: 1 << 20 })
}

/// A point that does `work`.
pub fn task_of(label: &str, work: impl Work + 'static, needs: &[&Task], estimate: Estimate) -> Task {
    let shape = Shape { job: work.config(), data: work.data(), numerics: work.numerics() };
    let needs = needs.iter().map(|need| need.point.key.clone()).collect();
    let point = Point::new(label, needs, &shape, estimate);
    Task { point, columns: Columns::default(), role: "", work: Arc::new(work) }
}

/// The same with an estimate.
pub fn costly(
    size: usize,
    epochs: usize,
    fault: Option<ToyFault>,
    needs: &[&Task],
    estimate: Estimate,
) -> Task {
    task_of(&format!("toy {size}"), Toy { size, epochs, seed: 7, fault }, needs, estimate)
}

pub fn plan_of(tasks: &[&Task]) -> Plan {
    let tasks: Vec<Task> = tasks.iter().map(|&task| task.clone()).collect();
    Plan::new([&tasks[..]]).unwrap()
}

/// The plan of some studies.
pub fn planned(studies: &[Study]) -> Plan {
    Plan::new(studies.iter().map(|study| &study.tasks[..])).unwrap()
}

pub fn store(root: &Path, fault: Fault) -> Store {
    Store::new(Folder::root(root), Disk::with_fault(fault))
}

pub fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub static NEVER: AtomicBool = AtomicBool::new(false);

pub fn around<'a>(
    store: &'a Store,
    progress: &'a dyn Progress,
    interrupt: &'a AtomicBool,
) -> Surroundings<'a> {
    Surroundings { store, progress, interrupt, checkpoint_every: Duration::ZERO }
}

/// Runs all of a plan, quietly.
pub fn train(plan: &Plan, store: &Store, jobs: usize) -> run::Summary {
    train_with(plan, store, Options { jobs, threads: jobs, force: false })
}

/// The same with options.
pub fn train_with(plan: &Plan, store: &Store, options: Options) -> run::Summary {
    run::run(plan, &everything(plan), around(store, &Quiet, &NEVER), options).unwrap()
}

/// All places of a plan.
pub fn everything(plan: &Plan) -> Vec<usize> {
    (0..plan.points.len()).collect()
}

/// Draws all of a plan, quietly; the catalogue is that of the studies.
pub fn draw_all(studies: &[Study], plan: &Plan, store: &Store) -> anyhow::Result<draw::Summary> {
    let catalogue: Vec<&'static Question> = studies.iter().map(|study| study.about).collect();
    draw_bound(studies, plan, &binding(&catalogue), store)
}

/// The same for a page over this binding.
pub fn draw_bound(
    studies: &[Study],
    plan: &Plan,
    binding: &Binding<'_>,
    store: &Store,
) -> anyhow::Result<draw::Summary> {
    draw::draw(studies, plan, binding, store, Watch { progress: &Quiet, interrupt: &NEVER })
}

/// A page over this catalogue, held against nothing.
pub fn binding<'a>(catalogue: &'a [&'static Question]) -> Binding<'a> {
    Binding { catalogue, guide: &Guide::PLAIN, profile: Profile::Smoke, reference: None, paper: None }
}

/// Lines that are trained and drawn.
pub struct Drawn {
    pub folder: tempfile::TempDir,
    pub store: Store,
    pub studies: [Study; 1],
    pub plan: Plan,
}

/// Lines of two sizes, trained and drawn.
pub fn drawn() -> Drawn {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let studies = [lines("lines", &[2, 4], None).study(&settings())];
    let plan = planned(&studies);
    train(&plan, &store, 2);
    draw_all(&studies, &plan, &store).unwrap();
    Drawn { folder, store, studies, plan }
}

/// A copy of a whole folder.
pub fn copy_of(root: &Path) -> tempfile::TempDir {
    let copy = folder();
    for file in Folder::root(root).files().unwrap() {
        let to = copy.path().join(file.as_str());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(root.join(file.as_str()), to).unwrap();
    }
    copy
}

/// One line a file, name and digest, without what may differ from run to run. Leftovers show up in it.
pub fn contents(root: &Path) -> String {
    let root = Folder::root(root);
    let same = |name: &Name| !name.as_str().ends_with("host.json") && !name.as_str().contains("/.lock-");
    let line = |file: Name| format!("{file} {}\n", digest::sha256(&root.read(&file).unwrap()));
    root.files().unwrap().into_iter().filter(same).map(line).collect()
}

/// A folder of its own, in memory where the system has one: tests of thousands of syncs need not wait for a disk.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}
