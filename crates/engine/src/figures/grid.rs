//! A grid: a table of metrics, a row for each group of rows that differs in some columns.

use report::spread::EXPLAINED;
use report::{Column, Table, number};

use crate::evidence::Evidence;
use crate::figures::metric::Metric;
use crate::figures::place::Place;
use crate::study::Drawn;

/// A table of metrics.
pub struct Grid<'a> {
    /// What stands over it.
    pub caption: &'a str,
    /// The columns of the evidence by which rows are told apart.
    pub by: &'a [&'a str],
    /// What stands over the heads of the rows: for each of those columns, or once where a label stands for them.
    pub heads: &'a [&'a str],
    /// The metrics, each a column; one that was nowhere measured is left out.
    pub metrics: &'a [Metric],
    /// What stands in a row's head for the text of a column; the text itself if not given.
    pub label: Option<&'a Label<'a>>,
    /// The report's own number for a row, of the first metric.
    pub reported: Option<&'a Reported<'a>>,
}

/// What stands in a row's head.
pub type Label<'a> = dyn Fn(&Place) -> String + 'a;

/// The report's own number for a row, if it has one.
pub type Reported<'a> = dyn Fn(&Place) -> Option<f64> + 'a;

impl Grid<'_> {
    /// Adds the table; nothing if none of the metrics was measured.
    pub fn draw(&self, drawn: &mut Drawn) {
        let evidence = &drawn.evidence;
        let measured: Vec<&Metric> = self.metrics.iter().filter(|metric| evidence.has(metric.name)).collect();
        let Some(first) = measured.first() else { return };
        let mut places = groups(evidence, self.by, &measured);
        // Without a label each column stands in a cell of its own, and a row that lacks one is none of the table.
        places.retain(|place| self.label.is_some() || place.len() == self.by.len());
        let numbers: Vec<Option<f64>> =
            places.iter().map(|place| self.reported.and_then(|reported| reported(place))).collect();
        let reported = numbers.iter().any(Option::is_some);
        let mut heads: Vec<Column> = self.heads.iter().map(|heading| Column::text(heading)).collect();
        heads.extend(measured.iter().map(|metric| Column::number(metric.heading, metric.unit)));
        if reported {
            heads.push(Column::number("the report", first.unit));
        }
        let mut ranges = false;
        let row = |(place, own): (&Place, &Option<f64>)| {
            let mut cells = self.head(place);
            for metric in &measured {
                let spread = metric.spread(evidence, place);
                ranges |= spread.is_some_and(|spread| spread.has_range());
                cells.push(metric.shown(spread));
            }
            if reported {
                cells.push(own.map_or_else(|| "–".to_owned(), |own| number(first.factor() * own)));
            }
            cells
        };
        let rows: Vec<Vec<String>> = places.iter().zip(&numbers).map(row).collect();
        let caption = if ranges { format!("{}. {EXPLAINED}", self.caption) } else { self.caption.to_owned() };
        drawn.tables.push(Table::new(caption, heads, rows));
    }

    fn head(&self, place: &Place) -> Vec<String> {
        match self.label {
            Some(label) => vec![label(place)],
            None => place.iter().map(|(_, text)| text.clone()).collect(),
        }
    }
}

/// The texts of some columns that occur together among rows of these metrics, in order of appearance. A column that a row
/// does not have is left out of its place; a row that has none of them has no place.
pub fn groups(evidence: &Evidence, columns: &[&str], metrics: &[&Metric]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for row in &evidence.rows {
        if !metrics.iter().any(|metric| metric.name == row.metric) {
            continue;
        }
        let own = |column: &&str| row.column(column).map(|text| ((*column).to_owned(), text.to_owned()));
        let place: Place = columns.iter().filter_map(own).collect();
        if !place.is_empty() && !places.contains(&place) {
            places.push(place);
        }
    }
    places
}
