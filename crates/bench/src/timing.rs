//! Timing a workload: repetitions of equal length, those that others disturbed done again, median and range.

use std::time::Instant;

use serde_json::{Value, json};

use crate::machine::{Load, Reading, peak_megabytes};

/// Fewest repetitions, those that others disturbed among them.
const LEAST: usize = 5;
/// Fewest undisturbed ones that count alone.
const CLEAN: usize = 3;
/// Most repetitions, clean or not.
const MOST: usize = 60;

/// Repetitions of one workload.
#[derive(Clone, Debug)]
pub struct Repetitions<T> {
    /// What each repetition that counts gave.
    pub values: Vec<T>,
    /// Repetitions that others disturbed.
    pub disturbed: usize,
    /// Whether disturbed repetitions had to be taken in.
    pub unreliable: bool,
    /// What went on during each repetition that counts.
    pub loads: Vec<Load>,
}

impl<T> Repetitions<T> {
    /// Of everything that was repeated, what counts: the undisturbed repetitions, or all if those are fewer than three.
    pub fn of(all: Vec<(T, Load)>) -> Self {
        let disturbed = all.iter().filter(|(_, load)| load.disturbed).count();
        let unreliable = all.len() - disturbed < CLEAN;
        let counts = |(_, load): &(T, Load)| unreliable || !load.disturbed;
        let (values, loads) = all.into_iter().filter(counts).unzip();
        Self { values, disturbed, unreliable, loads }
    }

    /// The same repetitions with another value each.
    pub fn map<U>(&self, value: impl Fn(&T) -> U) -> Repetitions<U> {
        let Self { values, disturbed, unreliable, loads } = self;
        let (disturbed, unreliable, loads) = (*disturbed, *unreliable, loads.clone());
        Repetitions { values: values.iter().map(value).collect(), disturbed, unreliable, loads }
    }
}

/// Repeats `one(seconds)`, which works for about that long, at least five times and for about `budget` seconds.
/// Repetitions during which others used the machine are done again, for at most three budgets; [`Repetitions::of`]
/// says which count in the end.
pub fn repeat<T>(budget: f64, mut one: impl FnMut(f64) -> T) -> Repetitions<T> {
    let seconds = (budget / (LEAST + 2) as f64).max(0.2);
    one(seconds / 4.0); // lazy initialisation, page faults, the processor's clock
    let (mut all, mut clean) = (Vec::new(), 0);
    let begin = Instant::now();
    loop {
        let spent = begin.elapsed().as_secs_f64();
        let enough = clean >= LEAST && (spent > budget || clean >= 3 * LEAST);
        let too_much = all.len() >= LEAST && (spent > 3.0 * budget || all.len() >= MOST);
        if enough || too_much {
            return Repetitions::of(all);
        }
        let reading = Reading::now();
        let value = one(seconds);
        let load = reading.elapsed();
        clean += usize::from(!load.disturbed);
        all.push((value, load));
    }
}

/// Runs `run(n)` (n units of work; returns the work done) again and again for about `seconds`; the work done in a
/// second.
pub fn work_per_second(seconds: f64, run: &mut impl FnMut(usize) -> f64) -> f64 {
    let begin = Instant::now();
    let (mut work, mut n) = (0.0, 1);
    loop {
        let before = begin.elapsed().as_secs_f64();
        work += run(n);
        let now = begin.elapsed().as_secs_f64();
        if now >= seconds {
            return work / now;
        }
        // Often enough to end in time, seldom enough that looking at the clock costs nothing.
        if now - before < 0.02 * seconds {
            n = n.saturating_mul(2);
        }
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

/// Repetitions of `run(n)`, each as a [`Measure`].
pub fn measure(
    budget: f64,
    measure: Measure,
    per: f64,
    mut run: impl FnMut(usize) -> f64,
) -> Repetitions<f64> {
    repeat(budget, |seconds| {
        let rate = work_per_second(seconds, &mut run);
        if measure == Measure::Rate { per * rate } else { per / rate }
    })
}

/// One measured variant of one metric.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// Group of metrics: `rbm_cd1`, `gemm`.
    pub case: &'static str,
    /// Shapes: `784x500-b128`.
    pub metric: String,
    /// How the work is done: `v1-sampled`.
    pub variant: &'static str,
    /// Unit of the values.
    pub unit: &'static str,
    /// Threads offered.
    pub threads: usize,
    /// Where the data come from, if there are any.
    pub data: Option<&'static str>,
    /// One value a repetition.
    pub repetitions: Repetitions<f64>,
}

impl Measurement {
    /// The middle repetition.
    pub fn median(&self) -> f64 {
        median(&self.repetitions.values)
    }

    /// What one thread would have reached with a core to itself: the median over processor time instead of wall time.
    /// Nothing for several threads, which also lose time by waiting for each other.
    pub fn undisturbed(&self) -> Option<f64> {
        let Repetitions { values, loads, .. } = &self.repetitions;
        let corrected = |(value, load): (&f64, &Load)| {
            let cores = load.cores?;
            Some(if self.unit == "s" { value * cores } else { value / cores })
        };
        let corrected: Option<Vec<f64>> = values.iter().zip(loads).map(corrected).collect();
        corrected.filter(|values| self.threads == 1 && !values.is_empty()).map(|values| median(&values))
    }

    /// One line of JSON, in the form that the peers print.
    pub fn json(&self) -> String {
        let repetitions = &self.repetitions;
        let fold = |f: fn(f64, f64) -> f64| repetitions.values.iter().copied().reduce(f).map(five_digits);
        let mut line = json!({
            "peer": "glyphlab", "case": self.case, "metric": self.metric, "variant": self.variant,
            "value": five_digits(self.median()), "min": fold(f64::min), "max": fold(f64::max), "unit": self.unit,
            "threads": self.threads, "reps": repetitions.values.len(), "disturbed": repetitions.disturbed,
            "version": env!("CARGO_PKG_VERSION"),
        });
        let loads = &repetitions.loads;
        let shares = loads.iter().filter_map(|load| load.cpu_share);
        let cores: Vec<f64> = loads.iter().filter_map(|load| load.cores).collect();
        let optional = [
            ("cpu_share", shares.reduce(f64::min).map(three_decimals)),
            ("cores", (!cores.is_empty()).then(|| three_decimals(median(&cores)))),
            ("undisturbed", self.undisturbed().map(five_digits)),
            ("peak_rss_mb", peak_megabytes().map(|mb| Value::from(mb.round()))),
            ("data", self.data.map(Value::from)),
            ("unreliable", repetitions.unreliable.then_some(Value::Bool(true))),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                line[name] = value;
            }
        }
        line.to_string()
    }
}

/// The middle value; the mean of the two in the middle of an even number; NaN of none.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 0 => f64::midpoint(sorted[middle - 1], sorted[middle]),
        _ => sorted[middle],
    }
}

fn five_digits(x: f64) -> Value {
    format!("{x:.4e}").parse::<f64>().map_or(Value::Null, Value::from)
}

fn three_decimals(x: f64) -> Value {
    Value::from((x * 1000.0).round() / 1000.0)
}
