//! A value with how far it reaches, and the one way in which such values are printed and drawn.
//!
//! Over seeds, `22 ± 8`: the mean, and half of the range from the smallest to the largest seed. Of one value with an interval,
//! `1.70 (1.46–1.97)`. Numbers are rounded as a person would write them and keep together by no-break spaces; powers of ten,
//! `1.2 × 10⁻⁷`, stand only below 10⁻⁴ and from 10⁵ on.

use crate::series::Point;
use crate::text::{grouped, number as fixed, power};

/// What ± and the range in parentheses mean: for captions.
pub const EXPLAINED: &str =
    "± is half the range from the smallest to the largest seed; a range in parentheses is a 95 % interval.";

/// A mean with the smallest and the largest value over seeds, or one value with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The mean over seeds, or the value.
    pub mean: f64,
    /// The smallest value, or the interval's lower end.
    pub low: f64,
    /// The largest value, or the interval's upper end.
    pub high: f64,
    /// Over how many seeds; an interval is of one.
    pub n: usize,
}

impl Spread {
    /// The spread over seeds; nothing without values. One value that is no number makes all of it none.
    pub fn of(values: &[f64]) -> Option<Spread> {
        let n = values.len();
        let mean = values.iter().sum::<f64>() / n as f64;
        match n {
            0 => None,
            1 => Some(Spread { mean: values[0], low: values[0], high: values[0], n }),
            _ if mean.is_nan() => Some(Spread { mean, low: mean, high: mean, n }),
            _ => {
                let low = values.iter().copied().fold(f64::INFINITY, f64::min);
                let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                // Rounding may put the mean of equal values beside them.
                Some(Spread { mean: mean.clamp(low, high), low, high, n })
            }
        }
    }

    /// One value with its 95 % interval.
    pub fn interval(value: f64, low: f64, high: f64) -> Spread {
        Spread { mean: value, low, high, n: 1 }
    }

    /// Whether it is printed with ± or a range in parentheses.
    pub fn has_range(&self) -> bool {
        let finite = [self.mean, self.low, self.high].iter().all(|x| x.is_finite());
        finite && (self.n > 1 || self.high > self.low)
    }

    /// As it is printed. `decimals` are those of a value without a spread and of an interval, by significant digits if not
    /// given; over seeds the spread itself says how many there are: its first significant digit is the last one printed, its
    /// second if the first is 1.
    pub fn text(&self, decimals: Option<usize>) -> String {
        let Spread { mean, low, high, n } = *self;
        if !self.has_range() {
            return single(mean, decimals);
        }
        match (n > 1, high > low) {
            (true, true) => over_seeds(mean, 0.5 * high - 0.5 * low),
            (true, false) => format!("{}\u{a0}±\u{a0}0", single(mean, decimals)),
            (false, _) => interval(self, decimals),
        }
    }

    /// As it is drawn at `x`.
    pub fn point(&self, x: f64) -> Point {
        match self.high > self.low {
            true => Point::with_band(x, self.mean, self.low, self.high),
            false => Point::new(x, self.mean),
        }
    }
}

