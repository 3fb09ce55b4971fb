//! The plotting area and what is drawn in it: bands, lines, points, bars.

use crate::axis::Fitted;
use crate::marks::{colour, marked, marker, stroke};
use crate::series::{Mark, Point, Series};
use crate::svg::{INK, Svg};

/// The plotting area: where it lies and how values map into it.
pub(crate) struct Plot {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
    pub x: Fitted,
    pub y: Fitted,
}

impl Plot {
    /// Where a point lies, if the axes can show it.
    fn at(&self, point: &Point) -> Option<(f64, f64)> {
        Some((self.across(self.x.place(point.x)?), self.down(self.y.place(point.y)?)))
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
pub(crate) fn draw_series(svg: &mut Svg, plot: &Plot, series: &[Series]) -> usize {
    for (index, one) in series.iter().enumerate() {
        if matches!(one.mark, Mark::Line | Mark::LineMarkers) {
            band(svg, plot, index, &one.points);
        }
    }
    let bars = series.iter().filter(|one| one.mark == Mark::Bars).count();
    let (mut bar, mut hidden) = (0, 0);
    for (index, one) in series.iter().enumerate() {
        hidden += one.points.iter().filter(|point| plot.at(point).is_none()).count();
        match one.mark {
            Mark::Bars if !plot.y.is_log() => {
                draw_bars(svg, plot, (index, bar, bars), &one.points);
                bar += 1;
            }
            Mark::Points | Mark::Bars => draw_points(svg, plot, index, &one.points),
            Mark::Line | Mark::LineMarkers => draw_line(svg, plot, index, one),
        }
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

fn band(svg: &mut Svg, plot: &Plot, index: usize, points: &[Point]) {
    let look = format!("fill=\"{}\" fill-opacity=\"0.16\"", colour(index));
    for stretch in stretches(plot, points) {
        let edge = |point: &Point, y: f64| (plot.across(plot.x.clamp(point.x)), plot.down(plot.y.clamp(y)));
        let banded = || stretch.iter().filter_map(|point| Some((point, spread(point)?)));
        let low: Vec<_> = thin(banded().map(|(point, (low, _))| edge(point, low)).collect());
        let high: Vec<_> = thin(banded().map(|(point, (_, high))| edge(point, high)).collect());
        let around: Vec<(f64, f64)> = high.into_iter().chain(low.into_iter().rev()).collect();
        if around.len() > 2 {
            svg.path(&around, true, &look);
        }
    }
}

fn draw_line(svg: &mut Svg, plot: &Plot, index: usize, series: &Series) {
    let mut seen = 0;
    for stretch in stretches(plot, &series.points) {
        let places: Vec<(f64, f64)> = stretch.iter().filter_map(|point| plot.at(point)).collect();
        if places.len() > 1 {
            svg.path(&thin(places.clone()), false, &stroke(index, series.points.len()));
        }
        for place in places {
            if series.mark == Mark::LineMarkers && marked(series.points.len(), seen) || stretch.len() == 1 {
                marker(svg, index, place);
            }
            seen += 1;
        }
    }
}

fn draw_points(svg: &mut Svg, plot: &Plot, index: usize, points: &[Point]) {
    for point in points {
        let Some(place) = plot.at(point) else { continue };
        whisker(svg, plot, place.0, point, colour(index));
        marker(svg, index, place);
    }
}

fn draw_bars(svg: &mut Svg, plot: &Plot, (index, bar, bars): (usize, usize, usize), points: &[Point]) {
    let slot = plot.across(plot.x.clamp(1.0)) - plot.across(plot.x.clamp(0.0));
    let wide = (0.7 * slot / bars as f64).clamp(2.0, 46.0);
    let foot = plot.down(plot.y.clamp(0.0));
    for point in points {
        let Some((x, y)) = plot.at(point) else { continue };
        let x = x + (bar as f64 - (bars as f64 - 1.0) / 2.0) * wide;
        let look = format!("fill=\"{}\"", colour(index));
        svg.rect((x - wide / 2.0 + 1.0, y.min(foot)), (wide - 2.0, (foot - y).abs().max(1.0)), &look);
        whisker(svg, plot, x, point, INK);
    }
}

fn whisker(svg: &mut Svg, plot: &Plot, x: f64, point: &Point, stroke: &str) {
    let Some((low, high)) = spread(point) else { return };
    let (low, high) = (plot.down(plot.y.clamp(low)), plot.down(plot.y.clamp(high)));
    let look = format!("stroke=\"{stroke}\" stroke-width=\"1.4\"");
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
