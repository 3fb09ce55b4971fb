//! Where the ticks of an axis go, and what stands beside them.
//!
//! Linear ticks step by 1, 2 or 5 times a power of ten. Logarithmic ticks sit on decades, thinned when there are many; on 1, 2
//! and 5 between them, on every digit, or at equal steps where that is too few. There are at least [`LEAST`] labels, and no two
//! are the same: where numbers would have too many digits, a power of ten, or what they have in common, goes to the axis's name.

use crate::text::{grouped, number, power};

/// At least so many ticks have a label.
const LEAST: usize = 3;
/// A label has at most so many significant digits; more and the digits in common go elsewhere.
const DIGITS: i32 = 6;

/// A tick's value and its label; the power, if one is set apart.
type LogTick = (f64, String, Option<String>);

/// Ticks of a logarithmic axis, as values.
pub(crate) struct LogTicks {
    pub ticks: Vec<LogTick>,
    /// Values of unlabelled ticks.
    pub minor: Vec<f64>,
    /// What the labels leave out.
    pub unit: String,
}

/// The least of 1, 2, 5 times a power of ten that is not below `raw`.
pub(crate) fn nice_step(raw: f64) -> f64 {
    let power = 10f64.powf(raw.log10().floor());
    let multiple = [1.0, 2.0, 5.0].into_iter().find(|m| m * power >= raw * (1.0 - 1e-9)).unwrap_or(10.0);
    multiple * power
}

/// Values and labels from `low` to `high`, by `step` or by the next smaller one that gives enough of them, and what the
/// labels leave out.
pub(crate) fn linear_ticks(low: f64, high: f64, step: f64) -> (Vec<(f64, String)>, String) {
    let range = |step: f64| ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
    let enough = |step: &f64| range(*step).1 - range(*step).0 >= LEAST as i64 - 1;
    let finer = [step, nice_step(step / 2.4), nice_step(step / 4.9)];
    let step = finer.into_iter().find(enough).unwrap_or(finer[2]);
    let (first, last) = range(step);
    let values: Vec<f64> = (first..=last).map(|index| index as f64 * step).collect();
    let largest = low.abs().max(high.abs());
    let last_digit = (step.log10() + 1e-9).floor() as i32;
    let first_digit = largest.log10().floor() as i32;
    if first_digit - last_digit >= DIGITS {
        return in_common(&values, step, last_digit);
    }
    if !(-4..7).contains(&first_digit) {
        let scale = |value: f64| value / 10f64.powi(first_digit);
        let decimals = usize::try_from(first_digit - last_digit).unwrap_or(0);
        let label = |value: f64| (value, number(scale(value), decimals));
        let unit = format!(" (×\u{a0}{})", power(first_digit));
        return (values.into_iter().map(label).collect(), unit);
    }
    let decimals = usize::try_from(-last_digit).unwrap_or(0);
    let label = |value: f64| match decimals {
        0 => (value, grouped(value.round() as i64)),
        _ => (value, number(value, decimals)),
    };
    (values.into_iter().map(label).collect(), String::new())
}

/// Labels that count steps from the first tick: "0.6931470 + n × 10⁻⁷".
fn in_common(values: &[f64], step: f64, last_digit: i32) -> (Vec<(f64, String)>, String) {
    let first = values.first().copied().unwrap_or(0.0);
    let decimals = usize::try_from(-last_digit).unwrap_or(0);
    let base =
        if decimals > 17 || first.abs() >= 1e17 { format!("{first:e}") } else { number(first, decimals) };
    let unit = format!(" ({base}\u{a0}+\u{a0}n\u{a0}×\u{a0}{})", power(last_digit)).replace('-', "−");
    let each = step / 10f64.powi(last_digit);
    let label = |(index, &value): (usize, &f64)| (value, grouped((index as f64 * each).round() as i64));
    (values.iter().enumerate().map(label).collect(), unit)
}

