//! A figure as a template sees it: its size on the page, its words for those who do not see it, what can be read off it.

use minijinja::{Value, context};

use crate::link::relative_path;
use crate::picture::Picture;
use crate::readout::Readout;
use crate::section::{FigureEntry, Section};

/// A figure wider than this, in pixels, stands in a row of its own.
const WIDE: f64 = 800.0;
/// Of a figure higher than so many times its width a page shows the upper part, and leads to the rest.
const TALL: f64 = 1.1;
/// How high a figure is at most, in pixels: beside another one, and in a row of its own.
const HIGHEST: [f64; 2] = [288.0, 432.0];
/// But no figure is made smaller than this share of its size: words must stay legible.
const SMALLEST: f64 = 0.6;

/// A figure of a page. Its size is known before it is loaded, so that nothing moves when it is.
pub(crate) fn figure_html(section: &Section, figure: &FigureEntry, bytes: Option<&[u8]>) -> Value {
    let picture = bytes.and_then(Picture::of);
    let (width, height) = picture.as_ref().map_or((0.0, 0.0), |picture| (picture.width, picture.height));
    // Rows of samples may go on for screens; words in lines must not be cut.
    let is_lines = picture.as_ref().is_some_and(|picture| picture.is_svg && !picture.holds_pixels);
    let (wide, tall) = (width > WIDE, !is_lines && height > TALL * width);
    let scale = if tall { 1.0 } else { (HIGHEST[usize::from(wide)] / height).clamp(SMALLEST, 1.0) };
    context! {
        is_there => picture.is_some(),
        is_pixels => picture.as_ref().is_some_and(|picture| !picture.is_svg),
        width => (width * scale).round() as i64,
        height => (height * scale).round() as i64,
        wide,
        tall,
        readout => json(&figure.readout),
        ..figure_markdown(section, figure)
    }
}

/// A figure in Markdown: where it lies, and its words.
pub(crate) fn figure_markdown(section: &Section, figure: &FigureEntry) -> Value {
    let FigureEntry { file, caption, alt, readout } = figure;
    let read = readout.words();
    let alt = if read.is_empty() { alt.clone() } else { format!("{alt} {read}") };
    context! { path => relative_path(section, file), file, caption, alt }
}

/// A readout as a script element may hold it; empty where there is nothing to read.
fn json(readout: &Readout) -> String {
    if readout.is_empty() {
        return String::new();
    }
    let text = serde_json::to_string(readout).expect("numbers and words have a form as JSON");
    text.replace('<', "\\u003c")
}
