//! Predicates on test errors of networks from several starts. All look at the error after the last epoch.

use super::alpha_claims::along;
use crate::claim::{Finding, spread};
use crate::rows::{Evidence, Row, pick};

/// The error that all claims are about.
pub(super) const ERROR: &str = "error_last";

/// The start `better` errs less than the start `worse`, at every value of the sweep.
pub(super) fn below_everywhere(evidence: &Evidence, sweep: &str, better: &str, worse: &str) -> Finding {
    let values = along(evidence, pick(ERROR, &[("start", better)]), sweep);
    let mut seeds: Vec<(String, bool, usize)> = Vec::new();
    let mut gaps = Vec::new();
    for value in &values {
        for (seed, gap) in gaps_at(evidence, sweep, value, better, worse) {
            gaps.push(gap);
            let held = usize::from(gap > 0.0);
            match seeds.iter_mut().find(|(other, ..)| *other == seed) {
                Some((_, all, count)) => {
                    *all &= gap > 0.0;
                    *count += held;
                }
                None => seeds.push((seed, gap > 0.0, held)),
            }
        }
    }
    let answers: Vec<bool> = seeds.iter().map(|(_, all, _)| *all).collect();
    let held: usize = seeds.iter().map(|(.., count)| count).sum();
    let measured =
        format!("in {held} of {} networks, by {} points on the mean", gaps.len(), percent(mean(&gaps)));
    Finding::over(&answers, measured, format!("{ERROR} of “{better}” below “{worse}” at every {sweep}"))
}

/// How much more `worse` errs than `better`, for each seed.
fn gaps_at(evidence: &Evidence, sweep: &str, value: &str, better: &str, worse: &str) -> Vec<(String, f64)> {
    let errors = |start: &str| evidence.by_seed(pick(ERROR, &[("start", start), (sweep, value)]));
    let low = errors(better);
    let both = errors(worse).into_iter().filter_map(|(seed, high)| {
        let own = low.iter().find(|(other, _)| *other == seed)?;
        Some((seed, high - own.1))
    });
    both.collect()
}

/// The gap between two starts falls along the sweep.
pub(super) fn gap_falls(evidence: &Evidence, sweep: &'static str, better: &str, worse: &str) -> Finding {
    let values = along(evidence, pick(ERROR, &[("start", better)]), sweep);
    let mut gaps = Evidence::default();
    for value in &values {
        for (seed, gap) in gaps_at(evidence, sweep, value, better, worse) {
            let columns = vec![(sweep.to_owned(), (*value).to_owned()), ("seed".to_owned(), seed)];
            gaps.rows.push(Row { columns, epoch: None, metric: "gap".into(), value: gap });
        }
    }
    gaps.falls(pick("gap", &[]), sweep, &values)
}

/// The least error of a start along the sweep is below `bound`.
pub(super) fn reaches(evidence: &Evidence, sweep: &str, start: &str, bound: f64) -> Finding {
    extreme(evidence, sweep, start, &format!("below {} % somewhere", percent(bound)), |least| least < bound)
}

/// The least error of a start along the sweep is above `bound`.
pub(super) fn stays_above(evidence: &Evidence, sweep: &str, start: &str, bound: f64) -> Finding {
    extreme(evidence, sweep, start, &format!("above {} % everywhere", percent(bound)), |least| least > bound)
}

fn extreme(
    evidence: &Evidence,
    sweep: &str,
    start: &str,
    what: &str,
    holds: impl Fn(f64) -> bool,
) -> Finding {
    let least: Vec<f64> =
        by_seed(evidence, sweep, start).into_iter().map(|(_, curve)| least(&curve).1).collect();
    let answers: Vec<bool> = least.iter().map(|&x| holds(x)).collect();
    let measured = format!("least {}", percents(&least));
    Finding::over(&answers, measured, format!("{ERROR} of “{start}” {what}"))
}