/// Ticks between 10^`low` and 10^`high`.
pub(crate) fn log_ticks(low: f64, high: f64) -> LogTicks {
    let (first, last) = ((low - 1e-9).ceil() as i32, (high + 1e-9).floor() as i32);
    let every = ((last - first) / 7 + 1).max(1);
    let is_plain = low >= -3.2 && high < 6.0;
    let inside = |value: f64| (low - 1e-9..=high + 1e-9).contains(&value.log10());
    let digits = |decade| (1..10).map(move |mantissa| Digit { decade, mantissa });
    let all: Vec<Digit> = (first - 1..=last).flat_map(digits).filter(|digit| inside(digit.value())).collect();
    for mantissas in [&[1][..], &[1, 2, 5], &[1, 2, 3, 4, 5, 6, 7, 8, 9]] {
        let has_label =
            |digit: &&Digit| mantissas.contains(&digit.mantissa) && (digit.decade - first) % every == 0;
        let ticks: Vec<LogTick> = all.iter().filter(has_label).map(|digit| digit.tick(is_plain)).collect();
        if ticks.len() >= LEAST {
            let others = all.iter().filter(|digit| !has_label(digit) && (every == 1 || digit.mantissa == 1));
            return LogTicks { ticks, minor: others.map(Digit::value).collect(), unit: String::new() };
        }
    }
    let (from, to) = (10f64.powf(low), 10f64.powf(high));
    let (ticks, unit) = linear_ticks(from, to, nice_step((to - from) / 5.5));
    let ticks = ticks.into_iter().map(|(value, label)| (value, label, None)).collect();
    LogTicks { ticks, minor: Vec::new(), unit }
}

/// A value of one digit.
struct Digit {
    decade: i32,
    mantissa: u32,
}

impl Digit {
    fn value(&self) -> f64 {
        f64::from(self.mantissa) * 10f64.powi(self.decade)
    }

    fn tick(&self, is_plain: bool) -> LogTick {
        let Digit { decade, mantissa } = *self;
        let places = decade.unsigned_abs();
        if !is_plain {
            let base = if mantissa == 1 { "10".to_owned() } else { format!("{mantissa}·10") };
            return (self.value(), base, Some(decade.to_string().replace('-', "−")));
        }
        let label = match decade >= 0 {
            true => grouped(i64::from(mantissa) * 10i64.pow(places)),
            false => number(self.value(), places as usize),
        };
        (self.value(), label, None)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn labels(low: f64, high: f64) -> (Vec<String>, String) {
        let (ticks, unit) = linear_ticks(low, high, nice_step((high - low) / 5.5));
        (ticks.into_iter().map(|(_, label)| label).collect(), unit)
    }

    #[test]
    fn labels_differ_whatever_the_step() {
        let ln2 = std::f64::consts::LN_2;
        let (around, unit) = labels(ln2 - 1e-7, ln2 + 1e-7);
        assert_eq!(around, ["0", "5", "10", "15"], "{unit}");
        assert_eq!(unit, " (0.69314710\u{a0}+\u{a0}n\u{a0}×\u{a0}10⁻⁸)");
        assert_eq!(labels(0.0, 5e-8).0, ["0", "1", "2", "3", "4", "5"]);
        assert_eq!(labels(0.0, 5e-8).1, " (×\u{a0}10⁻⁸)");
        assert_eq!(labels(0.0, 2.6e9).0, ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]);
        assert_eq!(labels(-1e7, 1e7).1, " (×\u{a0}10⁷)");
    }

    #[test]
    fn a_logarithmic_axis_of_less_than_two_decades_has_enough_labels() {
        let labels = |low: f64, high: f64| -> Vec<String> {
            log_ticks(low.log10(), high.log10()).ticks.into_iter().map(|tick| tick.1).collect()
        };
        assert_eq!(labels(1.5, 9.0), ["2", "3", "4", "5", "6", "7", "8", "9"]);
        assert_eq!(labels(2.7, 5.3), ["3", "4", "5"]);
        assert_eq!(labels(4.1, 5.3), ["4.2", "4.4", "4.6", "4.8", "5.0", "5.2"]);
        assert_eq!(labels(0.9, 99.0), ["1", "2", "5", "10", "20", "50"]);
    }

    proptest! {
        #[test]
        fn there_are_at_least_three_labels_and_all_differ(
            start in -1e3f64..1e3, power in -12i32..12, width in 1e-3f64..1e3, log in any::<bool>(),
        ) {
            let (low, high) = (start * 10f64.powi(power), (start + width) * 10f64.powi(power));
            let mut labels: Vec<String> = if log {
                let low = start / 100.0;
                log_ticks(low, low + width / 100.0).ticks.into_iter().map(|(_, label, raised)| label + &raised.unwrap_or_default()).collect()
            } else {
                labels(low, high).0
            };
            prop_assert!((LEAST..=12).contains(&labels.len()), "{labels:?}");
            prop_assert!(labels.iter().all(|label| label.chars().count() < 12), "{labels:?}");
            let count = labels.len();
            labels.sort();
            labels.dedup();
            prop_assert_eq!(labels.len(), count);
        }
    }
}
