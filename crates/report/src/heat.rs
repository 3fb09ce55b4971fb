//! Heat maps: tables whose cells are shaded by their value and print it, with names on both axes, side by side.
//!
//! A map holds rows × columns values, row-major. Shades of all maps of one ink share a scale, so that maps compare; what is
//! not a number is left blank. Numbers stand in dark or white ink, whichever reads better on its shade.

use crate::card::{MARGIN, NOTE, STAMP_SIZE, WIDTH, close, title};
use crate::ink::{Colour, MUTED, PAPER};
use crate::svg::{Anchor, Svg, Type};
use crate::text::{number, width, words, wrap, wrap_bold};

const HEADING: f64 = 13.0;
const NAME: f64 = 12.0;
const CELL: f64 = 11.5;
const LEADING: f64 = 15.0;
const CELL_HEIGHT: f64 = 25.0;
const LEAST_CELL: f64 = 34.0;
const GAP: f64 = 28.0;
/// Names of rows are broken at this width, in pixels.
const ROW_NAMES: f64 = 130.0;
/// Names of columns are broken at this width, or at their longest word up to twice of it, in pixels.
const COLUMN_NAMES: f64 = 58.0;

/// Edges and numbers of cells, which the dark scheme turns together with the shades.
const EDGE: &str = "#e4e7eb";
const WHITE: Colour = Colour::always("#ffffff");
const BLACK: Colour = Colour::always("#1f2328");

/// What a cell's shade means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeatInk {
    /// White at the least of all maps of this ink (0 if that is positive), deep blue at the largest.
    Amount,
    /// Blue below zero, white at zero, red above; symmetric.
    Signed,
}

/// One table.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatMap {
    /// Above it: "λ = 10".
    pub title: String,
    /// rows × columns, row-major.
    pub values: Vec<f64>,
    /// What shades mean.
    pub ink: HeatInk,
    /// Decimals of the numbers.
    pub decimals: usize,
    /// Lines under it; long ones wrap.
    pub caption: String,
}

/// Tables with the same rows and columns.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatFigure<'a> {
    /// Above all maps; may be empty.
    pub title: String,
    /// Names of the rows, at the left of each map.
    pub rows: Vec<String>,
    /// Names of the columns, above each map.
    pub columns: Vec<String>,
    /// The maps, in reading order.
    pub maps: Vec<HeatMap>,
    /// Maps side by side at most; fewer where so many would make the figure wider than a phone shows.
    pub per_line: usize,
    /// Small print under all maps.
    pub note: String,
    /// Printed small in the corner.
    pub stamp: Option<&'a str>,
}

/// Widths and heights that all maps share.
struct Layout {
    names: f64,
    row_lines: Vec<Vec<String>>,
    column_lines: Vec<Vec<String>>,
    cell: (f64, f64),
    head: f64,
    captions: Vec<Vec<String>>,
    titles: Vec<Vec<String>>,
}

impl Layout {
    fn of(figure: &HeatFigure<'_>) -> Self {
        let row_lines: Vec<_> = figure.rows.iter().map(|name| wrap(name, NAME, ROW_NAMES)).collect();
        let all = figure.columns.iter().flat_map(|name| words(name));
        let word = all.map(|word| width(word, NAME)).fold(COLUMN_NAMES, f64::max).min(2.0 * COLUMN_NAMES);
        let column_lines: Vec<_> = figure.columns.iter().map(|name| wrap(name, NAME, word)).collect();
        let widest =
            |lines: &[Vec<String>]| lines.iter().flatten().map(|l| width(l, NAME)).fold(0.0, f64::max);
        let numbers = |map: &HeatMap| {
            let own = map.values.iter().map(|&v| width(&number(v, map.decimals), CELL));
            own.fold(0.0, f64::max)
        };
        let widest_number = figure.maps.iter().map(numbers).fold(0.0, f64::max);
        let deepest = row_lines.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let cell = (
            LEAST_CELL.max(widest_number + 8.0).max(widest(&column_lines) + 8.0).ceil(),
            CELL_HEIGHT.max(deepest * LEADING + 4.0),
        );
        let names = widest(&row_lines).ceil() + 8.0;
        let across = names + cell.0 * figure.columns.len() as f64;
        let head = column_lines.iter().map(Vec::len).max().unwrap_or(0) as f64 * LEADING + 6.0;
        let titles = figure.maps.iter().map(|map| wrap_bold(&map.title, HEADING, across)).collect();
        let captions = figure.maps.iter().map(|map| wrap(&map.caption, NOTE, across - names)).collect();
        Self { names, row_lines, column_lines, cell, head, captions, titles }
    }

