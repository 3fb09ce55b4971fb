//! Two runs held against each other: the same bytes, or which verdicts and which numbers differ, largest first, and the
//! first epoch at which two curves part.
//!
//! Runs on other data are not compared: a run on drawn stand-in data says nothing about one on the published images.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::{Context, Result, anyhow};
use disk::{Folder, Name, escaped};
use report::Verdict;

use crate::rows::{Row, Rows};
use crate::section::{Manifest, drawn, name_of, section_in};
use crate::study::Question;

/// Two results folders of one profile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// What became of each experiment that the first folder holds: its name, and the outcome.
    pub experiments: Vec<(String, Outcome)>,
}

/// One experiment in two folders.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// All files have the same bytes.
    Same,
    /// The second folder does not hold it.
    Alone,
    /// The two were made from other data, or from drawn ones: not compared.
    OtherData,
    /// What one of the folders holds cannot be read: why.
    Unreadable(String),
    /// Something differs.
    Differs(Difference),
}

/// What differs between two drawings of one experiment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// Claims with another verdict: the claim, the first folder's verdict, the second's.
    pub verdicts: Vec<(String, Verdict, Verdict)>,
    /// Numbers that differ, those with the largest relative difference first.
    pub numbers: Vec<NumberPair>,
    /// Curves that part: what, and the first epoch at which they do; the earliest first.
    pub curves: Vec<(String, usize)>,
    /// Rows that only one of the two has.
    pub unmatched: usize,
    /// Files of other bytes that hold no rows: pictures, tables, weights.
    pub files: Vec<String>,
}

/// A number that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberPair {
    /// Which: the metric and its columns.
    pub what: String,
    /// In the first folder.
    pub first: f64,
    /// In the second.
    pub second: f64,
}

impl NumberPair {
    /// `|a − b| / max(|a|, |b|)`; 1 where one of them is not a number.
    pub fn relative(&self) -> f64 {
        let most = self.first.abs().max(self.second.abs());
        let share = (self.first - self.second).abs() / most;
        if share.is_finite() { share } else { 1.0 }
    }
}

impl Comparison {
    /// Compares what is drawn in two folders.
    ///
    /// # Errors
    /// If the first folder cannot be listed.
    pub fn of(catalogue: &[&'static Question], first: &Folder, second: &Folder) -> Result<Self> {
        let mut experiments = Vec::new();
        let theirs: BTreeMap<String, Folder> =
            drawn(catalogue, second)?.into_iter().map(|folder| (name_of(&folder), folder)).collect();
        for folder in drawn(catalogue, first)? {
            let name = name_of(&folder);
            let outcome = match theirs.get(&name) {
                None => Outcome::Alone,
                Some(other) => {
                    compare(&folder, other).unwrap_or_else(|error| Outcome::Unreadable(format!("{error:#}")))
                }
            };
            experiments.push((name, outcome));
        }
        Ok(Self { experiments })
    }

    /// How many experiments came out the same, and how many can be compared at all.
    pub fn same(&self) -> (usize, usize) {
        let same = self.experiments.iter().filter(|(_, outcome)| *outcome == Outcome::Same).count();
        let other =
            |(_, outcome): &&(String, Outcome)| matches!(outcome, Outcome::Alone | Outcome::OtherData);
        (same, self.experiments.len() - self.experiments.iter().filter(other).count())
    }

    /// What a reader is told on top of the page and at the end of a run, in one sentence; `other` is what the second folder
    /// is called, as in "the reference run".
    pub fn sentence(&self, other: &str) -> String {
        let (same, comparable) = self.same();
        let outcomes = || self.experiments.iter().map(|(_, outcome)| outcome);
        let elsewhere = outcomes().filter(|outcome| **outcome == Outcome::OtherData).count();
        if comparable == 0 {
            let why = if elsewhere > 0 {
                "it was made from other data"
            } else {
                "it has none of these experiments"
            };
            return format!("Not compared with {other}: {why}.");
        }
        // Experiments that read no data come out the same beside others that were drawn from a stand-in.
        let and_elsewhere = match elsewhere {
            0 => String::new(),
            n => format!("; {n} made from other data: not compared"),
        };
        if same == comparable {
            return format!("Same bytes as {other}, in all {same} experiments that it has{and_elsewhere}.");
        }
        let mut told = Vec::new();
        if outcomes().any(|outcome| matches!(outcome, Outcome::Differs(_))) {
            told.push(match outcomes().map(Outcome::verdicts).sum() {
                0 => "no verdict differs".to_owned(),
                1 => "1 verdict differs".to_owned(),
                n => format!("{n} verdicts differ"),
            });
        }
        let unreadable = outcomes().filter(|outcome| matches!(outcome, Outcome::Unreadable(_))).count();
        if unreadable > 0 {
            told.push(format!("{unreadable} cannot be compared, since files are damaged or not there"));
        }
        let told = told.join("; ");
        format!("Same bytes as {other} in {same} of {comparable} experiments; {told}{and_elsewhere}.")
    }
}

impl Outcome {
    fn verdicts(&self) -> usize {
        if let Self::Differs(difference) = self { difference.verdicts.len() } else { 0 }
    }
}

/// Numbers and curves that are told of one experiment, at most.
const TOLD: usize = 5;

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (says, first, second) in &self.verdicts {
            writeln!(f, "  verdict: {first} against {second}: {}", escaped(says))?;
        }
        for pair in self.numbers.iter().take(TOLD) {
            let (share, what) = (100.0 * pair.relative(), escaped(&pair.what));
            let numbers = format!("{} against {}", report::number(pair.first), report::number(pair.second));
            writeln!(f, "  number: {what}: {numbers} ({} %)", report::number(share))?;
        }
        if self.numbers.len() > TOLD {
            writeln!(f, "  and {} more numbers", self.numbers.len() - TOLD)?;
        }
        for (what, epoch) in self.curves.iter().take(TOLD) {
            writeln!(f, "  curve: {}: parts at epoch {epoch}", escaped(what))?;
        }
        if self.unmatched > 0 {
            writeln!(f, "  {} rows that only one of the two has", self.unmatched)?;
        }
        let same_numbers = self.numbers.is_empty() && self.curves.is_empty() && self.unmatched == 0;
        if same_numbers && !self.files.is_empty() {
            writeln!(f, "  all numbers are the same; other bytes: {}", self.files.join(", "))?;
        }
        Ok(())
    }
}

