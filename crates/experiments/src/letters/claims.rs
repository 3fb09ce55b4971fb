//! Predicates that several AlphaDigits experiments share.
//!
//! Where a report judged by eye, "well generated" means a *fidelity* of at least [`GOOD`], where real images have 1. One
//! threshold serves every claim of every experiment; it is where fidelity agrees best with strips rated blind.
//! Fidelity is measured on samples, and as many real images differ among themselves: what differs by less than that noise is
//! not told apart. Each point has its own, the metric [`NOISE`], since it depends on how many samples there are, but no claim
//! rests on less than [`LEAST`]: real images of one character are so alike that they would tell apart what no eye does.

use std::collections::BTreeMap;

use engine::claim::{between, over};
use engine::predicates::{Trend, spread};
use engine::{Evidence, Finding, Pick, pick};
use report::number;

/// Fidelity from which samples count as well generated.
pub(crate) const GOOD: f64 = 0.6;
/// The metric that says by how much fidelity varies by chance.
const NOISE: &str = "noise";
/// The noise of points that do not say, and the least of all others.
const LEAST: f64 = 0.05;
/// What hardly matters changes fidelity by no more than this.
const HARDLY: f64 = 0.1;
/// A small gain of fidelity is no larger than this, a great one is.
const GREAT: f64 = 0.2;

/// Columns and the texts that they must have.
type At<'a> = [(&'a str, &'a str)];

/// By how much the fidelity at a place varies by chance.
fn noise(evidence: &Evidence, at: &At<'_>) -> f64 {
    evidence.mean(pick(NOISE, at)).unwrap_or(LEAST).max(LEAST)
}

/// Whether `x` is above `bound`; none within the noise of it.
fn above(x: f64, bound: f64, noise: f64) -> Option<bool> {
    ((x - bound).abs() > noise).then_some(x > bound)
}

/// The samples are well generated.
pub(super) fn good(evidence: &Evidence, at: &At<'_>) -> Finding {
    judged(evidence, at, true)
}

/// The samples are not well generated.
pub(super) fn poor(evidence: &Evidence, at: &At<'_>) -> Finding {
    judged(evidence, at, false)
}

fn judged(evidence: &Evidence, at: &At<'_>, wanted: bool) -> Finding {
    let noise = noise(evidence, at);
    let values = evidence.values(pick("fidelity", at));
    let answer = |x: &f64| above(*x, GOOD, noise).map(|good| good == wanted);
    let answers: Vec<Option<bool>> = values.iter().map(answer).collect();
    let word = if wanted { "at least" } else { "below" };
    let why = format!(
        "fidelity {word} {GOOD}, where real images reach 1, by more than the noise of {}",
        number(noise)
    );
    over(&answers, format!("fidelity {}", spread(&values)), why)
}

/// What the fidelity at `a` has more than that at `b`, judged by `holds`, which also gets the noise.
fn gain(
    evidence: &Evidence,
    a: &At<'_>,
    b: &At<'_>,
    rule: &str,
    holds: impl Fn(f64, f64) -> Option<bool>,
) -> Finding {
    let noise = noise(evidence, a).max(noise(evidence, b));
    let mut finding =
        evidence.compare(pick("fidelity", a), pick("fidelity", b), "against", |x, y| holds(x - y, noise));
    finding.why = format!("{}: {rule}; the noise is {}", finding.why, number(noise));
    finding
}

/// The fidelity at `a` is above that at `b` by more than the noise of sampling.
pub(super) fn better(evidence: &Evidence, a: &At<'_>, b: &At<'_>) -> Finding {
    gain(evidence, a, b, "above by more than the noise", |gain, noise| above(gain, 0.0, noise))
}

/// It is above by a great deal.
pub(super) fn much_better(evidence: &Evidence, a: &At<'_>, b: &At<'_>) -> Finding {
    let rule = format!("above by at least {GREAT}, not by less than that without the noise");
    gain(evidence, a, b, &rule, |gain, noise| match gain {
        gain if gain >= GREAT => Some(true),
        gain if gain <= GREAT - noise => Some(false),
        _ => None,
    })
}

