//! Predicates on test errors of networks from several starts. All look at the error after the last epoch.
//!
//! Two networks of one seed are compared on the same test images by McNemar's exact test; an error is held against a bound with
//! its 95 % interval. What these cannot tell is not told.

use engine::claim::over;
use engine::predicates::Trend;
use engine::{Evidence, Finding, pick};
use report::Spread;
use report::text::number;

use super::measured::LAST;
use super::pairs::{LEVEL, Net, Pair};
use super::words::{named, noun};

/// The error that all claims are about.
pub(super) const ERROR: &str = LAST.name;

/// One start along the sweep of one experiment.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    pub evidence: &'a Evidence,
    pub sweep: &'static str,
    pub start: &'static str,
}

/// One start along a sweep.
pub(super) const fn run<'a>(evidence: &'a Evidence, sweep: &'static str, start: &'static str) -> Run<'a> {
    Run { evidence, sweep, start }
}

impl<'a> Run<'a> {
    /// The swept values that were run, in order.
    fn values(&self) -> Vec<&'a str> {
        self.evidence.along(pick(ERROR, &[("start", self.start)]), self.sweep)
    }

    fn net<'b>(&self, value: &'b str) -> Net<'b> {
        Net { sweep: self.sweep, value, start: self.start }
    }

    /// Of each seed, swept values and errors.
    fn curves(&self) -> Vec<(String, Vec<(&'a str, f64)>)> {
        self.along(|value| {
            let errors = self.net(value).by_seed(self.evidence, ERROR);
            errors.into_iter().map(|(seed, error)| (seed, (value, error))).collect()
        })
    }

    /// Of each seed, the gaps to `worse` along the sweep.
    fn gaps_along(&self, worse: &'static str) -> Vec<(String, Vec<Gap>)> {
        self.along(|value| self.gaps(worse, value))
    }

    /// Of each seed, in order along the sweep, what `at` gives for a swept value.
    fn along<T>(&self, at: impl Fn(&'a str) -> Vec<(String, T)>) -> Vec<(String, Vec<T>)> {
        let mut seeds: Vec<(String, Vec<T>)> = Vec::new();
        for (seed, one) in self.values().into_iter().flat_map(at) {
            match seeds.iter_mut().find(|(other, _)| *other == seed) {
                Some((_, curve)) => curve.push(one),
                None => seeds.push((seed, vec![one])),
            }
        }
        seeds
    }

    /// Whether network `a` of this start errs less than `b` in one seed; none if they cannot be told apart.
    fn errs_less(&self, seed: &str, a: &str, b: &str) -> Option<bool> {
        let pairs = self.net(a).against(&self.net(b), self.evidence);
        pairs.into_iter().find(|(own, _)| own == seed)?.1.errs_less(LEVEL)
    }

    /// Of each seed, how many percentage points more `worse` errs than this start at one swept value, and the standard
    /// deviation of that.
    fn gaps(&self, worse: &'static str, value: &'a str) -> Vec<(String, Gap)> {
        let (own, other) = (self.net(value), Net { start: worse, ..self.net(value) });
        let (low, high) = (own.by_seed(self.evidence, ERROR), other.by_seed(self.evidence, ERROR));
        let pairs = own.against(&other, self.evidence);
        let images = self.evidence.mean(pick("test_images", &[]));
        let gap = |(seed, high): (String, f64)| {
            let (_, low) = low.iter().find(|(same, _)| *same == seed)?;
            let (_, pair) = pairs.iter().find(|(same, _)| *same == seed)?;
            let points = high - low;
            let deviation = pair.deviation() / images?;
            Some((seed, Gap { points, deviation, less: pair.errs_less(LEVEL), pair: *pair }))
        };
        high.into_iter().filter_map(gap).collect()
    }
}

/// How much more one start errs than another.
struct Gap {
    points: f64,
    deviation: f64,
    less: Option<bool>,
    pair: Pair,
}

/// The start of `own` errs less than the start `worse` at every value of the sweep.
pub(super) fn less_everywhere(own: Run<'_>, worse: &'static str) -> Finding {
    let seeds = own.gaps_along(worse);
    let answer = |gaps: &Vec<Gap>| {
        // Of many comparisons one is significant by chance: one that contradicts must be so at a level divided by their number.
        let more = |gap: &Gap| gap.pair.errs_less(LEVEL / gaps.len() as f64) == Some(false);
        match (gaps.iter().all(|gap| gap.less == Some(true)), gaps.iter().any(more)) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    };
    let answers: Vec<Option<bool>> = seeds.iter().map(|(_, gaps)| answer(gaps)).collect();
    let all: Vec<&Gap> = seeds.iter().flat_map(|(_, gaps)| gaps).collect();
    let less = |wanted| all.iter().filter(|gap| gap.less == wanted).count();
    let points =
        |pick: fn(f64, f64) -> f64| all.iter().map(|gap| gap.points).reduce(pick).unwrap_or(f64::NAN);
    let measured = format!(
        "less in {}, more in {}, not to be told in {} of {}; by {} to {} percentage points",
        less(Some(true)),
        less(Some(false)),
        less(None),
        all.len(),
        percent(points(f64::min)),
        percent(points(f64::max))
    );
    let rule = format!(
        "{} errs less than {worse} at every {}, each time by McNemar’s exact test at 5 %; it does not if it errs more \
         anywhere at 5 % over the number of comparisons",
        capital(own.start),
        noun(own.sweep)
    );
    over(&answers, measured, rule)
}

/// The start of `own` errs less than the start `worse` at one value of the sweep.
pub(super) fn less_at(own: Run<'_>, value: &str, worse: &'static str) -> Finding {
    let gaps: Vec<Gap> = own.gaps(worse, value).into_iter().map(|(_, gap)| gap).collect();
    let answers: Vec<Option<bool>> = gaps.iter().map(|gap| gap.less).collect();
    let points: Vec<f64> = gaps.iter().map(|gap| gap.points).collect();
    let rule = format!(
        "{} errs less than {worse} with {} by McNemar’s exact test at 5 %",
        capital(own.start),
        named(own.sweep, value)
    );
    over(&answers, format!("{} less", percents(&points)), rule)
}

/// The gap between two starts follows a trend along the sweep, by more than 1.96 standard deviations of its change.
pub(super) fn gap_follows(own: Run<'_>, worse: &'static str, trend: Trend) -> Finding {
    let curves = own.gaps_along(worse);
    let answer = |gaps: &Vec<Gap>| {
        let (first, last) = (gaps.first()?, gaps.last()?);
        let noise = 1.96 * first.deviation.hypot(last.deviation);
        trend.beyond(noise).holds(&gaps.iter().map(|gap| gap.points).collect::<Vec<_>>())
    };
    let answers: Vec<Option<bool>> = curves.iter().map(|(_, gaps)| answer(gaps)).collect();
    let ends = |end: fn(&[Gap]) -> Option<&Gap>| {
        percents(&curves.iter().filter_map(|(_, gaps)| Some(end(gaps)?.points)).collect::<Vec<_>>())
    };
    let measured = format!("{} → {}", ends(<[Gap]>::first), ends(<[Gap]>::last));
    let rule = format!(
        "how much more {worse} errs than {} {} along the {}, the ends apart by more than 1.96 standard deviations: {}",
        own.start,
        trend.verb(),
        noun(own.sweep),
        trend.rule()
    );
    over(&answers, measured, rule)
}

/// From the first value of the sweep to the last the error of a start falls by more than that of another, by more than 1.96
/// standard deviations.
pub(super) fn gains_more(own: Run<'_>, other: &'static str) -> Finding {
    let values = own.values();
    let (Some(first), Some(last)) = (values.first(), values.last()) else {
        return over::<bool>(&[], "–".to_owned(), "no network was run");
    };
    let (begin, end) = (own.gaps(other, first), own.gaps(other, last));
    let both = begin.iter().filter_map(|(seed, from)| {
        let (_, to) = end.iter().find(|(same, _)| same == seed)?;
        Some((to.points - from.points, 1.96 * from.deviation.hypot(to.deviation)))
    });
    let (mut more, mut answers) = (Vec::new(), Vec::new());
    for (points, noise) in both.filter(|_| values.len() > 1) {
        answers.push((points.abs() > noise).then_some(points > 0.0));
        more.push(points);
    }
    let rule = format!(
        "from {} to {} the error of {} falls by more than that of {other}, by more than 1.96 standard deviations",
        named(own.sweep, first),
        named(own.sweep, last),
        own.start
    );
    over(&answers, format!("by {} points more", percents(&more)), rule)
}

/// The error of a start follows a trend along the sweep, whose ends McNemar's test tells apart.
pub(super) fn error_follows(own: Run<'_>, trend: Trend) -> Finding {
    let curves = own.curves();
    let answer = |(seed, curve): &(String, Vec<(&str, f64)>)| {
        let (first, last) = (curve.first()?.0, curve.last()?.0);
        own.errs_less(seed, last, first)?;
        trend.holds(&curve.iter().map(|(_, error)| *error).collect::<Vec<_>>())
    };
    let answers: Vec<Option<bool>> = curves.iter().map(answer).collect();
    let ends = |end: fn(&[(&str, f64)]) -> Option<f64>| {
        percents(&curves.iter().filter_map(|(_, curve)| end(curve)).collect::<Vec<_>>())
    };
    let measured =
        format!("{} → {}", ends(|curve| Some(curve.first()?.1)), ends(|curve| Some(curve.last()?.1)));
    let rule = format!(
        "the error of {} {} along the {}, its ends told apart by McNemar’s exact test at 5 %: {}",
        own.start,
        trend.verb(),
        noun(own.sweep),
        trend.rule()
    );
    over(&answers, measured, rule)
}

/// On which side of a bound an error lies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Below,
    Above,
}

