//! Predicates that several AlphaDigits experiments share.
//!
//! Where a report judged by eye, "well generated" means a *fidelity* of at least [`GOOD`]: samples reach that share of
//! what real held-out images reach in class confidence, clarity, variety and nearness to a training image, in each of
//! the four. One threshold serves every claim of every experiment.

use crate::claim::{Finding, Verdict, number};
use crate::rows::{Evidence, Pick, pick};

/// Fidelity from which samples count as well generated.
pub(super) const GOOD: f64 = 0.8;

/// The distinct texts of a column, in order of appearance, among rows of this metric that match.
pub(super) fn along<'e>(evidence: &'e Evidence, wanted: Pick<'_>, column: &str) -> Vec<&'e str> {
    let mut values: Vec<&str> = Vec::new();
    for row in &evidence.rows {
        let matches = wanted.at.iter().all(|(name, value)| row.column(name) == Some(value));
        if let Some(value) = row.column(column).filter(|_| matches && row.metric == wanted.metric)
            && !values.contains(&value)
        {
            values.push(value);
        }
    }
    values
}

/// The metric rises along all values of the column that were run.
pub(super) fn rises(evidence: &Evidence, wanted: Pick<'_>, column: &str) -> Finding {
    evidence.rises(wanted, column, &along(evidence, wanted, column))
}

/// The metric falls along all values of the column that were run.
pub(super) fn falls(evidence: &Evidence, wanted: Pick<'_>, column: &str) -> Finding {
    evidence.falls(wanted, column, &along(evidence, wanted, column))
}

/// The samples are well generated.
pub(super) fn good(evidence: &Evidence, at: &[(&str, &str)]) -> Finding {
    judged(evidence, at, |fidelity| fidelity >= GOOD, "at least")
}

/// The samples are not well generated.
pub(super) fn poor(evidence: &Evidence, at: &[(&str, &str)]) -> Finding {
    judged(evidence, at, |fidelity| fidelity < GOOD, "below")
}

fn judged(evidence: &Evidence, at: &[(&str, &str)], holds: fn(f64) -> bool, word: &str) -> Finding {
    let values = evidence.values(pick("fidelity", at));
    let answers: Vec<bool> = values.iter().map(|&value| holds(value)).collect();
    let measured = format!("fidelity {}", crate::claim::spread(&values));
    Finding::over(&answers, measured, format!("fidelity {word} {GOOD}; real images reach 1"))
}

/// Fidelity differences up to this are within the noise of the 200 samples that they are measured on.
const NOISE: f64 = 0.05;

/// The fidelity at `a` is above that at `b` by more than the noise of sampling; differences within it decide nothing.
pub(super) fn better(evidence: &Evidence, a: &[(&str, &str)], b: &[(&str, &str)]) -> Finding {
    let (a, b) = (pick("fidelity", a), pick("fidelity", b));
    let mut finding = evidence.compare(a, b, "above", |x, y| x > y + NOISE);
    if finding.verdict != Verdict::Reproduced {
        let reverse = evidence.compare(a, b, "below", |x, y| x < y - NOISE);
        if reverse.verdict != Verdict::Reproduced {
            finding.verdict = Verdict::Inconclusive;
        }
    }
    finding.why = format!("{}, by more than the sampling noise of {NOISE}", finding.why);
    finding
}

/// The reported number, within a factor.
pub(super) fn about(evidence: &Evidence, wanted: Pick<'_>, reported: f64, factor: f64) -> Finding {
    let values = evidence.values(wanted);
    let answers: Vec<bool> =
        values.iter().map(|x| (reported / factor..=reported * factor).contains(x)).collect();
    let why = format!("{wanted} within a factor of {factor} of {}", number(reported));
    Finding::over(&answers, crate::claim::spread(&values), why)
}

/// Of each seed, how many characters a model takes before its samples stop being good: the sweep is walked in
/// order until the first poor set. A sweep that ends at the reported limit or before it decides nothing.
pub(super) fn limit(evidence: &Evidence, series: &[(&str, &str)], reported: usize) -> Finding {
    let wanted = pick("fidelity", series);
    let mut limits: Vec<(String, f64)> = Vec::new();
    let mut stopped: Vec<String> = Vec::new();
    let sweep = along(evidence, wanted, "classes");
    for &value in &sweep {
        let at: Vec<(&str, &str)> = series.iter().copied().chain([("classes", value)]).collect();
        for (seed, fidelity) in evidence.by_seed(pick("fidelity", &at)) {
            if fidelity < GOOD {
                stopped.push(seed);
            } else if !stopped.contains(&seed) {
                limits.retain(|(other, _)| *other != seed);
                limits.push((seed, value.parse().unwrap_or(f64::NAN)));
            }
        }
    }
    let seeds = evidence.by_seed(wanted);
    let found: Vec<f64> = seeds
        .iter()
        .map(|(seed, _)| limits.iter().find(|(other, _)| other == seed).map_or(0.0, |(_, limit)| *limit))
        .collect();
    let last = sweep.iter().filter_map(|value| value.parse().ok()).fold(0.0, f64::max);
    // Limits on both sides of the reported one decide nothing.
    let reported_limit = reported as f64;
    let answers: Vec<bool> = if last <= reported_limit {
        Vec::new()
    } else if found.iter().any(|l| *l < reported_limit) && found.iter().any(|l| *l > reported_limit) {
        vec![true, false]
    } else {
        found.iter().map(|limit| *limit == reported_limit).collect()
    };
    let mut why = format!("characters before fidelity first falls below {GOOD}, exactly {reported}");
    if last <= reported_limit {
        why += &format!("; the sweep ends at {last}, too early to tell");
    }
    let measured = format!("{} characters", crate::claim::spread(&found));
    Finding { verdict: Verdict::over(&answers), measured, why }
}

/// Whether the best value of the sweep by `metric` (largest) is one of those named; a tie with one that is not decides
/// nothing.
pub(super) fn best_is_among(evidence: &Evidence, metric: &str, column: &str, among: &[&str]) -> Finding {
    let mut best: Vec<Best> = Vec::new();
    for value in along(evidence, pick(metric, &[]), column) {
        for (seed, x) in evidence.by_seed(pick(metric, &[(column, value)])) {
            let at = best.iter().position(|b| b.seed == seed).unwrap_or_else(|| {
                best.push(Best { seed, named: f64::NEG_INFINITY, other: f64::NEG_INFINITY });
                best.len() - 1
            });
            let side = if among.contains(&value) { &mut best[at].named } else { &mut best[at].other };
            *side = side.max(x);
        }
    }
    let mut answers = Vec::new();
    for b in &best {
        answers.push(b.named >= b.other);
        if b.named == b.other {
            answers.push(false);
        }
    }
    let show = |side: fn(&Best) -> f64| crate::claim::spread(&best.iter().map(side).collect::<Vec<_>>());
    Finding {
        verdict: Verdict::over(&answers),
        measured: format!("best {} there, {} elsewhere", show(|b| b.named), show(|b| b.other)),
        why: format!("the largest {metric} lies at {column} = {}", among.join(", ")),
    }
}

/// The largest values of one seed.
struct Best {
    seed: String,
    named: f64,
    other: f64,
}