/// It is above, but not by much.
pub(super) fn slightly_better(evidence: &Evidence, a: &At<'_>, b: &At<'_>) -> Finding {
    let rule = format!("above by more than the noise, and by at most {GREAT}");
    gain(evidence, a, b, &rule, |gain, noise| match gain {
        gain if gain < -noise || gain > GREAT + noise => Some(false),
        gain if gain > noise && gain <= GREAT => Some(true),
        _ => None,
    })
}

/// The fidelity at `a` is not above that at `b` by more than what hardly matters.
pub(super) fn no_better(evidence: &Evidence, a: &At<'_>, b: &At<'_>) -> Finding {
    let rule = format!("above by at most {HARDLY}; better where it is above by more than that and the noise");
    gain(evidence, a, b, &rule, |gain, noise| match gain {
        gain if gain <= HARDLY => Some(true),
        gain if gain > HARDLY + noise => Some(false),
        _ => None,
    })
}

/// Samples at `a` show more characters, and more different drawings of each, than those at `b`: neither share of real images'
/// variety is below by more than the noise, and one is above by more than it.
pub(super) fn more_diverse(evidence: &Evidence, a: &At<'_>, b: &At<'_>) -> Finding {
    let noise = noise(evidence, a).max(noise(evidence, b));
    let (mut measured, mut gains): (Vec<String>, BTreeMap<String, Vec<f64>>) = (Vec::new(), BTreeMap::new());
    for metric in ["share_variety", "share_diversity"] {
        let (own, other) = (evidence.by_seed(pick(metric, a)), evidence.by_seed(pick(metric, b)));
        let of = |values: &[(String, f64)]| spread(&values.iter().map(|(_, x)| *x).collect::<Vec<_>>());
        measured.push(format!("{metric} {} against {}", of(&own), of(&other)));
        for (seed, x) in own {
            let theirs = other.iter().find(|(same, _)| *same == seed).map(|(_, y)| x - y);
            gains.entry(seed).or_default().extend(theirs);
        }
    }
    let answer = |gains: &Vec<f64>| {
        let above = gains.iter().any(|gain| *gain > noise);
        match gains.iter().any(|gain| *gain < -noise) {
            true => Some(false),
            false => above.then_some(true),
        }
    };
    let answers: Vec<Option<bool>> = gains.values().filter(|gains| !gains.is_empty()).map(answer).collect();
    let why = format!(
        "variety of characters and diversity within them, as shares of what real images have: one above by more than the \
         noise of {}, none below by more",
        number(noise)
    );
    over(&answers, measured.join("; "), why)
}

/// Each of these models has another fidelity than the first, by more than the noise.
pub(super) fn all_matter(evidence: &Evidence, column: &str, base: &str, others: &[&str]) -> Finding {
    let noise = noise(evidence, &[]);
    let among: Vec<&str> = [base].into_iter().chain(others.iter().copied()).collect();
    let curves = evidence.curves(pick("fidelity", &[]), column, &among);
    let whole = curves.into_iter().map(|(_, curve)| curve).filter(|curve| curve.len() == among.len());
    let least = |curve: Vec<f64>| {
        let apart = curve[1..].iter().map(|fidelity| (fidelity - curve[0]).abs());
        apart.fold(f64::INFINITY, f64::min)
    };
    let least: Vec<f64> = whole.map(least).collect();
    let answers: Vec<bool> = least.iter().map(|apart| *apart > noise).collect();
    let why = format!(
        "the fidelity of each of {} differs from that of {base} by more than the noise of {}",
        others.join(", "),
        number(noise)
    );
    over(&answers, format!("least difference {}", spread(&least)), why)
}

