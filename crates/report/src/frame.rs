//! What stands around the curves: grid, tick labels, reference lines.

use crate::axis::{Fitted, Tick};
use crate::card::NOTE;
use crate::ink::{FAINT, INK, MUTED};
use crate::plot::Plot;
use crate::reach::Reach;
use crate::series::Reference;
use crate::svg::{Anchor, Svg, Type};
use crate::text::{coordinate, width, words, wrap};

const TICK: f64 = 12.0;

/// How wide a tick's label is, power included.
pub(crate) fn tick_width(tick: &Tick) -> f64 {
    width(&tick.label, TICK) + tick.exponent.as_ref().map_or(0.0, |exponent| width(exponent, 0.75 * TICK))
}

/// The x axis's tick labels: upright in as many lines as they need, or slanted where a word is wider than its slot.
pub(crate) struct Names {
    lines: Vec<Vec<String>>,
    slanted: bool,
    pub height: f64,
    /// How far the first label may reach left of the plotting area.
    pub overhang: f64,
}

impl Names {
    /// Chooses how the labels stand under a plotting area of this width.
    pub(crate) fn lay(x: &Fitted, plot_width: f64) -> Names {
        let slot =
            x.ticks.windows(2).map(|pair| (pair[1].at - pair[0].at) * plot_width).fold(plot_width, f64::min)
                - 8.0;
        let fits = |tick: &Tick| words(&tick.label).all(|word| width(word, TICK) <= slot);
        let upright: Vec<Vec<String>> = x.ticks.iter().map(|tick| wrap(&tick.label, TICK, slot)).collect();
        let deepest = upright.iter().map(Vec::len).max().unwrap_or(0);
        if x.ticks.iter().all(fits) && deepest <= 3 {
            let height = 8.0 + deepest.max(1) as f64 * 15.0;
            let half = |tick: &Tick| tick_width(tick).min(slot + 8.0) / 2.0 - tick.at * plot_width;
            let overhang = x.ticks.iter().map(half).fold(0.0, f64::max);
            return Names { lines: upright, slanted: false, height, overhang };
        }
        let longest = x.ticks.iter().map(tick_width).fold(0.0, f64::max);
        let (sine, cosine) = SLANT.to_radians().sin_cos();
        let reach = |tick: &Tick| tick_width(tick) * cosine + 6.0 - tick.at * plot_width;
        let overhang = x.ticks.iter().map(reach).fold(0.0, f64::max);
        let lines = x.ticks.iter().map(|tick| vec![tick.label.clone()]).collect();
        Names { lines, slanted: true, height: 14.0 + longest * sine + TICK * cosine, overhang }
    }

    fn draw(&self, svg: &mut Svg, plot: &Plot) {
        for (tick, lines) in plot.x.ticks.iter().zip(&self.lines) {
            let x = plot.across(tick.at);
            if self.slanted {
                let kind = Type::plain(TICK).fill(MUTED).anchor(Anchor::End);
                svg.turned_text((x + 4.0, plot.bottom() + 15.0), kind, -SLANT, &lines[0]);
            } else if tick.exponent.is_some() {
                tick_label(svg, (x - tick_width(tick) / 2.0, plot.bottom() + 20.0), tick);
            } else {
                let kind = Type::plain(TICK).fill(MUTED).anchor(Anchor::Middle);
                svg.lines((x, plot.bottom() + 20.0), kind, 15.0, lines);
            }
        }
    }
}

/// Degrees that long category names are turned by.
const SLANT: f64 = 40.0;

/// A tick's label from its left end, with the power raised.
fn tick_label(svg: &mut Svg, (x, y): (f64, f64), tick: &Tick) {
    let kind = Type::plain(TICK).fill(MUTED);
    svg.text((x, y), kind, &tick.label);
    if let Some(exponent) = &tick.exponent {
        let raised = Type { size: 0.75 * TICK, ..kind };
        svg.text((x + width(&tick.label, TICK), y - 5.0), raised, exponent);
    }
}

