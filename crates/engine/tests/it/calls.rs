//! Fail the Nth call of the system in a whole run, for every N: the run says which file it was about, or nothing came of it;
//! the next run ends with the same bytes, and nothing is left beside them.

#![cfg(unix)] // The numbers of the errors.

use std::fs;
use std::path::Path;

use disk::{Call, Disk, Fault};
use engine::plan::Plan;
use engine::progress::Quiet;
use engine::run::{self, Options};
use engine::store::Store;
use engine::{Study, Workbench};
use tempfile::TempDir;

use crate::resuming::Stopper;
use crate::support::{
    NEVER, around, contents, copy_of, draw_all, everything, folder, lines, planned, settings, store,
};

/// Input or output error.
const IO: i32 = 5;
/// The disk is full.
const FULL: i32 = 28;
/// A run whose failing call is none.
const NONE: usize = usize::MAX;
/// In ordinary tests every so manieth call fails; a prime, so that loops of any period are met everywhere.
const STRIDE: usize = 5;

const ONE: Options = Options { jobs: 1, threads: 1, force: false };

/// A small run from planning to the page: two points with a stage, checkpoints after each epoch, and an experiment.
struct Small {
    studies: [Study; 1],
    plan: Plan,
}

impl Small {
    fn new() -> Self {
        let studies = [lines("lines", &[2], None).study(&settings())];
        let plan = planned(&studies);
        Self { studies, plan }
    }

    /// What a run has to begin with: nothing; what is left of one that was stopped in the midst of an epoch's training; a
    /// finished stage that was never published.
    fn beginnings(&self) -> [TempDir; 3] {
        let [nothing, stopped, staged] = [folder(), folder(), folder()];
        let (there, stopper) = (store(stopped.path(), Fault::Never), Stopper::new(3));
        let stopping = around(&there, &stopper, &stopper.stop);
        let summary = run::run(&self.plan, &everything(&self.plan), stopping, ONE).unwrap();
        assert!(summary.interrupted, "{summary:?}");
        let (there, point) = (store(staged.path(), Fault::Never), &self.plan.points[0]);
        let turn = there.turn(&point.key).unwrap().unwrap();
        let mut bench = Workbench::new(point, &turn, around(&there, &Quiet, &NEVER), 1).unwrap();
        self.plan.works[0].run(&mut bench).unwrap();
        there.give_back(&point.key, &turn).unwrap();
        [nothing, stopped, staged]
    }

    /// Trains, draws and binds the page, and lets one call of the system fail; the errors met, and the calls it took.
    fn run(&self, root: &Path, number: usize, error: i32) -> (Vec<String>, usize) {
        let disk = Disk::with_failing_call(number, error);
        let store = Store::new(disk.root(root), disk);
        let mut errors = Vec::new();
        match run::run(&self.plan, &everything(&self.plan), around(&store, &Quiet, &NEVER), ONE) {
            Ok(trained) => errors.extend(trained.failed.into_iter().map(|(_, _, error)| error)),
            Err(error) => errors.push(format!("{error:#}")),
        }
        match draw_all(&self.studies, &self.plan, &store) {
            Ok(drawn) => errors.extend(drawn.failed.into_iter().map(|(_, error)| error)),
            Err(error) => errors.push(format!("{error:#}")),
        }
        (errors, Call::ALL.iter().map(|call| store.disk().calls(*call)).sum())
    }

    /// Holds what this file promises, for every `stride`-th call and these errors.
    fn sweep(&self, stride: usize, errors: &[i32]) {
        let reference = folder();
        assert_eq!(self.run(reference.path(), NONE, FULL).0, [""; 0]);
        let (expected, folders) = (contents(reference.path()), folders_in(reference.path()));
        for beginning in self.beginnings() {
            let (said, calls) = self.run(copy_of(beginning.path()).path(), NONE, FULL);
            assert!(said.is_empty() && calls > 200, "{calls} calls: {said:?}");
            let (mut silent, mut nameless) = (0, Vec::new());
            for number in (0..calls).step_by(stride) {
                for &error in errors {
                    let folder = copy_of(beginning.path());
                    let at = format!("call {number} of {calls}, error {error}");
                    let (said, _) = self.run(folder.path(), number, error);
                    let without_file = |said: &&String| !names_a_file(said, folder.path());
                    nameless.extend(said.iter().filter(without_file).map(|said| format!("{at}: {said}")));
                    if said.is_empty() {
                        assert_eq!(contents(folder.path()), expected, "{at}: nobody said anything");
                        silent += 1;
                    }
                    let (said, _) = self.run(folder.path(), NONE, error);
                    assert!(said.is_empty(), "{at}, the next run: {said:?}");
                    assert_eq!(contents(folder.path()), expected, "{at}, the next run");
                    assert_eq!(folders_in(folder.path()), folders, "{at}, the next run");
                }
            }
            assert_eq!(nameless, [""; 0], "errors that name no file");
            // What cannot be read of a checkpoint is trained again; what is to be tidied up may stay for once.
            let tried = calls.div_ceil(stride) * errors.len();
            assert!(10 * silent < tried, "{silent} of {tried} failures were not told of");
        }
    }
}

/// Whether an error says what could not be done with which file or folder below `root`.
fn names_a_file(error: &str, root: &Path) -> bool {
    error.contains("cannot ") && error.contains(&format!("{}/", root.display()))
}

/// All folders below, empty ones too, without the locks that may or may not have been needed.
fn folders_in(root: &Path) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.push(path.strip_prefix(root).unwrap().display().to_string());
                open.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn whatever_call_fails_in_a_run_it_is_told_of_and_the_next_run_ends_the_same() {
    Small::new().sweep(STRIDE, &[FULL]);
}

/// Every call, and two errors for each: `cargo test -p engine --test it -- --ignored every_call`
#[test]
#[ignore = "takes a minute"]
fn whatever_the_failure_of_every_call_it_is_told_of_and_the_next_run_ends_the_same() {
    Small::new().sweep(1, &[FULL, IO]);
}
