//! How far an axis reaches: over all values, or short of those that would crush the rest.
//!
//! A network that did not learn errs twenty times as often as its neighbours. An axis that shows it shows nothing of the
//! others. The axis is therefore broken off at the widest gap between two values, if all of this holds:
//!
//! 1. The gap is more than [`GAP`] times as wide as all that remains on its one side, as the axis measures: differences on a
//!    linear axis, ratios on a logarithmic one. What remains is more than one value, and the values at the gap differ in size
//!    by a factor of [`FACTOR`] at least.
//! 2. Each curve that has values beyond the gap stays there to its end: a learning curve that comes down from far is shown.
//!    If all of it is beyond, two others are not: a comparison of two is shown.
//! 3. At the places of the values beyond, another curve is on the near side: a fall that all curves share is shown.
//! 4. At most half of all values lie beyond, and not all of those that the chart is about: real images, and what a report
//!    says, are there to hold them against.
//!
//! It is broken off below by this rule only if it is linear: what falls by orders of magnitude is what a logarithmic axis is
//! for. That one ends [`DECADES`] under its largest value, where single precision has no digits left: an error of 10⁻³³ beside
//! one of 0.1 is a rounded zero. Values beyond are drawn as arrows at the edge and said in words; nothing is left out in silence.

use crate::series::{SLOTS, Series};

/// How much wider than the rest the gap must be.
const GAP: f64 = 1.5;
/// How many times as large, or as small, what is beyond must be.
const FACTOR: f64 = 5.0;
/// How many orders of magnitude a logarithmic axis spans at most: the square of a rounding error of single precision.
const DECADES: i32 = 14;

/// The values that an axis keeps to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reach {
    pub low: f64,
    pub high: f64,
}

impl Reach {
    /// Everything.
    pub(crate) const ALL: Reach = Reach { low: f64::NEG_INFINITY, high: f64::INFINITY };

    /// Where the y axis of `series` is broken off; `slack` is by how much places on the x axis differ that are one.
    pub(crate) fn of(series: &[Series], log: bool, slack: f64) -> Reach {
        let gap = Reach::at_a_gap(series, log, slack);
        if log { Reach { low: gap.low.max(floor(series)), ..gap } } else { gap }
    }

    fn at_a_gap(series: &[Series], log: bool, slack: f64) -> Reach {
        let scaled = |y: f64| if log { y.log10() } else { y };
        let shown = |y: &f64| y.is_finite() && y.abs() < 1e150 && (!log || *y > 0.0);
        let mut values: Vec<f64> =
            series.iter().flat_map(|one| &one.points).map(|point| point.y).filter(shown).collect();
        values.sort_by(f64::total_cmp);
        let gap = |i: &usize| scaled(values[i + 1]) - scaled(values[*i]);
        let widest = (0..values.len().saturating_sub(1)).max_by(|a, b| gap(a).total_cmp(&gap(b)));
        let Some(at) = widest else { return Reach::ALL };
        let (below, above) = (at + 1, values.len() - at - 1);
        let span = |from: usize, to: usize| scaled(values[to]) - scaled(values[from]);
        let (first, last) = (0, values.len() - 1);
        let (small, large) =
            (values[at].abs().min(values[at + 1].abs()), values[at].abs().max(values[at + 1].abs()));
        let crushed = |rest: f64| rest > 0.0 && gap(&at) > GAP * rest && large > FACTOR * small;
        let upper = below >= above && crushed(span(first, at));
        let lower = !log && above >= below && crushed(span(at + 1, last));
        let reach = match (upper, lower) {
            (true, _) => Reach { high: values[at], ..Reach::ALL },
            (_, true) => Reach { low: values[at + 1], ..Reach::ALL },
            _ => return Reach::ALL,
        };
        let near: Vec<Option<(f64, f64)>> = series.iter().map(|one| reach.ends(one)).collect();
        let fits = |(index, one): (usize, &Series)| {
            let others = near.iter().enumerate().filter(|(other, _)| *other != index);
            let others: Vec<(f64, f64)> = others.filter_map(|(_, ends)| *ends).collect();
            let leaves = one.points.iter().any(|point| reach.is_beyond(point.y));
            let compared = near[index].is_some() || others.len() > 1;
            !leaves || compared && reach.stays_beyond(one) && reach.is_accompanied(one, &others, slack)
        };
        let fits = series.iter().enumerate().all(fits);
        // A slot beyond the palette's is that of real images or of a report.
        let mut ours = series.iter().zip(&near).filter(|(one, _)| one.ink.is_none_or(|ink| ink < SLOTS));
        if fits && ours.any(|(_, near)| near.is_some()) { reach } else { Reach::ALL }
    }

    /// Whether a value is finite and lies where the axis is broken off.
    pub(crate) fn is_beyond(&self, y: f64) -> bool {
        y.is_finite() && !(self.low..=self.high).contains(&y)
    }

    /// Whether a curve that has left does not come back.
    fn stays_beyond(&self, series: &Series) -> bool {
        let mut finite = series.points.iter().filter(|point| point.y.is_finite());
        finite.by_ref().find(|point| self.is_beyond(point.y));
        finite.all(|point| self.is_beyond(point.y))
    }

