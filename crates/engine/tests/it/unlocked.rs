//! On a file system without locks, or where machines do not share them, runs side by side end as well as alone; the rename
//! decides.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use disk::{Disk, Fault, Folder};
use engine::run::{self, Options};
use engine::store::Store;
use engine::{Notice, Progress};

use crate::support::{
    NEVER, around, contents, draw_all, everything, folder, lines, plan_of, planned, settings, store, toy,
    train,
};

/// Counts how often we were told that there are no locks.
#[derive(Default)]
struct Told(AtomicUsize);

impl Progress for Told {
    fn tell(&self, notice: &Notice<'_>) {
        if matches!(notice, Notice::NoLocks) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn unlocked(root: &Path) -> Store {
    Store::new(Folder::root(root), Disk::new().without_locks())
}

/// As on a machine of its own: whoever asks for a lock gets it.
fn unshared(root: &Path) -> Store {
    Store::new(Folder::root(root), Disk::new().with_unshared_locks())
}

#[test]
fn runs_side_by_side_end_with_the_right_bytes_and_say_once_that_there_are_no_locks() {
    side_by_side(unlocked, 1);
}

#[test]
fn runs_whose_locks_are_not_shared_end_with_the_right_bytes() {
    side_by_side(unshared, 0);
}

/// Runs of one plan beside each other, each of which is told so often that there are no locks.
fn side_by_side(on: fn(&Path) -> Store, notices: usize) {
    let studies = [lines("lines", &[2, 3, 4], None).study(&settings())];
    let plan = planned(&studies);
    let reference = folder();
    let locked = store(reference.path(), Fault::Never);
    train(&plan, &locked, 1);
    draw_all(&studies, &plan, &locked).unwrap();
    for round in 0..30 {
        let folder = folder();
        // Every third round replaces what is there.
        let options = Options { jobs: 2, threads: 2, force: round % 3 == 2 };
        let one_run = || {
            let (store, told) = (on(folder.path()), Told::default());
            let around = around(&store, &told, &NEVER);
            let summary = run::run(&plan, &everything(&plan), around, options).unwrap();
            assert!(summary.failed.is_empty(), "round {round}: {:?}", summary.failed);
            assert_eq!((summary.ran + summary.cached, summary.skipped), (plan.points.len(), 0));
            let told = told.0.load(Ordering::SeqCst);
            assert!(told == notices || summary.ran == 0 && told == 0, "round {round}: told {told} times");
        };
        let one_drawing = || {
            let drawn = draw_all(&studies, &plan, &on(folder.path())).unwrap();
            assert!(drawn.failed.is_empty() && drawn.incomplete.is_empty(), "{drawn:?}");
        };
        // Those that replace take turns at setting aside what the others have just published.
        let beside = if options.force { 2 } else { 4 };
        std::thread::scope(|scope| {
            let runs: Vec<_> = (0..beside).map(|_| scope.spawn(one_run)).collect();
            runs.into_iter().for_each(|run| run.join().unwrap());
        });
        std::thread::scope(|scope| [(); 4].map(|()| scope.spawn(one_drawing)).map(|run| run.join().unwrap()));
        assert_eq!(contents(folder.path()), contents(reference.path()), "round {round}");
    }
}

/// A turn without a lock has a folder of its own; what a killed process leaves there goes when it is old.
#[test]
fn no_two_turns_share_a_folder_and_old_ones_are_swept() {
    let folder = folder();
    let store = unlocked(folder.path());
    let studies = [lines("lines", &[2], None).study(&settings())];
    let plan = planned(&studies);
    train(&plan, &store, 1);
    let key = &plan.points[0].key;
    let turns = [(); 3].map(|()| store.turn(key).unwrap().unwrap());
    assert!(turns[0].work != turns[1].work && turns[1].work != turns[2].work);
    for turn in &turns {
        fs::create_dir(turn.work.path()).unwrap();
    }
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 24 * 60 * 60);
    fs::File::open(turns[1].work.path()).unwrap().set_modified(long_ago).unwrap();
    train(&plan, &store, 1);
    let left = turns.each_ref().map(|turn| turn.work.exists().unwrap());
    assert_eq!(left, [true, false, true], "a young one may be in use");
}

/// Whoever reads a point while another process puts the same one there anew looks at the point and at what is set aside
/// one after the other; that the point comes back between the two looks is no loss.
#[test]
fn a_point_that_is_set_aside_and_put_back_is_found_at_every_look() {
    let folder = folder();
    let store = unlocked(folder.path());
    let studies = [lines("lines", &[2], None).study(&settings())];
    let plan = planned(&studies);
    train(&plan, &store, 1);
    let key = &plan.points[0].key;
    let (there, points) = (store.path(key), store.path(key).path().parent().unwrap().to_path_buf());
    let aside = points.join(format!(".aside-{key}.1-2-3"));
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                fs::rename(there.path(), &aside).unwrap();
                fs::rename(&aside, there.path()).unwrap();
                std::thread::sleep(std::time::Duration::from_micros(50));
            }
        });
        let looks: Vec<_> = (0..2000).map(|_| store.manifest(key).map(|_| ())).collect();
        is_over.store(true, Ordering::Relaxed);
        let lost = looks.iter().filter(|look| look.is_err()).count();
        assert_eq!(lost, 0, "of {} looks", looks.len());
    });
}

