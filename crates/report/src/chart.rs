//! Curves and bars: lines with markers, bands over seeds, logarithmic or categorical axes, reference lines.
//!
//! The legend and the labels of reference lines stand outside the plotting area, so that they never cover a curve. What
//! an axis cannot show (zero on a logarithmic one, infinities) is counted in a note under the chart, never dropped in
//! silence. A curve of many more points than pixels is drawn by the extremes of each pixel column.

use crate::axis::{Fitted, Zero};
use crate::frame::{NOTE, Names, ReferenceLabels, frame, tick_width};
use crate::legend::Legend;
use crate::panel::{MARGIN, close, title};
use crate::plot::{Plot, draw_series};
use crate::svg::{Anchor, MUTED, STAMP_SIZE, Svg, Type};
use crate::text::wrap;

const LABEL: f64 = 12.5;
const LEGEND_WIDTH: f64 = 190.0;

/// How an axis maps values to places.
#[derive(Clone, Debug, PartialEq)]
pub enum Scale {
    /// Equal steps.
    Linear,
    /// Equal ratios; shows positive values only.
    Log,
    /// Names in order; a point's `x` is the index of its name.
    Categories(Vec<String>),
}

/// One axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What it measures, with the unit: "test error, %".
    pub label: String,
    /// How it maps values to places.
    pub scale: Scale,
    /// The ends; from the data if not given. Ignored by categories.
    pub range: Option<(f64, f64)>,
}

impl Axis {
    /// A linear axis fitted to the data.
    pub fn linear(label: &str) -> Axis {
        Axis { label: label.to_owned(), scale: Scale::Linear, range: None }
    }

    /// A logarithmic axis fitted to the data.
    pub fn log(label: &str) -> Axis {
        Axis { label: label.to_owned(), scale: Scale::Log, range: None }
    }

    /// An axis of names.
    pub fn categories(label: &str, names: &[&str]) -> Axis {
        let names = names.iter().map(|&name| name.to_owned()).collect();
        Axis { label: label.to_owned(), scale: Scale::Categories(names), range: None }
    }
}

/// One observation, with the spread over seeds if there is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Place on the x axis; the index of the name on a categorical one.
    pub x: f64,
    /// The value; where it is not finite, the line breaks.
    pub y: f64,
    /// Lower and upper end over seeds.
    pub band: Option<(f64, f64)>,
}

impl Point {
    /// A value without a spread.
    pub fn new(x: f64, y: f64) -> Point {
        Point { x, y, band: None }
    }

    /// A value with its lower and upper end.
    pub fn with_band(x: f64, y: f64, low: f64, high: f64) -> Point {
        Point { x, y, band: Some((low, high)) }
    }
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// A line; the spread is a band.
    Line,
    /// A line with a marker on each point; the spread is a band.
    LineMarkers,
    /// Markers alone; the spread is a whisker.
    Points,
    /// Bars from zero, for a categorical x axis; the spread is a whisker. On a logarithmic y axis, where bars have no
    /// foot, drawn as points.
    Bars,
}

/// One curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// For the legend; empty for no entry.
    pub name: String,
    /// In order of x.
    pub points: Vec<Point>,
    /// How it is drawn.
    pub mark: Mark,
}

/// A horizontal line that values are held against.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// In the right margin, beside the line: "report: 0.0026".
    pub label: String,
    /// Where the line lies.
    pub y: f64,
}

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
    /// Small print under the chart: "band: minimum to maximum over 5 seeds".
    pub note: String,
    /// Width and height of the plotting area, in pixels.
    pub size: (f64, f64),
    /// Printed small in the corner.
    pub stamp: Option<&'a str>,
}

impl Chart<'_> {
    /// A chart without curves yet, 560 × 300 pixels of plotting area, legend below.
    pub fn new(title: &str, x: Axis, y: Axis) -> Self {
        let (series, references, note) = (Vec::new(), Vec::new(), String::new());
        let (title, legend, size) = (title.to_owned(), LegendSide::Below, (560.0, 300.0));
        Chart { title, x, y, series, references, legend, note, size, stamp: None }
    }
}

