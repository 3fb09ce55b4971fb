//! A small SVG writer: real text, few element kinds, coordinates with at most two decimals, no identifiers.
//!
//! Figures are opaque cards with rounded corners, white or, where the reader prefers it, dark, so that they read on any page.

use crate::ink::{CARD, Colour, INK, stylesheet};
use crate::picture::png_uri;
use crate::text::{coordinate as n, escape};
use std::fmt::Write;

/// How a text hangs on its point.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// The looks of a text.
#[derive(Clone, Copy)]
pub(crate) struct Type {
    pub size: f64,
    pub bold: bool,
    pub fill: Colour,
    pub anchor: Anchor,
}

impl Type {
    /// Regular, in ink, hanging on its start.
    pub(crate) fn plain(size: f64) -> Type {
        Type { size, bold: false, fill: INK, anchor: Anchor::Start }
    }

    pub(crate) fn bold(self) -> Type {
        Type { bold: true, ..self }
    }

    pub(crate) fn fill(self, fill: Colour) -> Type {
        Type { fill, ..self }
    }

    pub(crate) fn anchor(self, anchor: Anchor) -> Type {
        Type { anchor, ..self }
    }
}

/// A growing drawing; its size is said at the end, when the layout is known.
#[derive(Default)]
pub(crate) struct Svg {
    body: String,
}

impl Svg {
    /// One line of text with its baseline at `y`; `turn` in degrees about (x, y).
    pub(crate) fn turned_text(&mut self, (x, y): (f64, f64), kind: Type, turn: f64, text: &str) {
        let anchor = match kind.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if kind.bold { " font-weight=\"600\"" } else { "" };
        let turned = if turn == 0.0 {
            String::new()
        } else {
            format!(" transform=\"rotate({} {} {})\"", n(turn), n(x), n(y))
        };
        let (x, y, size, fill, text) = (n(x), n(y), n(kind.size), kind.fill.fill(), escape(text));
        self.raw(&format!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" {fill}{weight}{anchor}{turned}>{text}</text>"
        ));
    }

    /// One line of text with its baseline at `y`.
    pub(crate) fn text(&mut self, at: (f64, f64), kind: Type, text: &str) {
        self.turned_text(at, kind, 0.0, text);
    }

    /// Lines of text, the first baseline at `y`, `leading` pixels apart.
    pub(crate) fn lines(&mut self, (x, y): (f64, f64), kind: Type, leading: f64, lines: &[String]) {
        for (index, line) in lines.iter().enumerate() {
            self.text((x, y + leading * index as f64), kind, line);
        }
    }

    /// A stroked straight line; `look` holds stroke attributes.
    pub(crate) fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), look: &str) {
        let (x1, y1, x2, y2) = (n(x1), n(y1), n(x2), n(y2));
        self.raw(&format!("<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" {look}/>"));
    }

    /// A rectangle.
    pub(crate) fn rect(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), look: &str) {
        let (x, y, width, height) = (n(x), n(y), n(width), n(height));
        self.raw(&format!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {look}/>"));
    }

    /// A path through `points`, closed or open.
    pub(crate) fn path(&mut self, points: &[(f64, f64)], closed: bool, look: &str) {
        let mut d = String::new();
        for (index, &(x, y)) in points.iter().enumerate() {
            let _ = write!(d, "{}{} {}", if index == 0 { "M" } else { "L" }, n(x), n(y));
        }
        self.raw(&format!("<path d=\"{d}{}\" {look}/>", if closed { "Z" } else { "" }));
    }

    /// A PNG, shown with hard pixel edges; `class` says how it follows the dark scheme, if it does.
    pub(crate) fn image(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), class: &str, png: &[u8]) {
        let (x, y, width, height) = (n(x), n(y), n(width), n(height));
        let class = if class.is_empty() { String::new() } else { format!("class=\"{class}\" ") };
        let uri = png_uri(png);
        self.raw(&format!(
            "<image {class}x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" style=\"image-rendering:pixelated\" href=\"{uri}\"/>"
        ));
    }

    /// An element already written out.
    pub(crate) fn raw(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }

    /// The whole document: a card of `width × height`, announced to screen readers as `label`.
    pub(crate) fn finish(self, (width, height): (f64, f64), label: &str) -> String {
        let (width, height) = (n(width.ceil()), n(height.ceil()));
        // Without a name of its own, a figure is named by the page that shows it.
        let label = if label.is_empty() {
            String::new()
        } else {
            format!(" role=\"img\" aria-label=\"{}\"", escape(label))
        };
        let style = stylesheet(&format!("{}{}", CARD.fill(), self.body));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             font-family=\"system-ui, sans-serif\"{label}>\n\
             {style}\n<rect width=\"{width}\" height=\"{height}\" rx=\"8\" {}/>\n{}</svg>\n",
            CARD.fill(),
            self.body
        )
    }
}
