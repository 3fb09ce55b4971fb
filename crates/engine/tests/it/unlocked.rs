//! On a file system without locks runs side by side end as well as alone; the rename decides.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use disk::{Disk, Fault, Folder};
use engine::run::{self, Options};
use engine::store::Store;
use engine::{Notice, Progress};

use crate::support::{
    NEVER, around, contents, draw_all, everything, folder, lines, planned, settings, store, train,
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

#[test]
fn runs_side_by_side_end_with_the_right_bytes_and_say_once_that_there_are_no_locks() {
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
            let (store, told) = (unlocked(folder.path()), Told::default());
            let around = around(&store, &told, &NEVER);
            let summary = run::run(&plan, &everything(&plan), around, options).unwrap();
            assert!(summary.failed.is_empty(), "round {round}: {:?}", summary.failed);
            assert_eq!((summary.ran + summary.cached, summary.skipped), (plan.points.len(), 0));
            let told = told.0.load(Ordering::SeqCst);
            assert!(told == 1 || summary.ran == 0 && told == 0, "round {round}: told {told} times");
        };
        let one_drawing = || {
            let drawn = draw_all(&studies, &plan, &unlocked(folder.path())).unwrap();
            assert!(drawn.failed.is_empty() && drawn.incomplete.is_empty(), "{drawn:?}");
        };
        std::thread::scope(|scope| [(); 2].map(|()| scope.spawn(one_run)).map(|run| run.join().unwrap()));
        std::thread::scope(|scope| [(); 2].map(|()| scope.spawn(one_drawing)).map(|run| run.join().unwrap()));
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
