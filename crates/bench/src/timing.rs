//! Timing a workload: warm-up, repetitions, median and range.

use std::time::Instant;

use serde_json::json;

/// One measured variant of one metric.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// Group of metrics: `rbm_cd1`, `gemm`.
    pub case: &'static str,
    /// Shapes: `784x500-b128`.
    pub metric: String,
    /// How the work is done: `v1-sampled`.
    pub variant: &'static str,
    /// Value of each repetition.
    pub values: Vec<f64>,
    /// Unit of the values.
    pub unit: &'static str,
    /// Threads used.
    pub threads: usize,
}

impl Measurement {
    /// The middle repetition.
    pub fn median(&self) -> f64 {
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    }

    /// One line of JSON, in the form that the peers print.
    pub fn json(&self) -> String {
        let fold = |f: fn(f64, f64) -> f64| self.values.iter().copied().reduce(f);
        json!({
            "peer": "glyphlab", "case": self.case, "metric": self.metric, "variant": self.variant,
            "value": self.median(), "min": fold(f64::min), "max": fold(f64::max), "unit": self.unit,
            "threads": self.threads, "reps": self.values.len(),
        })
        .to_string()
    }
}

/// Whether a value is work per second, or seconds per unit of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// `work · per / seconds`.
    Rate,
    /// `seconds · per / work`.
    Time,
}

/// Repetitions of `run(n)` (which does `n` units and returns the work done), at least five, for about `budget`
/// seconds in all.
pub fn repeat(budget: f64, measure: Measure, per: f64, mut run: impl FnMut(usize) -> f64) -> Vec<f64> {
    run(1);
    let mut n = 1;
    let once = loop {
        let begin = Instant::now();
        run(n);
        let seconds = begin.elapsed().as_secs_f64();
        if seconds > 0.1 {
            break seconds;
        }
        n *= 2;
    };
    let n = ((n as f64 * (budget / 7.0).max(0.2) / once).round() as usize).max(1);
    let begin = Instant::now();
    let mut values = Vec::new();
    while values.len() < 5 || (begin.elapsed().as_secs_f64() < budget && values.len() < 15) {
        let begin = Instant::now();
        let work = run(n);
        let seconds = begin.elapsed().as_secs_f64();
        values.push(if measure == Measure::Rate { work * per / seconds } else { seconds * per / work });
    }
    values
}
