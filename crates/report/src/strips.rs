//! Strips: rows of many pictures, each with its label and its numbers.
//!
//! A strip is read on a phone as well. Pictures therefore wrap to as many lines as keep the figure narrow, in lines of equal
//! length, and the label stands over them; numbers stand beside the label where all of them fit, and under the pictures where
//! they do not. A number stands at the same place in every row, with its name behind it.

use crate::card::{MARGIN, STAMP_SIZE, WIDTH, close, title};
use crate::grid::{GreyImage, GridStyle, Tone, png_grid, png_size, settle};
use crate::ink::{MUTED, TINT};
use crate::readout::{Figure, Readout, Row};
use crate::svg::{Anchor, Svg, Type};
use crate::text::{bold_width, number, widest, width, wrap, wrap_bold};

const LABEL: f64 = 13.0;
const NAME: f64 = 11.5;
const LEADING: f64 = 17.0;
const GAP: f64 = 16.0;
const ROW_GAP: f64 = 16.0;
/// Between a number and its name.
const SPACE: f64 = 5.0;

/// Whether a row is a result or what results are held against.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum RowKind {
    /// A result.
    #[default]
    Plain,
    /// A yardstick, such as real held-out images: set on a tinted ground.
    Reference,
}

/// One row.
#[derive(Clone, Debug, Default)]
pub struct StripRow<'a> {
    /// Over the pictures: "3 classes: 0 1 2"; long ones wrap.
    pub label: String,
    /// The pictures, equal in size.
    pub images: Vec<GreyImage<'a>>,
    /// One number a column; not finite prints as `–`.
    pub values: Vec<f64>,
    /// A result or a yardstick.
    pub kind: RowKind,
}

/// A number that every row has, always with the same decimals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumberColumn {
    /// What it is; stands behind the number, and wraps.
    pub heading: String,
    /// Its decimals.
    pub decimals: usize,
}

/// Rows under each other.
#[derive(Clone, Debug)]
pub struct StripFigure<'a> {
    /// Above all rows; may be empty.
    pub title: String,
    /// The numbers.
    pub columns: Vec<NumberColumn>,
    /// The rows.
    pub rows: Vec<StripRow<'a>>,
    /// Pictures a line at most; fewer where so many would make the figure wider than a phone shows.
    pub images_per_line: usize,
    /// Screen pixels a picture pixel, each way.
    pub scale: usize,
    /// What a pixel's value looks like.
    pub tone: Tone,
    /// Printed small in the corner.
    pub stamp: Option<&'a str>,
}

impl Default for StripFigure<'_> {
    fn default() -> Self {
        StripFigure {
            title: String::new(),
            columns: Vec::new(),
            rows: Vec::new(),
            images_per_line: 20,
            scale: 3,
            tone: Tone::InkOnPaper,
            stamp: None,
        }
    }
}

/// The figure as an SVG document.
///
/// # Panics
/// If a row has not one number a column, or its pictures differ in size.
pub fn strips(figure: &StripFigure<'_>) -> String {
    Figure::strips(figure).svg
}

impl Figure {
    /// A strip, with the places of its rows.
    ///
    /// # Panics
    /// As [`strips`].
    pub fn strips(figure: &StripFigure<'_>) -> Figure {
        for row in &figure.rows {
            let (have, want) = (row.values.len(), figure.columns.len());
            assert_eq!(have, want, "row “{}” has {have} numbers for {want} columns", row.label);
        }
        let layout = Layout::of(figure);
        let total = layout.inner + 2.0 * MARGIN;
        let mut svg = Svg::default();
        let mut y = MARGIN + title(&mut svg, &figure.title, layout.inner);
        let mut rows = Vec::new();
        for row in &figure.rows {
            let height = layout.draw(&mut svg, row, y);
            let name = row.label.clone();
            rows.push(Row { name, top: y.floor() as u32, height: height.ceil() as u32 });
            y += height + ROW_GAP;
        }
        let svg = close(svg, (total, y - ROW_GAP + MARGIN), &figure.title, figure.stamp);
        Figure { svg, readout: Readout { width: total.round() as u32, rows, ..Readout::default() } }
    }
}

/// What all rows share.
struct Layout {
    style: GridStyle,
    /// Width of everything between the margins.
    inner: f64,
    cells: Vec<Cell>,
    /// Whether the numbers stand on the line of the label, to its right.
    beside: bool,
    /// Height of the numbers under the pictures.
    numbers: f64,
}

/// The place of one number and its name.
struct Cell {
    decimals: usize,
    /// Right edge of the number and first baseline, from the upper left corner of all numbers.
    at: (f64, f64),
    name: Vec<String>,
}

