//! Curves and bars: lines with markers, bands over seeds, logarithmic or categorical axes, reference lines.
//!
//! The legend and the labels of reference lines stand outside the plotting area, so that they never cover a curve. What
//! an axis cannot show (zero on a logarithmic one, infinities) is counted in a note under the chart, never dropped in
//! silence; what would crush all the rest is broken off, by the rule in `reach`, and said at the edge. A curve of many more
//! points than pixels is drawn by the extremes of each pixel column, a cloud by one marker for every few pixels.

use crate::axis::{Fitted, Zero};
use crate::beyond::Beyond;
use crate::card::{MARGIN, NOTE, STAMP_SIZE, close, title};
use crate::frame::{Names, ReferenceLabels, frame, tick_width};
use crate::ink::MUTED;
use crate::legend::Legend;
use crate::marks::looks;
use crate::plot::{Plot, draw_series};
use crate::reach::Reach;
use crate::readout::{Figure, Readout};
use crate::series::{Axis, Mark, Reference, Scale, Series};
use crate::svg::{Anchor, Svg, Type};
use crate::text::wrap;

const LABEL: f64 = 12.5;
const LEGEND_WIDTH: f64 = 190.0;
/// Curves have so much room at least, in pixels.
const LEAST_WIDTH: f64 = 240.0;
/// Between lines of small print.
const LINE: f64 = 15.0;

/// Where the legend stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LegendSide {
    /// Under the x axis, flowing in rows.
    Below,
    /// Right of the plotting area, stacked.
    Right,
}

/// A chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart<'a> {
    /// Above everything; may be empty.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis; its label stands above it, upright.
    pub y: Axis,
    /// The curves.
    pub series: Vec<Series>,
    /// Lines to hold them against.
    pub references: Vec<Reference>,
    /// Where the legend stands.
    pub legend: LegendSide,
    /// What to say of values that the y axis is broken off before: "did not learn".
    pub beyond: String,
    /// Small print under the chart: "band: minimum to maximum over 5 seeds".
    pub note: String,
    /// Width and height of the plotting area with the labels of reference lines beside it, in pixels.
    pub size: (f64, f64),
    /// Printed small in the corner.
    pub stamp: Option<&'a str>,
}

impl Chart<'_> {
    /// A chart without curves yet, 400 × 260 pixels of plotting area, legend below.
    pub fn new(title: &str, x: Axis, y: Axis) -> Self {
        Chart {
            title: title.to_owned(),
            x,
            y,
            series: Vec::new(),
            references: Vec::new(),
            legend: LegendSide::Below,
            beyond: "beyond the axis".to_owned(),
            note: String::new(),
            size: (400.0, 260.0),
            stamp: None,
        }
    }
}

/// The chart as an SVG document.
pub fn chart(chart: &Chart<'_>) -> String {
    Figure::chart(chart).svg
}

