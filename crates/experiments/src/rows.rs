//! Tidy rows: one observation each, a few free columns, a metric, perhaps an epoch, a value.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};

use anyhow::{Context, Result, ensure};

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

/// Observations in the order they were made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// The observations.
    pub rows: Vec<Row>,
}

impl Rows {
    /// Adds an observation without epoch.
    pub fn push(&mut self, metric: &str, value: f64, columns: &[(&str, &dyn fmt::Display)]) {
        self.push_at(None, metric, value, columns);
    }

    /// Adds an observation, after so many epochs if given. An empty text is the same as no such column.
    pub fn push_at(
        &mut self,
        epoch: Option<usize>,
        metric: &str,
        value: f64,
        columns: &[(&str, &dyn fmt::Display)],
    ) {
        let columns = texts(columns).collect();
        self.rows.push(Row { columns, epoch, metric: metric.to_owned(), value });
    }

    /// Adds the rows of a point, each with further columns in front: what the sweep knows and the point does not.
    pub fn extend_with(&mut self, rows: &Self, columns: &[(&str, &dyn fmt::Display)]) {
        for row in &rows.rows {
            let columns = texts(columns).chain(row.columns.iter().cloned()).collect();
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
        let mut out = String::new();
        let header = names.iter().map(String::as_str).chain(["epoch", "metric", "value"]);
        line(&mut out, header);
        for row in &self.rows {
            let free = names.iter().map(|name| row.column(name).unwrap_or_default());
            let (epoch, value) =
                (row.epoch.map_or_else(String::new, |e| e.to_string()), row.value.to_string());
            line(&mut out, free.chain([epoch.as_str(), &row.metric, &value]));
        }
        out.into_bytes()
    }

    /// Reads what [`Rows::to_csv`] wrote.
    ///
    /// # Errors
    /// If the header or a line is not of that form; names the line.
    pub fn from_csv(bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).context("expected UTF-8")?;
        let mut records = records(text)?.into_iter();
        let header = records.next().context("line 1: expected a header, found nothing")?;
        let free = header.len().saturating_sub(3);
        ensure!(
            header[free..] == ["epoch", "metric", "value"],
            "line 1: expected a header that ends in epoch,metric,value, found {}",
            header.join(",")
        );
        let mut rows = Vec::new();
        for (index, record) in records.enumerate() {
            let at = || format!("record {}", index + 1);
            let (found, expected) = (record.len(), header.len());
            ensure!(found == expected, "{}: expected {expected} fields, found {found}", at());
            let epoch = match record[free].as_str() {
                "" => None,
                text => Some(text.parse().with_context(|| format!("{}: epoch {text:?}", at()))?),
            };
            let value = &record[free + 2];
            let value = value.parse().with_context(|| format!("{}: value {value:?}", at()))?;
            let columns = header.iter().zip(&record).take(free).filter(|(_, value)| !value.is_empty());
            let columns = columns.map(|(name, value)| (name.clone(), value.clone())).collect();
            rows.push(Row { columns, epoch, metric: record[free + 1].clone(), value });
        }
        Ok(Self { rows })
    }
}

/// Only columns with a text: rows that were written and read back must be the same rows.
fn texts(columns: &[(&str, &dyn fmt::Display)]) -> impl Iterator<Item = (String, String)> {
    let text = |(name, value): &(&str, &dyn fmt::Display)| ((*name).to_owned(), value.to_string());
    columns.iter().map(text).filter(|(_, text)| !text.is_empty())
}

/// Records as CSV, LF after each.
pub fn csv(records: &[Vec<String>]) -> Vec<u8> {
    let mut out = String::new();
    records.iter().for_each(|record| line(&mut out, record.iter().map(String::as_str)));
    out.into_bytes()
}

/// One CSV line; a field with a comma, a quote or a line break is quoted.
fn line<'a>(out: &mut String, fields: impl Iterator<Item = &'a str>) {
    for (i, field) in fields.enumerate() {
        if i > 0 {
            out.push(',');
        }
        if field.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(field);
        }
    }
    out.push('\n');
}

fn records(text: &str) -> Result<Vec<Vec<String>>> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            c => field.push(c),
        }
    }
    ensure!(!quoted && record.is_empty() && field.is_empty(), "expected a whole last line, found it cut off");
    Ok(records)
}

/// Which observations: a metric, and the text that some columns must have.
#[derive(Clone, Copy, Debug)]
pub struct Pick<'a> {
    /// The metric.
    pub metric: &'a str,
    /// Column and text.
    pub at: &'a [(&'a str, &'a str)],
}

/// The observations of `metric` where every column of `at` has the text given.
pub fn pick<'a>(metric: &'a str, at: &'a [(&'a str, &'a str)]) -> Pick<'a> {
    Pick { metric, at }
}

impl fmt::Display for Pick<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.metric)?;
        for (i, (column, value)) in self.at.iter().enumerate() {
            write!(f, "{}{column} = {value}", if i == 0 { " at " } else { ", " })?;
        }
        Ok(())
    }
}

/// The rows that claims look at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence(pub Rows);

impl Deref for Evidence {
    type Target = Rows;
    fn deref(&self) -> &Rows {
        &self.0
    }
}

impl DerefMut for Evidence {
    fn deref_mut(&mut self) -> &mut Rows {
        &mut self.0
    }
}

impl Evidence {
    /// One value a seed, with the seed, in order of seeds. Of several rows of one seed those of the latest epoch
    /// count, and their mean is taken. Rows without a `seed` column belong to one nameless seed.
    pub fn by_seed(&self, pick: Pick<'_>) -> Vec<(String, f64)> {
        self.by_seed_at(pick, None)
    }

    /// The same with one more column to match.
    pub(crate) fn by_seed_at(&self, pick: Pick<'_>, also: Option<(&str, &str)>) -> Vec<(String, f64)> {
        // Epoch and values of each seed.
        type Latest = (Option<usize>, Vec<f64>);
        let mut seeds: BTreeMap<(usize, &str), Latest> = BTreeMap::new();
        for row in &self.rows {
            let matches = |(column, value): (&str, &str)| row.column(column) == Some(value);
            if row.metric != pick.metric || !pick.at.iter().copied().chain(also).all(matches) {
                continue;
            }
            let seed = row.column("seed").unwrap_or_default();
            // Shorter numbers first, so that seeds come in numerical order.
            let entry = seeds.entry((seed.len(), seed)).or_default();
            if row.epoch > entry.0 || entry.1.is_empty() {
                *entry = (row.epoch, vec![row.value]);
            } else if row.epoch == entry.0 {
                entry.1.push(row.value);
            }
        }
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        seeds.into_iter().map(|((_, seed), (_, values))| (seed.to_owned(), mean(&values))).collect()
    }

    /// One value a seed, in order of seeds; see [`Evidence::by_seed`].
    pub fn values(&self, pick: Pick<'_>) -> Vec<f64> {
        self.by_seed(pick).into_iter().map(|(_, value)| value).collect()
    }

    /// The mean over seeds; none without rows.
    pub fn mean(&self, pick: Pick<'_>) -> Option<f64> {
        let values = self.values(pick);
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    }
}
