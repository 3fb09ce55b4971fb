//! A grid: a table of metrics, a row for each group of rows that differs in some columns.

use report::spread::EXPLAINED;
use report::{Column, Table, number};

use crate::evidence::Evidence;
use crate::figures::metric::Metric;
use crate::figures::place::{Place, readings};
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
    /// Adds the table, and another with the same columns for other readings, if there are any; nothing if none of the
    /// metrics was measured.
    pub fn draw(&self, drawn: &mut Drawn) {
        let parts = readings(&drawn.evidence);
        let (protocol, others) = parts.split_at(1);
        drawn.tables.extend(self.table(protocol, ""));
        drawn.tables.extend(self.table(others, "Other readings of what the report leaves open. "));
    }

    fn table(&self, parts: &[(String, Evidence)], before: &str) -> Option<Table> {
        let has = |metric: &&Metric| parts.iter().any(|(_, evidence)| evidence.has(metric.name));
        let measured: Vec<&Metric> = self.metrics.iter().filter(has).collect();
        let first = measured.first()?;
        let mut places: Vec<(&str, &Evidence, Place)> = Vec::new();
        for (reading, evidence) in parts {
            let own = groups(evidence, self.by, &measured).into_iter();
            places.extend(own.map(|place| (reading.as_str(), evidence, place)));
        }
        // Without a label each column stands in a cell of its own, and a row that lacks one is none of the table.
        places.retain(|(.., place)| self.label.is_some() || place.len() == self.by.len());
        let numbers: Vec<Option<f64>> =
            places.iter().map(|(.., place)| self.reported.and_then(|reported| reported(place))).collect();
        let reported = numbers.iter().any(Option::is_some);
        let named = places.iter().any(|(reading, ..)| !reading.is_empty());
        let mut heads: Vec<Column> = self.heads.iter().map(|heading| Column::text(heading)).collect();
        heads.extend(named.then(|| Column::text("reading")));
        heads.extend(measured.iter().map(|metric| Column::number(metric.heading, metric.unit)));
        if reported {
            heads.push(Column::number("the report", first.unit));
        }
        let mut ranges = false;
        let row = |((reading, evidence, place), own): (&(&str, &Evidence, Place), &Option<f64>)| {
            let mut cells = self.head(place);
            cells.extend(named.then(|| (*reading).to_owned()));
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
        let caption = format!("{before}{}", self.caption);
        Some(Table::new(if ranges { format!("{caption}. {EXPLAINED}") } else { caption }, heads, rows))
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
