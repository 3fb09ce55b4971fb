//! Palettes as clouds of dots in the cube of red, green and blue, each dot in its own colour.
//!
//! The view is orthographic and the same for every cloud, so that clouds side by side compare. Dots nearer to the eye are
//! drawn later and a little larger. The three edges that meet in the hidden corner stand behind the dots; red, green and
//! blue run along the edges that carry their names.

use crate::card::{MARGIN, STAMP_SIZE, close, title};
use crate::ink::{BLUE, Colour, EDGE, FACE, GREEN, MUTED, RED};
use crate::svg::{Anchor, Svg, Type};
use crate::text::{coordinate, width, wrap, wrap_bold};
use std::fmt::Write;

const LABEL: f64 = 13.0;
const CAPTION: f64 = 12.0;
const LEADING: f64 = 16.0;
const GAP: f64 = 14.0;
/// The eye looks along −(cos a · cos e, sin a · cos e, sin e): a = 58°, e = 24°, as cosines and sines.
const AZIMUTH: (f64, f64) = (0.529_919, 0.848_048);
const ELEVATION: (f64, f64) = (0.913_545, 0.406_737);
/// Half the cube's diagonal on the screen: what a view needs each way, for a cube of side 1.
const REACH: f64 = 0.74;

/// One palette.
#[derive(Clone, Debug)]
pub struct ColourCloud<'a> {
    /// Above the cube: "before".
    pub title: String,
    /// Red, green and blue of each dot, in [0, 1]; clamped.
    pub colours: &'a [[f64; 3]],
    /// Under the cube; wraps.
    pub caption: String,
}

/// Cubes in rows and columns.
#[derive(Clone, Debug)]
pub struct CubeFigure<'a> {
    /// Above all cubes; may be empty.
    pub title: String,
    /// The palettes, row by row.
    pub clouds: Vec<ColourCloud<'a>>,
    /// Cubes a row.
    pub columns: usize,
    /// Side of each view, in pixels.
    pub side: f64,
    /// Printed small in the corner.
    pub stamp: Option<&'a str>,
}

/// Where a colour stands in the view, and how near it is: right and up of the middle, in units of the cube's side.
fn project(colour: [f64; 3]) -> (f64, f64, f64) {
    let [r, g, b] = colour.map(|c| c.clamp(0.0, 1.0) - 0.5);
    let along = AZIMUTH.0 * r + AZIMUTH.1 * g;
    let across = -AZIMUTH.1 * r + AZIMUTH.0 * g;
    (across, ELEVATION.0 * b - ELEVATION.1 * along, ELEVATION.0 * along + ELEVATION.1 * b)
}

/// The figure as an SVG document.
pub fn cubes(figure: &CubeFigure<'_>) -> String {
    let side = figure.side.max(60.0);
    let columns = figure.columns.clamp(1, figure.clouds.len().max(1));
    let stamp = figure.stamp.map_or(0.0, |stamp| width(stamp, STAMP_SIZE));
    let inner = (columns as f64 * (side + GAP) - GAP).max(stamp);
    let total = 2.0 * MARGIN + inner;
    let mut svg = Svg::default();
    let mut y = MARGIN + title(&mut svg, &figure.title, inner);
    for row in figure.clouds.chunks(columns) {
        let titles: Vec<_> = row.iter().map(|cloud| wrap_bold(&cloud.title, LABEL, side)).collect();
        let captions: Vec<_> = row.iter().map(|cloud| wrap(&cloud.caption, CAPTION, side)).collect();
        let deepest = |lines: &[Vec<String>]| lines.iter().map(Vec::len).max().unwrap_or(0) as f64 * LEADING;
        for (column, cloud) in row.iter().enumerate() {
            let x = MARGIN + column as f64 * (side + GAP);
            let over = deepest(&titles) - titles[column].len() as f64 * LEADING;
            svg.lines((x, y + over + LABEL), Type::plain(LABEL).bold(), LEADING, &titles[column]);
            let top = y + deepest(&titles) + 2.0;
            View { middle: (x + side / 2.0, top + 0.515 * side), scale: side / (2.0 * REACH + 0.22) }
                .draw(&mut svg, cloud.colours);
            let under = (x, top + side + CAPTION + 3.0);
            svg.lines(under, Type::plain(CAPTION).fill(MUTED), LEADING, &captions[column]);
        }
        y += deepest(&titles) + side + 6.0 + deepest(&captions) + 10.0;
    }
    close(svg, (total, y - 10.0 + MARGIN), &figure.title, figure.stamp)
}

