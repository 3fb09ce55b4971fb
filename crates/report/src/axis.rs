//! Axes: from values to the unit interval, and where the ticks go.
//!
//! Linear ticks step by 1, 2 or 5 times a power of ten. Logarithmic ticks sit on decades (thinned when there are many),
//! with 2 and 5 between when the span is short. A category is drawn at its index.

use crate::series::{Axis, Scale};
use crate::text::grouped;

/// A labelled tick; `exponent` is set apart when the label is a power of ten.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    /// 0 at the axis's start, 1 at its end.
    pub at: f64,
    /// What stands beside it: all of it, or the base of a power.
    pub label: String,
    /// The power, as in 10⁻³.
    pub exponent: Option<String>,
}

/// An axis fitted to its data.
#[derive(Clone, Debug)]
pub(crate) struct Fitted {
    low: f64,
    high: f64,
    log: bool,
    pub ticks: Vec<Tick>,
    /// Unlabelled ticks of a logarithmic axis.
    pub minor: Vec<f64>,
}

/// Whether a bare linear axis keeps to the data, or takes in zero where zero is near (or for bars, always).
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Zero {
    Ignore,
    IfNear,
    Always,
}

impl Fitted {
    /// Fits `axis` to the finite values among `values`; a logarithmic one to the positive ones.
    pub(crate) fn new(axis: &Axis, values: &[f64], zero: Zero) -> Fitted {
        let log = axis.scale == Scale::Log;
        let drawable = |v: &f64| shows(log, *v);
        let given = axis.range.filter(|(low, high)| low < high && drawable(low) && drawable(high));
        let low = values.iter().copied().filter(drawable).fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().filter(drawable).fold(f64::NEG_INFINITY, f64::max);
        let (low, high) = match (given, low <= high) {
            (Some(range), _) => range,
            (None, true) => (low, high),
            (None, false) => (1.0, 10.0),
        };
        match &axis.scale {
            Scale::Categories(names) => Fitted::categories(names),
            Scale::Log => Fitted::log(low, high, given.is_some()),
            Scale::Linear => Fitted::linear(low, high, given.is_some(), zero),
        }
    }

    /// Where `value` lies, 0 at the start and 1 at the end of the axis; nothing if the axis cannot show it.
    pub(crate) fn place(&self, value: f64) -> Option<f64> {
        let place = (if self.log { value.log10() } else { value } - self.low) / (self.high - self.low);
        (shows(self.log, value) && (-1e-9..=1.0 + 1e-9).contains(&place)).then_some(place)
    }

