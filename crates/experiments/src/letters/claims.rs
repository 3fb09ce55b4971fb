//! Predicates that several AlphaDigits experiments share.
//!
//! Where a report judged by eye, "well generated" means a *fidelity* of at least [`GOOD`]: samples reach that share of
//! what real held-out images reach in class confidence, clarity, variety and nearness to a training image, in each of
//! the four. One threshold serves every claim of every experiment.

use std::collections::BTreeMap;

use engine::claim::over;
use engine::predicates::spread;
use engine::{Evidence, Finding, Pick, Verdict, pick};
use report::number;

/// Fidelity from which samples count as well generated.
pub(super) const GOOD: f64 = 0.8;

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
    let measured = format!("fidelity {}", spread(&values));
    over(&answers, measured, format!("fidelity {word} {GOOD}; real images reach 1"))
}

/// Fidelity differences up to this are within the noise of the 200 samples that they are measured on.
pub(super) const NOISE: f64 = 0.05;

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
    over(&answers, spread(&values), why)
}

/// The samples of all models from this number on are not well generated.
pub(super) fn poor_from(evidence: &Evidence, column: &str, first: usize) -> Finding {
    let beyond = |value: &&str| value.parse().is_ok_and(|n: usize| n >= first);
    let mut best: BTreeMap<String, f64> = BTreeMap::new();
    for value in evidence.along(pick("fidelity", &[]), column).iter().filter(|value| beyond(value)) {
        for (seed, fidelity) in evidence.by_seed(pick("fidelity", &[(column, value)])) {
            let best = best.entry(seed).or_insert(fidelity);
            *best = best.max(fidelity);
        }
    }
    let values: Vec<f64> = best.into_values().collect();
    let answers: Vec<bool> = values.iter().map(|&best| best < GOOD).collect();
    let measured = format!("best fidelity {}", spread(&values));
    over(&answers, measured, format!("fidelity below {GOOD} at every {column} from {first} on"))
}

/// From `b` to `c` fidelity rises by less than from `a` to `b`, by more than the noise of sampling.
pub(super) fn levels_off(evidence: &Evidence, column: &str, [a, b, c]: [&str; 3]) -> Finding {
    let at = |value: &str| evidence.by_seed(pick("fidelity", &[(column, value)]));
    let (start, end) = (at(a), at(c));
    let of = |values: &[(String, f64)], seed: &str| {
        values.iter().find(|(other, _)| other == seed).map(|(_, fidelity)| *fidelity)
    };
    let (mut first, mut second, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    for (seed, middle) in at(b) {
        let (Some(start), Some(end)) = (of(&start, &seed), of(&end, &seed)) else { continue };
        first.push(middle - start);
        second.push(end - middle);
        answers.extend(exceeds(middle - start, end - middle, NOISE));
    }
    Finding {
        verdict: Verdict::over(&answers),
        measured: format!("{} and then {}", spread(&first), spread(&second)),
        why: format!(
            "the gain of fidelity from {column} = {a} to {b} above that from {b} to {c}, by more than the \
                      sampling noise of {NOISE}"
        ),
    }
}

/// Whether `x` is above `y`, as answers of one seed: both, if they are closer than `noise`.
fn exceeds(x: f64, y: f64, noise: f64) -> Vec<bool> {
    if x > y + noise {
        vec![true]
    } else if x < y - noise {
        vec![false]
    } else {
        vec![true, false]
    }
}

/// Of each seed, how many characters a model takes before its samples stop being good: the sweep is walked in
/// order until the first poor set. A sweep that ends at the reported limit or before it decides nothing.
pub(super) fn limit(evidence: &Evidence, series: &[(&str, &str)], reported: usize) -> Finding {
    let wanted = pick("fidelity", series);
    let mut limits: Vec<(String, f64)> = Vec::new();
    let mut stopped: Vec<String> = Vec::new();
    let sweep = evidence.along(wanted, "classes");
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
    let reported_limit = reported as f64;
    let measured = format!("{} characters", spread(&found));
    let why = format!("characters before fidelity first falls below {GOOD}, exactly {reported}");
    if last <= reported_limit {
        let why = format!("{why}; the sweep ends at {last}, too early to tell");
        return Finding { verdict: Verdict::Inconclusive, measured, why };
    }
    let answers: Vec<bool> = found.iter().map(|limit| *limit == reported_limit).collect();
    over(&answers, measured, why)
}

/// The end of a scale at which a claim looks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Largest,
    Smallest,
}

/// Whether the extreme of the sweep by `metric` lies at one of the values named, by more than `noise` of what lies
/// elsewhere; less than that decides nothing, nor does a sweep in which none of those named was run.
pub(super) fn extreme_is_among(
    evidence: &Evidence,
    (end, metric, noise): (End, &str, f64),
    column: &str,
    among: &[&str],
) -> Finding {
    let sign = if end == End::Largest { 1.0 } else { -1.0 };
    // Of each seed, the extreme at the values named, and elsewhere.
    let mut extremes: BTreeMap<String, [f64; 2]> = BTreeMap::new();
    for value in evidence.along(pick(metric, &[]), column) {
        for (seed, x) in evidence.by_seed(pick(metric, &[(column, value)])) {
            let of_seed = extremes.entry(seed).or_insert([f64::NEG_INFINITY; 2]);
            let side = &mut of_seed[usize::from(!among.contains(&value))];
            *side = side.max(sign * x);
        }
    }
    let sides: Vec<[f64; 2]> =
        extremes.into_values().filter(|sides| sides.iter().all(|x| x.is_finite())).collect();
    let answers: Vec<bool> = sides.iter().flat_map(|[there, other]| exceeds(*there, *other, noise)).collect();
    let show = |i: usize| spread(&sides.iter().map(|side| sign * side[i]).collect::<Vec<_>>());
    let word = if end == End::Largest { "largest" } else { "smallest" };
    let mut why = format!("the {word} {metric} lies at {column} = {}", among.join(", "));
    if noise > 0.0 {
        why += &format!(", by more than the sampling noise of {noise}");
    }
    if answers.is_empty() {
        why += "; no rows to judge by";
    }
    let measured = format!("{word} {metric} {} there, {} elsewhere", show(0), show(1));
    Finding { verdict: Verdict::over(&answers), measured, why }
}

/// Whether the samples of highest fidelity come from one of the values named.
pub(super) fn best_is_among(evidence: &Evidence, column: &str, among: &[&str]) -> Finding {
    extreme_is_among(evidence, (End::Largest, "fidelity", NOISE), column, among)
}
