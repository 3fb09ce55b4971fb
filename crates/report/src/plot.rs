//! The plotting area and what is drawn in it: bands, lines, points, bars, and arrows to what is beyond it.

use std::collections::BTreeSet;

use crate::axis::Fitted;
use crate::ink::INK;
use crate::marks::{Look, marked};
use crate::reach::Reach;
use crate::series::{Mark, Point, Series};
use crate::svg::Svg;

/// The plotting area: where it lies and how values map into it.
pub(crate) struct Plot {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
    pub x: Fitted,
    pub y: Fitted,
    pub reach: Reach,
}

impl Plot {
    /// Where a point lies, if the axes can show it.
    pub(crate) fn at(&self, point: &Point) -> Option<(f64, f64)> {
        if self.reach.is_beyond(point.y) {
            return None;
        }
        Some((self.across(self.x.place(point.x)?), self.down(self.y.place(point.y)?)))
    }

    /// Whether a point is where the y axis is broken off.
    pub(crate) fn is_beyond(&self, point: &Point) -> bool {
        self.reach.is_beyond(point.y) && self.x.place(point.x).is_some()
    }

    /// The pixel of a place on the x axis.
    pub(crate) fn across(&self, place: f64) -> f64 {
        self.left + place * self.width
    }

    /// The pixel of a place on the y axis.
    pub(crate) fn down(&self, place: f64) -> f64 {
        self.top + (1.0 - place) * self.height
    }

    /// The pixel of the plotting area's lower edge.
    pub(crate) fn bottom(&self) -> f64 {
        self.top + self.height
    }
}

/// Draws all series, bands under lines, and says how many values the axes could not show.
pub(crate) fn draw_series(svg: &mut Svg, plot: &Plot, series: &[Series], looks: &[Look]) -> usize {
    let all = || series.iter().zip(looks);
    for (one, look) in all().filter(|(one, _)| matches!(one.mark, Mark::Line | Mark::LineMarkers)) {
        band(svg, plot, look, &one.points);
    }
    let bars = series.iter().filter(|one| one.mark == Mark::Bars).count();
    let (mut bar, mut hidden) = (0, 0);
    for (one, look) in all() {
        let shown = |point: &&Point| plot.at(point).is_some() || plot.is_beyond(point);
        hidden += one.points.len() - one.points.iter().filter(shown).count();
        match one.mark {
            Mark::Bars if !plot.y.is_log() => {
                draw_bars(svg, plot, (look, bar, bars), &one.points);
                bar += 1;
            }
            Mark::Points | Mark::Bars => draw_points(svg, plot, look, &one.points),
            Mark::Line | Mark::LineMarkers => draw_line(svg, plot, look, one),
        }
        arrows(svg, plot, look, &one.points);
    }
    hidden
}

/// The stretches of `points` that the axes can show.
fn stretches<'p>(plot: &Plot, points: &'p [Point]) -> impl Iterator<Item = &'p [Point]> {
    points.split(|point| plot.at(point).is_none()).filter(|stretch| !stretch.is_empty())
}

/// The point's lower and upper end, if both are numbers.
fn spread(point: &Point) -> Option<(f64, f64)> {
    point.band.filter(|(low, high)| !low.is_nan() && !high.is_nan())
}

fn band(svg: &mut Svg, plot: &Plot, look: &Look, points: &[Point]) {
    let fill = format!("{} fill-opacity=\"0.16\"", look.colour.fill());
    for stretch in stretches(plot, points) {
        let edge = |point: &Point, y: f64| (plot.across(plot.x.clamp(point.x)), plot.down(plot.y.clamp(y)));
        let banded = || stretch.iter().filter_map(|point| Some((point, spread(point)?)));
        let low: Vec<_> = thin(banded().map(|(point, (low, _))| edge(point, low)).collect());
        let high: Vec<_> = thin(banded().map(|(point, (_, high))| edge(point, high)).collect());
        let around: Vec<(f64, f64)> = high.into_iter().chain(low.into_iter().rev()).collect();
        if around.len() > 2 {
            svg.path(&around, true, &fill);
        }
    }
}

fn draw_line(svg: &mut Svg, plot: &Plot, look: &Look, series: &Series) {
    let mut seen = 0;
    let mut markers = Vec::new();
    for stretch in stretches(plot, &series.points) {
        let places: Vec<(f64, f64)> = stretch.iter().filter_map(|point| plot.at(point)).collect();
        if places.len() > 1 {
            svg.path(&thin(places.clone()), false, &look.line());
        }
        for place in places {
            if series.mark == Mark::LineMarkers && marked(series.points.len(), seen) || stretch.len() == 1 {
                markers.push(place);
            }
            seen += 1;
        }
    }
    for pair in series.points.windows(2) {
        for (near, far) in [(&pair[0], &pair[1]), (&pair[1], &pair[0])] {
            if let Some(from) = plot.at(near).filter(|_| plot.is_beyond(far)) {
                svg.line(from, leaving(plot, from, far), &look.line());
            }
        }
    }
    for place in markers.into_iter().filter(first_of_cell()) {
        look.marker(svg, place);
    }
}