    /// Whether at each place where this curve is beyond one of the others, given by where they are near, is not.
    fn is_accompanied(&self, series: &Series, others: &[(f64, f64)], slack: f64) -> bool {
        let beyond = series.points.iter().filter(|point| self.is_beyond(point.y));
        let with = |x: f64| others.iter().any(|(from, to)| (from - slack..=to + slack).contains(&x));
        beyond.map(|point| point.x).all(with)
    }

    /// From where to where a curve has values within reach.
    fn ends(&self, series: &Series) -> Option<(f64, f64)> {
        let near = series.points.iter().filter(|point| point.y.is_finite() && !self.is_beyond(point.y));
        near.map(|point| (point.x, point.x)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }
}

/// Where a logarithmic axis ends: minus infinity if nothing lies lower.
fn floor(series: &[Series]) -> f64 {
    let points = || series.iter().flat_map(|one| &one.points);
    let largest = points().map(|point| point.y).filter(|y| y.is_finite()).fold(0.0, f64::max);
    let floor = largest * 10_f64.powi(-DECADES);
    let lows = points().flat_map(|point| [Some(point.y), point.band.map(|(low, _)| low)]).flatten();
    if lows.into_iter().any(|low| 0.0 < low && low < floor) { floor } else { f64::NEG_INFINITY }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::{INK_OF_REAL, Mark, Point};

    fn curve(ys: &[f64]) -> Series {
        let points = ys.iter().enumerate().map(|(x, &y)| Point::new(x as f64, y)).collect();
        Series::new("", Mark::Line, points)
    }

    #[test]
    fn networks_that_did_not_learn_are_broken_off() {
        let pretrained = curve(&[4.1, 4.0, 4.1, 4.1, 4.4, 4.8, 5.1]);
        let random = curve(&[5.6, 7.8, 9.2, 88.65, 88.65, 88.65, 88.65]);
        for log in [false, true] {
            let reach = Reach::of(&[pretrained.clone(), random.clone()], log, 0.0);
            assert_eq!(reach, Reach { low: f64::NEG_INFINITY, high: 9.2 }, "log: {log}");
            assert!(reach.is_beyond(88.65) && !reach.is_beyond(9.2) && !reach.is_beyond(f64::NAN));
        }
        let (tuned, whole) = (curve(&[4.6, 4.4, 4.5, 4.4, 4.7, 4.5, 4.4]), curve(&[88.0; 7]));
        assert_eq!(Reach::of(&[pretrained, tuned, whole], true, 0.0).high, 5.1);
        let accuracies = [curve(&[95.0, 96.0, 97.0]), curve(&[97.0, 97.0]), curve(&[11.0, 11.0])];
        assert_eq!(Reach::of(&accuracies, false, 0.0).low, 95.0);
    }

    #[test]
    fn what_real_images_reach_does_not_push_all_results_over_the_edge() {
        let real = || Series { ink: Some(INK_OF_REAL), ..curve(&[0.7, 0.7, 0.7]) };
        let both = [curve(&[37.0, 20.0, 17.0]), real(), curve(&[50.0, 20.0, 11.6]), real()];
        assert_eq!(Reach::of(&both, true, 0.0), Reach::ALL);
        let learnt = [curve(&[0.8, 0.75, 0.8]), real(), curve(&[50.0, 50.0, 50.0])];
        assert_eq!(Reach::of(&learnt, true, 0.0).high, 0.8);
    }

    #[test]
    fn a_logarithmic_axis_ends_where_single_precision_does() {
        let vanishes = curve(&[0.1, 1e-3, 1e-33]);
        let reach = Reach::of(std::slice::from_ref(&vanishes), true, 0.0);
        assert!(reach.is_beyond(1e-33) && !reach.is_beyond(1e-3) && !reach.is_beyond(2e-15), "{reach:?}");
        assert_eq!(Reach::of(&[vanishes], false, 0.0), Reach::ALL);
        let mut banded = curve(&[0.1, 1e-3]);
        banded.points[1].band = Some((1e-40, 1e-2));
        assert!(Reach::of(&[banded], true, 0.0).low > 1e-16);
        assert_eq!(Reach::of(&[curve(&[1.0, 1e-13])], true, 0.0), Reach::ALL);
    }

    #[test]
    fn what_is_part_of_a_story_is_shown() {
        let fall = [0.3, 0.02, 0.019, 0.018, 0.0185];
        for curves in [
            vec![curve(&fall)],
            vec![curve(&fall), curve(&[0.29, 0.021, 0.02, 0.019, 0.019])],
            vec![curve(&fall), curve(&[0.02, 0.02, 0.019, 0.018, 0.018])],
            vec![curve(&[1.0, 2.0, 3.0]), curve(&[4.0, 5.0, 7.0])],
            vec![curve(&[1.0, 1.0]), curve(&[50.0, 50.0, 50.0])],
            vec![curve(&[2.0, 2.1, 2.0]), curve(&[12.0, 11.9, 12.0])],
            vec![curve(&[2.0, 2.1, 2.0]), curve(&[2.5, 2.4, 2.4]), curve(&[9.0, 8.0, 8.0])],
        ] {
            assert_eq!(Reach::of(&curves, false, 0.0), Reach::ALL, "{curves:?}");
        }
        let fast = [curve(&[0.1, 0.1, 0.1, 0.1]), curve(&[0.1, 0.1, 0.1, 1e-9])];
        assert_eq!(Reach::of(&fast, true, 0.0), Reach::ALL, "a logarithmic axis is for such falls");
        assert_eq!(Reach::of(&[], false, 0.0), Reach::ALL);
    }
}