/// A number with at most four significant digits, whole ones with all of theirs; three beside a power of ten.
pub fn number(x: f64) -> String {
    if x.is_infinite() {
        return if x > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    if x == 0.0 || !x.is_finite() {
        return fixed(x, 0);
    }
    if is_plain(x) {
        let decimals = usize::try_from(3 - exponent(x)).unwrap_or(0);
        return without_zeros(&rounded(x, decimals as i32));
    }
    // Rounding may carry into the next power: 9.999e-8.
    let power = exponent(x) + i32::from(mantissa(x, exponent(x)).abs() >= 9.995);
    times_power(&without_zeros(&fixed(mantissa(x, power), 2)), power)
}

fn single(value: f64, decimals: Option<usize>) -> String {
    decimals.map_or_else(|| number(value), |decimals| fixed(value, decimals))
}

fn over_seeds(mean: f64, half: f64) -> String {
    let largest = mean.abs().max(half);
    if half < 1e-6 * largest {
        return format!("{}\u{a0}±\u{a0}{}", number(mean), number(half));
    }
    if !is_plain(largest) {
        let power = exponent(largest);
        let (mean, half) = (mantissa(mean, power), mantissa(half, power));
        return times_power(&format!("({})", plus_minus(mean, half)), power);
    }
    plus_minus(mean, half)
}

fn plus_minus(mean: f64, half: f64) -> String {
    let first = exponent(half);
    let decimals = if mantissa(half, first) < 2.0 { 1 - first } else { -first };
    format!("{}\u{a0}±\u{a0}{}", rounded(mean, decimals), rounded(half, decimals))
}

fn interval(spread: &Spread, decimals: Option<usize>) -> String {
    let Spread { mean, low, high, .. } = *spread;
    let largest = [mean, low, high].iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    if decimals.is_none() && !is_plain(largest) {
        let power = exponent(largest);
        let [mean, low, high] = [mean, low, high].map(|value| mantissa(value, power));
        return times_power(&interval(&Spread { mean, low, high, n: 1 }, None), power);
    }
    // Two digits of half the interval, but never more than ten decimals.
    let decimals =
        decimals.map_or_else(|| (1 - exponent(0.5 * high - 0.5 * low)).min(10), |decimals| decimals as i32);
    let [value, low, high] = [mean, low, high].map(|value| rounded(value, decimals));
    let to = if low.starts_with('−') || high.starts_with('−') { "\u{a0}to\u{a0}" } else { "–" };
    format!("{value}\u{a0}({low}{to}{high})")
}

/// Whether a number is printed without a power of ten.
fn is_plain(x: f64) -> bool {
    x == 0.0 || (1e-4..1e5).contains(&x.abs())
}

/// The power of ten of the first digit.
fn exponent(x: f64) -> i32 {
    x.abs().log10().floor() as i32
}

/// `x` / 10^`power`, for powers far outside those of `f64`, too.
fn mantissa(x: f64, power: i32) -> f64 {
    let half = power / 2;
    x / 10f64.powi(half) / 10f64.powi(power - half)
}

/// `x` to so many decimals; negative ones round to tens, hundreds …
fn rounded(x: f64, decimals: i32) -> String {
    let Ok(decimals) = usize::try_from(decimals) else {
        let step = 10f64.powi(-decimals);
        return grouped(((x / step).round() * step) as i64);
    };
    match decimals {
        0 if x.abs() < 1e15 => grouped(x.round() as i64),
        _ => fixed(x, decimals),
    }
}

fn without_zeros(text: &str) -> String {
    let has_decimals = text.contains('.');
    if has_decimals { text.trim_end_matches('0').trim_end_matches('.') } else { text }.to_owned()
}

/// `1.2 × 10⁻⁷`.
fn times_power(text: &str, exponent: i32) -> String {
    format!("{text}\u{a0}×\u{a0}{}", power(exponent))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn over(values: &[f64]) -> String {
        Spread::of(values).unwrap().text(None)
    }

    #[test]
    fn a_spread_over_seeds_is_rounded_as_a_person_writes() {
        assert_eq!(over(&[14.0, 22.0, 30.6]), "22\u{a0}±\u{a0}8");
        assert_eq!(over(&[0.0265, 0.0279]), "0.0272\u{a0}±\u{a0}0.0007");
        assert_eq!(over(&[1.0, 3.0]), "2.0\u{a0}±\u{a0}1.0");
        assert_eq!(over(&[0.5, 3.4]), "1.9\u{a0}±\u{a0}1.4");
        assert_eq!(over(&[0.04, 1.96]), "1.0\u{a0}±\u{a0}1.0", "0.96 rounds up to one");
        assert_eq!(over(&[21_500.0, 23_100.0]), "22\u{a0}300\u{a0}±\u{a0}800");
        assert_eq!(over(&[-83.0, 83.8]), "0\u{a0}±\u{a0}80");
        assert_eq!(over(&[-5.0, -4.0]), "−4.5\u{a0}±\u{a0}0.5");
        assert_eq!(over(&[0.00115, 0.00125]), "0.00120\u{a0}±\u{a0}0.00005");
        assert_eq!(over(&[0.25, 0.25, 0.25]), "0.25\u{a0}±\u{a0}0");
    }

    #[test]
    fn a_power_of_ten_stands_only_where_it_must() {
        assert_eq!(over(&[1.2e-7, 1.6e-7]), "(1.4\u{a0}±\u{a0}0.2)\u{a0}×\u{a0}10⁻⁷");
        assert_eq!(over(&[0.5, 0.5 + 2e-9]), "0.5\u{a0}±\u{a0}1\u{a0}×\u{a0}10⁻⁹");
        assert_eq!(over(&[3e9, 5e9]), "(4.0\u{a0}±\u{a0}1.0)\u{a0}×\u{a0}10⁹");
        let around = Spread::interval(1.16e-18, -3e-4, 5e-4);
        assert_eq!(around.text(None), "0.00000\u{a0}(−0.00030\u{a0}to\u{a0}0.00050)");
        let small = Spread::interval(1.7e-7, 1.46e-7, 1.97e-7);
        assert_eq!(small.text(None), "1.70\u{a0}(1.46–1.97)\u{a0}×\u{a0}10⁻⁷");
    }

    #[test]
    fn an_interval_and_a_value_alone() {
        let error = Spread::interval(1.7, 1.463, 1.974);
        assert_eq!(error.text(None), "1.70\u{a0}(1.46–1.97)");
        assert_eq!(error.text(Some(1)), "1.7\u{a0}(1.5–2.0)");
        assert_eq!(over(&[0.123_456]), "0.1235");
        assert_eq!(Spread::of(&[0.5]).unwrap().text(Some(3)), "0.500");
        assert_eq!(Spread::of(&[-0.5]).unwrap().text(Some(1)), "−0.5");
        assert_eq!(Spread::of(&[f64::NAN, 1.0]).unwrap().text(None), "–");
        assert_eq!(Spread::of(&[f64::INFINITY, 1.0]).unwrap().text(None), "∞");
        assert!(Spread::of(&[]).is_none());
    }

    #[test]
    fn numbers_have_four_significant_digits() {
        let pairs = [
            (0.0, "0"),
            (-0.0, "0"),
            (0.27668, "0.2767"),
            (-0.5, "−0.5"),
            (0.000_32, "0.00032"),
            (99_999.9, "100\u{a0}000"),
            (12_345.6, "12\u{a0}346"),
            (88.65, "88.65"),
            (1.163e-18, "1.16\u{a0}×\u{a0}10⁻¹⁸"),
            (-1.2e-7, "−1.2\u{a0}×\u{a0}10⁻⁷"),
            (9.999e-8, "1\u{a0}×\u{a0}10⁻⁷"),
            (2.5e6, "2.5\u{a0}×\u{a0}10⁶"),
            (5e-324, "4.94\u{a0}×\u{a0}10⁻³²⁴"),
            (f64::NAN, "–"),
            (f64::NEG_INFINITY, "−∞"),
        ];
        for (value, text) in pairs {
            assert_eq!(number(value), text, "{value:e}");
        }
    }

    #[test]
    fn a_spread_is_drawn_as_a_point_with_its_band() {
        assert_eq!(Spread::of(&[1.0, 3.0]).unwrap().point(7.0), Point::with_band(7.0, 2.0, 1.0, 3.0));
        assert_eq!(Spread::of(&[1.0]).unwrap().point(7.0), Point::new(7.0, 1.0));
    }

    proptest! {
        #[test]
        fn any_values_print_in_one_short_line(values in prop::collection::vec(any::<f64>(), 1..5)) {
            let spread = Spread::of(&values).unwrap();
            let texts = [spread.text(None), Spread { n: 1, ..spread }.text(None), number(values[0])];
            for text in texts {
                prop_assert!(text.chars().count() < 60 && !text.contains([' ', '-', 'e', '\n']), "{text}");
            }
        }
    }
}
