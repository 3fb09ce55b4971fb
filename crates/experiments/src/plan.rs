//! A plan: the points of the selected experiments, each once, needed ones first, with what they will cost.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Result, ensure};

use crate::canonical;
use crate::data::Missing;
use crate::experiment::{BadSetting, Experiment, Settings};
use crate::host;
use crate::point::{Key, Point};
use crate::progress::Totals;
use crate::recipes::colour_transfer::BROUGHT;
use crate::store::Store;

/// What is to be done.
#[derive(Debug)]
pub struct Plan {
    /// All points, each once, needed ones before those that need them.
    pub points: Vec<Point>,
    /// For each selected experiment its points' places in `points`, in the order in which its recipe named them.
    pub experiments: Vec<(&'static Experiment, Vec<usize>)>,
    /// For each point the longest chain of estimated seconds from its start to the end of the plan.
    pub urgency: Vec<f64>,
    index: HashMap<Key, usize>,
}

impl Plan {
    /// Collects the points of some experiments.
    ///
    /// # Errors
    /// If a recipe cannot plan, with [`BadSetting`] as context where it could without `--set`; or a point needs one that
    /// nobody planned.
    pub fn new(experiments: &[&'static Experiment], settings: &Settings) -> Result<Self> {
        let mut members = Vec::new();
        for &experiment in experiments {
            let points = experiment.recipe.plan(experiment, settings);
            members.push((experiment, points.map_err(|error| explained(error, experiment, settings))?));
        }
        Self::of(members)
    }

    /// A plan of experiments whose points are known.
    ///
    /// # Errors
    /// If a point needs one that nobody planned.
    pub fn of(members: Vec<(&'static Experiment, Vec<Point>)>) -> Result<Self> {
        let mut pool: BTreeMap<Key, Point> = BTreeMap::new();
        let (mut order, mut named) = (Vec::new(), Vec::new());
        for (experiment, points) in members {
            named.push((experiment, points.iter().map(|point| point.key.clone()).collect::<Vec<_>>()));
            for point in points {
                if !pool.contains_key(&point.key) {
                    order.push(point.key.clone());
                    pool.insert(point.key.clone(), point);
                }
            }
        }
        let points = topological(&order, pool)?;
        let index: HashMap<Key, usize> =
            points.iter().enumerate().map(|(place, point)| (point.key.clone(), place)).collect();
        let places = |keys: Vec<Key>| keys.iter().map(|key| index[key]).collect();
        let experiments = named.into_iter().map(|(experiment, keys)| (experiment, places(keys))).collect();
        let urgency = urgency(&points, &index);
        Ok(Self { points, experiments, urgency, index })
    }

    /// The place of a point; none if it is not in the plan.
    pub fn place(&self, key: &Key) -> Option<usize> {
        self.index.get(key).copied()
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
    pub fn cached(&self, store: &Store) -> Vec<bool> {
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

    /// Totals for so many jobs side by side. A published point counts as cached unless `force` says otherwise. Speed
    /// is that of the points that this store's host files tell of; without any, that of the reference machine.
    pub fn totals(&self, store: &Store, jobs: usize, force: bool) -> Totals {
        let everything: Vec<usize> = (0..self.points.len()).collect();
        self.totals_of(&everything, store, jobs, force)
    }

    /// Totals of the points at `wanted` and all they need.
    pub fn totals_of(&self, wanted: &[usize], store: &Store, jobs: usize, force: bool) -> Totals {
        let (published, closure) = (self.cached(store), self.closure(wanted));
        let mut settled = vec![true; self.points.len()];
        closure.iter().for_each(|&place| settled[place] = published[place] && !force);
        let to_train = settled.iter().filter(|&&settled| !settled).count();
        let slowness = if to_train == 0 { 1.0 } else { self.slowness(store, &published) };
        let seconds = self.makespan(&settled, jobs) * slowness;
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
    fn slowness(&self, store: &Store, published: &[bool]) -> f64 {
        let told = self.points.iter().zip(published).filter(|(_, published)| **published);
        let mut ratios: Vec<(f64, f64)> = told
            .filter_map(|(point, _)| {
                let taken = host::seconds_on_one_thread(&store.path(&point.key))?;
                Some((taken / point.seconds, point.seconds))
            })
            .collect();
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

    /// Wall seconds of list scheduling, most urgent first, on `jobs` workers, without the points that are settled.
    fn makespan(&self, settled: &[bool], jobs: usize) -> f64 {
        let dependents = self.dependents();
        let mut missing: Vec<usize> = (0..self.points.len())
            .map(|place| self.needs(place).filter(|&need| !settled[need]).count())
            .collect();
        let startable = |place: &usize| !settled[*place] && missing[*place] == 0;
        let mut ready: Vec<usize> = (0..self.points.len()).filter(startable).collect();
        let mut running: Vec<(f64, usize)> = Vec::new();
        let mut now = 0.0_f64;
        loop {
            while running.len() < jobs.max(1) && !ready.is_empty() {
                let most = |(_, a): &(usize, &usize), (_, b): &(usize, &usize)| {
                    self.urgency[**a].total_cmp(&self.urgency[**b])
                };
                let chosen = ready.iter().enumerate().max_by(most).map_or(0, |(i, _)| i);
                let place = ready.swap_remove(chosen);
                running.push((now + self.points[place].seconds, place));
            }
            let soonest = running.iter().enumerate().min_by(|a, b| a.1.0.total_cmp(&b.1.0)).map(|(i, _)| i);
            let Some(soonest) = soonest else { return now };
            let (end, done) = running.swap_remove(soonest);
            now = end;
            for &place in &dependents[done] {
                missing[place] -= 1;
                if missing[place] == 0 && !settled[place] {
                    ready.push(place);
                }
            }
        }
    }
}

/// Why an experiment cannot be planned. If it can without `--set`, then that is what makes no sense.
fn explained(error: anyhow::Error, experiment: &Experiment, settings: &Settings) -> anyhow::Error {
    let name = experiment.name();
    // Brought pictures are named among the settings by the program itself.
    let (brought, set): (Vec<_>, Vec<_>) = settings.set.iter().cloned().partition(|(key, _)| key == BROUGHT);
    let bare = Settings { set: brought, ..settings.clone() };
    let missing = error.chain().any(|cause| cause.is::<Missing>());
    if !set.is_empty() && !missing && experiment.recipe.plan(experiment, &bare).is_ok() {
        error.context(BadSetting { experiment: name })
    } else {
        error.context(format!("cannot plan {name}"))
    }
}

/// Needed points first, otherwise in the order given.
fn topological(order: &[Key], mut pool: BTreeMap<Key, Point>) -> Result<Vec<Point>> {
    let known: BTreeSet<Key> = pool.keys().cloned().collect();
    let (mut points, mut placed) = (Vec::with_capacity(order.len()), BTreeSet::new());
    for key in order {
        // A point is pushed again below what it needs; its second turn finds the needs placed.
        let mut open = vec![key.clone()];
        while let Some(key) = open.pop() {
            let Some(point) = pool.get(&key) else { continue };
            let missing: Vec<Key> =
                point.needs.iter().filter(|need| !placed.contains(*need)).cloned().collect();
            if missing.is_empty() {
                placed.insert(key.clone());
                points.extend(pool.remove(&key));
                continue;
            }
            for need in &missing {
                ensure!(known.contains(need), "{}: needs point {need}, which nobody planned", point.label);
            }
            open.push(key);
            open.extend(missing.into_iter().rev());
        }
    }
    Ok(points)
}

/// Keys contain the keys they need, so that a cycle would be a collision of SHA-256: one pass from the end is enough.
fn urgency(points: &[Point], index: &HashMap<Key, usize>) -> Vec<f64> {
    let mut after = vec![0.0_f64; points.len()];
    let mut urgency = vec![0.0; points.len()];
    for place in (0..points.len()).rev() {
        urgency[place] = points[place].seconds + after[place];
        for need in points[place].needs.iter().map(|key| index[key]) {
            after[need] = after[need].max(urgency[place]);
        }
    }
    urgency
}