/// Among these values of the sweep fidelity hardly changes: the largest and the smallest differ by no more than [`HARDLY`].
pub(super) fn hardly_matters(evidence: &Evidence, column: &str, among: &[&str]) -> Finding {
    let noise = noise(evidence, &[]);
    let curves = evidence.curves(pick("fidelity", &[]), column, among);
    let range = |curve: &[f64]| {
        let least = curve.iter().copied().fold(f64::INFINITY, f64::min);
        curve.iter().copied().fold(f64::NEG_INFINITY, f64::max) - least
    };
    let ranges: Vec<f64> = curves.iter().filter(|(_, c)| c.len() > 1).map(|(_, c)| range(c)).collect();
    let answer = |range: &f64| match *range {
        range if range <= HARDLY => Some(true),
        range if range > HARDLY + noise => Some(false),
        _ => None,
    };
    let answers: Vec<Option<bool>> = ranges.iter().map(answer).collect();
    let why = format!(
        "over {column} = {} fidelity stays within {HARDLY}; it does not where it changes by more than that and the noise of {}",
        among.join(", "),
        number(noise)
    );
    over(&answers, format!("fidelity within {}", spread(&ranges)), why)
}

/// Fidelity goes along with the sweep, from its first value to its last by more than the noise.
pub(super) fn fidelity_follows(evidence: &Evidence, column: &str, trend: Trend) -> Finding {
    let (wanted, noise) = (pick("fidelity", &[]), noise(evidence, &[]));
    evidence.trend(wanted, column, &evidence.along(wanted, column), trend.beyond(noise))
}

/// The reported number, within a factor.
pub(super) fn about(evidence: &Evidence, wanted: Pick<'_>, reported: f64, factor: f64) -> Finding {
    let values = evidence.values(wanted);
    let why = format!("{wanted} within a factor of {factor} of {}", number(reported));
    between(&values, [reported / factor, reported * factor], spread(&values), why)
}

/// The samples of all models from this number on are not well generated.
pub(super) fn poor_from(evidence: &Evidence, column: &str, first: usize) -> Finding {
    let noise = noise(evidence, &[]);
    let beyond = |value: &&str| value.parse().is_ok_and(|n: usize| n >= first);
    let mut best: BTreeMap<String, f64> = BTreeMap::new();
    for value in evidence.along(pick("fidelity", &[]), column).iter().filter(|value| beyond(value)) {
        for (seed, fidelity) in evidence.by_seed(pick("fidelity", &[(column, value)])) {
            let best = best.entry(seed).or_insert(fidelity);
            *best = best.max(fidelity);
        }
    }
    let values: Vec<f64> = best.into_values().collect();
    let answers: Vec<Option<bool>> =
        values.iter().map(|&best| above(best, GOOD, noise).map(|good| !good)).collect();
    let why = format!(
        "fidelity below {GOOD} at every {column} from {first} on, by more than the noise of {}",
        number(noise)
    );
    over(&answers, format!("best fidelity {}", spread(&values)), why)
}

/// From `a` to `b` fidelity rises, and from `b` to `c` by less, both by more than the noise of sampling.
pub(super) fn levels_off(evidence: &Evidence, column: &str, [a, b, c]: [&str; 3]) -> Finding {
    let noise = noise(evidence, &[]);
    let curves = evidence.curves(pick("fidelity", &[]), column, &[a, b, c]);
    let gains: Vec<(f64, f64)> = curves
        .iter()
        .filter_map(|(_, curve)| match curve[..] {
            [start, middle, end] => Some((middle - start, end - middle)),
            _ => None,
        })
        .collect();
    let answer = |&(first, second): &(f64, f64)| match above(first, 0.0, noise) {
        Some(true) => above(first, second, noise),
        // Without a gain there is none to level off.
        other => other,
    };
    let answers: Vec<Option<bool>> = gains.iter().map(answer).collect();
    let (first, second): (Vec<f64>, Vec<f64>) = gains.into_iter().unzip();
    let why = format!(
        "fidelity gains from {column} = {a} to {b}, and more than from {b} to {c}, both by more than the noise of {}",
        number(noise)
    );
    over(&answers, format!("{} and then {}", spread(&first), spread(&second)), why)
}