/// Grid lines, ticks and their labels, and the base line.
pub(crate) fn frame(svg: &mut Svg, plot: &Plot, names: &Names) {
    let right = plot.left + plot.width;
    let grid = FAINT.stroke();
    for tick in &plot.y.ticks {
        let y = plot.down(tick.at);
        svg.line((plot.left, y), (right, y), &grid);
        tick_label(svg, (plot.left - 8.0 - tick_width(tick), y + 4.0), tick);
    }
    let tick = MUTED.stroke();
    for &place in &plot.x.minor {
        svg.line((plot.across(place), plot.bottom()), (plot.across(place), plot.bottom() + 3.0), &tick);
    }
    for at in plot.x.ticks.iter().map(|tick| plot.across(tick.at)) {
        svg.line((at, plot.bottom()), (at, plot.bottom() + 6.0), &tick);
    }
    let (left, top, width, height) =
        (coordinate(plot.left), coordinate(plot.top), coordinate(plot.width), coordinate(plot.height));
    svg.raw(&format!(
        "<rect class=\"plot\" x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"none\"/>"
    ));
    svg.line((plot.left, plot.bottom()), (right, plot.bottom()), &INK.stroke());
    names.draw(svg, plot);
}

/// Labels of reference lines, broken to stand in the right margin.
pub(crate) struct ReferenceLabels {
    labels: Vec<(f64, Vec<String>)>,
    /// Width of the widest, 0 without any.
    pub width: f64,
    /// Height of all of them under each other.
    pub height: f64,
    /// How many lie where the axis cannot show them.
    pub hidden: usize,
}

const REFERENCE_WIDTH: f64 = 100.0;
const REFERENCE_LEADING: f64 = 14.0;

impl ReferenceLabels {
    /// Breaks the labels of those that the axis shows into lines.
    pub(crate) fn lay(references: &[Reference], y: &Fitted, reach: Reach) -> ReferenceLabels {
        let shown = |line: &&Reference| y.place(line.y).is_some() && !reach.is_beyond(line.y);
        let hidden = references.iter().filter(|line| !shown(line)).count();
        let references: Vec<&Reference> = references.iter().filter(shown).collect();
        let widest = references.iter().map(|reference| width(&reference.label, NOTE)).fold(0.0, f64::max);
        let width = widest.min(REFERENCE_WIDTH);
        let broken = |reference: &&Reference| (reference.y, wrap(&reference.label, NOTE, width.max(1.0)));
        let labels: Vec<(f64, Vec<String>)> = references.iter().map(broken).collect();
        let height = labels.iter().map(|(_, lines)| label_height(lines)).sum();
        ReferenceLabels { labels, width, height, hidden }
    }

    /// Draws the dashed lines, and their labels beside them, moved apart where they would overlap.
    pub(crate) fn draw(&self, svg: &mut Svg, plot: &Plot) {
        let right = plot.left + plot.width;
        let look = format!("{} stroke-width=\"1.2\" stroke-dasharray=\"3 3\"", MUTED.stroke());
        let mut shown: Vec<(f64, &[String])> = Vec::new();
        for (value, lines) in &self.labels {
            let Some(place) = plot.y.place(*value) else { continue };
            let y = plot.down(place);
            svg.line((plot.left, y), (right, y), &look);
            shown.push((y - label_height(lines) / 2.0, lines));
        }
        shown.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut free = f64::NEG_INFINITY;
        for (top, lines) in &mut shown {
            *top = top.max(free);
            free = *top + label_height(lines);
        }
        let mut limit = plot.bottom() + 8.0;
        for (top, lines) in shown.iter_mut().rev() {
            *top = top.min(limit - label_height(lines));
            limit = *top;
        }
        for (top, lines) in shown {
            let kind = Type::plain(NOTE).fill(MUTED);
            svg.lines((right + 8.0, top + REFERENCE_LEADING - 2.5), kind, REFERENCE_LEADING, lines);
        }
    }
}

fn label_height(lines: &[String]) -> f64 {
    lines.len() as f64 * REFERENCE_LEADING + 2.0
}
