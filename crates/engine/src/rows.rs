//! Tidy rows: one observation each, a few free columns, a metric, perhaps an epoch, a value.

use std::collections::BTreeSet;
use std::fmt::Display;

use anyhow::{Context, Result, bail, ensure};
use disk::one_line;

/// The column that names the reading of a report that a row follows; rows of the protocol itself have none.
pub const READING: &str = "reading";

/// One observation.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Free columns in order: the swept parameter, the model, the seed.
    pub columns: Vec<(String, String)>,
    /// Epochs done when it was made, if that means something.
    pub epoch: Option<usize>,
    /// What was measured, snake_case with its unit.
    pub metric: String,
    /// The value.
    pub value: f64,
}

impl Row {
    /// The text of a free column; none if the row does not have it.
    pub fn column(&self, name: &str) -> Option<&str> {
        self.columns.iter().find(|(column, _)| column == name).map(|(_, value)| value.as_str())
    }
}

/// Names and texts of the columns that a sweep adds to the rows of a point. An empty text is no column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns(pub Vec<(String, String)>);

impl Columns {
    /// These columns, in order.
    pub fn new(columns: &[(&str, &dyn Display)]) -> Self {
        let text = |(name, value): &(&str, &dyn Display)| ((*name).to_owned(), value.to_string());
        Self(columns.iter().map(text).filter(|(_, text)| !text.is_empty()).collect())
    }

    /// The text of a column; empty if there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(column, _)| column == name).map_or("", |(_, text)| text)
    }
}

/// Observations in the order they were made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// The observations.
    pub rows: Vec<Row>,
}

impl Rows {
    /// Adds an observation without epoch.
    pub fn push(&mut self, metric: &str, value: f64, columns: &[(&str, &dyn Display)]) {
        self.push_at(None, metric, value, columns);
    }

    /// Adds an observation, after so many epochs if given. An empty text is the same as no such column.
    pub fn push_at(
        &mut self,
        epoch: Option<usize>,
        metric: &str,
        value: f64,
        columns: &[(&str, &dyn Display)],
    ) {
        let Columns(columns) = Columns::new(columns);
        self.rows.push(Row { columns, epoch, metric: metric.to_owned(), value });
    }

    /// Adds the rows of a point, each with further columns in front: what the sweep knows and the point does not.
    pub fn extend_with(&mut self, rows: &Self, columns: &Columns) {
        for row in &rows.rows {
            let columns = columns.0.iter().chain(&row.columns).cloned().collect();
            self.rows.push(Row { columns, ..row.clone() });
        }
    }

    /// Names of the free columns, in the order in which they first appear.
    pub fn column_names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (name, _) in self.rows.iter().flat_map(|row| &row.columns) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }

    /// The rows as CSV: free columns, `epoch`, `metric`, `value`; LF, shortest numbers that read back exactly.
    pub fn to_csv(&self) -> Vec<u8> {
        let names = self.column_names();
        let header = names.iter().map(String::as_str).chain(["epoch", "metric", "value"]);
        let mut records: Vec<Vec<String>> = vec![header.map(str::to_owned).collect()];
        for row in &self.rows {
            let free = names.iter().map(|name| row.column(name).unwrap_or_default().to_owned());
            let epoch = row.epoch.map_or_else(String::new, |epoch| epoch.to_string());
            records.push(free.chain([epoch, row.metric.clone(), row.value.to_string()]).collect());
        }
        csv(&records)
    }

    /// Reads what [`Rows::to_csv`] wrote.
    ///
    /// # Errors
    /// If the header or a record is not of that form; names the record.
    pub fn from_csv(bytes: &[u8]) -> Result<Self> {
        ensure!(bytes.ends_with(b"\n"), "expected a whole last line, found it cut off");
        let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(bytes);
        let header = reader.headers().context("line 1: expected a header")?.clone();
        let free = header.len().saturating_sub(3);
        let last: Vec<&str> = header.iter().skip(free).collect();
        ensure!(
            last == ["epoch", "metric", "value"],
            "line 1: expected a header that ends in epoch,metric,value, found {}",
            one_line(&header.iter().collect::<Vec<_>>().join(","))
        );
        let mut names = BTreeSet::new();
        if let Some(name) = header.iter().take(free).find(|name| !names.insert(*name)) {
            bail!("line 1: expected columns that differ, found {name:?} twice");
        }
        let mut rows = Vec::new();
        for (index, record) in reader.records().enumerate() {
            let at = || format!("record {}", index + 1);
            let record = record.with_context(at)?;
            let epoch = match &record[free] {
                "" => None,
                text => Some(text.parse().with_context(|| format!("{}: epoch {text:?}", at()))?),
            };
            let value = &record[free + 2];
            let value = value.parse().with_context(|| format!("{}: value {value:?}", at()))?;
            let columns = header.iter().zip(&record).take(free).filter(|(_, value)| !value.is_empty());
            let columns = columns.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            rows.push(Row { columns, epoch, metric: record[free + 1].to_owned(), value });
        }
        Ok(Self { rows })
    }
}

/// Records as CSV, LF after each; a field with a comma, a quote or a line break is quoted.
///
/// # Panics
/// Never: memory takes every byte.
pub fn csv(records: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for record in records {
        writer.write_record(record).expect("memory takes every record");
    }
    writer.into_inner().expect("memory takes every record")
}
