//! A plan: the points of the selected experiments, each once, needed ones first, with what they will cost.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};

use crate::canonical;
use crate::host;
use crate::point::{Key, Point};
use crate::progress::Totals;
use crate::schedule::{Cost, makespan, urgency};
use crate::store::Store;
use crate::task::Task;
use crate::work::Work;

/// What is to be done.
pub struct Plan {
    /// All points, each once, needed ones before those that need them.
    pub points: Vec<Point>,
    /// What each of them does.
    pub works: Vec<Arc<dyn Work>>,
    /// For each list of tasks its points' places in `points`, in the order in which they were named, each once.
    pub members: Vec<Vec<usize>>,
    /// For each point the longest chain of estimated seconds from its start to the end of the plan.
    pub urgency: Vec<f64>,
    /// For each point the places of those that it needs.
    needs: Vec<Vec<usize>>,
    index: HashMap<Key, usize>,
}

impl Plan {
    /// Collects the points of some lists of tasks, one a study.
    ///
    /// # Errors
    /// If a point needs one that nobody planned.
    pub fn new<'a>(lists: impl IntoIterator<Item = &'a [Task]>) -> Result<Self> {
        let mut first: HashMap<Key, usize> = HashMap::new();
        let (mut tasks, mut named): (Vec<&Task>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
        // In which list a point was named last.
        let mut last: Vec<usize> = Vec::new();
        for (list, all) in lists.into_iter().enumerate() {
            let mut own = Vec::new();
            for task in all {
                let place = match first.entry(task.point.key.clone()) {
                    Entry::Occupied(entry) => *entry.get(),
                    Entry::Vacant(entry) => {
                        tasks.push(task);
                        last.push(usize::MAX);
                        *entry.insert(tasks.len() - 1)
                    }
                };
                if last[place] != list {
                    last[place] = list;
                    own.push(place);
                }
            }
            named.push(own);
        }
        let needs = tasks.iter().map(|task| needed(&task.point, &first)).collect::<Result<Vec<_>>>()?;
        let order = topological(&needs);
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(new, &old)| place[old] = new);
        let mut index = first;
        index.values_mut().for_each(|old| *old = place[*old]);
        let moved = |old: &Vec<usize>| old.iter().map(|&old| place[old]).collect::<Vec<_>>();
        let members = named.iter().map(moved).collect();
        let needs: Vec<Vec<usize>> = order.iter().map(|&old| moved(&needs[old])).collect();
        let points: Vec<Point> = order.iter().map(|&old| tasks[old].point.clone()).collect();
        let works = order.iter().map(|&old| Arc::clone(&tasks[old].work)).collect();
        let seconds: Vec<f64> = points.iter().map(|point| point.seconds).collect();
        let urgency = urgency(&seconds, &needs);
        Ok(Self { points, works, members, urgency, needs, index })
    }

    /// The place of a point; none if it is not in the plan.
    pub fn place(&self, key: &Key) -> Option<usize> {
        self.index.get(key).copied()
    }

    /// The keys of the points at these places.
    pub fn keys(&self, places: &[usize]) -> Vec<Key> {
        places.iter().map(|&place| self.points[place].key.clone()).collect()
    }

    /// Places of the points that a point needs.
    pub fn needs(&self, place: usize) -> impl Iterator<Item = usize> + '_ {
        self.needs[place].iter().copied()
    }

    /// Places of the points named, and of all they need, ascending.
    pub fn closure(&self, wanted: &[usize]) -> Vec<usize> {
        let mut found = vec![false; self.points.len()];
        let mut open = wanted.to_vec();
        while let Some(place) = open.pop() {
            if !std::mem::replace(&mut found[place], true) {
                open.extend(self.needs(place));
            }
        }
        (0..found.len()).filter(|&place| found[place]).collect()
    }

    /// Which points are published.
    ///
    /// # Errors
    /// If the disk does not say.
    pub fn cached(&self, store: &Store) -> Result<Vec<bool>> {
        store.which(self.points.iter().map(|point| &point.key))
    }

    /// Refuses points that each alone would take more than `memory` bytes, before any of them fails halfway.
    ///
    /// # Errors
    /// Names the first such point, its estimate and the memory.
    pub fn check_memory(&self, places: impl IntoIterator<Item = usize>, memory: u64) -> Result<()> {
        for point in places.into_iter().map(|place| &self.points[place]) {
            let gibibytes = |bytes: u64| bytes as f64 / f64::from(1u32 << 30);
            ensure!(
                point.bytes <= memory,
                "{}: takes {:.1} GiB of memory, by its estimate, and this machine has {:.1} GiB",
                point.label,
                gibibytes(point.bytes),
                gibibytes(memory)
            );
        }
        Ok(())
    }

    /// Totals of the points at `wanted` and all they need, for so many jobs side by side; `cached` says which are
    /// published and need not be trained. Speed is that of the points that this store's host files tell of; without any,
    /// that of the reference machine.
    pub fn totals(&self, wanted: &[usize], cached: &[bool], store: &Store, jobs: usize) -> Totals {
        let closure = self.closure(wanted);
        let mut settled = vec![true; self.points.len()];
        closure.iter().for_each(|&place| settled[place] = cached[place]);
        let to_train = settled.iter().filter(|&&settled| !settled).count();
        let slowness = if to_train == 0 { 1.0 } else { self.slowness(store) };
        let cost = |(point, &urgency): (&Point, &f64)| Cost { seconds: point.seconds, urgency };
        let costs: Vec<Cost> = self.points.iter().zip(&self.urgency).map(cost).collect();
        let seconds = makespan(&costs, &self.needs, &settled, jobs) * slowness;
        Totals { points: closure.len(), cached: closure.len() - to_train, to_train, seconds }
    }

    /// The plan for other programs: JSON with key, label, needs, estimates and configuration of each point.
    ///
    /// # Panics
    /// If a point's configuration is not JSON; it always is.
    pub fn to_json(&self, cached: &[bool]) -> String {
        let point = |(point, cached): (&Point, &bool)| {
            let config: serde_json::Value =
                serde_json::from_str(&point.config).expect("a configuration is JSON");
            serde_json::json!({
                "key": point.key,
                "label": point.label,
                "needs": point.needs,
                "seconds": point.seconds,
                "bytes": point.bytes,
                "cached": cached,
                "config": config,
            })
        };
        let points: Vec<_> = self.points.iter().zip(cached).map(point).collect();
        canonical::pretty(&serde_json::json!({ "schema": 1, "points": points }))
    }

    /// Seconds taken by one estimated second: the median over the published points that say so, each with the weight of
    /// its estimate. One that was starved for hours says nothing about the next.
    fn slowness(&self, store: &Store) -> f64 {
        // A plan may have a million points that are not there: none of them is looked for one by one.
        let listed = store.listed().unwrap_or_default();
        let ratio = |point: &Point| {
            let taken = host::seconds_on_one_thread(&store.path(&point.key))?;
            Some((taken / point.seconds, point.seconds))
        };
        let there = self.points.iter().filter(|point| listed.contains(&point.key));
        let mut ratios: Vec<(f64, f64)> = there.filter_map(ratio).collect();
        let estimated: f64 = ratios.iter().map(|(_, weight)| weight).sum();
        // A few points say too little.
        if estimated < 5.0 {
            return 1.0;
        }
        ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut below = 0.0;
        let median = ratios.iter().find(|(_, weight)| {
            below += weight;
            below >= 0.5 * estimated
        });
        median.map_or(1.0, |(ratio, _)| *ratio)
    }

    /// For each point the places of those that need it.
    pub fn dependents(&self) -> Vec<Vec<usize>> {
        let mut dependents = vec![Vec::new(); self.points.len()];
        for place in 0..self.points.len() {
            for need in self.needs(place) {
                dependents[need].push(place);
            }
        }
        dependents
    }
}

/// The places of the points that a point needs.
fn needed(point: &Point, index: &HashMap<Key, usize>) -> Result<Vec<usize>> {
    let place = |need| {
        let found = index.get(need).copied();
        found.with_context(|| format!("{}: needs point {need}, which nobody planned", point.label))
    };
    point.needs.iter().map(place).collect()
}

/// Needed points first, otherwise in the order given: the old places in the new order.
fn topological(needs: &[Vec<usize>]) -> Vec<usize> {
    let (mut order, mut placed) = (Vec::with_capacity(needs.len()), vec![false; needs.len()]);
    let mut open = Vec::new();
    for place in 0..needs.len() {
        // A point is pushed again below what it needs; its second turn finds the needs placed.
        open.push(place);
        while let Some(place) = open.pop() {
            if placed[place] {
                continue;
            }
            let before = open.len();
            open.push(place);
            open.extend(needs[place].iter().rev().filter(|&&need| !placed[need]));
            if open.len() == before + 1 {
                open.pop();
                placed[place] = true;
                order.push(place);
            }
        }
    }
    order
}
