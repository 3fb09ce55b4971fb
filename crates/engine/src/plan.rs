//! A plan: the points of the selected experiments, each once, needed ones first, with what they will cost.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use anyhow::{Result, ensure};

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
    index: HashMap<Key, usize>,
}

impl Plan {
    /// Collects the points of some lists of tasks, one a study.
    ///
    /// # Errors
    /// If a point needs one that nobody planned.
    pub fn new<'a>(lists: impl IntoIterator<Item = &'a [Task]>) -> Result<Self> {
        let mut pool: BTreeMap<Key, &Task> = BTreeMap::new();
        let (mut order, mut named) = (Vec::new(), Vec::new());
        for tasks in lists {
            let mut keys: Vec<Key> = Vec::new();
            let mut own: HashSet<&Key> = HashSet::new();
            for task in tasks {
                let key = &task.point.key;
                if own.insert(key) {
                    keys.push(key.clone());
                }
                if !pool.contains_key(key) {
                    order.push(key.clone());
                    pool.insert(key.clone(), task);
                }
            }
            named.push(keys);
        }
        let tasks = topological(&order, pool)?;
        let index: HashMap<Key, usize> =
            tasks.iter().enumerate().map(|(place, task)| (task.point.key.clone(), place)).collect();
        let members = named.iter().map(|keys| keys.iter().map(|key| index[key]).collect()).collect();
        let points: Vec<Point> = tasks.iter().map(|task| task.point.clone()).collect();
        let works = tasks.iter().map(|task| Arc::clone(&task.work)).collect();
        let seconds: Vec<f64> = points.iter().map(|point| point.seconds).collect();
        let needs: Vec<Vec<usize>> =
            points.iter().map(|point| point.needs.iter().map(|key| index[key]).collect()).collect();
        let urgency = urgency(&seconds, &needs);
        Ok(Self { points, works, members, urgency, index })
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
        self.points[place].needs.iter().map(|key| self.index[key])
    }

    /// Places of the points named, and of all they need, ascending.
    pub fn closure(&self, wanted: &[usize]) -> Vec<usize> {
        let mut found: BTreeSet<usize> = BTreeSet::new();
        let mut open = wanted.to_vec();
        while let Some(place) = open.pop() {
            if found.insert(place) {
                open.extend(self.needs(place));
            }
        }
        found.into_iter().collect()
    }

    /// Which points are published.
    ///
    /// # Errors
    /// If the disk does not say.
    pub fn cached(&self, store: &Store) -> Result<Vec<bool>> {
        self.points.iter().map(|point| store.has(&point.key)).collect()
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
        let needs: Vec<Vec<usize>> =
            (0..self.points.len()).map(|place| self.needs(place).collect()).collect();
        let seconds = makespan(&costs, &needs, &settled, jobs) * slowness;
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
        let ratio = |point: &Point| {
            let taken = host::seconds_on_one_thread(&store.path(&point.key))?;
            Some((taken / point.seconds, point.seconds))
        };
        let mut ratios: Vec<(f64, f64)> = self.points.iter().filter_map(ratio).collect();
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

/// Needed points first, otherwise in the order given.
fn topological<'a>(order: &[Key], mut pool: BTreeMap<Key, &'a Task>) -> Result<Vec<&'a Task>> {
    let known: BTreeSet<Key> = pool.keys().cloned().collect();
    let (mut tasks, mut placed) = (Vec::with_capacity(order.len()), BTreeSet::new());
    for key in order {
        // A point is pushed again below what it needs; its second turn finds the needs placed.
        let mut open = vec![key.clone()];
        while let Some(key) = open.pop() {
            let Some(point) = pool.get(&key).map(|task| &task.point) else { continue };
            let missing: Vec<Key> =
                point.needs.iter().filter(|need| !placed.contains(*need)).cloned().collect();
            if missing.is_empty() {
                placed.insert(key.clone());
                tasks.extend(pool.remove(&key));
                continue;
            }
            for need in &missing {
                ensure!(known.contains(need), "{}: needs point {need}, which nobody planned", point.label);
            }
            open.push(key);
            open.extend(missing.into_iter().rev());
        }
    }
    Ok(tasks)
}
