//! What a chart shows: axes, points with their spread, series, and lines to hold them against.

/// How an axis maps values to places.
#[derive(Clone, Debug, PartialEq)]
pub enum Scale {
    /// Equal steps.
    Linear,
    /// Equal ratios; shows positive values only.
    Log,
    /// Names in order; a point's `x` is the index of its name.
    Categories(Vec<String>),
}

/// One axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What it measures, with the unit: "test error, %".
    pub label: String,
    /// How it maps values to places.
    pub scale: Scale,
    /// The ends; from the data if not given. Ignored by categories.
    pub range: Option<(f64, f64)>,
}

impl Axis {
    /// A linear axis fitted to the data.
    pub fn linear(label: &str) -> Axis {
        Axis { label: label.to_owned(), scale: Scale::Linear, range: None }
    }

    /// A logarithmic axis fitted to the data.
    pub fn log(label: &str) -> Axis {
        Axis { label: label.to_owned(), scale: Scale::Log, range: None }
    }

    /// An axis of names.
    pub fn categories(label: &str, names: &[&str]) -> Axis {
        let names = names.iter().map(|&name| name.to_owned()).collect();
        Axis { label: label.to_owned(), scale: Scale::Categories(names), range: None }
    }
}

/// One observation, with the spread over seeds if there is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Place on the x axis; the index of the name on a categorical one.
    pub x: f64,
    /// The value; where it is not finite, the line breaks.
    pub y: f64,
    /// Lower and upper end over seeds.
    pub band: Option<(f64, f64)>,
}

impl Point {
    /// A value without a spread.
    pub fn new(x: f64, y: f64) -> Point {
        Point { x, y, band: None }
    }

    /// A value with its lower and upper end.
    pub fn with_band(x: f64, y: f64, low: f64, high: f64) -> Point {
        Point { x, y, band: Some((low, high)) }
    }
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// A line; the spread is a band.
    Line,
    /// A line with a marker on each point; the spread is a band.
    LineMarkers,
    /// Markers alone; the spread is a whisker.
    Points,
    /// Bars from zero, for a categorical x axis; the spread is a whisker. On a logarithmic y axis, where bars have no
    /// foot, drawn as points.
    Bars,
}

/// One curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// For the legend; empty for no entry.
    pub name: String,
    /// In order of x.
    pub points: Vec<Point>,
    /// How it is drawn.
    pub mark: Mark,
}

/// A horizontal line that values are held against.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// In the right margin, beside the line: "report: 0.0026".
    pub label: String,
    /// Where the line lies.
    pub y: f64,
}
