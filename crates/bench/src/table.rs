//! Lines of JSON from several programs and rounds, and the table that sets ours beside the peer's.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::timing::median;

/// What the table needs of a line; the others of its fields are for people.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Line {
    /// Group of metrics.
    pub case: String,
    /// Shapes.
    pub metric: String,
    /// How the work is done.
    pub variant: String,
    /// Median of the repetitions.
    pub value: f64,
    /// Unit of the value.
    pub unit: String,
    /// Threads offered.
    pub threads: usize,
    /// Whether others disturbed too many repetitions.
    #[serde(default)]
    pub unreliable: bool,
}

/// The measurements in what a program printed; lines that do not begin with a brace are not ours to read.
///
/// # Errors
/// If one is not a measurement.
pub fn parse(output: &str) -> Result<Vec<Line>> {
    let lines = output.lines().filter(|line| line.trim_start().starts_with('{'));
    lines
        .map(|line| {
            serde_json::from_str(line).with_context(|| format!("expected a measurement, found {line}"))
        })
        .collect()
}

/// Which program a line comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// This project.
    Ours,
    /// What users would pick instead.
    Peer,
}

/// One variant of one metric: the values of all rounds.
#[derive(Clone, Debug)]
struct Row {
    first: Line,
    ours: Values,
    peer: Values,
    /// The peer's, in half the precision.
    half: Values,
}

/// What the names of variants end with that a peer measures in `bfloat16`: half the precision, and on processors that have
/// instructions for it up to twice the speed and more. They stand in a column of their own.
const HALF: &str = "-bf16";

/// Values of all rounds, by number of threads, in the order in which the numbers came.
#[derive(Clone, Debug, Default)]
struct Values(Vec<(usize, Vec<f64>, usize)>); // threads, values, how many of them are unreliable

impl Values {
    fn push(&mut self, line: &Line) {
        let known = self.0.iter().position(|(threads, ..)| *threads == line.threads);
        let at = known.unwrap_or(self.0.len());
        if known.is_none() {
            self.0.push((line.threads, Vec::new(), 0));
        }
        self.0[at].1.push(line.value);
        self.0[at].2 += usize::from(line.unreliable);
    }

    /// The best of the medians, its number of threads, and whether half of its rounds or more are unreliable.
    fn best(&self, lower_is_better: bool) -> Option<(f64, usize, bool)> {
        let medians = self.0.iter().map(|(threads, values, unreliable)| {
            (median(values), *threads, 2 * unreliable >= values.len() && *unreliable > 0)
        });
        medians.reduce(|a, b| if (b.0 < a.0) == lower_is_better && b.0 != a.0 { b } else { a })
    }
}

/// All measurements of a comparison.
#[derive(Clone, Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
}

impl Table {
    /// Takes in a line.
    pub fn add(&mut self, side: Side, line: &Line) {
        let variant = line.variant.strip_suffix(HALF);
        let same = |row: &&mut Row| {
            (&row.first.case, &row.first.metric) == (&line.case, &line.metric)
                && row.first.variant == variant.unwrap_or(&line.variant)
        };
        let place = match self.rows.iter_mut().find(same) {
            Some(row) => row,
            // What only the peer measures has no row.
            None if side == Side::Peer => return,
            None => {
                let (ours, peer, half) = <(Values, Values, Values)>::default();
                self.rows.push(Row { first: line.clone(), ours, peer, half });
                self.rows.last_mut().expect("one was pushed")
            }
        };
        match (side, variant) {
            (Side::Ours, _) => &mut place.ours,
            (Side::Peer, None) => &mut place.peer,
            (Side::Peer, Some(_)) => &mut place.half,
        }
        .push(line);
    }

    /// How many times ours is as fast as the peer, by metric and variant; nothing where one is missing.
    pub fn ratio(&self, metric: &str, variant: &str) -> Option<f64> {
        let row = self.rows.iter().find(|row| row.first.metric == metric && row.first.variant == variant)?;
        row.ratio(&row.peer)
    }

