//! Words at the edge of a chart, for the curves that its y axis is broken off before: "random, did not learn: 88.65".

use crate::card::{MARGIN, NOTE};
use crate::ink::MUTED;
use crate::plot::Plot;
use crate::series::Series;
use crate::spread::number;
use crate::svg::{Svg, Type};
use crate::text::{width, wrap};

const LINE: f64 = 15.0;

/// What is said of the curves that leave the plotting area: a line of words for each, above it or under it.
pub(crate) struct Beyond {
    lines: Vec<(f64, String)>,
    above: bool,
}

impl Beyond {
    /// The words for each of `series` that leaves, `what` it did among them, none of them further right than `right`.
    pub(crate) fn lay(series: &[Series], what: &str, plot: &Plot, right: f64) -> Beyond {
        let several = series.iter().filter(|series| !series.name.is_empty()).count() > 1;
        let say = |series: &Series| {
            let beyond: Vec<_> = series.points.iter().filter(|point| plot.is_beyond(point)).collect();
            let x = plot.across(plot.x.place(beyond.first()?.x)?);
            let low = number(beyond.iter().map(|point| point.y).fold(f64::INFINITY, f64::min));
            let high = number(beyond.iter().map(|point| point.y).fold(f64::NEG_INFINITY, f64::max));
            let values = if low == high { low } else { format!("{low} to {high}") };
            let name =
                if several && !series.name.is_empty() { format!("{}, ", series.name) } else { String::new() };
            let words = format!("{name}{what}: {values}");
            let broken = wrap(&words, NOTE, right - MARGIN);
            let widest = broken.iter().map(|line| width(line, NOTE)).fold(0.0, f64::max);
            let x = (x - 6.0).min(right - widest).max(MARGIN);
            Some(broken.into_iter().map(move |line| (x, line)))
        };
        let lines = series.iter().filter_map(say).flatten().collect();
        Beyond { lines, above: plot.reach.high.is_finite() }
    }

    fn height(&self) -> f64 {
        if self.lines.is_empty() { 0.0 } else { self.lines.len() as f64 * LINE + 4.0 }
    }

    /// How much room the words take above the plotting area.
    pub(crate) fn over(&self) -> f64 {
        if self.above { self.height() } else { 0.0 }
    }

    /// How much room they take under the names of the x axis.
    pub(crate) fn under(&self) -> f64 {
        self.height() - self.over()
    }

    /// Draws the words, above the plotting area or under the names of its x axis, which are `names` high.
    pub(crate) fn draw(&self, svg: &mut Svg, plot: &Plot, names: f64) {
        let top = if self.above { plot.top - self.height() } else { plot.bottom() + names + 6.0 };
        for (index, (x, line)) in self.lines.iter().enumerate() {
            svg.text((*x, top + 11.0 + index as f64 * LINE), Type::plain(NOTE).fill(MUTED), line);
        }
    }
}
