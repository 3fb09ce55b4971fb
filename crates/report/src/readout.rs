//! What can be read off a figure with a pointer or the keyboard: the values of a chart's curves, one row of a strip at a time.
//!
//! It stands beside the figure on the page, so that the picture itself stays a file that needs no script.

use serde::{Deserialize, Serialize};

use crate::plot::Plot;
use crate::series::{Axis, Mark, Point, Scale, Series};
use crate::spread::number;

/// Of a curve at most so many points can be read, evenly spaced.
const POINTS: usize = 100;
/// A cloud of more dots than this is a picture, not a list of values.
const CLOUD: usize = 100;

/// So many curves, values and rows are named in words; who listens loses the thread of more.
const LISTED: usize = 14;

/// A figure with what can be read off it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// The SVG document.
    pub svg: String,
    /// What can be read off it.
    pub readout: Readout,
}

/// Places are pixels of the picture at its own size.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readout {
    /// Width of the picture.
    pub width: u32,
    /// What the horizontal axis measures.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub across: String,
    /// The curves of a chart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub curves: Vec<Curve>,
    /// The rows of a strip.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
}

/// The values of a curve that its axes show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Curve {
    /// As in the legend.
    pub name: String,
    /// Pixels from the left and from the top, and both values in words; the second with its spread.
    pub points: Vec<(u32, u32, String, String)>,
}

/// A row of a strip, from its label to its numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its label.
    pub name: String,
    /// Its upper edge.
    pub top: u32,
    /// Its height.
    pub height: u32,
}

impl From<String> for Figure {
    fn from(svg: String) -> Figure {
        Figure { svg, readout: Readout::default() }
    }
}

impl Readout {
    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.curves.is_empty() && self.rows.is_empty()
    }

    /// The same in a sentence or two, for those who do not see the figure: both ends of every curve, or all of a short one; the names
    /// of the rows.
    pub(crate) fn words(&self) -> String {
        let at = |(_, _, x, y): &(u32, u32, String, String)| format!("{y} at {x}");
        let curve = |curve: &Curve| {
            let values = match curve.points.as_slice() {
                [first, .., last] if curve.points.len() > LISTED => format!("{} to {}", at(first), at(last)),
                few => few.iter().map(at).collect::<Vec<_>>().join(", "),
            };
            if curve.name.is_empty() { values } else { format!("{}: {values}", curve.name) }
        };
        let curves = self.curves.iter().take(LISTED).map(curve).collect::<Vec<_>>().join("; ");
        let names = self.rows.iter().map(|row| row.name.as_str()).filter(|name| !name.is_empty());
        let rows = names.take(LISTED).collect::<Vec<_>>().join(", ");
        let sentences = [("", curves), ("Rows: ", rows)].into_iter().filter(|(_, words)| !words.is_empty());
        sentences.map(|(what, words)| format!("{what}{words}.")).collect::<Vec<_>>().join(" ")
    }

    /// What the axes of `plot` show of `series`, in a chart so many pixels wide.
    pub(crate) fn of_curves(series: &[Series], x: &Axis, plot: &Plot, width: f64) -> Readout {
        let names = match &x.scale {
            Scale::Categories(names) => names.as_slice(),
            Scale::Linear | Scale::Log => &[],
        };
        let across = |point: &Point| match names.get(point.x.round().max(0.0) as usize) {
            Some(name) => name.clone(),
            None => number(point.x),
        };
        let read = |point: &Point| {
            let (left, top) = plot.at(point)?;
            let spread = point.band.map(|(low, high)| format!(" ({}–{})", number(low), number(high)));
            let value = number(point.y) + &spread.unwrap_or_default();
            Some((left.round() as u32, top.round() as u32, across(point), value))
        };
        let listed = series.iter().filter(|one| one.mark != Mark::Points || one.points.len() <= CLOUD);
        let curves = listed.map(|one| {
            let every = one.points.len().div_ceil(POINTS).max(1);
            Curve {
                name: one.name.clone(),
                points: one.points.iter().step_by(every).filter_map(read).collect(),
            }
        });
        Readout {
            width: width.round() as u32,
            across: x.label.clone(),
            curves: curves.filter(|curve| !curve.points.is_empty()).collect(),
            rows: vec![],
        }
    }
}