fn compare(first: &Folder, second: &Folder) -> Result<Outcome> {
    let (a, b) = (sound(first)?, sound(second)?);
    if a.artefacts == b.artefacts && a.data == b.data {
        return Ok(Outcome::Same);
    }
    let (own, other) = (section_in(first)?, section_in(second)?);
    if a.data != b.data || own.standin != other.standin {
        return Ok(Outcome::OtherData);
    }
    let mut difference = Difference::default();
    for claim in &own.claims {
        let theirs = other.claims.iter().find(|theirs| theirs.says == claim.says);
        if let Some(theirs) = theirs.filter(|theirs| theirs.finding.verdict != claim.finding.verdict) {
            difference.verdicts.push((claim.says.clone(), claim.finding.verdict, theirs.finding.verdict));
        }
    }
    let names: BTreeSet<&Name> = a.artefacts.keys().chain(b.artefacts.keys()).collect();
    for file in names {
        if a.artefacts.get(file) == b.artefacts.get(file) {
            continue;
        }
        let both = a.artefacts.contains_key(file) && b.artefacts.contains_key(file);
        match rows_of(first, second, file).filter(|_| both) {
            Some((ours, theirs)) => difference.add(&ours, &theirs),
            None => difference.files.push(file.to_string()),
        }
    }
    difference.numbers.sort_by(|x, y| y.relative().total_cmp(&x.relative()).then(x.what.cmp(&y.what)));
    difference.curves.sort_by(|x, y| x.1.cmp(&y.1).then(x.0.cmp(&y.0)));
    Ok(Outcome::Differs(difference))
}

/// The manifest of a folder whose files are all as it says: numbers of damaged files are not compared.
fn sound(folder: &Folder) -> Result<Manifest> {
    let manifest = Manifest::read(folder)?;
    match manifest.damage(folder)?.into_iter().next() {
        Some(trouble) => Err(anyhow!(trouble)),
        None => Ok(manifest),
    }
}

/// The rows of a file in both folders, if it holds rows.
fn rows_of(first: &Folder, second: &Folder, file: &Name) -> Option<(Rows, Rows)> {
    let read = |folder: &Folder| Rows::from_csv(&folder.read(file).ok()?).ok();
    if file.as_str().ends_with(".csv") { Some((read(first)?, read(second)?)) } else { None }
}

impl Difference {
    fn add(&mut self, first: &Rows, second: &Rows) {
        let (ours, theirs) = (by_place(first), by_place(second));
        let mut parting: BTreeMap<String, usize> = BTreeMap::new();
        for (place, row) in &ours {
            let Some(other) = theirs.get(place) else {
                self.unmatched += 1;
                continue;
            };
            if row.value == other.value || (row.value.is_nan() && other.value.is_nan()) {
                continue;
            }
            match row.epoch {
                Some(epoch) => {
                    let at = parting.entry(words(row)).or_insert(epoch);
                    *at = epoch.min(*at);
                }
                None => {
                    let (what, first, second) = (words(row), row.value, other.value);
                    self.numbers.push(NumberPair { what, first, second });
                }
            }
        }
        self.unmatched += theirs.keys().filter(|place| !ours.contains_key(*place)).count();
        self.curves.extend(parting);
    }
}

/// What a row is: two runs are compared where they have the same.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    what: String,
    epoch: Option<usize>,
    /// Which of several that are alike, from 1.
    nth: usize,
}

/// Rows by what they are: columns, epoch, metric, and which of several alike.
fn by_place(rows: &Rows) -> BTreeMap<Place, &Row> {
    let mut alike: BTreeMap<(String, Option<usize>), usize> = BTreeMap::new();
    let mut place = |row: &Row| {
        let nth = alike.entry((words(row), row.epoch)).or_default();
        *nth += 1;
        Place { what: words(row), epoch: row.epoch, nth: *nth }
    };
    rows.rows.iter().map(|row| (place(row), row)).collect()
}

/// A metric with its columns: "error_last at layers = 2, start = random".
fn words(row: &Row) -> String {
    let columns: Vec<String> = row.columns.iter().map(|(name, text)| format!("{name} = {text}")).collect();
    if columns.is_empty() { row.metric.clone() } else { format!("{} at {}", row.metric, columns.join(", ")) }
}

/// Compares two folders that a user names, whatever they hold.
///
/// # Errors
/// If one is not there, or holds nothing that was drawn.
pub fn folders(catalogue: &[&'static Question], first: &Folder, second: &Folder) -> Result<Comparison> {
    for folder in [first, second] {
        let found = drawn(catalogue, folder)?;
        let nothing = || {
            format!(
                "{}: expected a results folder with drawn experiments, found none",
                folder.path().display()
            )
        };
        found.first().with_context(nothing)?;
    }
    Comparison::of(catalogue, first, second)
}