/// One cube on the sheet.
struct View {
    middle: (f64, f64),
    scale: f64,
}

impl View {
    fn at(&self, colour: [f64; 3]) -> (f64, f64) {
        let (right, up, _) = project(colour);
        (self.middle.0 + self.scale * right, self.middle.1 - self.scale * up)
    }

    fn draw(&self, svg: &mut Svg, colours: &[[f64; 3]]) {
        // The faces behind the dots: those that meet in black, tinted so that light dots are seen.
        for face in [
            [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 1.0, 0.0]],
            [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 1.0], [0.0, 0.0, 1.0]],
            [[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 1.0]],
        ] {
            let corners = face.map(|corner| self.at(corner));
            svg.path(&corners, true, &format!("{} stroke-width=\"1\"", FACE.fill_and_stroke(EDGE)));
        }
        self.dots(svg, colours);
        for (from, to) in [
            ([1.0, 1.0, 0.0], [1.0, 1.0, 1.0]),
            ([1.0, 1.0, 1.0], [1.0, 0.0, 1.0]),
            ([1.0, 1.0, 1.0], [0.0, 1.0, 1.0]),
        ] {
            let look = format!("{} stroke-width=\"1\" stroke-dasharray=\"2 3\"", EDGE.stroke());
            svg.line(self.at(from), self.at(to), &look);
        }
        self.axis(svg, [1.0, 0.0, 0.0], "red", RED);
        self.axis(svg, [0.0, 1.0, 0.0], "green", GREEN);
        self.axis(svg, [0.0, 0.0, 1.0], "blue", BLUE);
    }

    /// An arrow's shaft from black along one colour, with its name at the end.
    fn axis(&self, svg: &mut Svg, end: [f64; 3], name: &str, colour: Colour) {
        let (from, to) = (self.at([0.0; 3]), self.at(end));
        svg.line(from, to, &format!("{} stroke-width=\"1.6\" stroke-opacity=\"0.55\"", colour.stroke()));
        let anchor = match to.0 - self.middle.0 {
            d if d < -20.0 => Anchor::Start,
            d if d > 20.0 => Anchor::End,
            _ => Anchor::Middle,
        };
        let down = if to.1 > self.middle.1 { 17.0 } else { -7.0 };
        svg.text((to.0, to.1 + down), Type::plain(11.0).fill(colour).anchor(anchor), name);
    }

    fn dots(&self, svg: &mut Svg, colours: &[[f64; 3]]) {
        let mut order: Vec<(f64, usize)> = colours
            .iter()
            .enumerate()
            .filter(|(_, colour)| colour.iter().all(|c| c.is_finite()))
            .map(|(index, &colour)| (project(colour).2, index))
            .collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut group = String::from("<g stroke=\"#000000\" stroke-opacity=\"0.22\" stroke-width=\"0.5\">");
        for (near, index) in order {
            let colour = colours[index];
            let (x, y) = self.at(colour);
            let radius = self.scale / 74.0 * (1.0 + 0.22 * near);
            let [r, g, b] = colour.map(|c| (c.clamp(0.0, 1.0) * 255.0).round() as u8);
            let (x, y, radius) = (tenth(x), tenth(y), coordinate(radius));
            let _ = write!(
                group,
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"#{r:02x}{g:02x}{b:02x}\"/>"
            );
        }
        group.push_str("</g>");
        svg.raw(&group);
    }
}

/// A coordinate with one decimal: there are thousands of dots.
fn tenth(value: f64) -> String {
    coordinate((value * 10.0).round() / 10.0)
}
