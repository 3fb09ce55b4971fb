//! Predicates on test errors of networks from several starts. All look at the error after the last epoch.

use engine::claim::over;
use engine::{Evidence, Finding, Row, pick};
use report::Spread;
use report::text::number;

use super::measured::LAST;
use super::words::{named, noun};

/// The error that all claims are about.
pub(super) const ERROR: &str = LAST.name;

/// The start `better` errs less than the start `worse`, at every value of the sweep.
pub(super) fn below_everywhere(evidence: &Evidence, sweep: &str, better: &str, worse: &str) -> Finding {
    let values = evidence.along(pick(ERROR, &[("start", better)]), sweep);
    let mut seeds: Vec<(String, bool, usize)> = Vec::new();
    let mut gaps = Vec::new();
    for value in &values {
        for (seed, gap) in (Gap { sweep, value, better, worse }).by_seed(evidence) {
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
    let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
    let measured =
        format!("less in {held} of {}; on the mean by {} percentage points", gaps.len(), percent(mean));
    over(&answers, measured, format!("{} errs less than {worse} at every {}", capital(better), noun(sweep)))
}

/// How much more one start errs than another at one value of the sweep.
struct Gap<'a> {
    sweep: &'a str,
    value: &'a str,
    better: &'a str,
    worse: &'a str,
}

impl Gap<'_> {
    fn by_seed(&self, evidence: &Evidence) -> Vec<(String, f64)> {
        let errors =
            |start: &str| evidence.by_seed(pick(ERROR, &[("start", start), (self.sweep, self.value)]));
        let low = errors(self.better);
        let both = errors(self.worse).into_iter().filter_map(|(seed, high)| {
            let own = low.iter().find(|(other, _)| *other == seed)?;
            Some((seed, high - own.1))
        });
        both.collect()
    }
}

/// The gap between two starts falls along the sweep.
pub(super) fn gap_falls(evidence: &Evidence, sweep: &'static str, better: &str, worse: &str) -> Finding {
    let values = evidence.along(pick(ERROR, &[("start", better)]), sweep);
    let metric = format!("the gap between {worse} and {better}");
    let mut gaps = Evidence::default();
    for value in &values {
        for (seed, gap) in (Gap { sweep, value, better, worse }).by_seed(evidence) {
            let columns = vec![(sweep.to_owned(), (*value).to_owned()), ("seed".to_owned(), seed)];
            gaps.rows.push(Row { columns, epoch: None, metric: metric.clone(), value: gap });
        }
    }
    gaps.falls(pick(&metric, &[]), sweep, &values)
}

/// The least error of a start along the sweep is below `bound`.
pub(super) fn reaches(evidence: &Evidence, sweep: &str, start: &str, bound: f64) -> Finding {
    extreme(evidence, sweep, start, &format!("below {} %", percent(bound)), |least| least < bound)
}

/// The least error of a start along the sweep is above `bound`.
pub(super) fn stays_above(evidence: &Evidence, sweep: &str, start: &str, bound: f64) -> Finding {
    extreme(evidence, sweep, start, &format!("above {} %", percent(bound)), |least| least > bound)
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
    over(&answers, format!("least {}", percents(&least)), format!("The least error of {start} is {what}"))
}

/// The least error of a start lies at one of these values of the sweep. A sweep without any of them decides nothing.
pub(super) fn least_is_among(evidence: &Evidence, sweep: &str, start: &str, among: &[&str]) -> Finding {
    let run = evidence.along(pick(ERROR, &[("start", start)]), sweep);
    let wanted: Vec<String> = among.iter().map(|value| named(sweep, value)).collect();
    let wanted = wanted.join(" or ");
    if !run.iter().any(|value| among.contains(value)) {
        return over(&[], "–".to_owned(), format!("The sweep has no network of {wanted}"));
    }
    let best: Vec<(String, f64)> =
        by_seed(evidence, sweep, start).into_iter().map(|(_, curve)| least(&curve)).collect();
    let answers: Vec<bool> = best.iter().map(|(value, _)| among.contains(&value.as_str())).collect();
    let measured: Vec<String> =
        best.iter().map(|(value, error)| format!("{value} ({} %)", percent(*error))).collect();
    over(&answers, measured.join(", "), format!("{} errs least with {wanted}", capital(start)))
}

/// One network errs at most so much.
pub(super) fn at_most(evidence: &Evidence, at: &[(&str, &str)], bound: f64) -> Finding {
    let values = evidence.values(pick(ERROR, at));
    let answers: Vec<bool> = values.iter().map(|&x| x <= bound).collect();
    let end = |end: &str| evidence.values(pick(&format!("{ERROR}_{end}"), at));
    let measured = match (&values[..], &end("low")[..], &end("high")[..]) {
        // One seed: what the number of test images leaves open.
        ([error], [low], [high]) => {
            let [error, low, high] = [error, low, high].map(|x| 100.0 * x);
            format!("{} %", Spread::interval(error, low, high).text(Some(2)))
        }
        _ => percents(&values),
    };
    over(&answers, measured, format!("The test error is at most {} %", percent(bound)))
}

/// The falls between neighbours of the sweep grow smaller: the first is one, and the last is smaller than it.
pub(super) fn diminishing(evidence: &Evidence, sweep: &str, start: &str) -> Finding {
    let mut answers = Vec::new();
    let mut measured = Vec::new();
    for (_, curve) in by_seed(evidence, sweep, start) {
        let falls: Vec<f64> = curve.windows(2).map(|pair| pair[0].1 - pair[1].1).collect();
        let (Some(first), Some(last)) = (falls.first(), falls.last()) else { continue };
        if falls.len() > 1 {
            answers.push(*first > 0.0 && last < first);
            let (first, last) = (percent(*first), percent(*last));
            measured.push(format!("{start}: by {first} percentage points at first, {last} at last"));
        }
    }
    let why = format!("The error of {start} falls less and less along the {}", noun(sweep));
    over(&answers, measured.join("; "), why)
}

/// For each seed, the errors of a start along the sweep.
fn by_seed(evidence: &Evidence, sweep: &str, start: &str) -> Vec<(String, Vec<(String, f64)>)> {
    let mut seeds: Vec<(String, Vec<(String, f64)>)> = Vec::new();
    for value in evidence.along(pick(ERROR, &[("start", start)]), sweep) {
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

/// Shares of all seeds in per cent; `–` without any.
fn percents(values: &[f64]) -> String {
    let values: Vec<f64> = values.iter().map(|x| 100.0 * x).collect();
    Spread::of(&values).map_or_else(|| "–".to_owned(), |spread| format!("{} %", spread.text(Some(2))))
}

/// One share in per cent.
fn percent(x: f64) -> String {
    number(100.0 * x, 2)
}

/// The text with its first letter in upper case: the beginning of a sentence.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
