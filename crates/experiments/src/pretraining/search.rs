//! Trains a perceptron whose rate and dropout were searched for with its own labels alone.
//!
//! Of the labelled images a fifth of each class is held out. Each candidate learns from the others and is judged by its
//! error there, and by its cross-entropy where errors are equal. The best one then learns from all labelled images. No label
//! beyond the budget is looked at, and no test image.

use anyhow::{Context, Result};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use train::Descent;

use super::job::Classifier;
use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};

/// A network with candidates for how it learns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Searched {
    /// The network; its own rate and dropout are not used.
    pub network: Classifier,
    /// What is tried.
    pub candidates: Vec<Candidate>,
}

/// How a network may learn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Rule and rate.
    pub descent: Descent,
    /// Share of hidden units silenced in training.
    pub dropout: f32,
}

/// One of so many labelled images is held out in the search.
const HELD_OUT: usize = 5;

impl Job for Searched {
    const KIND: &'static str = "searched-classifier";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let once = self.network.cost(data)?;
        Ok(Cost { seconds: once.seconds * (1.0 + 0.8 * self.candidates.len() as f64), ..once })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let chosen = self.network.labelled(&digits)?;
        let mut best: Option<([f64; 2], Candidate)> = None;
        for (place, &candidate) in self.candidates.iter().enumerate() {
            let file = format!("candidate-{}.txt", place + 1);
            let bytes = bench.stage(&file, |bench| {
                let measured =
                    self.under(candidate).try_out(&digits, &parts(&digits, &chosen), place + 1, bench)?;
                Ok(measured.map(|x| x.to_string()).join("\n").into_bytes())
            })?;
            let measured = read(&bytes).with_context(|| file.clone())?;
            if best.is_none_or(|(least, _)| measured < least) {
                best = Some((measured, candidate));
            }
        }
        let ([error, _], candidate) = best.context("a search has at least one candidate")?;
        bench.rows.push("searched_rate", f64::from(candidate.descent.rate), &[]);
        bench.rows.push("searched_dropout", f64::from(candidate.dropout), &[]);
        bench.rows.push("searched_error", error, &[]);
        self.under(candidate).run(data, bench)
    }
}

impl Searched {
    fn under(&self, candidate: Candidate) -> Classifier {
        let Candidate { descent, dropout } = candidate;
        Classifier { descent, dropout, ..self.network.clone() }
    }
}

/// Error and cross-entropy, as they were written.
fn read(bytes: &[u8]) -> Result<[f64; 2]> {
    let text = std::str::from_utf8(bytes)?;
    let (error, loss) = text.split_once('\n').context("expected two lines")?;
    Ok([error.parse()?, loss.parse()?])
}

/// Labelled images to learn from and to judge by: every fifth one of each class is held out.
fn parts(digits: &Digits, chosen: &[usize]) -> [Vec<usize>; 2] {
    let mut seen = [0; 256];
    let held_out = |image: &&usize| {
        let seen = &mut seen[usize::from(digits.train.labels[**image])];
        *seen += 1;
        *seen % HELD_OUT == 0
    };
    let (judge, learn) = chosen.iter().partition(held_out);
    [learn, judge]
}