    /// The table for people; without `peer` it has only our column.
    pub fn render(&self, peer: Option<&str>) -> String {
        let mut head = vec!["metric", "variant", "threads", "unit", "glyphlab"];
        head.extend(peer.into_iter().flat_map(|peer| [peer, "ratio"]));
        let halves = self.rows.iter().any(|row| row.half.best(true).is_some());
        head.extend(halves.then_some(["in bf16", "ratio"]).into_iter().flatten());
        let mut cells: Vec<Vec<String>> = vec![head.into_iter().map(str::to_owned).collect()];
        cells.extend(self.rows.iter().map(|row| {
            let of_peer = peer.is_some().then_some(&row.peer);
            row.cells(of_peer.into_iter().chain(halves.then_some(&row.half)))
        }));
        let widths: Vec<usize> = (0..cells[0].len())
            .map(|column| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0))
            .collect();
        let mut text = String::new();
        for (i, row) in cells.iter().enumerate() {
            line(&mut text, row, &widths);
            if i == 0 {
                let rule: Vec<String> = widths.iter().map(|&width| "-".repeat(width)).collect();
                line(&mut text, &rule, &widths);
            }
        }
        text
    }

    /// Whether a number in the table is marked as unreliable.
    pub fn is_unreliable(&self) -> bool {
        self.rows.iter().any(|row| {
            [&row.ours, &row.peer, &row.half]
                .into_iter()
                .filter_map(|v| v.best(row.lower()))
                .any(|best| best.2)
        })
    }
}

impl Row {
    /// Seconds are better when fewer, everything else when more.
    fn lower(&self) -> bool {
        self.first.unit == "s" || self.first.unit.starts_with("s/")
    }

    fn ratio(&self, peer: &Values) -> Option<f64> {
        let (ours, peer) = (self.ours.best(self.lower())?.0, peer.best(self.lower())?.0);
        Some(if self.lower() { peer / ours } else { ours / peer })
    }

    /// What is measured, ours, and the others with the ratio to each.
    fn cells<'a>(&'a self, others: impl Iterator<Item = &'a Values>) -> Vec<String> {
        let Line { metric, variant, unit, .. } = &self.first;
        let ours = self.ours.best(self.lower());
        let (value, threads) = ours.map_or_else(Default::default, |(value, threads, mark)| {
            (number(value) + if mark { "~" } else { "" }, threads)
        });
        let mut cells = vec![metric.clone(), variant.clone(), threads.to_string(), unit.clone(), value];
        for peer in others {
            let best = peer.best(self.lower()).map(|(value, others, mark)| {
                let mark = if mark { "~" } else { "" };
                let note = if others == threads { String::new() } else { format!(" on {others}") };
                format!("{}{mark}{note}", number(value))
            });
            cells.push(best.unwrap_or_default());
            cells.push(self.ratio(peer).map_or_else(String::new, |ratio| format!("{ratio:.2}")));
        }
        cells
    }
}

/// Words to the left, numbers (from the third column on, but the unit) to the right.
fn line(text: &mut String, cells: &[String], widths: &[usize]) {
    for (column, (cell, &width)) in cells.iter().zip(widths).enumerate() {
        // A cell of the table in Markdown, so that it can be pasted as it is.
        let _ = match column {
            0 | 1 | 3 => write!(text, "| {cell:<width$} "),
            _ => write!(text, "| {cell:>width$} "),
        };
    }
    text.push_str("|\n");
}

/// Three significant digits, or all of those before the point with a comma after each three.
pub fn number(x: f64) -> String {
    if !x.is_finite() {
        return x.to_string();
    }
    if x.abs() < 100.0 {
        let magnitude = if x == 0.0 { 0 } else { x.abs().log10().floor() as i32 };
        return format!("{x:.*}", usize::try_from(2 - magnitude).unwrap_or(0));
    }
    let digits = format!("{x:.0}");
    let first = digits.len() % 3;
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && i % 3 == first % 3 {
            text.push(',');
        }
        text.push(digit);
    }
    text.replacen("-,", "-", 1)
}