impl Figure {
    /// A chart, with the values of its curves.
    pub fn chart(chart: &Chart<'_>) -> Figure {
        let (x, y, reach) = fit(chart);
        let y_ticks = y.ticks.iter().map(tick_width).fold(0.0, f64::max);
        let labels = ReferenceLabels::lay(&chart.references, &y, reach);
        let margin = if labels.width > 0.0 { labels.width + 8.0 } else { 0.0 };
        // The labels take their room from the curves, so that a chart with them is no wider than one without.
        let (width, height) = ((chart.size.0 - margin).max(LEAST_WIDTH), chart.size.1.max(labels.height));
        let names = Names::lay(&x, width);
        let left = MARGIN + (y_ticks + 10.0).max(names.overhang);
        let looks = looks(&chart.series);
        let legend = match chart.legend {
            LegendSide::Below => Legend::flowing(&chart.series, &looks, width + margin),
            LegendSide::Right => Legend::stacked(&chart.series, &looks, LEGEND_WIDTH),
        };
        let beside =
            if chart.legend == LegendSide::Right && legend.width > 0.0 { legend.width + 18.0 } else { 0.0 };
        let total = left + width + (margin + beside).max(14.0) + MARGIN;

        let mut svg = Svg::default();
        let top = head(&mut svg, chart, &y.unit, total - 2.0 * MARGIN);
        let mut plot = Plot { left, top, width, height, x, y, reach };
        let beyond = Beyond::lay(&chart.series, &chart.beyond, &plot, total - MARGIN);
        plot.top += beyond.over();
        beyond.draw(&mut svg, &plot, names.height);
        frame(&mut svg, &plot, &names);
        let hidden = draw_series(&mut svg, &plot, &chart.series, &looks);
        labels.draw(&mut svg, &plot);
        let mut bottom = plot.bottom() + names.height + 10.0 + beyond.under();
        let x_label = wrap(&format!("{}{}", chart.x.label, plot.x.unit), LABEL, width);
        let kind = Type::plain(LABEL).fill(MUTED).anchor(Anchor::Middle);
        svg.lines((left + width / 2.0, bottom + LABEL), kind, 16.0, &x_label);
        bottom += x_label.len() as f64 * 16.0 + 4.0;
        bottom = match chart.legend {
            LegendSide::Below => legend.draw(&mut svg, (left, bottom + 12.0)).max(bottom),
            LegendSide::Right => legend.draw(&mut svg, (left + width + margin + 18.0, plot.top)).max(bottom),
        };
        let sentences =
            [chart.note.clone(), left_out(hidden, "value"), left_out(labels.hidden, "reference line")];
        bottom += notes(&mut svg, &sentences, (left, bottom), total);
        let readout = Readout::of_curves(&chart.series, &chart.x, &plot, total);
        Figure { svg: close(svg, (total, bottom + 14.0), &chart.title, chart.stamp), readout }
    }
}

/// The title and the name of the y axis; says where the plotting area may begin.
fn head(svg: &mut Svg, chart: &Chart<'_>, unit: &str, width: f64) -> f64 {
    let top = MARGIN + title(svg, &chart.title, width);
    let label = wrap(&format!("{}{unit}", chart.y.label), LABEL, width);
    svg.lines((MARGIN, top + 10.0), Type::plain(LABEL).fill(MUTED), 16.0, &label);
    top + label.len() as f64 * 16.0 + 10.0
}

fn fit(chart: &Chart<'_>) -> (Fitted, Fitted, Reach) {
    let points = || chart.series.iter().flat_map(|series| &series.points);
    let xs: Vec<f64> = points().map(|point| point.x).collect();
    let bars = chart.series.iter().any(|series| series.mark == Mark::Bars);
    let categories = matches!(chart.x.scale, Scale::Categories(_));
    let reach = match chart.y.range.is_some() || bars || matches!(chart.y.scale, Scale::Categories(_)) {
        true => Reach::ALL,
        false => Reach::of(&chart.series, chart.y.scale == Scale::Log, if categories { 0.5 } else { 0.0 }),
    };
    let near = || points().filter(|point| !reach.is_beyond(point.y));
    let bands = near().filter_map(|point| point.band).flat_map(|(low, high)| [low.max(reach.low), high]);
    let references = chart.references.iter().map(|reference| reference.y).filter(|&y| !reach.is_beyond(y));
    let ys: Vec<f64> = near().map(|point| point.y).chain(bands).chain(references).collect();
    let zero = if bars { Zero::Always } else { Zero::IfNear };
    (Fitted::new(&chart.x, &xs, Zero::Ignore), Fitted::new(&chart.y, &ys, zero), reach)
}

/// The sentence on what is not drawn.
fn left_out(count: usize, what: &str) -> String {
    match count {
        0 => String::new(),
        1 => format!("1 {what} that the axes cannot show is left out."),
        _ => format!("{count} {what}s that the axes cannot show are left out."),
    }
}

/// Small print under the chart; says how much height it took.
fn notes(svg: &mut Svg, sentences: &[String], (x, y): (f64, f64), total: f64) -> f64 {
    let lines: Vec<String> =
        sentences.iter().flat_map(|sentence| wrap(sentence, NOTE, total - x - MARGIN)).collect();
    svg.lines((x, y + 16.0 + STAMP_SIZE), Type::plain(NOTE).fill(MUTED), LINE, &lines);
    if lines.is_empty() { 0.0 } else { 16.0 + lines.len() as f64 * LINE }
}
