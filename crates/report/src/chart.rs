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
use crate::series::{Axis, Mark, Reference, Series};
use crate::svg::{Anchor, MUTED, STAMP_SIZE, Svg, Type};
use crate::text::wrap;

const LABEL: f64 = 12.5;
const LEGEND_WIDTH: f64 = 190.0;

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