/// The least error of a start along the sweep lies on one side of a bound, with all of its interval.
pub(super) fn least_lies(own: Run<'_>, side: Side, bound: f64) -> Finding {
    let least: Vec<(String, &str)> =
        own.curves().into_iter().map(|(seed, curve)| (seed, least(&curve).0)).collect();
    let nets: Vec<(String, Net<'_>)> =
        least.into_iter().map(|(seed, value)| (seed, own.net(value))).collect();
    lies(own.evidence, &nets, side, bound, &format!("the least error of {}", own.start))
}

/// The error of one network lies on one side of a bound, with all of its interval.
pub(super) fn error_lies(own: Run<'_>, value: &str, side: Side, bound: f64) -> Finding {
    let net = own.net(value);
    let nets: Vec<(String, Net<'_>)> =
        net.by_seed(own.evidence, ERROR).into_iter().map(|(seed, _)| (seed, net)).collect();
    lies(
        own.evidence,
        &nets,
        side,
        bound,
        &format!("the error of {}, {}", own.start, named(own.sweep, value)),
    )
}

/// The errors of these networks of some seeds, with their intervals, on one side of a bound.
fn lies(evidence: &Evidence, nets: &[(String, Net<'_>)], side: Side, bound: f64, what: &str) -> Finding {
    let (mut answers, mut errors, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    for (seed, net) in nets {
        let of = |metric: &str| {
            net.by_seed(evidence, metric).into_iter().find(|(own, _)| own == seed).map(|(_, x)| x)
        };
        let Some(error) = of(ERROR) else { continue };
        let low = of(&format!("{ERROR}_low")).unwrap_or(error);
        let high = of(&format!("{ERROR}_high")).unwrap_or(error);
        answers.push(match side {
            _ if low <= bound && bound <= high => None,
            Side::Below => Some(high < bound),
            Side::Above => Some(low > bound),
        });
        errors.push(error);
        ends.push([low, high]);
    }
    let measured = match (&errors[..], &ends[..]) {
        // One seed: what the number of test images leaves open.
        ([error], [[low, high]]) => {
            let [error, low, high] = [error, low, high].map(|x| 100.0 * x);
            format!("{} %", Spread::interval(error, low, high).text(Some(2)))
        }
        _ => percents(&errors),
    };
    let side = if side == Side::Below { "below" } else { "above" };
    over(
        &answers,
        measured,
        format!("{what} is {side} {} %, and so is all of its 95 % interval", percent(bound)),
    )
}

/// The least error of a start lies at one of these values of the sweep, or at one that McNemar's test does not tell from it. A
/// sweep without any of them decides nothing.
pub(super) fn least_is_among(own: Run<'_>, among: &[&str]) -> Finding {
    let wanted: Vec<String> = among.iter().map(|value| named(own.sweep, value)).collect();
    let wanted = wanted.join(" or ");
    if !own.values().iter().any(|value| among.contains(value)) {
        return over::<bool>(&[], "–".to_owned(), format!("The sweep has no network of {wanted}"));
    }
    let (mut answers, mut measured) = (Vec::new(), Vec::new());
    for (seed, curve) in own.curves() {
        let (best, error) = least(&curve);
        let level = |value: &&str| *value == best || own.errs_less(&seed, best, value) != Some(true);
        let level: Vec<&str> = curve.iter().map(|(value, _)| *value).filter(level).collect();
        answers.push(level.iter().any(|value| among.contains(value)));
        let others: Vec<&str> = level.into_iter().filter(|value| *value != best).collect();
        let also =
            if others.is_empty() { String::new() } else { format!(", not told from {}", others.join(", ")) };
        measured.push(format!("{best} ({} %{also})", percent(error)));
    }
    let rule = format!(
        "{} errs least with {wanted}, or with one of these that McNemar’s exact test does not tell from the best at 5 %",
        capital(own.start)
    );
    over(&answers, measured.join("; "), rule)
}

/// Each image that is added gains less than those before: of the falls of the error a thousand images, the first is the
/// largest, and the last at most half of it. The first must be significant.
pub(super) fn diminishing(own: Run<'_>) -> Finding {
    let (mut answers, mut measured) = (Vec::new(), Vec::new());
    for (seed, curve) in own.curves() {
        let images = |value: &str| value.parse::<f64>().unwrap_or(f64::NAN) / 1000.0;
        let fall = |pair: &[(&str, f64)]| (pair[0].1 - pair[1].1) / (images(pair[1].0) - images(pair[0].0));
        let falls: Vec<f64> = curve.windows(2).map(fall).collect();
        let (Some(first), Some(last)) = (falls.first(), falls.last()) else { continue };
        if falls.len() < 2 {
            continue;
        }
        let clear = own.errs_less(&seed, curve[1].0, curve[0].0);
        answers
            .push(clear.map(|less| less && falls.iter().all(|fall| fall <= first) && *last <= 0.5 * first));
        let (first, last) = (percent(*first), percent(*last));
        measured.push(format!(
            "{}: {first} percentage points a thousand images at first, {last} at last",
            own.start
        ));
    }
    let rule = format!(
        "of the falls of {}’s error a thousand images the first is significant and the largest, and the last at most half of it",
        own.start
    );
    over(&answers, measured.join("; "), rule)
}

fn least<'a>(curve: &[(&'a str, f64)]) -> (&'a str, f64) {
    let best = curve.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    best.copied().unwrap_or(("–", f64::NAN))
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