/// A run that was stopped gives back what it has done, whoever it was; one that is killed on another machine leaves it under
/// its own name, and may still be at work: it is copied, and stays until the point is published.
#[test]
fn what_others_left_is_gone_on_with_and_taken_from_nobody_who_may_be_there() {
    let folder = folder();
    let store = unshared(folder.path());
    let task = toy(4, 6, None, &[]);
    let (plan, key) = (plan_of(&[&task]), &task.point.key);
    let points = folder.path().join("points");
    for (left, stays) in [(".work-KEY", false), (".work-KEY.node9.1-2.3.0", true)] {
        let left = points.join(left.replace("KEY", key.as_str()));
        fs::create_dir_all(&left).unwrap();
        fs::write(left.join("first.bin"), "first").unwrap();
        let turn = Store::new(Folder::root(folder.path()), Disk::new().with_unshared_locks());
        let turn = turn.turn(key).unwrap().unwrap();
        assert_eq!(fs::read(turn.work.path().join("first.bin")).unwrap(), b"first");
        assert_eq!(left.exists(), stays);
        fs::remove_dir_all(turn.work.path()).unwrap();
    }
    assert_eq!(train(&plan, &store, 1).ran, 1);
    let names: Vec<_> = fs::read_dir(&points).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [key.as_str()], "what is left of a published point goes");
}

/// Whoever published a point on another machine takes away what is left of it, and nobody fails for that.
#[test]
fn a_turn_whose_folder_is_gone_finds_the_point_elsewhere() {
    let (folder, reference) = (folder(), folder());
    let points = folder.path().join("points");
    let task = toy(4, 6, None, &[]);
    let plan = plan_of(&[&task]);
    train(&plan, &store(reference.path(), Fault::Never), 1);
    let theirs = store(reference.path(), Fault::Never).path(&task.point.key).path();
    let (ours, key) = (unshared(folder.path()), task.point.key.clone());
    let deed = Meanwhile { points, theirs, key };
    let summary =
        run::run(&plan, &[0], around(&ours, &deed, &NEVER), Options { jobs: 1, threads: 1, force: false });
    let summary = summary.unwrap();
    assert!(summary.failed.is_empty(), "{:?}", summary.failed);
    assert_eq!(summary.ran + summary.cached, 1);
    assert_eq!(contents(folder.path()), contents(reference.path()));
}

/// Publishes the point and removes the working folder after the first epoch that another process runs.
struct Meanwhile {
    points: std::path::PathBuf,
    theirs: std::path::PathBuf,
    key: engine::Key,
}

impl Progress for Meanwhile {
    fn tell(&self, notice: &Notice<'_>) {
        let own = self.points.join(self.key.as_str());
        if !matches!(notice, Notice::Epoch { .. }) || own.exists() {
            return;
        }
        for entry in fs::read_dir(&self.points).unwrap().filter_map(Result::ok) {
            if entry.path().is_dir() {
                fs::remove_dir_all(entry.path()).unwrap();
            }
        }
        fs::create_dir(&own).unwrap();
        for file in fs::read_dir(&self.theirs).unwrap().filter_map(Result::ok) {
            fs::copy(file.path(), own.join(file.file_name())).unwrap();
        }
    }
}