    fn width(&self) -> f64 {
        self.names + self.cell.0 * self.column_lines.len() as f64
    }

    fn height(&self) -> f64 {
        self.cell.1 * self.row_lines.len() as f64
    }
}

/// The figure as an SVG document.
///
/// # Panics
/// If a map has not one value for each row and column.
pub fn heat(figure: &HeatFigure<'_>) -> String {
    for map in &figure.maps {
        let (have, rows, columns) = (map.values.len(), figure.rows.len(), figure.columns.len());
        assert_eq!(have, rows * columns, "map “{}” has {have} values for {rows}×{columns} cells", map.title);
    }
    let layout = Layout::of(figure);
    let fit = ((WIDTH + GAP) / (layout.width() + GAP)) as usize;
    let per_line = figure.per_line.min(fit).clamp(1, figure.maps.len().max(1));
    let inner = per_line as f64 * (layout.width() + GAP) - GAP;
    let stamp = figure.stamp.map_or(0.0, |stamp| width(stamp, STAMP_SIZE));
    let total = 2.0 * MARGIN + inner.max(stamp).max(120.0);
    let mut svg = Svg::default();
    let mut y = MARGIN + title(&mut svg, &figure.title, total - 2.0 * MARGIN);
    let scales = [HeatInk::Amount, HeatInk::Signed].map(|ink| Scale::of(figure, ink));
    for (line, maps) in figure.maps.chunks(per_line).enumerate() {
        let first = line * per_line;
        y += if line > 0 { GAP - 6.0 } else { 0.0 };
        let deepest = |lines: &[Vec<String>]| {
            lines[first..first + maps.len()].iter().map(Vec::len).max().unwrap_or(0) as f64
        };
        let (titles, captions) = (deepest(&layout.titles) * 17.0, deepest(&layout.captions) * LEADING);
        for (place, map) in maps.iter().enumerate() {
            let x = MARGIN + place as f64 * (layout.width() + GAP);
            let heading = &layout.titles[first + place];
            let baseline = y + titles - (heading.len() as f64 - 1.0) * 17.0 - 4.0;
            svg.lines((x, baseline), Type::plain(HEADING).bold(), 17.0, heading);
            let top = y + titles + layout.head;
            let scale = scales[usize::from(map.ink == HeatInk::Signed)];
            draw_map(&mut svg, &layout, (x + layout.names, top), map, scale);
            let under = (x + layout.names, top + layout.height() + LEADING);
            svg.lines(under, Type::plain(NOTE).fill(MUTED), LEADING, &layout.captions[first + place]);
        }
        y += titles + layout.head + layout.height() + captions + 4.0;
    }
    let note = wrap(&figure.note, NOTE, total - 2.0 * MARGIN);
    svg.lines((MARGIN, y + 22.0), Type::plain(NOTE).fill(MUTED), LEADING, &note);
    y += if note.is_empty() { 0.0 } else { 10.0 + note.len() as f64 * LEADING };
    close(svg, (total, y + MARGIN), &figure.title, figure.stamp)
}

