//! A claim is a sentence of a report as a predicate over our rows; a finding is what came out of it.
//!
//! Predicates are judged seed by seed: a claim is reproduced when it holds for every seed, not reproduced when it
//! holds for none, and inconclusive when the spread over seeds covers both answers.

use std::fmt;

use crate::rows::{Evidence, Pick};

/// Stands in the place of a report's number where no report made the claim: it is counted apart.
pub const OURS: &str = "ours";

/// What a report says it saw.
#[derive(Debug)]
pub struct Claim {
    /// The sentence.
    pub says: &'static str,
    /// The report's number or words, or [`OURS`].
    pub reported: &'static str,
    /// Looks at our rows.
    pub test: fn(&Evidence) -> Finding,
}

/// Whether it came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It holds in every seed.
    Reproduced,
    /// It holds in none.
    NotReproduced,
    /// The spread over seeds covers both answers, or the rows do not tell.
    Inconclusive,
}

impl Verdict {
    /// The verdict over the answers of all seeds; none at all is inconclusive.
    pub fn over(answers: &[bool]) -> Self {
        match (answers.contains(&true), answers.contains(&false)) {
            (true, false) => Self::Reproduced,
            (false, true) => Self::NotReproduced,
            _ => Self::Inconclusive,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reproduced => "reproduced",
            Self::NotReproduced => "not reproduced",
            Self::Inconclusive => "inconclusive",
        })
    }
}

/// A verdict with the numbers behind it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Finding {
    /// Whether it came out.
    pub verdict: Verdict,
    /// Our numbers, to stand beside the report's.
    pub measured: String,
    /// What was compared with what.
    pub why: String,
}

impl Finding {
    /// A finding from one answer a seed.
    pub fn over(answers: &[bool], measured: String, why: impl Into<String>) -> Self {
        let held = answers.iter().filter(|&&held| held).count();
        let why = match answers.len() {
            0 => format!("{}; no rows to judge by", why.into()),
            1 => why.into(),
            n => format!("{}; holds in {held} of {n} seeds", why.into()),
        };
        Self { verdict: Verdict::over(answers), measured, why }
    }

    /// A finding that both others must support: reproduced only if both are, not reproduced if one is not.
    pub fn and(self, other: Self) -> Self {
        let verdict = match (self.verdict, other.verdict) {
            (Verdict::Reproduced, Verdict::Reproduced) => Verdict::Reproduced,
            (Verdict::NotReproduced, _) | (_, Verdict::NotReproduced) => Verdict::NotReproduced,
            _ => Verdict::Inconclusive,
        };
        let join = |a: String, b: String| if a == b { a } else { format!("{a}; {b}") };
        Self { verdict, measured: join(self.measured, other.measured), why: join(self.why, other.why) }
    }
}

/// Predicates over rows; each compares within one seed.
impl Evidence {
    /// Judges `holds(a, b)` for every seed that has both values.
    pub fn compare(
        &self,
        a: Pick<'_>,
        b: Pick<'_>,
        relation: &str,
        holds: impl Fn(f64, f64) -> bool,
    ) -> Finding {
        let (left, right) = (self.by_seed(a), self.by_seed(b));
        let pairs: Vec<(f64, f64)> = left
            .iter()
            .filter_map(|(seed, x)| right.iter().find(|(other, _)| other == seed).map(|(_, y)| (*x, *y)))
            .collect();
        let answers: Vec<bool> = pairs.iter().map(|&(x, y)| holds(x, y)).collect();
        let (xs, ys): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let measured = format!("{} against {}", spread(&xs), spread(&ys));
        Finding::over(&answers, measured, format!("{a} {relation} {b}"))
    }

    /// `a` is above `b`.
    pub fn above(&self, a: Pick<'_>, b: Pick<'_>) -> Finding {
        self.compare(a, b, "above", |x, y| x > y)
    }

