use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use experiments::disk::Fault;
use experiments::progress::Quiet;
use experiments::run::{self, Options};
use experiments::workbench::Surroundings;
use experiments::{Notice, Progress};

use crate::support::{around, contents, data, folder, plan_of, store, toy, train};

/// Asks for a stop after some epoch, and notes which epochs were run.
struct Stopper {
    after: usize,
    stop: AtomicBool,
    epochs: Mutex<Vec<usize>>,
}

impl Stopper {
    fn new(after: usize) -> Self {
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
    let point = toy(4, 12, None, &[]);
    let plan = plan_of(&[&point]);
    let reference = folder();
    train(&plan, &store(reference.path(), Fault::Never), 1);
    for after in 1..=12 {
        let folder = folder();
        let (store, data, stopper) = (store(folder.path(), Fault::Never), data(), Stopper::new(after));
        // Only the stop itself makes a checkpoint.
        let seldom = Surroundings {
            checkpoint_every: Duration::from_secs(3600),
            ..around(&store, &data, &stopper, &stopper.stop)
        };
        let summary = run::run(&plan, &[0], seldom, ONE);
        assert!(summary.interrupted && summary.ran == 0 && summary.failed.is_empty(), "{summary:?}");
        assert!(store.work(&point.key).join("checkpoint.safetensors").is_file());
        let watcher = Stopper::new(usize::MAX);
        assert_eq!(run::run(&plan, &[0], around(&store, &data, &watcher, &watcher.stop), ONE).ran, 1);
        assert_eq!(*watcher.epochs.lock().unwrap(), (after + 1..=12).collect::<Vec<_>>());
        assert_eq!(contents(folder.path()), contents(reference.path()));
    }
}

#[test]
fn a_damaged_checkpoint_falls_back_to_the_one_before_and_then_to_the_beginning() {
    let point = toy(4, 6, None, &[]);
    let plan = plan_of(&[&point]);
    let reference = folder();
    train(&plan, &store(reference.path(), Fault::Never), 1);
    for (damaged, first) in [
        (&["checkpoint.safetensors"][..], 4),
        (&["checkpoint.safetensors", "checkpoint.previous.safetensors"], 1),
    ] {
        for cut in [0, 7, 60, usize::MAX] {
            let folder = folder();
            let (store, data, stopper) = (store(folder.path(), Fault::Never), data(), Stopper::new(4));
            run::run(&plan, &[0], around(&store, &data, &stopper, &stopper.stop), ONE);
            for name in damaged {
                let path = store.work(&point.key).join(name);
                let mut bytes = fs::read(&path).unwrap();
                match cut {
                    usize::MAX => *bytes.last_mut().unwrap() ^= 1,
                    cut => bytes.truncate(cut),
                }
                fs::write(&path, bytes).unwrap();
            }
            let watcher = Stopper::new(usize::MAX);
            run::run(&plan, &[0], around(&store, &data, &watcher, &watcher.stop), ONE);
            assert_eq!(watcher.epochs.lock().unwrap()[0], first, "{damaged:?} cut at {cut}");
            assert_eq!(contents(folder.path()), contents(reference.path()));
        }
    }
}

#[test]
fn a_finished_stage_is_read_back_with_its_rows() {
    let point = toy(4, 6, None, &[]);
    let plan = plan_of(&[&point]);
    let reference = folder();
    train(&plan, &store(reference.path(), Fault::Never), 1);
    // A bench that dies between its stage and its publication leaves the stage's artefact and rows behind.
    let folder = folder();
    let (store, data, never) = (store(folder.path(), Fault::Never), data(), AtomicBool::new(false));
    let watch = Stopper::new(usize::MAX);
    let mut bench = experiments::Workbench::new(&point, around(&store, &data, &Quiet, &never), 1).unwrap();
    point.job.run(&mut bench).unwrap();
    drop(bench);
    assert_eq!(run::run(&plan, &[0], around(&store, &data, &watch, &never), ONE).ran, 1);
    assert!(watch.epochs.lock().unwrap().is_empty(), "nothing was trained again");
    assert_eq!(contents(folder.path()), contents(reference.path()));
}

#[test]
fn losses_are_recorded_at_no_more_than_about_two_hundred_epochs() {
    let folder = folder();
    let (store, point) = (store(folder.path(), Fault::Never), toy(1, 5000, None, &[]));
    let (data, never) = (data(), AtomicBool::new(false));
    let seldom =
        Surroundings { checkpoint_every: Duration::from_secs(3600), ..around(&store, &data, &Quiet, &never) };
    run::run(&plan_of(&[&point]), &[0], seldom, ONE);
    let rows = store.rows(&point.key).unwrap();
    let epochs: Vec<usize> =
        rows.rows.iter().filter(|row| row.metric == "loss").filter_map(|row| row.epoch).collect();
    assert!((200..=202).contains(&epochs.len()), "{}", epochs.len());
    assert_eq!((epochs.first(), epochs.last()), (Some(&1), Some(&5000)));
    assert!(epochs.windows(2).all(|pair| pair[1] - pair[0] <= 25));
}
