//! Evidence: the rows that claims look at, and how a claim names some of them.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};

use report::Spread;

use crate::rows::{READING, Row, Rows};

/// Which observations: a metric, and the text that some columns must have.
#[derive(Clone, Copy, Debug)]
pub struct Pick<'a> {
    /// The metric.
    pub metric: &'a str,
    /// Column and text.
    pub at: &'a [(&'a str, &'a str)],
}

impl Pick<'_> {
    /// Whether a row belongs to another reading than the one asked for; who names none asks for the protocol's own rows.
    fn misses(&self, row: &Row) -> bool {
        row.column(READING).is_some() && !self.at.iter().any(|(column, _)| *column == READING)
    }
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

    /// [`Evidence::by_seed`] with one more column to match.
    pub fn by_seed_at(&self, pick: Pick<'_>, also: Option<(&str, &str)>) -> Vec<(String, f64)> {
        // Epoch and values of each seed.
        type Latest = (Option<usize>, Vec<f64>);
        let mut seeds: BTreeMap<(usize, &str), Latest> = BTreeMap::new();
        for row in &self.rows {
            let matches = |(column, value): (&str, &str)| row.column(column) == Some(value);
            if row.metric != pick.metric
                || !pick.at.iter().copied().chain(also).all(matches)
                || pick.misses(row)
            {
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

    /// The mean over seeds with its spread; none without rows.
    pub fn spread(&self, pick: Pick<'_>) -> Option<Spread> {
        Spread::of(&self.values(pick))
    }

    /// The distinct texts of a column, in order of appearance, among rows that match.
    pub fn along(&self, pick: Pick<'_>, column: &str) -> Vec<&str> {
        let mut texts: Vec<&str> = Vec::new();
        for row in &self.rows {
            let matches =
                pick.at.iter().all(|(name, text)| row.column(name) == Some(text)) && !pick.misses(row);
            if let Some(text) = row.column(column).filter(|_| matches && row.metric == pick.metric)
                && !texts.contains(&text)
            {
                texts.push(text);
            }
        }
        texts
    }

    /// The rows that have these texts in these columns.
    pub fn only(&self, at: &[(&str, &str)]) -> Self {
        let own = |row: &&Row| at.iter().all(|(column, text)| row.column(column) == Some(text));
        Self(Rows { rows: self.rows.iter().filter(own).cloned().collect() })
    }

    /// The rows that follow the protocol: all but those of other readings.
    pub fn of_protocol(&self) -> Self {
        let own = |row: &&Row| row.column(READING).is_none();
        Self(Rows { rows: self.rows.iter().filter(own).cloned().collect() })
    }

    /// The rows of one reading, as if they were the protocol's own.
    pub fn of_reading(&self, name: &str) -> Self {
        let mut own = self.only(&[(READING, name)]);
        own.rows.iter_mut().for_each(|row| row.columns.retain(|(column, _)| column != READING));
        own
    }

    /// The names of the readings, in order of appearance.
    pub fn readings(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.rows.iter().filter_map(|row| row.column(READING)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Whether there is a row of this metric.
    pub fn has(&self, metric: &str) -> bool {
        self.rows.iter().any(|row| row.metric == metric)
    }
}
