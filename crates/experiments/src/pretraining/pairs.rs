//! Networks held against each other on the same test images.
//!
//! What each network takes each test image for is kept in its point. Of two networks of one seed, the images that one gets wrong
//! and the other right are counted, both ways: rows of [`ALONE`], whose column [`AGAINST`] names the other network. McNemar's
//! exact test of the two counts tells whether the networks differ at all; it asks far less of the images than two intervals
//! that each stand for themselves.

use anyhow::{Result, ensure};
use engine::rows::READING;
use engine::{Columns, Evidence, Finished, Row, Task, pick};
use feedforward::mcnemar;

use super::job::PREDICTIONS;
use super::plan::NETWORK;

/// How many test images this network gets wrong that the other one gets right.
pub(super) const ALONE: &str = "wrong_alone";
/// The column with the other network: [`Net::name`].
pub(super) const AGAINST: &str = "against";
/// Two networks differ if the test's p-value is below.
pub(super) const LEVEL: f64 = 0.05;

/// One network of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Net<'a> {
    pub sweep: &'a str,
    pub value: &'a str,
    pub start: &'a str,
}

impl Net<'_> {
    /// Its name in the column [`AGAINST`]: "300, random".
    pub fn name(&self) -> String {
        format!("{}, {}", self.value, self.start)
    }

    fn columns(&self) -> [(&str, &str); 2] {
        [(self.sweep, self.value), ("start", self.start)]
    }

    /// Of each seed, its own metric.
    pub fn by_seed(&self, evidence: &Evidence, metric: &str) -> Vec<(String, f64)> {
        evidence.by_seed(pick(metric, &self.columns()))
    }

    /// Of each seed, how many images it gets wrong that the other one gets right.
    fn alone(&self, evidence: &Evidence, other: &Net<'_>) -> Vec<(String, f64)> {
        let name = other.name();
        let [value, start] = self.columns();
        evidence.by_seed(pick(ALONE, &[value, start, (AGAINST, &name)]))
    }

    /// Of each seed, how this network compares with another one.
    pub fn against(&self, other: &Net<'_>, evidence: &Evidence) -> Vec<(String, Pair)> {
        let theirs = other.alone(evidence, self);
        let both = self.alone(evidence, other).into_iter().filter_map(|(seed, own)| {
            let (_, other) = theirs.iter().find(|(same, _)| *same == seed)?;
            Some((seed, Pair { own: own.round() as u64, other: other.round() as u64 }))
        });
        both.collect()
    }
}

/// Two networks on the same images: how many each of them alone gets wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub own: u64,
    pub other: u64,
}

impl Pair {
    /// Whether the first errs less; none if the two cannot be told apart at this level.
    pub fn errs_less(self, level: f64) -> Option<bool> {
        (mcnemar(self.own, self.other) < level).then_some(self.own < self.other)
    }

    /// The standard deviation of the difference of both error counts: `√(a + b)`.
    pub fn deviation(self) -> f64 {
        ((self.own + self.other) as f64).sqrt()
    }
}

/// A finished network, and which test images it gets wrong.
struct Judged<'a> {
    task: &'a Task,
    wrong: Vec<bool>,
}

/// Rows of [`ALONE`] for all networks of one seed and reading that share the swept value or the start.
///
/// # Errors
/// If predictions are not as they were written.
pub(super) fn rows(sweep: &str, finished: &Finished<'_>) -> Result<Vec<Row>> {
    let judged: Vec<Judged<'_>> =
        finished.tasks(&[NETWORK]).map(|task| judge(task, finished)).collect::<Result<_>>()?;
    let same = |a: &Columns, b: &Columns, name: &str| a.get(name) == b.get(name);
    let mut rows = Vec::new();
    for own in &judged {
        for other in &judged {
            let (a, b) = (&own.task.columns, &other.task.columns);
            let of_one_run = same(a, b, "seed") && same(a, b, READING);
            if !of_one_run || same(a, b, sweep) == same(a, b, "start") || own.wrong.len() != other.wrong.len()
            {
                continue;
            }
            let alone = own.wrong.iter().zip(&other.wrong).filter(|(own, other)| **own && !**other).count();
            let name = Net { sweep, value: b.get(sweep), start: b.get("start") }.name();
            let columns = [a.0.clone(), vec![(AGAINST.to_owned(), name)]].concat();
            rows.push(Row { columns, epoch: None, metric: ALONE.to_owned(), value: alone as f64 });
        }
    }
    Ok(rows)
}

fn judge<'a>(task: &'a Task, finished: &Finished<'_>) -> Result<Judged<'a>> {
    let file = finished.tensors(task, PREDICTIONS)?;
    let (labels, predictions) = (file.bytes("labels")?, file.bytes("predictions")?);
    let label = &task.point.label;
    ensure!(
        labels.len() == predictions.len(),
        "{label}: {} labels, {} predictions",
        labels.len(),
        predictions.len()
    );
    Ok(Judged { task, wrong: labels.iter().zip(predictions).map(|(label, taken)| label != taken).collect() })
}
