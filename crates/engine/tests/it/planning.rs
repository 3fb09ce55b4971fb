//! Which points a plan holds, in which order, and what it says they will cost.

use std::collections::BTreeSet;

use disk::Fault;
use engine::plan::Plan;
use engine::store::Store;
use engine::{Estimate, Task, Totals};
use proptest::prelude::*;

use crate::support::{costly, everything, folder, lines, plan_of, planned, settings, store, toy, train};

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

/// Nothing here is timed: were it quadratic, nobody would wait for it.
#[test]
fn a_plan_of_twenty_thousand_points_is_made_and_scheduled() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let mut tasks: Vec<Task> = Vec::new();
    // A hundred chains, whose links all need their predecessor and the very first point.
    for place in 0..20_000 {
        let mut needs: Vec<&Task> = Vec::new();
        if place > 0 {
            needs.push(&tasks[0]);
        }
        if place > 100 {
            needs.push(&tasks[place - 100]);
        }
        let task = toy(place, 1, None, &needs);
        tasks.push(task);
    }
    tasks.reverse();
    let plan = Plan::new([&tasks[..], &tasks[..]]).unwrap();
    assert_eq!((plan.points.len(), plan.members.len()), (20_000, 2));
    // The first point alone, then a hundred chains on a hundred workers.
    assert_eq!(totals(&plan, &store, 100, false).seconds, 201.0);
    assert_eq!(totals(&plan, &store, 1, false).seconds, 20_000.0);
}

/// A small plan: seconds and needs of each point, which of them are published, and how many workers there are.
#[derive(Clone, Debug)]
struct Small {
    seconds: Vec<u8>,
    needs: Vec<Vec<usize>>,
    settled: Vec<bool>,
    jobs: usize,
}

impl Small {
    fn strategy() -> impl Strategy<Value = Self> {
        let point =
            |place: usize| (0u8..6, prop::collection::vec(0..place.max(1), 0..3), prop::bool::weighted(0.2));
        let points = (1usize..14).prop_flat_map(move |n| (0..n).map(point).collect::<Vec<_>>());
        (points, 1usize..5).prop_map(|(points, jobs)| {
            let needs = |(place, (_, needs, _)): (usize, &(u8, Vec<usize>, bool))| {
                let needs: BTreeSet<usize> = needs.iter().copied().filter(|&need| need < place).collect();
                needs.into_iter().collect()
            };
            Self {
                seconds: points.iter().map(|(seconds, ..)| *seconds).collect(),
                needs: points.iter().enumerate().map(needs).collect(),
                settled: points.iter().map(|(.., settled)| *settled).collect(),
                jobs,
            }
        })
    }

    /// The longest chain that begins at a point.
    fn urgency(&self, place: usize) -> f64 {
        let after = (0..self.seconds.len()).filter(|&other| self.needs[other].contains(&place));
        let longest = after.map(|other| self.urgency(other)).fold(0.0, f64::max);
        f64::from(self.seconds[place]) + longest
    }

    /// List scheduling as it is told: whenever a worker is free, the most urgent point that may start, the earlier of
    /// equals.
    fn makespan(&self) -> f64 {
        let mut done = self.settled.clone();
        let mut running: Vec<(f64, usize)> = Vec::new();
        let mut started = self.settled.clone();
        let mut now = 0.0;
        loop {
            while running.len() < self.jobs {
                let may =
                    |&place: &usize| !started[place] && self.needs[place].iter().all(|&need| done[need]);
                let next = (0..self.seconds.len()).filter(may);
                let next = next.reduce(|a, b| if self.urgency(b) > self.urgency(a) { b } else { a });
                let Some(place) = next else { break };
                started[place] = true;
                running.push((now + f64::from(self.seconds[place]), place));
            }
            let first = running.iter().copied().reduce(|a, b| if b < a { b } else { a });
            let Some((end, place)) = first else { return now };
            running.retain(|(_, other)| *other != place);
            done[place] = true;
            now = end;
        }
    }
}

proptest! {
    #[test]
    fn the_makespan_is_that_of_its_slow_twin(small in Small::strategy()) {
        let mut tasks: Vec<Task> = Vec::new();
        for (place, needs) in small.needs.iter().enumerate() {
            let needs: Vec<&Task> = needs.iter().map(|&need| &tasks[need]).collect();
            let estimate = Estimate { seconds: f64::from(small.seconds[place]), bytes: 1 };
            let task = costly(place, 1, None, &needs, estimate);
            tasks.push(task);
        }
        let plan = Plan::new([&tasks[..]]).unwrap();
        let folder = folder();
        let store = store(folder.path(), Fault::Never);
        let found = plan.totals(&everything(&plan), &small.settled, &store, small.jobs).seconds;
        prop_assert_eq!(found, small.makespan());
    }
}
