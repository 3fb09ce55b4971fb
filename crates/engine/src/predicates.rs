//! Predicates over evidence, which claims are made of; each compares within one seed.

use report::{Finding, Spread};

use crate::claim::{between, over};
use crate::evidence::{Evidence, Pick};

/// The mean of values over seeds, with their spread when there are several; `–` when there are none.
pub fn spread(values: &[f64]) -> String {
    Spread::of(values).map_or_else(|| "–".to_owned(), |spread| spread.text(None))
}

/// Predicates over rows; each compares within one seed.
impl Evidence {
    /// Judges `holds(a, b)` for every seed that has both values; it may answer `None` for what noise forbids to tell.
    pub fn compare<A: Copy + Into<Option<bool>>>(
        &self,
        a: Pick<'_>,
        b: Pick<'_>,
        relation: &str,
        holds: impl Fn(f64, f64) -> A,
    ) -> Finding {
        let (left, right) = (self.by_seed(a), self.by_seed(b));
        let pairs: Vec<(f64, f64)> = left
            .iter()
            .filter_map(|(seed, x)| right.iter().find(|(other, _)| other == seed).map(|(_, y)| (*x, *y)))
            .collect();
        let answers: Vec<A> = pairs.iter().map(|&(x, y)| holds(x, y)).collect();
        let (xs, ys): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let measured = format!("{} against {}", spread(&xs), spread(&ys));
        over(&answers, measured, format!("{a} {relation} {b}"))
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

    /// `a` lies between `low` and `high`; seeds on both sides cannot tell.
    pub fn within(&self, a: Pick<'_>, low: f64, high: f64) -> Finding {
        let values = self.values(a);
        between(&values, [low, high], spread(&values), format!("{a} between {low} and {high}"))
    }

    /// The metric rises along `column`, whose values come in the order given: see [`Trend`].
    pub fn rises(&self, a: Pick<'_>, column: &str, along: &[&str]) -> Finding {
        self.trend(a, column, along, Trend::RISES)
    }

    /// The metric falls along `column`; the mirror of [`Evidence::rises`].
    pub fn falls(&self, a: Pick<'_>, column: &str, along: &[&str]) -> Finding {
        self.trend(a, column, along, Trend::FALLS)
    }

    /// [`Evidence::rises`] along all values of the column that were run, in the order in which they were.
    pub fn rises_along(&self, a: Pick<'_>, column: &str) -> Finding {
        self.rises(a, column, &self.along(a, column))
    }

    /// [`Evidence::falls`] along all values of the column that were run, in the order in which they were.
    pub fn falls_along(&self, a: Pick<'_>, column: &str) -> Finding {
        self.falls(a, column, &self.along(a, column))
    }

    /// Whether the metric goes along with `column`, whose values come in the order given.
    pub fn trend(&self, a: Pick<'_>, column: &str, along: &[&str], trend: Trend) -> Finding {
        let curves = self.curves(a, column, along);
        let answers: Vec<Option<bool>> = curves.iter().map(|(_, curve)| trend.holds(curve)).collect();
        let ends = |end: fn(&[f64]) -> Option<&f64>| {
            spread(&curves.iter().filter_map(|(_, curve)| end(curve).copied()).collect::<Vec<_>>())
        };
        let points = curves.iter().map(|(_, curve)| curve.len()).max().unwrap_or(0);
        let measured = format!("{} → {}", ends(<[f64]>::first), ends(<[f64]>::last));
        over(
            &answers,
            measured,
            format!("{a} {} along {column} ({points} points): {}", trend.verb(), trend.rule()),
        )
    }

    /// Of each seed, in order, the metric along `column`, whose values come in the order given.
    pub fn curves(&self, a: Pick<'_>, column: &str, along: &[&str]) -> Vec<(String, Vec<f64>)> {
        let mut curves: Vec<(String, Vec<f64>)> = Vec::new();
        for value in along {
            for (seed, y) in self.by_seed_at(a, Some((column, value))) {
                match curves.iter_mut().find(|(other, _)| *other == seed) {
                    Some((_, curve)) => curve.push(y),
                    None => curves.push((seed, vec![y])),
                }
            }
        }
        curves
    }
}

/// A trend along a sweep. It holds for a curve whose last value lies on the right side of the first, of whose pairs of values
/// at least three quarters are in order (Kendall's τ at least one half), and which does not turn at the end: a curve that
/// falls does not double over the last third of its points, one that rises does not halve. Where the ends differ by no more
/// than the noise, it cannot be told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    sign: f64,
    noise: f64,
}

impl Trend {
    /// Up.
    pub const RISES: Self = Self { sign: 1.0, noise: 0.0 };
    /// Down.
    pub const FALLS: Self = Self { sign: -1.0, noise: 0.0 };
    /// The least τ.
    const TAU: f64 = 0.5;
    /// By which factor a curve that turned comes back.
    const TURN: f64 = 2.0;

    /// The same for values that are only known up to `noise`.
    pub const fn beyond(self, noise: f64) -> Self {
        Self { noise, ..self }
    }

    /// The verb: "rises" or "falls".
    pub fn verb(self) -> &'static str {
        if self.sign > 0.0 { "rises" } else { "falls" }
    }

    /// The rule in words.
    pub fn rule(self) -> String {
        let (side, turn) = if self.sign > 0.0 { ("above", "halve") } else { ("below", "double") };
        let noise = if self.noise > 0.0 { format!(" by more than {}", self.noise) } else { String::new() };
        format!(
            "the last {side} the first{noise}, Kendall’s τ at least {} in that direction, and it does not {turn} over its \
             last third",
            Self::TAU
        )
    }

    /// Whether a curve follows it; none for fewer than two points, or ends within the noise.
    pub fn holds(self, curve: &[f64]) -> Option<bool> {
        let (first, last) = (curve.first()?, curve.last()?);
        let gain = self.sign * (last - first);
        if curve.len() < 2 || (self.noise > 0.0 && gain.abs() <= self.noise) {
            return None;
        }
        let up: Vec<f64> = curve.iter().map(|y| self.sign * y).collect();
        Some(gain > 0.0 && kendall(&up) >= Self::TAU && !self.turns(curve))
    }

    /// Whether the end of the curve comes back; only where all of it is positive, since a factor means nothing elsewhere.
    fn turns(self, curve: &[f64]) -> bool {
        let end = &curve[curve.len() - curve.len().div_ceil(3)..];
        let best = end.iter().copied().fold(f64::NAN, if self.sign > 0.0 { f64::max } else { f64::min });
        let last = end[end.len() - 1];
        let factor = if self.sign > 0.0 { best / last } else { last / best };
        end.iter().all(|y| *y > 0.0) && factor >= Self::TURN
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
