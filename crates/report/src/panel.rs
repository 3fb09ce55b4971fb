//! Labelled pictures: panels "(a) q = 1", each with a picture or a small sheet of pictures and caption lines under it.

use crate::card::{MARGIN, STAMP_SIZE, WIDTH, close, title};
use crate::grid::{GreyImage, GridStyle, Tone, png_grid, png_size, settle};
use crate::ink::MUTED;
use crate::svg::{Svg, Type};
use crate::text::{bold_width, widest, wrap, wrap_bold};

const LABEL: f64 = 13.0;
const CAPTION: f64 = 12.0;
const LEADING: f64 = 17.0;
const COLUMN_GAP: f64 = 16.0;
const ROW_GAP: f64 = 24.0;
/// Text makes a panel at most this wide; pictures may make it wider.
const TEXT_WIDTH: f64 = 136.0;

/// One panel.
#[derive(Clone, Debug, Default)]
pub struct Panel<'a> {
    /// Above the picture: "(a) q = 1".
    pub title: String,
    /// One picture, or a small sheet of equal-sized ones.
    pub images: Vec<GreyImage<'a>>,
    /// Pictures a row of the sheet; 0 for all in one row.
    pub image_columns: usize,
    /// Lines under the picture, the first in ink, the others muted; long ones wrap.
    pub captions: Vec<String>,
}

/// Panels in rows and columns.
#[derive(Clone, Debug)]
pub struct PanelFigure<'a> {
    /// Above all panels; may be empty.
    pub title: String,
    /// The panels, row by row.
    pub panels: Vec<Panel<'a>>,
    /// Panels a row at most; fewer where so many would make the figure wider than a phone shows.
    pub columns: usize,
    /// Screen pixels a picture pixel, each way.
    pub scale: usize,
    /// What a pixel's value looks like.
    pub tone: Tone,
    /// Printed small in the corner.
    pub stamp: Option<&'a str>,
}

impl Default for PanelFigure<'_> {
    fn default() -> Self {
        let tone = Tone::InkOnPaper;
        PanelFigure { title: String::new(), panels: Vec::new(), columns: 4, scale: 5, tone, stamp: None }
    }
}

/// A panel whose lines are broken and whose sheet is drawn.
struct Laid {
    title: Vec<String>,
    captions: Vec<(usize, String)>,
    png: Vec<u8>,
    size: (f64, f64),
}

/// The figure as an SVG document.
///
/// # Panics
/// If pictures of one panel differ in size, or a picture's length is not its height times its width.
pub fn panels(figure: &PanelFigure<'_>) -> String {
    let tone = settle(figure.tone, figure.panels.iter().flat_map(|panel| &panel.images));
    let width = panel_width(figure);
    let laid: Vec<Laid> = figure.panels.iter().map(|panel| lay(panel, figure.scale, tone, width)).collect();
    let fit = ((WIDTH + COLUMN_GAP) / (width + COLUMN_GAP)) as usize;
    let columns = figure.columns.min(fit).clamp(1, laid.len().max(1));
    let total = 2.0 * MARGIN + columns as f64 * (width + COLUMN_GAP) - COLUMN_GAP;

    let mut svg = Svg::default();
    let mut y = MARGIN + title(&mut svg, &figure.title, total - 2.0 * MARGIN);
    for (index, row) in laid.chunks(columns).enumerate() {
        y += if index > 0 { ROW_GAP } else { 0.0 };
        let title_height = row.iter().map(|p| p.title.len()).max().unwrap_or(0) as f64 * LEADING;
        let image_height = row.iter().map(|p| p.size.1).fold(0.0, f64::max);
        let caption_height = row.iter().map(|p| p.captions.len()).max().unwrap_or(0) as f64 * LEADING;
        for (column, panel) in row.iter().enumerate() {
            let x = MARGIN + column as f64 * (width + COLUMN_GAP);
            // Titles sit on their picture, even beside a neighbour with a longer one.
            let title_y = y + title_height - (panel.title.len() as f64) * LEADING + LABEL;
            svg.lines((x, title_y), Type::plain(LABEL).bold(), LEADING, &panel.title);
            svg.image((x, y + title_height + 3.0), panel.size, tone.class(), &panel.png);
            let first = y + title_height + panel.size.1 + 6.0 + CAPTION;
            for (line, (rank, caption)) in panel.captions.iter().enumerate() {
                let kind = if *rank == 0 { Type::plain(CAPTION) } else { Type::plain(CAPTION).fill(MUTED) };
                svg.text((x, first + line as f64 * LEADING), kind, caption);
            }
        }
        y += title_height + 6.0 + image_height + caption_height;
    }
    close(svg, (total, y + MARGIN), &figure.title, figure.stamp)
}

fn sheet_style(panel: &Panel<'_>, scale: usize, tone: Tone) -> GridStyle {
    let columns = if panel.image_columns == 0 { panel.images.len().max(1) } else { panel.image_columns };
    GridStyle { columns, scale, gap: 1, tone }
}

/// All panels are as wide as the widest needs.
fn panel_width(figure: &PanelFigure<'_>) -> f64 {
    let of = |panel: &Panel<'_>| {
        let image = png_size(&panel.images, &sheet_style(panel, figure.scale, figure.tone)).0 as f64;
        let text = widest(&panel.captions, CAPTION).max(bold_width(&panel.title, LABEL));
        image.max(text.min(TEXT_WIDTH))
    };
    let stamp = figure.stamp.map_or(0.0, |stamp| crate::text::width(stamp, STAMP_SIZE));
    figure.panels.iter().map(of).fold(stamp, f64::max).ceil()
}

fn lay(panel: &Panel<'_>, scale: usize, tone: Tone, width: f64) -> Laid {
    let style = sheet_style(panel, scale, tone);
    let (w, h) = png_size(&panel.images, &style);
    let wrapped = |(rank, caption): (usize, &String)| {
        wrap(caption, CAPTION, width).into_iter().map(move |line| (rank, line))
    };
    Laid {
        title: wrap_bold(&panel.title, LABEL, width),
        captions: panel.captions.iter().enumerate().flat_map(wrapped).collect(),
        png: png_grid(&panel.images, &style),
        size: (w as f64, h as f64),
    }
}