/// The least error of a start lies at one of these values of the sweep. A sweep without any of them decides nothing.
pub(super) fn least_is_among(evidence: &Evidence, sweep: &str, start: &str, among: &[&str]) -> Finding {
    let run = along(evidence, pick(ERROR, &[("start", start)]), sweep);
    if !run.iter().any(|value| among.contains(value)) {
        let why = format!("the sweep has no {sweep} {}", among.join(" or "));
        return Finding::over(&[], "–".to_owned(), why);
    }
    let best: Vec<(String, f64)> =
        by_seed(evidence, sweep, start).into_iter().map(|(_, curve)| least(&curve)).collect();
    let answers: Vec<bool> = best.iter().map(|(value, _)| among.contains(&value.as_str())).collect();
    let measured: Vec<String> =
        best.iter().map(|(value, error)| format!("{value} ({} %)", percent(*error))).collect();
    let why = format!("least {ERROR} of “{start}” at {sweep} {}", among.join(" or "));
    Finding::over(&answers, measured.join(", "), why)
}

/// One network errs at most so much.
pub(super) fn at_most(evidence: &Evidence, at: &[(&str, &str)], bound: f64) -> Finding {
    let values = evidence.values(pick(ERROR, at));
    let answers: Vec<bool> = values.iter().map(|&x| x <= bound).collect();
    let end = |end: &str| evidence.values(pick(&format!("{ERROR}_{end}"), at));
    let measured = match (&values[..], &end("low")[..], &end("high")[..]) {
        // One seed: what the number of test images leaves open.
        ([error], [low], [high]) => {
            format!("{} % (95 %: {}–{} %)", percent(*error), percent(*low), percent(*high))
        }
        _ => percents(&values),
    };
    Finding::over(&answers, measured, format!("{} at most {} %", pick(ERROR, at), percent(bound)))
}

/// The falls between neighbours of the sweep grow smaller: the first is the largest, the last the smallest.
pub(super) fn diminishing(evidence: &Evidence, sweep: &str, start: &str) -> Finding {
    let mut answers = Vec::new();
    let mut measured = Vec::new();
    for (_, curve) in by_seed(evidence, sweep, start) {
        let falls: Vec<f64> = curve.windows(2).map(|pair| pair[0].1 - pair[1].1).collect();
        let (Some(first), Some(last)) = (falls.first(), falls.last()) else { continue };
        if falls.len() > 1 {
            answers.push(*first > 0.0 && last < first);
            measured.push(format!("{} points at first, {} at last", percent(*first), percent(*last)));
        }
    }
    Finding::over(
        &answers,
        measured.join("; "),
        format!("the fall of {ERROR} of “{start}” shrinks along {sweep}"),
    )
}

/// For each seed, the errors of a start along the sweep.
fn by_seed(evidence: &Evidence, sweep: &str, start: &str) -> Vec<(String, Vec<(String, f64)>)> {
    let mut seeds: Vec<(String, Vec<(String, f64)>)> = Vec::new();
    for value in along(evidence, pick(ERROR, &[("start", start)]), sweep) {
        for (seed, error) in evidence.by_seed(pick(ERROR, &[("start", start), (sweep, value)])) {
            match seeds.iter_mut().find(|(other, _)| *other == seed) {
                Some((_, curve)) => curve.push((value.to_owned(), error)),
                None => seeds.push((seed, vec![(value.to_owned(), error)])),
            }
        }
    }
    seeds
}

fn least(curve: &[(String, f64)]) -> (String, f64) {
    let best = curve.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    best.cloned().unwrap_or_else(|| ("–".to_owned(), f64::NAN))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The mean over seeds, and how far they lie apart.
fn percents(values: &[f64]) -> String {
    format!("{} %", spread(&values.iter().map(|x| 100.0 * x).collect::<Vec<_>>()))
}

fn percent(x: f64) -> String {
    format!("{:.2}", 100.0 * x)
}
