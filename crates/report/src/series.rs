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
    /// A slot of the palette, so that one kind of model has one colour in every chart: below [`SLOTS`], or
    /// [`INK_OF_REPORT`] or [`INK_OF_REAL`]. Without one, the next slot that no series of the chart asks for.
    pub ink: Option<usize>,
    /// Whether the line is dashed: for what belongs to another curve of the same ink, such as the training error to the test
    /// error.
    pub dash: bool,
}

/// How many colours series have.
pub const SLOTS: usize = 8;
/// The slot of a report's own numbers: hollow, in the colour of words.
pub const INK_OF_REPORT: usize = SLOTS;
/// The slot of real images, and of whatever else results are held against: grey and dotted.
pub const INK_OF_REAL: usize = SLOTS + 1;

impl Series {
    /// A series in the next free colour, not dashed.
    pub fn new(name: &str, mark: Mark, points: Vec<Point>) -> Series {
        Series { name: name.to_owned(), points, mark, ink: None, dash: false }
    }
}

/// A horizontal line that values are held against: a report's number, chance, the bound of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// In the right margin, beside the line: "report: 0.0026".
    pub label: String,
    /// Where the line lies.
    pub y: f64,
}