/// Of each seed, how many characters a model takes before its samples stop being good: the sweep is walked in order until
/// the first poor set.
fn limits(evidence: &Evidence, series: &At<'_>) -> Vec<(String, f64)> {
    let wanted = pick("fidelity", series);
    let sweep = evidence.along(wanted, "classes");
    let limit = |curve: &[f64]| {
        let good = curve.iter().position(|fidelity| *fidelity < GOOD).unwrap_or(curve.len());
        good.checked_sub(1).map_or(0.0, |last| sweep[last].parse().unwrap_or(f64::NAN))
    };
    let curves = evidence.curves(wanted, "classes", &sweep);
    curves.into_iter().map(|(seed, curve)| (seed, limit(&curve))).collect()
}

/// The limit of a model. A sweep that ends at the reported limit or before it decides nothing.
pub(super) fn limit(evidence: &Evidence, series: &At<'_>, reported: usize) -> Finding {
    let sweep = evidence.along(pick("fidelity", series), "classes");
    let found: Vec<f64> = limits(evidence, series).into_iter().map(|(_, limit)| limit).collect();
    let last = sweep.iter().filter_map(|value| value.parse().ok()).fold(0.0, f64::max);
    let reported = reported as f64;
    let measured = format!("{} characters", spread(&found));
    let why = format!("characters before fidelity first falls below {GOOD}, exactly {reported}");
    if last <= reported {
        let why = format!("{why}; the sweep ends at {last}, too early to tell");
        let open: Vec<Option<bool>> = found.iter().map(|_| None).collect();
        let reason = "The sweep ends too early to tell.".to_owned();
        return Finding { reason, ..over(&open, measured, why) };
    }
    between(&found, [reported; 2], measured, why)
}

/// The limit of one series is above that of another, in each seed; equal limits cannot tell.
pub(super) fn higher_limit(evidence: &Evidence, own: &str, other: &str) -> Finding {
    let [own, other] = [own, other].map(|series| limits(evidence, &[("series", series)]));
    let both = own.iter().filter_map(|(seed, a)| Some((*a, other.iter().find(|(same, _)| same == seed)?.1)));
    let both: Vec<(f64, f64)> = both.collect();
    let answers: Vec<Option<bool>> = both.iter().map(|(a, b)| (a != b).then_some(a > b)).collect();
    let (a, b): (Vec<f64>, Vec<f64>) = both.into_iter().unzip();
    let why = format!("characters before fidelity first falls below {GOOD}: more for the first");
    over(&answers, format!("{} against {} characters", spread(&a), spread(&b)), why)
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
    (end, metric): (End, &str),
    column: &str,
    among: &[&str],
) -> Finding {
    let noise = if metric == "fidelity" { noise(evidence, &[]) } else { 0.0 };
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
    let answers: Vec<Option<bool>> =
        sides.iter().map(|[there, elsewhere]| above(*there, *elsewhere, noise)).collect();
    let show = |i: usize| spread(&sides.iter().map(|side| sign * side[i]).collect::<Vec<_>>());
    let word = if end == End::Largest { "largest" } else { "smallest" };
    let mut why = format!("the {word} {metric} lies at {column} = {}", among.join(", "));
    if noise > 0.0 {
        why += &format!(", by more than the noise of {}", number(noise));
    }
    let measured = format!("{word} {metric} {} there, {} elsewhere", show(0), show(1));
    over(&answers, measured, why)
}

/// Whether the samples of highest fidelity come from one of the values named.
pub(super) fn best_is_among(evidence: &Evidence, column: &str, among: &[&str]) -> Finding {
    extreme_is_among(evidence, (End::Largest, "fidelity"), column, among)
}