/// Where the line from a place to a point beyond the axis leaves the plotting area.
fn leaving(plot: &Plot, from: (f64, f64), far: &Point) -> (f64, f64) {
    let to = (plot.across(plot.x.clamp(far.x)), plot.down(plot.y.unbounded(far.y)));
    let edge = if to.1 < from.1 { plot.top } else { plot.bottom() };
    let share = if to.1 == from.1 { 0.0 } else { ((edge - from.1) / (to.1 - from.1)).clamp(0.0, 1.0) };
    (from.0 + share * (to.0 - from.0), edge)
}

fn draw_points(svg: &mut Svg, plot: &Plot, look: &Look, points: &[Point]) {
    let placed = points.iter().filter_map(|point| Some((point, plot.at(point)?)));
    let mut is_first = first_of_cell();
    for (point, place) in placed.filter(|(_, place)| is_first(place)) {
        whisker(svg, plot, place.0, point, &look.colour.stroke());
        look.marker(svg, place);
    }
}

fn draw_bars(svg: &mut Svg, plot: &Plot, (look, bar, bars): (&Look, usize, usize), points: &[Point]) {
    let slot = plot.across(plot.x.clamp(1.0)) - plot.across(plot.x.clamp(0.0));
    let wide = (0.7 * slot / bars as f64).clamp(2.0, 46.0);
    let foot = plot.down(plot.y.clamp(0.0));
    let placed = points.iter().filter_map(|point| Some((point, plot.at(point)?)));
    let mut is_first = first_of_cell();
    for (point, (x, y)) in placed.filter(|(_, place)| is_first(place)) {
        let x = x + (bar as f64 - (bars as f64 - 1.0) / 2.0) * wide;
        let (at, size) = ((x - wide / 2.0 + 1.0, y.min(foot)), (wide - 2.0, (foot - y).abs().max(1.0)));
        svg.rect(at, size, &look.bar());
        whisker(svg, plot, x, point, &INK.stroke());
    }
}

/// Arrows at the edge, one for each point beyond it.
fn arrows(svg: &mut Svg, plot: &Plot, look: &Look, points: &[Point]) {
    let mut is_first = first_of_cell();
    for point in points.iter().filter(|point| plot.is_beyond(point)) {
        let up = point.y > plot.reach.high;
        let place = (plot.across(plot.x.clamp(point.x)), if up { plot.top } else { plot.bottom() });
        if is_first(&place) {
            look.arrow(svg, place, up);
        }
    }
}

fn whisker(svg: &mut Svg, plot: &Plot, x: f64, point: &Point, stroke: &str) {
    let Some((low, high)) = spread(point) else { return };
    let (low, high) = (plot.down(plot.y.clamp(low)), plot.down(plot.y.clamp(high)));
    let look = format!("{stroke} stroke-width=\"1.4\"");
    svg.line((x, low), (x, high), &look);
    for y in [low, high] {
        svg.line((x - 4.0, y), (x + 4.0, y), &look);
    }
}

/// At most four points a pixel column: first, lowest, highest, last, in their order.
fn thin(places: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    if places.len() <= 1500 {
        return places;
    }
    let mut out = Vec::new();
    for column in places.chunk_by(|a, b| a.0.floor() == b.0.floor()) {
        let by_height = |a: &usize, b: &usize| column[*a].1.total_cmp(&column[*b].1);
        let extremes = [(0..column.len()).min_by(by_height), (0..column.len()).max_by(by_height)];
        let mut keep = vec![0, extremes[0].unwrap_or(0), extremes[1].unwrap_or(0), column.len() - 1];
        keep.sort_unstable();
        keep.dedup();
        out.extend(keep.into_iter().map(|index| column[index]));
    }
    out
}

/// Whether a marker is the first within its four pixels by four: more would hide each other.
fn first_of_cell() -> impl FnMut(&(f64, f64)) -> bool {
    let mut seen = BTreeSet::new();
    move |(x, y)| seen.insert(((x / CELL).floor() as i32, (y / CELL).floor() as i32))
}

/// Side of the cells that hold one marker, in pixels.
const CELL: f64 = 4.0;