impl Layout {
    fn of(figure: &StripFigure<'_>) -> Layout {
        let tone = settle(figure.tone, figure.rows.iter().flat_map(|row| &row.images));
        let style = GridStyle { columns: per_line(figure), scale: figure.scale, gap: 1, tone };
        let sheets = figure.rows.iter().map(|row| png_size(&row.images, &style).0).max().unwrap_or(0) as f64;
        let labels = figure.rows.iter().map(|row| bold_width(&row.label, LABEL)).fold(0.0, f64::max);
        let stamp = figure.stamp.map_or(0.0, |stamp| width(stamp, STAMP_SIZE));
        let widths: Vec<(f64, f64)> =
            (0..figure.columns.len()).map(|index| cell_width(figure, index)).collect();
        let line = widths.iter().map(|(number, name)| number + SPACE + name + GAP).sum::<f64>() - GAP;
        let beside = !widths.is_empty() && labels + 2.0 * GAP + line <= WIDTH.max(sheets);
        let widest_cell = widths.iter().map(|(number, name)| number + SPACE + name).fold(0.0, f64::max);
        let words = match (beside, line <= WIDTH) {
            (true, _) => labels + 2.0 * GAP + line,
            (false, true) => labels.max(line),
            // The numbers take several lines anyway.
            (false, false) => labels.max(widest_cell),
        };
        let inner = sheets.max(words.min(WIDTH)).max(stamp).ceil();
        let mut layout = Layout { style, inner, cells: Vec::new(), beside, numbers: 0.0 };
        layout.place(figure, &widths, if beside { inner - line } else { 0.0 });
        layout
    }

    /// Gives every number its place, line by line, from `left` on.
    fn place(&mut self, figure: &StripFigure<'_>, widths: &[(f64, f64)], left: f64) {
        let (mut x, mut y, mut height): (f64, f64, f64) = (left, 0.0, 0.0);
        for (column, &(numbers, name)) in figure.columns.iter().zip(widths) {
            if x > left && x + numbers + SPACE + name > self.inner + 0.5 {
                (x, y, height) = (left, y + height, 0.0);
            }
            // A hair more than measured: a sum in another order must not break a word.
            let lines =
                wrap(&column.heading, NAME, name.min(self.inner - x - numbers - SPACE).max(NAME) + 0.5);
            height = height.max(lines.len().max(1) as f64 * LEADING);
            self.cells.push(Cell { decimals: column.decimals, at: (x + numbers, y + LABEL), name: lines });
            x += numbers + SPACE + name + GAP;
        }
        self.numbers = y + height;
    }

    /// Draws one row at `y` and says how much height it took.
    fn draw(&self, svg: &mut Svg, row: &StripRow<'_>, y: f64) -> f64 {
        let (w, h) = png_size(&row.images, &self.style);
        let (w, h) = if row.images.is_empty() { (0.0, 0.0) } else { (w as f64, h as f64) };
        let label = wrap_bold(&row.label, LABEL, self.inner);
        let beside = if self.beside { self.numbers } else { 0.0 };
        let over = (label.len() as f64 * LEADING).max(beside);
        let under = self.numbers - beside;
        let gaps = [over, under].map(|height| if height > 0.0 && h > 0.0 { 4.0 } else { 0.0 });
        let height = over + gaps[0] + h + gaps[1] + under;
        if row.kind == RowKind::Reference {
            let (at, size) = ((8.0, y - ROW_GAP / 2.0), (self.inner + 2.0 * MARGIN - 16.0, height + ROW_GAP));
            svg.rect(at, size, &format!("rx=\"4\" {}", TINT.fill()));
        }
        svg.lines((MARGIN, y + LABEL), Type::plain(LABEL).bold(), LEADING, &label);
        if !row.images.is_empty() {
            let png = png_grid(&row.images, &self.style);
            svg.image((MARGIN, y + over + gaps[0]), (w, h), self.style.tone.class(), &png);
        }
        let top = if self.beside { y } else { y + over + gaps[0] + h + gaps[1] };
        for (cell, &value) in self.cells.iter().zip(&row.values) {
            let (x, baseline) = (MARGIN + cell.at.0, top + cell.at.1);
            let kind = Type::plain(LABEL).anchor(Anchor::End);
            svg.text((x, baseline), kind, &number(value, cell.decimals));
            svg.lines((x + SPACE, baseline), Type::plain(NAME).fill(MUTED), LEADING, &cell.name);
        }
        height
    }
}

/// How many pictures stand in a line: as many as fit, in lines of equal length.
fn per_line(figure: &StripFigure<'_>) -> usize {
    let images = || figure.rows.iter().map(|row| &row.images);
    let most = images().map(Vec::len).max().unwrap_or(0).max(1);
    let widest = images().flatten().map(|image| image.width * figure.scale.max(1) + 1).max().unwrap_or(1);
    let fit = (WIDTH as usize / widest).clamp(1, figure.images_per_line.max(1));
    most.div_ceil(most.div_ceil(fit))
}

/// How wide the numbers of a column are, and their name; the name wraps where it alone is too wide.
fn cell_width(figure: &StripFigure<'_>, index: usize) -> (f64, f64) {
    let column = &figure.columns[index];
    let numbers = figure.rows.iter().map(|row| width(&number(row.values[index], column.decimals), LABEL));
    let numbers = numbers.fold(0.0, f64::max);
    let room = (WIDTH - numbers - SPACE).max(NAME);
    (numbers, widest(&wrap(&column.heading, NAME, room), NAME))
}
