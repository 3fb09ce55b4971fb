//! Several workers, one plan: every point is trained once, nobody sees a torn file.

use disk::Fault;
use engine::run::Options;

use crate::support::{contents, folder, plan_of, store, toy, train, train_with};

#[test]
fn eight_runs_of_the_same_point_publish_it_once() {
    let point = toy(2, 3, None, &[]);
    let plan = plan_of(&[&point]);
    let reference = folder();
    train(&plan, &store(reference.path(), Fault::Never), 1);
    let expected = contents(reference.path());
    for round in 0..50 {
        let folder = folder();
        let ran: usize = std::thread::scope(|scope| {
            let start = || {
                let summary = train(&plan, &store(folder.path(), Fault::Never), 1);
                assert!(summary.failed.is_empty(), "{:?}", summary.failed);
                assert_eq!(summary.ran + summary.cached, 1);
                summary.ran
            };
            let workers: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).sum()
        });
        assert_eq!(ran, 1, "round {round}");
        assert_eq!(contents(folder.path()), expected, "round {round}");
    }
}

#[test]
fn several_runs_share_a_plan_and_wait_for_what_they_need() {
    let a = toy(1, 30, None, &[]);
    let wide: Vec<_> = (2..8).map(|size| toy(size, 10, None, &[&a])).collect();
    let last = toy(9, 3, None, &wide.iter().collect::<Vec<_>>());
    let mut points = vec![&last, &a];
    points.extend(&wide);
    let plan = plan_of(&points);
    let reference = folder();
    train(&plan, &store(reference.path(), Fault::Never), 1);
    for _ in 0..10 {
        let folder = folder();
        let ran: usize = std::thread::scope(|scope| {
            let start = || {
                let summary = train(&plan, &store(folder.path(), Fault::Never), 2);
                assert!(summary.failed.is_empty(), "{:?}", summary.failed);
                summary.ran
            };
            let workers: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).sum()
        });
        assert_eq!(ran, points.len());
        assert_eq!(contents(folder.path()), contents(reference.path()));
    }
}

/// Each reads what the other is replacing at that moment.
#[test]
fn runs_that_replace_the_same_points_wait_for_each_other() {
    let a = toy(1, 3, None, &[]);
    let wide: Vec<_> = (2..6).map(|size| toy(size, 2, None, &[&a])).collect();
    let mut points = vec![&a];
    points.extend(&wide);
    let plan = plan_of(&points);
    let folder = folder();
    train(&plan, &store(folder.path(), Fault::Never), 1);
    let expected = contents(folder.path());
    for round in 0..20 {
        std::thread::scope(|scope| {
            for force in [true, true, false] {
                let (plan, folder) = (&plan, &folder);
                scope.spawn(move || {
                    let options = Options { jobs: 2, threads: 2, force };
                    let summary = train_with(plan, &store(folder.path(), Fault::Never), options);
                    assert!(summary.failed.is_empty(), "round {round}: {:?}", summary.failed);
                    assert_eq!(summary.ran + summary.cached, plan.points.len(), "round {round}");
                });
            }
        });
        assert_eq!(contents(folder.path()), expected, "round {round}");
    }
}
