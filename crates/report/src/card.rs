//! What every figure has around its contents: margins, a title, a stamp, small print.

use crate::ink::STAMP;
use crate::svg::{Anchor, Svg, Type};
use crate::text::wrap_bold;

/// Distance of everything from the card's edge, in pixels.
pub(crate) const MARGIN: f64 = 20.0;
/// Words and rows of pictures between the margins are at most so wide, in pixels: a phone shows them whole and readable.
pub(crate) const WIDTH: f64 = 440.0;
/// Font size of small print.
pub(crate) const NOTE: f64 = 11.0;
/// Font size of stamps.
pub(crate) const STAMP_SIZE: f64 = 10.5;
const TITLE: f64 = 15.0;

/// Writes the figure's title and says how much height it took.
pub(crate) fn title(svg: &mut Svg, title: &str, width: f64) -> f64 {
    let lines = wrap_bold(title, TITLE, width);
    svg.lines((MARGIN, MARGIN + TITLE - 2.0), Type::plain(TITLE).bold(), 20.0, &lines);
    if lines.is_empty() { 0.0 } else { lines.len() as f64 * 20.0 + 12.0 }
}

/// Adds the stamp below everything else and finishes the document.
pub(crate) fn close(mut svg: Svg, (width, height): (f64, f64), label: &str, stamp: Option<&str>) -> String {
    let size = (width, height.ceil() + if stamp.is_some() { 10.0 } else { 0.0 });
    if let Some(stamp) = stamp {
        let kind = Type::plain(STAMP_SIZE).fill(STAMP).anchor(Anchor::End);
        svg.text((size.0 - MARGIN, size.1 - 11.0), kind, stamp);
    }
    svg.finish(size, label)
}
