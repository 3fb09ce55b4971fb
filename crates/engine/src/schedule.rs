//! How long a plan takes: list scheduling, the most urgent point first, and how urgent each point is.
//!
//! All lists are by place in the plan, where needed points stand before those that need them.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// For each point the longest chain of seconds from its start to the end of the plan.
///
/// Keys contain the keys they need, so that a circle would be a collision of SHA-256: one pass from the end is enough.
pub fn urgency(seconds: &[f64], needs: &[Vec<usize>]) -> Vec<f64> {
    let mut after = vec![0.0_f64; seconds.len()];
    let mut urgency = vec![0.0; seconds.len()];
    for place in (0..seconds.len()).rev() {
        urgency[place] = seconds[place] + after[place];
        for &need in &needs[place] {
            after[need] = after[need].max(urgency[place]);
        }
    }
    urgency
}

/// A place with what it is ordered by; the largest comes first, and of equals the earlier place.
#[derive(PartialEq)]
struct By(f64, usize);

impl Eq for By {}

impl Ord for By {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0).then(other.1.cmp(&self.1))
    }
}

impl PartialOrd for By {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What a point costs.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Seconds on one worker.
    pub seconds: f64,
    /// The longest chain of seconds from its start to the end of the plan.
    pub urgency: f64,
}

/// Wall seconds of list scheduling on `jobs` workers, without the points that are settled.
pub fn makespan(costs: &[Cost], needs: &[Vec<usize>], settled: &[bool], jobs: usize) -> f64 {
    let mut dependents = vec![Vec::new(); needs.len()];
    for (place, needs) in needs.iter().enumerate() {
        needs.iter().for_each(|&need| dependents[need].push(place));
    }
    let mut missing: Vec<usize> =
        needs.iter().map(|needs| needs.iter().filter(|&&need| !settled[need]).count()).collect();
    let startable = |&place: &usize| !settled[place] && missing[place] == 0;
    let mut ready: BinaryHeap<By> =
        (0..needs.len()).filter(startable).map(|place| By(costs[place].urgency, place)).collect();
    // The earliest end comes first.
    let mut running: BinaryHeap<By> = BinaryHeap::new();
    let mut now = 0.0_f64;
    loop {
        while running.len() < jobs.max(1)
            && let Some(By(_, place)) = ready.pop()
        {
            running.push(By(-(now + costs[place].seconds), place));
        }
        let Some(By(end, done)) = running.pop() else { return now };
        now = -end;
        for &place in &dependents[done] {
            missing[place] -= 1;
            if missing[place] == 0 && !settled[place] {
                ready.push(By(costs[place].urgency, place));
            }
        }
    }
}
