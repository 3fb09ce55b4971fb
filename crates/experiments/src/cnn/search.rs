//! Chooses among convolutional networks by held-out training images, learns from all of them, and looks at the test images once.

use std::sync::Arc;

use anyhow::{Context, Result};
use engine::Workbench;
use feedforward::fast::{FastNetwork, FastOptions, Samples};
use serde::{Deserialize, Serialize};
use tensor::Seed;
use train::{Descent, Fit, Tensor};

use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};
use crate::networks::{Architecture, NETWORK, put_predictions};

/// Networks to choose from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// What is tried.
    pub candidates: Vec<Candidate>,
    /// The first so many training images.
    pub images: usize,
    /// The last so many of these choose; the others are learnt from while choosing.
    pub held_out: usize,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Passes over the images.
    pub epochs: usize,
    /// The chosen network learns from all images so many times, each from other first weights.
    pub repeats: usize,
    /// Seed of weights, shuffles and dropout.
    pub seed: u64,
}

/// A network and how it learns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// What it is called on the page.
    pub name: String,
    /// Its layers.
    pub architecture: Architecture,
    /// Rule, rate, decay and schedule.
    pub descent: Descent,
}

/// The normal quantile of intervals of 95 %.
const NORMAL: f64 = 1.96;
/// Multiply-adds of a second of learning.
const PACE: f64 = 6e10;

impl Job for Search {
    const KIND: &'static str = "convolutional-search";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let digits = data.digits()?;
        let (count, pixels) = (self.images.min(digits.train.len()) as f64, digits.train.features());
        let each = self.candidates.iter().map(|candidate| candidate.architecture.multiply_adds(pixels));
        let (sum, most) = each.fold((0.0, 0.0_f64), |(sum, most), x| (sum + x, most.max(x)));
        let passes = 3.2 * self.epochs as f64 * count;
        let seconds = passes * (sum + self.repeats as f64 * most) / PACE + 0.5;
        Ok(Cost { seconds, bytes: count as u64 * 3000 + (256 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let count = digits.amount("images", self.images, digits.train.len())?;
        let begin = count.saturating_sub(self.held_out.min(count / 2));
        let judge = Arc::new(Digits::grey(&digits.train, begin..count));
        let mut best: Option<(f64, usize)> = None;
        for (place, candidate) in self.candidates.iter().enumerate() {
            let file = format!("candidate-{place}.txt");
            let error = bench.stage(&file, |bench| {
                let network = self.learn(candidate, &digits, begin, (place, 0), bench)?;
                Ok(network.evaluate(&judge)?.0.error_rate().to_string().into_bytes())
            })?;
            let error: f64 = std::str::from_utf8(&error)?.parse().with_context(|| file.clone())?;
            bench.rows.push("error_held_out", error, &[("candidate", &candidate.name)]);
            if best.is_none_or(|(least, _)| error < least) {
                best = Some((error, place));
            }
        }
        let (_, place) = best.context("a search has at least one candidate")?;
        let candidate = &self.candidates[place];
        let test = Arc::new(Digits::grey(&digits.test, 0..digits.test.len()));
        for repeat in 1..=self.repeats {
            bench.stage(&format!("repeat-{repeat}.txt"), |bench| {
                let network = self.learn(candidate, &digits, count, (place, repeat), bench)?;
                self.judge(&network, (&candidate.name, repeat), &test, bench)?;
                Ok(candidate.name.clone().into_bytes())
            })?;
        }
        Ok(())
    }
}

impl Search {
    /// One candidate, learnt from the first `count` images.
    fn learn(
        &self,
        candidate: &Candidate,
        digits: &Digits,
        count: usize,
        (place, repeat): (usize, usize),
        bench: &mut Workbench<'_>,
    ) -> Result<FastNetwork> {
        let seed = Seed::new(self.seed).child("candidate", place as u64).child("repeat", repeat as u64);
        let (pixels, classes) = (digits.train.features(), digits.train.classes.len());
        let network = candidate.architecture.network(pixels, classes, seed.child("network", 0), bench)?;
        let samples = Arc::new(Digits::grey(&digits.train, 0..count));
        let (batch, threads) = (self.batch.min(count), bench.threads);
        let options = FastOptions { descent: candidate.descent, batch, threads };
        let mut network = FastNetwork::new(&network, samples, options)?;
        let fit = Fit { epochs: self.epochs, batch: self.batch, seed: seed.child("fit", 0), resume: None };
        let what =
            if repeat == 0 { format!("choosing, {}", candidate.name) } else { format!("repeat {repeat}") };
        bench.train(&what, &mut network, count, &fit, &mut |_, _, _| Ok(()))?;
        Ok(network)
    }

    /// The one look at the test images.
    fn judge(
        &self,
        network: &FastNetwork,
        (name, repeat): (&str, usize),
        test: &Arc<Samples>,
        bench: &mut Workbench<'_>,
    ) -> Result<()> {
        let (confusion, loss) = network.evaluate(test)?;
        let [low, high] = confusion.interval(NORMAL);
        let columns: [(&str, &dyn std::fmt::Display); 2] = [("chosen", &name), ("repeat", &repeat)];
        for (metric, value) in [
            ("error_test", confusion.error_rate()),
            ("error_test_low", low),
            ("error_test_high", high),
            ("cross_entropy_test", loss),
        ] {
            bench.rows.push(metric, value, &columns);
        }
        if repeat > 1 {
            return Ok(());
        }
        put_predictions(&test.labels, &network.predict(test)?.0, bench)?;
        bench.put_tensors(NETWORK, Tensor::list(&network.network(), ""))
    }
}