    /// As [`Fitted::place`], but held at the ends of the axis: for the edges of bands and bars.
    pub(crate) fn clamp(&self, value: f64) -> f64 {
        let value = if !self.log {
            value
        } else if value > 0.0 {
            value.log10()
        } else {
            f64::NEG_INFINITY
        };
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// Whether the axis is logarithmic.
    pub(crate) fn is_log(&self) -> bool {
        self.log
    }

    fn categories(names: &[String]) -> Fitted {
        let (low, high) = (-0.5, names.len().max(1) as f64 - 0.5);
        let tick = |(index, name): (usize, &String)| Tick {
            at: (index as f64 - low) / (high - low),
            label: name.clone(),
            exponent: None,
        };
        Fitted {
            low,
            high,
            log: false,
            ticks: names.iter().enumerate().map(tick).collect(),
            minor: Vec::new(),
        }
    }

    fn linear(mut low: f64, mut high: f64, given: bool, zero: Zero) -> Fitted {
        if !given {
            if high - low <= 1e-9 * low.abs().max(high.abs()) {
                let half = if low == 0.0 { 0.5 } else { 0.1 * low.abs() };
                (low, high) = (low - half, high + half);
            }
            if zero == Zero::Always || (zero == Zero::IfNear && low > 0.0 && low < 0.4 * high) {
                (low, high) = (low.min(0.0), high.max(0.0));
            }
        }
        let step = nice_step((high - low) / 5.5);
        if !given && zero == Zero::Ignore {
            let pad = 0.025 * (high - low);
            (low, high) = (low - pad, high + pad);
        } else if !given {
            (low, high) = ((low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step);
        }
        let (first, last) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
        let tick = |index: i64| {
            let value = index as f64 * step;
            Tick { at: (value - low) / (high - low), label: plain(value, step), exponent: None }
        };
        Fitted { low, high, log: false, ticks: (first..=last).map(tick).collect(), minor: Vec::new() }
    }

    fn log(low: f64, high: f64, given: bool) -> Fitted {
        let (mut low, mut high) = (low.log10(), high.log10());
        if !given {
            // A single value gets a decade; otherwise a little air at both ends.
            let pad = if high - low < 1e-9 { 0.5 } else { 0.04 * (high - low).max(0.5) };
            (low, high) = (low - pad, high + pad);
        }
        let (first, last) = ((low - 1e-9).ceil() as i32, (high + 1e-9).floor() as i32);
        let every = ((last - first) / 7 + 1).max(1);
        let plain_fits = low >= -3.2 && high < 6.0;
        let at = |value: f64| (value.log10() - low) / (high - low);
        let inside = |place: &f64| (-1e-9..=1.0 + 1e-9).contains(place);
        let mantissas: &[u32] = if last - first < 2 { &[1, 2, 5] } else { &[1] };
        let mut ticks = Vec::new();
        let mut minor = Vec::new();
        for decade in first - 1..=last {
            for mantissa in 1..10 {
                let value = f64::from(mantissa) * 10f64.powi(decade);
                let place = at(value);
                if !inside(&place) {
                } else if mantissas.contains(&mantissa) && (decade - first) % every == 0 {
                    ticks.push(log_tick(place, mantissa, decade, plain_fits));
                } else if every == 1 || mantissa == 1 {
                    minor.push(place);
                }
            }
        }
        if ticks.len() < 2 {
            // Less than a decade and no two of 1, 2, 5 inside: ticks of a linear axis, log-spaced.
            let (from, to) = (10f64.powf(low), 10f64.powf(high));
            let linear = Fitted::linear(from, to, true, Zero::Ignore);
            let moved = |tick: Tick| Tick { at: at(from + tick.at * (to - from)), ..tick };
            ticks = linear.ticks.into_iter().map(moved).collect();
            minor.clear();
        }
        Fitted { low, high, log: true, ticks, minor }
    }
}

/// Whether an axis of this kind can show `value` at all; far from the ends of `f64`, so that spans stay finite.
fn shows(log: bool, value: f64) -> bool {
    value.abs() <= 1e150 && (!log || value >= 1e-150)
}

/// The least of 1, 2, 5 times a power of ten that is not below `raw`.
fn nice_step(raw: f64) -> f64 {
    let power = 10f64.powf(raw.log10().floor());
    let multiple = [1.0, 2.0, 5.0].into_iter().find(|m| m * power >= raw * (1.0 - 1e-9)).unwrap_or(10.0);
    multiple * power
}

/// A tick's number with as many decimals as its step needs.
fn plain(value: f64, step: f64) -> String {
    let largest = value.abs().max(step);
    if largest >= 1e7 || step < 1e-6 {
        return format!("{value:.1e}").replace('-', "−");
    }
    let decimals = (-(step.log10() + 1e-9).floor()).max(0.0) as usize;
    if decimals == 0 { grouped(value.round() as i64) } else { crate::text::number(value, decimals) }
}

fn log_tick(at: f64, mantissa: u32, decade: i32, plain_fits: bool) -> Tick {
    if plain_fits {
        let label = if decade >= 0 {
            grouped(i64::from(mantissa) * 10i64.pow(decade.unsigned_abs()))
        } else {
            let decimals = decade.unsigned_abs() as usize;
            format!("{:.decimals$}", f64::from(mantissa) * 10f64.powi(decade))
        };
        return Tick { at, label, exponent: None };
    }
    let base = if mantissa == 1 { "10".to_owned() } else { format!("{mantissa}·10") };
    Tick { at, label: base, exponent: Some(decade.to_string().replace('-', "−")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis, values: &[f64], zero: Zero) -> Vec<String> {
        let ticks = Fitted::new(axis, values, zero).ticks;
        ticks
            .into_iter()
            .map(|tick| tick.label + tick.exponent.map(|e| format!("^{e}")).as_deref().unwrap_or(""))
            .collect()
    }

    #[test]
    fn linear_ticks_step_by_one_two_or_five() {
        assert_eq!(labels(&Axis::linear(""), &[0.0, 9.7], Zero::IfNear), ["0", "2", "4", "6", "8", "10"]);
        assert_eq!(
            labels(&Axis::linear(""), &[0.012, 0.049], Zero::IfNear),
            ["0.00", "0.01", "0.02", "0.03", "0.04", "0.05"]
        );
        assert_eq!(labels(&Axis::linear(""), &[1.0, 5.0], Zero::Ignore), ["1", "2", "3", "4", "5"]);
        assert_eq!(
            labels(&Axis::linear(""), &[-36.0, -13.9], Zero::IfNear),
            ["−40", "−35", "−30", "−25", "−20", "−15", "−10"]
        );
    }

    #[test]
    fn log_ticks_sit_on_decades() {
        assert_eq!(
            labels(&Axis::log(""), &[1.0, 1e5], Zero::Ignore),
            ["1", "10", "100", "1000", "10\u{a0}000", "100\u{a0}000"]
        );
        assert_eq!(
            labels(&Axis::log(""), &[1e-5, 0.3], Zero::Ignore),
            ["10^−5", "10^−4", "10^−3", "10^−2", "10^−1"]
        );
        assert_eq!(labels(&Axis::log(""), &[1.5, 60.0], Zero::Ignore), ["2", "5", "10", "20", "50"]);
        assert_eq!(labels(&Axis::log(""), &[31.0, 37.0], Zero::Ignore), ["30", "32", "34", "36", "38"]);
    }

    #[test]
    fn an_axis_without_data_or_with_one_value_still_has_ticks() {
        for axis in [Axis::linear(""), Axis::log("")] {
            for values in [&[][..], &[0.0], &[3.0], &[f64::NAN]] {
                let fitted = Fitted::new(&axis, values, Zero::IfNear);
                assert!(fitted.ticks.len() >= 2, "{axis:?} over {values:?} has {} ticks", fitted.ticks.len());
                assert!(fitted.ticks.iter().all(|tick| (-1e-6..=1.000_001).contains(&tick.at)));
            }
        }
    }
}
