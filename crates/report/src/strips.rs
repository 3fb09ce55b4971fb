//! Strips: a row label at the left, many pictures in the middle, columns of numbers at the right.

use crate::card::{MARGIN, STAMP_SIZE, close, title};
use crate::grid::{GreyImage, GridStyle, Tone, png_grid, png_size, settle};
use crate::ink::{FAINT, MUTED, TINT};
use crate::svg::{Anchor, Svg, Type};
use crate::text::{number, width, wrap};

const LABEL: f64 = 13.0;
const HEADING: f64 = 11.5;
const LEADING: f64 = 17.0;
const HEADING_LEADING: f64 = 14.0;
const LABEL_WIDTH: f64 = 220.0;
const HEADING_WIDTH: f64 = 92.0;
const GAP: f64 = 18.0;
const ROW_GAP: f64 = 12.0;

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
    /// At the left: "3 classes: 0 1 2"; long ones wrap.
    pub label: String,
    /// The pictures, equal in size.
    pub images: Vec<GreyImage<'a>>,
    /// One number a column; not finite prints as `–`.
    pub values: Vec<f64>,
    /// A result or a yardstick.
    pub kind: RowKind,
}

/// A column of numbers, right-aligned, all with the same decimals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumberColumn {
    /// What the numbers are; wraps.
    pub heading: String,
    /// Decimals of every number in the column.
    pub decimals: usize,
}

/// Rows under each other.
#[derive(Clone, Debug)]
pub struct StripFigure<'a> {
    /// Above all rows; may be empty.
    pub title: String,
    /// Headings of the numbers.
    pub columns: Vec<NumberColumn>,
    /// The rows.
    pub rows: Vec<StripRow<'a>>,
    /// Pictures a line; a row with more takes several lines.
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
            scale: 2,
            tone: Tone::InkOnPaper,
            stamp: None,
        }
    }
}

/// Where the columns stand, in pixels from the left.
struct Columns {
    label: f64,
    images: f64,
    right_edges: Vec<f64>,
    headings: Vec<Vec<String>>,
    total: f64,
}

/// The figure as an SVG document.
///
/// # Panics
/// If a row has not one number a column, or its pictures differ in size.
pub fn strips(figure: &StripFigure<'_>) -> String {
    for row in &figure.rows {
        let (have, want) = (row.values.len(), figure.columns.len());
        assert_eq!(have, want, "row “{}” has {have} numbers for {want} columns", row.label);
    }
    let style = GridStyle {
        columns: figure.images_per_line.max(1),
        scale: figure.scale,
        gap: 1,
        tone: settle(figure.tone, figure.rows.iter().flat_map(|row| &row.images)),
    };
    let columns = lay(figure, &style);
    let mut svg = Svg::default();
    let mut y = MARGIN + title(&mut svg, &figure.title, columns.total - 2.0 * MARGIN);
    y += headings(&mut svg, &columns, y);
    for row in &figure.rows {
        y += draw_row(&mut svg, figure, &columns, &style, (row, y)) + ROW_GAP;
    }
    close(svg, (columns.total, y - ROW_GAP + MARGIN), &figure.title, figure.stamp)
}

fn lay(figure: &StripFigure<'_>, style: &GridStyle) -> Columns {
    let widest_label = figure.rows.iter().map(|row| width(&row.label, LABEL)).fold(0.0, f64::max);
    let label = widest_label.min(LABEL_WIDTH).ceil();
    let images = MARGIN + label + if label > 0.0 { GAP } else { 0.0 };
    let sheets = figure.rows.iter().map(|row| png_size(&row.images, style).0).max().unwrap_or(0);
    let mut x = images + sheets as f64;
    let (mut right_edges, mut broken) = (Vec::new(), Vec::new());
    for (index, column) in figure.columns.iter().enumerate() {
        let numbers = figure.rows.iter().map(|row| width(&number(row.values[index], column.decimals), LABEL));
        let numbers = numbers.fold(0.0, f64::max);
        let lines = wrap(&column.heading, HEADING, HEADING_WIDTH.max(numbers));
        x += GAP + lines.iter().map(|line| width(line, HEADING)).fold(numbers, f64::max).ceil();
        right_edges.push(x);
        broken.push(lines);
    }
    let stamp = figure.stamp.map_or(0.0, |stamp| width(stamp, STAMP_SIZE) + MARGIN);
    Columns { label, images, right_edges, headings: broken, total: (x + MARGIN).max(stamp + MARGIN) }
}

/// Draws the headings bottom-aligned over a hairline and says how much height they took.
fn headings(svg: &mut Svg, columns: &Columns, y: f64) -> f64 {
    let deepest = columns.headings.iter().map(Vec::len).max().unwrap_or(0);
    if deepest == 0 {
        return 0.0;
    }
    let kind = Type::plain(HEADING).fill(MUTED).anchor(Anchor::End);
    for (lines, &x) in columns.headings.iter().zip(&columns.right_edges) {
        let first = y + HEADING + (deepest - lines.len()) as f64 * HEADING_LEADING;
        svg.lines((x, first), kind, HEADING_LEADING, lines);
    }
    let rule = y + deepest as f64 * HEADING_LEADING + 4.0;
    svg.line((MARGIN, rule), (columns.total - MARGIN, rule), &FAINT.stroke());
    deepest as f64 * HEADING_LEADING + 14.0
}

/// Draws one row at `y` and says how much height it took.
fn draw_row(
    svg: &mut Svg,
    figure: &StripFigure<'_>,
    columns: &Columns,
    style: &GridStyle,
    (row, y): (&StripRow<'_>, f64),
) -> f64 {
    let (w, h) = png_size(&row.images, style);
    let label = wrap(&row.label, LABEL, columns.label.max(1.0));
    let text_height = label.len() as f64 * LEADING;
    let height = (h as f64).max(text_height).max(LEADING);
    if row.kind == RowKind::Reference {
        let (at, size) = ((8.0, y - ROW_GAP / 2.0), (columns.total - 16.0, height + ROW_GAP));
        svg.rect(at, size, &format!("rx=\"4\" {}", TINT.fill()));
    }
    let first = y + (height - text_height) / 2.0 + LABEL;
    svg.lines((MARGIN, first), Type::plain(LABEL), LEADING, &label);
    if !row.images.is_empty() {
        let at = (columns.images, y + (height - h as f64) / 2.0);
        svg.image(at, (w as f64, h as f64), style.tone.class(), &png_grid(&row.images, style));
    }
    let baseline = y + height / 2.0 + 0.36 * LABEL;
    let kind = Type::plain(LABEL).anchor(Anchor::End);
    for ((&value, column), &x) in row.values.iter().zip(&figure.columns).zip(&columns.right_edges) {
        svg.text((x, baseline), kind, &number(value, column.decimals));
    }
    height
}
