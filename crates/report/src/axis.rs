//! Axes: from values to the unit interval, and where the ticks go.
//!
//! Where the ticks go, [`crate::ticks`] says. A category is drawn at its index.

use crate::series::{Axis, Scale};
use crate::ticks::{LogTicks, linear_ticks, log_ticks, nice_step};

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
    /// What the labels leave out, to stand behind the axis's name: " (× 10⁻⁸)"; usually nothing.
    pub unit: String,
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

    /// As [`Fitted::place`], but off the axis, too; a value that it cannot show lies infinitely far.
    pub(crate) fn unbounded(&self, value: f64) -> f64 {
        let value = match self.log {
            true if value > 0.0 => value.log10(),
            true => f64::NEG_INFINITY,
            false => value,
        };
        (value - self.low) / (self.high - self.low)
    }

    /// As [`Fitted::place`], but held at the ends of the axis: for the edges of bands and bars.
    pub(crate) fn clamp(&self, value: f64) -> f64 {
        self.unbounded(value).clamp(0.0, 1.0)
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
            unit: String::new(),
        }
    }

    fn linear(mut low: f64, mut high: f64, given: bool, zero: Zero) -> Fitted {
        if !given {
            if high - low <= 1e-12 * low.abs().max(high.abs()) {
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
        let (values, unit) = linear_ticks(low, high, step);
        let tick = |(value, label)| Tick { at: (value - low) / (high - low), label, exponent: None };
        Fitted {
            low,
            high,
            log: false,
            ticks: values.into_iter().map(tick).collect(),
            minor: Vec::new(),
            unit,
        }
    }

    fn log(low: f64, high: f64, given: bool) -> Fitted {
        let (mut low, mut high) = (low.log10(), high.log10());
        if !given {
            // A single value gets a decade; otherwise a little air at both ends.
            let pad = if high - low < 1e-9 { 0.5 } else { 0.04 * (high - low).max(0.5) };
            (low, high) = (low - pad, high + pad);
        }
        let at = |value: f64| (value.log10() - low) / (high - low);
        let LogTicks { ticks, minor, unit } = log_ticks(low, high);
        let tick = |(value, label, exponent)| Tick { at: at(value), label, exponent };
        Fitted {
            low,
            high,
            log: true,
            ticks: ticks.into_iter().map(tick).collect(),
            minor: minor.into_iter().map(at).collect(),
            unit,
        }
    }
}

/// Whether an axis of this kind can show `value` at all; far from the ends of `f64`, so that spans stay finite.
fn shows(log: bool, value: f64) -> bool {
    value.abs() <= 1e150 && (!log || value >= 1e-150)
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