    /// `a` is below `b`.
    pub fn below(&self, a: Pick<'_>, b: Pick<'_>) -> Finding {
        self.compare(a, b, "below", |x, y| x < y)
    }

    /// `a` and `b` differ by at most `share` of the larger.
    pub fn near(&self, a: Pick<'_>, b: Pick<'_>, share: f64) -> Finding {
        let relation = format!("within {} % of", share * 100.0);
        self.compare(a, b, &relation, |x, y| (x - y).abs() <= share * x.abs().max(y.abs()))
    }

    /// `a` lies between `low` and `high`.
    pub fn within(&self, a: Pick<'_>, low: f64, high: f64) -> Finding {
        let values = self.values(a);
        let answers: Vec<bool> = values.iter().map(|x| (low..=high).contains(x)).collect();
        Finding::over(&answers, spread(&values), format!("{a} between {low} and {high}"))
    }

    /// The metric rises along `column`, whose values come in the order given: the last is above the first, and
    /// Kendall's τ of all pairs is at least one half.
    pub fn rises(&self, a: Pick<'_>, column: &str, along: &[&str]) -> Finding {
        self.trend(a, column, along, "rises", 1.0)
    }

    /// The metric falls along `column`; the mirror of [`Evidence::rises`].
    pub fn falls(&self, a: Pick<'_>, column: &str, along: &[&str]) -> Finding {
        self.trend(a, column, along, "falls", -1.0)
    }

    fn trend(&self, a: Pick<'_>, column: &str, along: &[&str], word: &str, sign: f64) -> Finding {
        let mut curves: Vec<(String, Vec<f64>)> = Vec::new();
        for value in along {
            for (seed, y) in self.by_seed_at(a, Some((column, value))) {
                match curves.iter_mut().find(|(other, _)| *other == seed) {
                    Some((_, curve)) => curve.push(sign * y),
                    None => curves.push((seed, vec![sign * y])),
                }
            }
        }
        let answers: Vec<bool> =
            curves.iter().map(|(_, curve)| curve.last() > curve.first() && kendall(curve) >= 0.5).collect();
        let at = |i: usize| {
            let ends: Vec<f64> = curves.iter().filter_map(|(_, c)| c.get(i)).map(|y| sign * y).collect();
            spread(&ends)
        };
        let points = curves.iter().map(|(_, curve)| curve.len()).max().unwrap_or(0);
        let measured = format!("{} → {}", at(0), at(points.saturating_sub(1)));
        Finding::over(&answers, measured, format!("{a} {word} along {column} ({points} points)"))
    }
}

/// Kendall's τ of a curve against its own order: 1 when it always rises, −1 when it always falls.
fn kendall(curve: &[f64]) -> f64 {
    let mut total = 0.0;
    for (i, x) in curve.iter().enumerate() {
        total += curve[i + 1..].iter().map(|y| f64::from(i8::from(y > x) - i8::from(y < x))).sum::<f64>();
    }
    let pairs = curve.len() * curve.len().saturating_sub(1) / 2;
    if pairs == 0 { 0.0 } else { total / pairs as f64 }
}

/// A number with four significant digits; small and large ones in powers of ten.
pub fn number(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return format!("{x}");
    }
    let exponent = x.abs().log10().floor() as i32;
    if (-3..5).contains(&exponent) {
        let text = format!("{x:.*}", usize::try_from(3 - exponent).unwrap_or(0));
        let trimmed =
            if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        trimmed.to_owned()
    } else {
        format!("{x:.2e}")
    }
}

/// The mean of values over seeds, with their range when there are several; `–` when there are none.
pub fn spread(values: &[f64]) -> String {
    match values {
        [] => "–".to_owned(),
        [one] => number(*one),
        many => {
            let mean = many.iter().sum::<f64>() / many.len() as f64;
            let low = many.iter().copied().fold(f64::INFINITY, f64::min);
            let high = many.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            format!("{} ({}–{})", number(mean), number(low), number(high))
        }
    }
}