/// The names and cells of one map, whose first cell begins at (x, y).
fn draw_map(svg: &mut Svg, layout: &Layout, (x, y): (f64, f64), map: &HeatMap, scale: Scale) {
    let (across, down) = layout.cell;
    let columns = layout.column_lines.len();
    for (column, lines) in layout.column_lines.iter().enumerate() {
        let kind = Type::plain(NAME).fill(MUTED).anchor(Anchor::Middle);
        let first = y - 6.0 - (lines.len() as f64 - 1.0) * LEADING;
        svg.lines((x + (column as f64 + 0.5) * across, first), kind, LEADING, lines);
    }
    for (row, lines) in layout.row_lines.iter().enumerate() {
        let kind = Type::plain(NAME).fill(MUTED).anchor(Anchor::End);
        let first = y + (row as f64 + 0.5) * down - (lines.len() as f64 - 1.0) * LEADING / 2.0 + 0.35 * NAME;
        svg.lines((x - 8.0, first), kind, LEADING, lines);
    }
    svg.raw(&format!("<g class=\"{PAPER}\">"));
    for row in 0..layout.row_lines.len() {
        for column in 0..columns {
            let value = map.values[row * columns + column];
            let at = (x + column as f64 * across, y + row as f64 * down);
            let shade = scale.shade(value);
            let look = format!("fill=\"{}\" stroke=\"{EDGE}\" stroke-width=\"1\"", hex(shade));
            svg.rect(at, layout.cell, &look);
            if value.is_finite() {
                let fill = if dark(shade) { WHITE } else { BLACK };
                let kind = Type::plain(CELL).fill(fill).anchor(Anchor::Middle);
                let text = number(value, map.decimals);
                svg.text((at.0 + across / 2.0, at.1 + down / 2.0 + 0.35 * CELL), kind, &text);
            }
        }
    }
    svg.raw("</g>");
}

/// How values of one ink become shades.
#[derive(Clone, Copy)]
struct Scale {
    ink: HeatInk,
    low: f64,
    high: f64,
}

impl Scale {
    fn of(figure: &HeatFigure<'_>, ink: HeatInk) -> Self {
        let own = figure.maps.iter().filter(|map| map.ink == ink);
        let values = || own.clone().flat_map(|map| &map.values).copied().filter(|v| v.is_finite());
        let (low, high) = (values().fold(0.0, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        // Where zero is far below all values, shades would hardly differ.
        let least = values().fold(f64::INFINITY, f64::min);
        let low = if low == 0.0 && least > 0.5 * high { least - 0.1 * (high - least) } else { low };
        match ink {
            HeatInk::Amount => Self { ink, low, high },
            HeatInk::Signed => Self { ink, low: 0.0, high: high.abs().max(low.abs()) },
        }
    }

    fn shade(&self, value: f64) -> [f64; 3] {
        let range = self.high - self.low;
        if !value.is_finite() || !range.is_finite() || range <= 0.0 {
            return [255.0; 3];
        }
        let strength = ((value - self.low) / range).clamp(-1.0, 1.0);
        match self.ink {
            HeatInk::Amount => ramp(&BLUES, strength.max(0.0)),
            HeatInk::Signed if strength < 0.0 => ramp(&COLD, -strength),
            HeatInk::Signed => ramp(&WARM, strength),
        }
    }
}

/// From white to deep blue, even in lightness.
const BLUES: [[f64; 3]; 5] = [
    [255.0, 255.0, 255.0],
    [208.0, 225.0, 242.0],
    [126.0, 182.0, 217.0],
    [51.0, 124.0, 184.0],
    [8.0, 61.0, 122.0],
];
const COLD: [[f64; 3]; 2] = [[255.0, 255.0, 255.0], [88.0, 138.0, 196.0]];
const WARM: [[f64; 3]; 2] = [[255.0, 255.0, 255.0], [214.0, 104.0, 96.0]];

/// The colour at `place` in [0, 1] between evenly spaced stops.
fn ramp(stops: &[[f64; 3]], place: f64) -> [f64; 3] {
    let spot = place * (stops.len() - 1) as f64;
    let index = (spot.floor() as usize).min(stops.len() - 2);
    let share = spot - index as f64;
    std::array::from_fn(|c| stops[index][c] + share * (stops[index + 1][c] - stops[index][c]))
}

/// Whether white reads better on it than ink.
fn dark([r, g, b]: [f64; 3]) -> bool {
    0.299 * r + 0.587 * g + 0.114 * b < 140.0
}

fn hex(colour: [f64; 3]) -> String {
    let [r, g, b] = colour.map(|c| c.round().clamp(0.0, 255.0) as u8);
    format!("#{r:02x}{g:02x}{b:02x}")
}
