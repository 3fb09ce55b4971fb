//! Curves: metrics along a swept quantity, split into series by a column; means over seeds with their bands, the report's
//! own numbers, and the bounds of claims as lines.

use report::series::{INK_OF_REAL, INK_OF_REPORT};
use report::spread::EXPLAINED;
use report::{Chart, Mark, Point, Reference, Series, Spread};

use crate::evidence::{Evidence, pick};
use crate::figures::grid::groups;
use crate::figures::metric::Metric;
use crate::figures::place::{Place, at, readings};
use crate::rows::Row;
use crate::study::Drawn;

/// How the values of a sweep lie on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steps {
    /// Evenly.
    Linear,
    /// By orders of magnitude.
    Log,
    /// They are names, in the order in which they were run.
    Names,
}

/// An axis: what it says, and how values lie on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis<'a> {
    /// What it says, with the unit.
    pub label: &'a str,
    /// How values lie on it.
    pub steps: Steps,
}

/// The kinds of models that have a colour of their own in every chart, in the order of the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inks(pub &'static [&'static str]);

impl Inks {
    /// The palette's slot for a kind; none if the kind has no colour of its own.
    pub fn of(self, kind: &str) -> Option<usize> {
        self.0.iter().position(|own| *own == kind)
    }
}

/// What the names of metrics of real images begin with.
const FLOOR: &str = "floor_";

/// A chart of metrics along a column.
pub struct Curve<'a> {
    /// The file: "error.svg".
    pub file: &'a str,
    /// What stands over it.
    pub title: &'a str,
    /// The horizontal axis.
    pub x: Axis<'a>,
    /// The vertical axis; behind its label stands which values of the first metric are better.
    pub y: Axis<'a>,
    /// Column and text that rows must have to be looked at; empty for all rows.
    pub only: &'a [(&'a str, &'a str)],
    /// The column of the swept quantity.
    pub along: &'a str,
    /// The column that splits rows into series; rows without it are one series.
    pub split: &'a str,
    /// The metrics; several of them are several series each.
    pub metrics: &'a [Metric],
    /// The colours of kinds: of the split's texts, or of the metrics' headings where nothing is split.
    pub inks: Inks,
    /// Metrics whose lines are dashed: training errors beside test errors.
    pub dashed: &'a [&'a str],
    /// The report's own numbers: the swept value's text, and the number in the metric's own unit.
    pub reported: Vec<(String, f64)>,
    /// Bounds of claims and other lines: a label, and where it lies as the axis shows it.
    pub references: Vec<(String, f64)>,
    /// How values are marked: with lines, or as bars beside names.
    pub mark: Mark,
    /// What is shown.
    pub caption: &'a str,
    /// The one-sentence finding, for those who cannot see it; from title and axis if empty.
    pub alt: &'a str,
}

