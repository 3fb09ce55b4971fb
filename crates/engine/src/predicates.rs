//! Predicates over evidence, which claims are made of; each compares within one seed.

use report::{Finding, Spread};

use crate::claim::over;
use crate::evidence::{Evidence, Pick};

/// The mean of values over seeds, with their spread when there are several; `–` when there are none.
pub fn spread(values: &[f64]) -> String {
    Spread::of(values).map_or_else(|| "–".to_owned(), |spread| spread.text(None))
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

    /// `a` lies between `low` and `high`.
    pub fn within(&self, a: Pick<'_>, low: f64, high: f64) -> Finding {
        let values = self.values(a);
        let answers: Vec<bool> = values.iter().map(|x| (low..=high).contains(x)).collect();
        over(&answers, spread(&values), format!("{a} between {low} and {high}"))
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

    /// [`Evidence::rises`] along all values of the column that were run, in the order in which they were.
    pub fn rises_along(&self, a: Pick<'_>, column: &str) -> Finding {
        self.rises(a, column, &self.along(a, column))
    }

    /// [`Evidence::falls`] along all values of the column that were run, in the order in which they were.
    pub fn falls_along(&self, a: Pick<'_>, column: &str) -> Finding {
        self.falls(a, column, &self.along(a, column))
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
        over(&answers, measured, format!("{a} {word} along {column} ({points} points)"))
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
