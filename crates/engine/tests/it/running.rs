//! How a plan is run: side by side, with what threads, and what becomes of failures.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use disk::{Fault, Locking};
use engine::run::{self, Options};
use engine::{Estimate, Notice, Progress, Task};

use crate::support::{
    NEVER, around, contents, costly, everything, folder, plan_of, store, task_of, toy, train,
};
use crate::toy::{Act, Deed, ToyFault};

#[test]
fn one_failing_point_never_loses_the_others() {
    for fault in [ToyFault::Error, ToyFault::Panic, ToyFault::Diverge] {
        let folder = folder();
        let store = store(folder.path(), Fault::Never);
        let good: Vec<Task> = (1..6).map(|size| toy(size, 2, None, &[])).collect();
        let bad = toy(9, 2, Some(fault), &[&good[0]]);
        let needs_bad = toy(10, 2, None, &[&bad]);
        let needs_that = toy(11, 2, None, &[&needs_bad, &good[1]]);
        let mut points: Vec<&Task> = vec![&needs_that, &needs_bad, &bad];
        points.extend(&good);
        let summary = train(&plan_of(&points), &store, 2);
        assert_eq!((summary.ran, summary.cached, summary.skipped), (5, 0, 2), "{fault:?}");
        let [(key, label, error)] = &summary.failed[..] else { panic!("{:?}", summary.failed) };
        assert_eq!((key, label.as_str()), (&bad.point.key, "toy 9"));
        assert!(!error.is_empty() && !summary.interrupted);
        assert!(
            good.iter().all(|task| store.has(&task.point.key).unwrap())
                && !store.has(&bad.point.key).unwrap()
        );
        // The next run tries the failed one again and finds the others done.
        let again = train(&plan_of(&points), &store, 2);
        assert_eq!((again.ran, again.cached, again.failed.len(), again.skipped), (0, 5, 1, 2));
    }
}

/// A failed assertion says left and right in lines of their own.
#[test]
fn the_words_of_a_panic_are_one_line() {
    let folder = folder();
    let deed: Deed = Box::new(|_| panic!("left\n  \u{1b}[2Jright"));
    let bug = task_of("bug", Act("bug", deed), &[], Estimate { seconds: 1.0, bytes: 1 });
    let summary = train(&plan_of(&[&bug]), &store(folder.path(), Fault::Never), 1);
    assert_eq!(summary.failed[0].2, "panicked: left \\u{1b}[2Jright");
}

#[test]
fn a_divergence_names_stage_epoch_step_and_parameter() {
    let folder = folder();
    let bad = toy(2, 3, Some(ToyFault::Diverge), &[]);
    let summary = train(&plan_of(&[&bad]), &store(folder.path(), Fault::Never), 1);
    let error = &summary.failed[0].2;
    for word in ["line", "is not finite in epoch 1", "step"] {
        assert!(error.contains(word), "{error}");
    }
    assert!(error.contains("loss") || error.contains("weight"), "{error}");
}

/// Counts how often we were told to wait.
#[derive(Default)]
struct Waits(AtomicUsize);

impl Progress for Waits {
    fn tell(&self, notice: &Notice<'_>) {
        if let Notice::Waiting { holder, .. } = notice {
            // The holder is a thread of this very process.
            assert!(
                holder.unwrap().starts_with(&format!("process {} on ", std::process::id())),
                "{holder:?}"
            );
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[test]
fn a_point_that_another_process_holds_is_told_once_with_its_holder() {
    let (folder, waits, task) = (folder(), Waits::default(), toy(1, 2, None, &[]));
    let (store, plan) = (store(folder.path(), Fault::Never), plan_of(&[&task]));
    let Locking::Held(lock) = store.lock(task.point.key.as_str()).unwrap() else { panic!("nobody has it") };
    let summary = std::thread::scope(|scope| {
        scope.spawn(|| {
            // Long enough for several looks at the lock.
            while waits.0.load(Ordering::SeqCst) == 0 {
                std::thread::sleep(Duration::from_millis(10));
            }
            std::thread::sleep(Duration::from_millis(350));
            drop(lock);
        });
        let options = Options { jobs: 1, threads: 1, force: false };
        run::run(&plan, &[0], around(&store, &waits, &NEVER), options).unwrap()
    });
    assert_eq!((summary.ran, waits.0.load(Ordering::SeqCst)), (1, 1));
}

/// Counts how many points run at once, and keeps the threads each was given.
#[derive(Default)]
struct Watch {
    now: AtomicUsize,
    most: AtomicUsize,
    threads: Mutex<Vec<usize>>,
}

impl Progress for Watch {
    fn tell(&self, notice: &Notice<'_>) {
        match notice {
            Notice::Started { threads, .. } => {
                self.threads.lock().unwrap().push(*threads);
                let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
                self.most.fetch_max(now, Ordering::SeqCst);
            }
            Notice::Finished { .. } => {
                self.now.fetch_sub(1, Ordering::SeqCst);
            }
            _ => {}
        }
    }
}

fn watched(points: &[&Task], options: Options) -> Watch {
    let folder = folder();
    let (plan, store, watch) = (plan_of(points), store(folder.path(), Fault::Never), Watch::default());
    let around = around(&store, &watch, &NEVER);
    let summary = run::run(&plan, &everything(&plan), around, options).unwrap();
    assert_eq!(summary.ran, points.len());
    watch
}

#[test]
fn a_lone_point_gets_all_threads_and_one_of_many_gets_one() {
    let alone = watched(&[&toy(1, 2, None, &[])], Options { jobs: 8, threads: 8, force: false });
    assert_eq!(*alone.threads.lock().unwrap(), [8]);
    let many: Vec<Task> = (1..9).map(|size| toy(size, 2, None, &[])).collect();
    let many = watched(&many.iter().collect::<Vec<_>>(), Options { jobs: 2, threads: 2, force: false });
    let threads = many.threads.lock().unwrap();
    assert!(threads[..6].iter().all(|&threads| threads == 1), "{threads:?}");
    assert!(many.most.load(Ordering::SeqCst) <= 2);
}

#[test]
fn a_chain_gets_all_threads_at_every_link() {
    let a = toy(1, 2, None, &[]);
    let b = toy(2, 2, None, &[&a]);
    let chain = watched(&[&a, &b], Options { jobs: 4, threads: 4, force: false });
    assert_eq!(*chain.threads.lock().unwrap(), [4, 4]);
}

#[test]
fn points_that_would_not_fit_in_memory_together_run_alone() {
    let half = Estimate { seconds: 1.0, bytes: u64::MAX / 2 };
    let huge: Vec<Task> = (1..5).map(|size| costly(size, 50, None, &[], half)).collect();
    let watch = watched(&huge.iter().collect::<Vec<_>>(), Options { jobs: 4, threads: 4, force: false });
    assert_eq!(watch.most.load(Ordering::SeqCst), 1);
}

#[test]
fn the_bytes_do_not_depend_on_jobs_and_threads() {
    let a = toy(1, 3, None, &[]);
    let b = toy(2, 3, None, &[&a]);
    let c = toy(3, 3, None, &[&a]);
    let digests: Vec<String> = [1, 2, 3, 8]
        .into_iter()
        .map(|jobs| {
            let folder = folder();
            assert_eq!(train(&plan_of(&[&a, &b, &c]), &store(folder.path(), Fault::Never), jobs).ran, 3);
            contents(folder.path())
        })
        .collect();
    assert!(digests.iter().all(|digest| *digest == digests[0]));
}