impl Curve<'_> {
    /// Adds the chart; nothing if there is nothing to connect.
    pub fn draw(&self, stamp: Option<&str>, drawn: &mut Drawn) {
        let evidence = drawn.evidence.only(self.only);
        let values = self.values(&evidence);
        let texts: Vec<&str> = values.iter().map(String::as_str).collect();
        let mut chart = self.empty(&texts);
        let mut bands = Vec::new();
        let parts = readings(&evidence);
        let groups: Vec<(&str, &Evidence, Place)> = parts
            .iter()
            .flat_map(|(name, own)| {
                self.groups(own).into_iter().map(move |group| (name.as_str(), own, group))
            })
            .collect();
        for (number, (reading, own, group)) in groups.iter().enumerate() {
            // Real images are the same whatever is read.
            for metric in self.metrics.iter().filter(|m| reading.is_empty() || !m.name.starts_with(FLOOR)) {
                let shift = self.shift(number, groups.len());
                let series = self.series(own, (group, metric), &values, shift);
                let points: Vec<Point> = series.iter().map(|(x, spread)| spread.point(*x)).collect();
                if points.len() > usize::from(self.mark != Mark::Bars && self.x.steps != Steps::Names) {
                    bands.extend(series.iter().map(|(_, spread)| *spread));
                    let name = self.name(reading, group, metric);
                    // Another reading has a colour of its own.
                    let ink = self.ink(group, metric).filter(|_| reading.is_empty());
                    let dash = self.dashed.contains(&metric.name);
                    chart.series.push(Series { ink, dash, ..Series::new(&name, self.mark, points) });
                }
            }
        }
        if chart.series.is_empty() {
            return;
        }
        if let Some(metric) = self.metrics.iter().find(|metric| !metric.beyond.is_empty()) {
            chart.beyond = metric.beyond.to_owned();
        }
        self.held_against(&values, groups.len(), &mut chart);
        if bands.iter().any(|band: &Spread| band.high > band.low) {
            chart.note = EXPLAINED.to_owned();
        }
        chart.stamp = stamp;
        let made = format!("{} against {}.", self.title, self.x.label);
        let alt = if self.alt.is_empty() { &made } else { self.alt };
        drawn.show(self.file, report::Figure::chart(&chart), self.caption, alt);
    }

    /// The chart without anything on it; `texts` are the names along a horizontal axis of names.
    fn empty<'t>(&'t self, texts: &'t [&'t str]) -> Chart<'t> {
        let x = match self.x.steps {
            Steps::Linear => report::Axis::linear(self.x.label),
            Steps::Log => report::Axis::log(self.x.label),
            Steps::Names => report::Axis::categories(self.x.label, texts),
        };
        let better = self.metrics.first().map_or("", |metric| metric.better.words());
        let label = format!("{}{better}", self.y.label);
        let y = match self.y.steps {
            Steps::Log => report::Axis::log(&label),
            Steps::Linear | Steps::Names => report::Axis::linear(&label),
        };
        Chart::new(self.title, x, y)
    }

    /// The report's own numbers, and lines.
    fn held_against(&self, values: &[String], groups: usize, chart: &mut Chart<'_>) {
        let factor = self.metrics.first().map_or(1.0, Metric::factor);
        let shift = self.shift(groups, groups);
        let point = |(text, y): &(String, f64)| Some(Point::new(self.x(text, values)? + shift, factor * y));
        let points: Vec<Point> = self.reported.iter().filter_map(point).collect();
        if !points.is_empty() {
            let ink = Some(INK_OF_REPORT);
            chart.series.push(Series { ink, ..Series::new("the report", Mark::Points, points) });
        }
        let line = |(label, y): &(String, f64)| Reference { label: label.clone(), y: *y };
        chart.references.extend(self.references.iter().map(line));
    }

    /// Beside a name the marks of several series stand next to each other.
    fn shift(&self, number: usize, of: usize) -> f64 {
        match (self.x.steps, self.mark) {
            (Steps::Names, Mark::Points) => 0.14 * (number as f64 - 0.5 * of as f64),
            _ => 0.0,
        }
    }

    /// The texts of the swept column, in order of appearance.
    fn values(&self, evidence: &Evidence) -> Vec<String> {
        let metrics: Vec<&Metric> = self.metrics.iter().collect();
        let places = groups(evidence, &[self.along], &metrics);
        places.into_iter().filter_map(|place| place.into_iter().next()).map(|(_, text)| text).collect()
    }

    /// The series: one for each text of the split's column, and one for the rows that do not have it.
    fn groups(&self, evidence: &Evidence) -> Vec<Place> {
        let metrics: Vec<&Metric> = self.metrics.iter().collect();
        let own = |row: &&Row| self.metrics.iter().any(|metric| metric.name == row.metric);
        let whole = evidence.rows.iter().filter(own).any(|row| row.column(self.split).is_none());
        let whole = whole.then(Place::new);
        whole.into_iter().chain(groups(evidence, &[self.split], &metrics)).collect()
    }

    /// Where a text of the swept column lies; none if it is no number and the axis is one of numbers.
    fn x(&self, text: &str, values: &[String]) -> Option<f64> {
        match self.x.steps {
            Steps::Names => values.iter().position(|value| value == text).map(|place| place as f64),
            Steps::Linear | Steps::Log => text.parse().ok(),
        }
    }

    fn series(
        &self,
        evidence: &Evidence,
        (group, metric): (&Place, &Metric),
        values: &[String],
        shift: f64,
    ) -> Vec<(f64, Spread)> {
        let mut points = Vec::new();
        for text in values {
            let mut place = group.clone();
            place.push((self.along.to_owned(), text.clone()));
            // Rows of a series without the split's column would count for every series.
            if group.is_empty() && !self.split.is_empty() && self.is_split(evidence, &place, metric) {
                continue;
            }
            let measured = self.x(text, values).zip(metric.spread(evidence, &place));
            points.extend(measured.map(|(x, spread)| (x + shift, spread)));
        }
        points
    }

    fn is_split(&self, evidence: &Evidence, place: &Place, metric: &Metric) -> bool {
        !evidence.along(pick(metric.name, &at(place)), self.split).is_empty()
    }

    /// The colour of a series: that of its kind, and that of real images for the floors that samples are held against.
    fn ink(&self, group: &Place, metric: &Metric) -> Option<usize> {
        if metric.name.starts_with(FLOOR) {
            return Some(INK_OF_REAL);
        }
        self.inks.of(group.first().map_or(metric.heading, |(_, text)| text.as_str()))
    }

    fn name(&self, reading: &str, group: &Place, metric: &Metric) -> String {
        let texts = group.iter().map(|(_, text)| text.as_str()).chain([reading]);
        let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
        match (texts.len(), self.metrics.len()) {
            (0, _) => metric.heading.to_owned(),
            (_, 1) => texts.join(", "),
            _ => format!("{}: {}", texts.join(", "), metric.heading),
        }
    }
}
