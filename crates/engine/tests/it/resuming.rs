//! Runs that are stopped go on where they were, whatever was left, and end with the same bytes.

use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use disk::Fault;
use engine::progress::Quiet;
use engine::run::{self, Options};
use engine::workbench::Surroundings;
use engine::{Notice, Progress, Workbench};

use crate::support::{around, contents, folder, plan_of, store, toy, train};

/// Asks for a stop after some epoch, and notes which epochs were run.
pub struct Stopper {
    after: usize,
    pub stop: AtomicBool,
    epochs: Mutex<Vec<usize>>,
}

impl Stopper {
    pub fn new(after: usize) -> Self {
        Self { after, stop: AtomicBool::new(false), epochs: Mutex::default() }
    }
}

impl Progress for Stopper {
    fn tell(&self, notice: &Notice<'_>) {
        if let Notice::Epoch { epoch, .. } = notice {
            self.epochs.lock().unwrap().push(*epoch);
            if *epoch == self.after {
                self.stop.store(true, Ordering::SeqCst);
            }
        }
    }
}

const ONE: Options = Options { jobs: 1, threads: 1, force: false };

#[test]
fn a_stopped_run_goes_on_after_the_same_epoch_and_ends_with_the_same_bytes() {
    let task = toy(4, 12, None, &[]);
    let plan = plan_of(&[&task]);
    let reference = folder();
    train(&plan, &store(reference.path(), Fault::Never), 1);
    for after in 1..=12 {
        let folder = folder();
        let (store, stopper) = (store(folder.path(), Fault::Never), Stopper::new(after));
        // Only the stop itself makes a checkpoint.
        let seldom = Surroundings {
            checkpoint_every: Duration::from_secs(3600),
            ..around(&store, &stopper, &stopper.stop)
        };
        let summary = run::run(&plan, &[0], seldom, ONE).unwrap();
        assert!(summary.interrupted && summary.ran == 0 && summary.failed.is_empty(), "{summary:?}");
        assert!(store.work(&task.point.key).path().join("checkpoint.safetensors").is_file());
        let watcher = Stopper::new(usize::MAX);
        assert_eq!(run::run(&plan, &[0], around(&store, &watcher, &watcher.stop), ONE).unwrap().ran, 1);
        assert_eq!(*watcher.epochs.lock().unwrap(), (after + 1..=12).collect::<Vec<_>>());
        assert_eq!(contents(folder.path()), contents(reference.path()));
    }
}

#[test]
fn a_damaged_checkpoint_falls_back_to_the_one_before_and_then_to_the_beginning() {
    let task = toy(4, 6, None, &[]);
    let plan = plan_of(&[&task]);
    let reference = folder();
    train(&plan, &store(reference.path(), Fault::Never), 1);
    for (damaged, first) in [
        (&["checkpoint.safetensors"][..], 4),
        (&["checkpoint.safetensors", "checkpoint.previous.safetensors"], 1),
    ] {
        for cut in [0, 7, 60, usize::MAX] {
            let folder = folder();
            let (store, stopper) = (store(folder.path(), Fault::Never), Stopper::new(4));
            run::run(&plan, &[0], around(&store, &stopper, &stopper.stop), ONE).unwrap();
            for name in damaged {
                let path = store.work(&task.point.key).path().join(name);
                let mut bytes = fs::read(&path).unwrap();
                match cut {
                    usize::MAX => *bytes.last_mut().unwrap() ^= 1,
                    cut => bytes.truncate(cut),
                }
                fs::write(&path, bytes).unwrap();
            }
            let watcher = Stopper::new(usize::MAX);
            run::run(&plan, &[0], around(&store, &watcher, &watcher.stop), ONE).unwrap();
            assert_eq!(watcher.epochs.lock().unwrap()[0], first, "{damaged:?} cut at {cut}");
            assert_eq!(contents(folder.path()), contents(reference.path()));
        }
    }
}

#[test]
fn a_finished_stage_is_read_back_with_its_rows() {
    let task = toy(4, 6, None, &[]);
    let plan = plan_of(&[&task]);
    let reference = folder();
    train(&plan, &store(reference.path(), Fault::Never), 1);
    // A bench that dies between its stage and its publication leaves the stage's artefact and rows behind.
    let folder = folder();
    let (store, never) = (store(folder.path(), Fault::Never), AtomicBool::new(false));
    let watch = Stopper::new(usize::MAX);
    let turn = store.turn(&task.point.key).unwrap().unwrap();
    let mut bench = Workbench::new(&task.point, &turn, around(&store, &Quiet, &never), 1).unwrap();
    task.work.run(&mut bench).unwrap();
    drop(bench);
    drop(turn);
    assert_eq!(run::run(&plan, &[0], around(&store, &watch, &never), ONE).unwrap().ran, 1);
    assert!(watch.epochs.lock().unwrap().is_empty(), "nothing was trained again");
    assert_eq!(contents(folder.path()), contents(reference.path()));
}

#[test]
fn losses_are_recorded_at_no_more_than_about_two_hundred_epochs() {
    let folder = folder();
    let (store, task) = (store(folder.path(), Fault::Never), toy(1, 5000, None, &[]));
    let never = AtomicBool::new(false);
    let seldom =
        Surroundings { checkpoint_every: Duration::from_secs(3600), ..around(&store, &Quiet, &never) };
    run::run(&plan_of(&[&task]), &[0], seldom, ONE).unwrap();
    let rows = store.rows(&task.point.key).unwrap();
    let epochs: Vec<usize> =
        rows.rows.iter().filter(|row| row.metric == "loss").filter_map(|row| row.epoch).collect();
    assert!((200..=202).contains(&epochs.len()), "{}", epochs.len());
    assert_eq!((epochs.first(), epochs.last()), (Some(&1), Some(&5000)));
    assert!(epochs.windows(2).all(|pair| pair[1] - pair[0] <= 25));
}
