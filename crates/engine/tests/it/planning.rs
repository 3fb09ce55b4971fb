//! Which points a plan holds, in which order, and what it says they will cost.

use disk::Fault;
use engine::plan::Plan;
use engine::store::Store;
use engine::{Task, Totals};

use crate::support::{everything, folder, lines, plan_of, planned, settings, store, toy, train};

/// Totals of all of a plan.
fn totals(plan: &Plan, store: &Store, jobs: usize, force: bool) -> Totals {
    totals_of(plan, &everything(plan), store, (jobs, force))
}

/// Totals of some points of a plan on so many workers, trained again or not.
fn totals_of(plan: &Plan, wanted: &[usize], store: &Store, (jobs, force): (usize, bool)) -> Totals {
    let cached = if force { vec![false; plan.points.len()] } else { plan.cached(store).unwrap() };
    plan.totals(wanted, &cached, store, jobs)
}

#[test]
fn points_of_equal_key_are_one_point() {
    let (a, b) = (lines("a", &[1, 2], None), lines("b", &[2, 4], None));
    let plan = planned(&[a.study(&settings()), b.study(&settings())]);
    // Lines of 1, 2 and 4 numbers; the line of 1 is also the one that all others begin with, but needs nothing then.
    assert_eq!(plan.points.len(), 4);
    let [of_a, of_b] = &plan.members[..] else { panic!("two experiments") };
    assert_eq!(of_a.iter().filter(|place| of_b.contains(place)).count(), 2);
}

#[test]
fn needed_points_come_first_whatever_the_order_they_are_named_in() {
    let a = toy(1, 1, None, &[]);
    let b = toy(2, 1, None, &[&a]);
    let c = toy(3, 1, None, &[&b, &a]);
    let d = toy(4, 1, None, &[&c]);
    let plan = plan_of(&[&d, &b, &c, &a]);
    for place in 0..plan.points.len() {
        assert!(plan.needs(place).all(|need| need < place), "{}", plan.points[place].label);
    }
    assert_eq!(plan.closure(&[plan.place(&b.point.key).unwrap()]).len(), 2);
}

#[test]
fn a_point_that_needs_an_unplanned_one_is_refused_by_name() {
    let a = toy(1, 1, None, &[]);
    let b = toy(2, 1, None, &[&a]);
    let error = Plan::new([&[b][..]]).err().unwrap().to_string();
    assert!(error.contains("toy 2") && error.contains(a.point.key.as_str()), "{error}");
}

/// Four independent seconds on two workers take two; a chain of three takes three on any number.
#[test]
fn the_estimate_is_a_list_schedule() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let [a, b, c, d] = [1, 2, 3, 4].map(|size| toy(size, 1, None, &[]));
    let flat = plan_of(&[&a, &b, &c, &d]);
    assert_eq!(totals(&flat, &store, 1, false).seconds, 4.0);
    assert_eq!(totals(&flat, &store, 2, false).seconds, 2.0);
    let e = toy(5, 1, None, &[&a]);
    let f = toy(6, 1, None, &[&e]);
    let chain = plan_of(&[&b, &c, &a, &e, &f]);
    assert_eq!(totals(&chain, &store, 8, false).seconds, 3.0);
    // The head of the chain goes first, so that two workers need no longer.
    assert_eq!(totals(&chain, &store, 2, false).seconds, 3.0);
}

#[test]
fn a_finished_point_counts_as_cached_unless_forced() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let (a, b) = (toy(1, 1, None, &[]), toy(2, 1, None, &[]));
    assert_eq!(train(&plan_of(&[&a]), &store, 1).ran, 1);
    let plan = plan_of(&[&a, &b]);
    let now = totals(&plan, &store, 1, false);
    assert_eq!((now.points, now.cached, now.to_train, now.seconds), (2, 1, 1, 1.0));
    let forced = totals(&plan, &store, 1, true);
    assert_eq!((forced.cached, forced.to_train, forced.seconds), (0, 2, 2.0));
}

/// What a part of a plan takes is what it and its needs take, and nothing of the rest.
#[test]
fn totals_of_a_part_are_those_of_its_closure() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let (a, other) = (toy(1, 1, None, &[]), toy(9, 1, None, &[]));
    let b = toy(2, 1, None, &[&a]);
    let c = toy(3, 1, None, &[&b]);
    let plan = plan_of(&[&a, &b, &c, &other]);
    let totals = |force| totals_of(&plan, &[plan.place(&b.point.key).unwrap()], &store, (1, force));
    let numbers = |t: Totals| (t.points, t.cached, t.to_train, t.seconds);
    assert_eq!(numbers(totals(false)), (2, 0, 2, 2.0));
    assert_eq!(train(&plan_of(&[&a, &other]), &store, 1).ran, 2);
    assert_eq!(numbers(totals(false)), (2, 1, 1, 1.0));
    assert_eq!(numbers(totals(true)), (2, 0, 2, 2.0));
}

/// Seven points took twice their estimate; one was stopped for an hour. The next will take twice its estimate.
#[test]
fn one_starved_point_does_not_spoil_the_estimate() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let points: Vec<Task> = (1..=9).map(|size| toy(size, 1, None, &[])).collect();
    let trained = plan_of(&points[..8].iter().collect::<Vec<_>>());
    assert_eq!(train(&trained, &store, 1).ran, 8);
    for (i, task) in points[..8].iter().enumerate() {
        let seconds = if i == 3 { 3600.0 } else { 2.0 };
        let host = format!("{{\"threads\": 1, \"seconds\": {seconds}}}");
        std::fs::write(store.path(&task.point.key).path().join("host.json"), host).unwrap();
    }
    let plan = plan_of(&points.iter().collect::<Vec<_>>());
    assert_eq!(totals(&plan, &store, 1, false).seconds, 2.0);
}