/// The chart as an SVG document.
pub fn chart(chart: &Chart<'_>) -> String {
    let (x, y) = fit(chart);
    let y_ticks = y.ticks.iter().map(tick_width).fold(0.0, f64::max);
    let (width_, height) = chart.size;
    let names = Names::lay(&x, width_);
    let left = MARGIN + (y_ticks + 10.0).max(names.overhang);
    let labels = ReferenceLabels::lay(&chart.references);
    let height = height.max(labels.height);
    let margin = if labels.width > 0.0 { labels.width + 8.0 } else { 0.0 };
    let legend = match chart.legend {
        LegendSide::Below => Legend::flowing(&chart.series, width_ + margin),
        LegendSide::Right => Legend::stacked(&chart.series, LEGEND_WIDTH),
    };
    let beside =
        if chart.legend == LegendSide::Right && legend.width > 0.0 { legend.width + 18.0 } else { 0.0 };
    let total = left + width_ + (margin + beside).max(14.0) + MARGIN;

    let mut svg = Svg::default();
    let mut top = MARGIN + title(&mut svg, &chart.title, total - 2.0 * MARGIN);
    let y_label = wrap(&chart.y.label, LABEL, total - 2.0 * MARGIN);
    svg.lines((MARGIN, top + 10.0), Type::plain(LABEL).fill(MUTED), 16.0, &y_label);
    top += y_label.len() as f64 * 16.0 + 10.0;

    let plot = Plot { left, top, width: width_, height, x, y };
    frame(&mut svg, &plot, &names);
    let hidden = draw_series(&mut svg, &plot, &chart.series);
    labels.draw(&mut svg, &plot);
    let mut bottom = plot.bottom() + names.height + 10.0;
    let x_label = wrap(&chart.x.label, LABEL, width_);
    let kind = Type::plain(LABEL).fill(MUTED).anchor(Anchor::Middle);
    svg.lines((left + width_ / 2.0, bottom + LABEL), kind, 16.0, &x_label);
    bottom += x_label.len() as f64 * 16.0 + 4.0;
    match chart.legend {
        LegendSide::Below if legend.height > 0.0 => {
            legend.draw(&mut svg, (left, bottom + 12.0));
            bottom += 12.0 + legend.height;
        }
        LegendSide::Below => {}
        LegendSide::Right => {
            legend.draw(&mut svg, (left + width_ + margin + 18.0, top));
            bottom = bottom.max(top + legend.height);
        }
    }
    bottom += notes(&mut svg, (&chart.note, hidden), (left, bottom), total);
    close(svg, (total, bottom + 14.0), &chart.title, chart.stamp)
}

fn fit(chart: &Chart<'_>) -> (Fitted, Fitted) {
    let points = || chart.series.iter().flat_map(|series| &series.points);
    let xs: Vec<f64> = points().map(|point| point.x).collect();
    let bands = points().filter_map(|point| point.band).flat_map(|(low, high)| [low, high]);
    let references = chart.references.iter().map(|reference| reference.y);
    let ys: Vec<f64> = points().map(|point| point.y).chain(bands).chain(references).collect();
    let bars = chart.series.iter().any(|series| series.mark == Mark::Bars);
    let zero = if bars { Zero::Always } else { Zero::IfNear };
    (Fitted::new(&chart.x, &xs, Zero::Ignore), Fitted::new(&chart.y, &ys, zero))
}

/// Small print under the chart; says how much height it took.
fn notes(svg: &mut Svg, (note, hidden): (&str, usize), (x, y): (f64, f64), total: f64) -> f64 {
    let mut lines = wrap(note, NOTE, total - x - MARGIN);
    if hidden > 0 {
        let (values, are) = if hidden == 1 { ("value", "is") } else { ("values", "are") };
        let missing = format!("{hidden} {values} that the axes cannot show {are} left out.");
        lines.extend(wrap(&missing, NOTE, total - x - MARGIN));
    }
    svg.lines((x, y + 16.0 + STAMP_SIZE), Type::plain(NOTE).fill(MUTED), 15.0, &lines);
    if lines.is_empty() { 0.0 } else { 16.0 + lines.len() as f64 * 15.0 }
}
