//! The network 784–500–(500 + 10)–2000: its machines, fresh; its file; what it is asked for its labels.

use anyhow::{Context, Result};
use energy::partition::estimate::Interval;
use energy::{Bernoulli, Joined, LabelDbn, LabelRbm, Rbm, SIGMA, Softmax, VisibleState, one_hot};
use engine::Workbench;
use feedforward::wilson;
use tensor::{Matrix, Seed};
use train::Snapshot;

use crate::data::{Data, Digits};
use crate::intervals::interval;

/// Pixels, and units of the two layers above them.
pub const WIDTHS: [usize; 3] = [784, 500, 500];
/// Labels beside the last of those.
pub const CLASSES: usize = 10;
/// Units of the top machine's hidden layer.
pub const TOP: usize = 2000;
/// Weights of each machine, bottom first.
pub const WEIGHTS: [usize; 3] = [WIDTHS[0] * WIDTHS[1], WIDTHS[1] * WIDTHS[2], (WIDTHS[2] + CLASSES) * TOP];
/// The file of a whole network, as [`LabelDbn`] names its parameters.
pub const NETWORK: &str = "network.safetensors";
/// Images that are sent through a network at a time.
const BLOCK: usize = 500;
/// The usual 95 %.
const Z: f64 = 1.96;

/// A fresh machine: weights and biases from N(0, 0.01²).
pub fn machine(visible: usize, hidden: usize, seed: Seed) -> Rbm {
    let mut rbm = Rbm::new(visible, hidden, seed);
    rbm.visible.bias = biases(visible, "visible biases", seed);
    rbm.hidden.bias = biases(hidden, "hidden biases", seed);
    rbm
}

/// The same with labels beside its visible units.
pub fn top(seed: Seed) -> LabelRbm {
    let visible = Joined { units: Bernoulli::new(WIDTHS[2]), labels: Softmax::new(CLASSES) };
    let mut rbm = Rbm::with_units(visible, Bernoulli::new(TOP), seed);
    rbm.visible.units.bias = biases(WIDTHS[2], "visible biases", seed);
    rbm.visible.labels.bias = biases(CLASSES, "label biases", seed);
    rbm.hidden.bias = biases(TOP, "hidden biases", seed);
    rbm
}

fn biases(n: usize, purpose: &str, seed: Seed) -> Vec<f32> {
    let mut biases = Matrix::zeros(n, 1);
    seed.child(purpose, 0).stream().normal(&mut biases, SIGMA);
    biases.into_vec()
}

/// A network to read a file into.
fn empty() -> LabelDbn {
    let seed = Seed::new(0);
    LabelDbn::tied(&[Rbm::new(WIDTHS[0], WIDTHS[1], seed), Rbm::new(WIDTHS[1], WIDTHS[2], seed)], top(seed))
}

/// The network in the file of a needed point.
///
/// # Errors
/// If the file is none of such a network.
pub fn read_network(index: usize, bench: &Workbench<'_>) -> Result<LabelDbn> {
    let (file, _) = Snapshot::decode(&bench.read_need(index, NETWORK)?)?;
    let mut dbn = empty();
    file.write_into(&mut dbn, "").context("expected a network 784–500–(500 + 10)–2000")?;
    Ok(dbn)
}

/// Images and labels that a network learns from or is tested on.
pub struct Labelled {
    /// Grey levels from 0 to 1, pixels × images.
    pub images: Matrix,
    /// Their labels.
    pub labels: Vec<u8>,
}

impl Labelled {
    /// The first so many training images.
    ///
    /// # Errors
    /// If the data are missing or have not so many.
    pub fn train(data: &Data, count: usize) -> Result<Self> {
        let digits = data.digits()?;
        let count = digits.amount("images", count, digits.train.len())?;
        Ok(Self::first(&digits.train, count))
    }

    /// The first so many test images.
    ///
    /// # Errors
    /// As [`Labelled::train`].
    pub fn test(data: &Data, count: usize) -> Result<Self> {
        let digits = data.digits()?;
        let count = digits.amount("test-images", count, digits.test.len())?;
        Ok(Self::first(&digits.test, count))
    }

    /// The first so many of the training images that choose epochs.
    ///
    /// # Errors
    /// As [`Labelled::train`].
    pub fn held_out(data: &Data, count: usize) -> Result<Self> {
        let digits = data.digits()?;
        let rest = digits.held_out();
        let count = digits.amount("held-out images", count, rest.len())?;
        let chosen: Vec<usize> = rest.take(count).collect();
        let labels = chosen.iter().map(|&image| digits.train.labels[image]).collect();
        Ok(Self { images: digits.train.to_matrix(&chosen), labels })
    }

    fn first(images: &datasets::Images, count: usize) -> Self {
        let chosen: Vec<usize> = (0..count).collect();
        Self { images: images.to_matrix(&chosen), labels: images.labels[..count].to_vec() }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The labels as states.
    ///
    /// # Errors
    /// If one is none of ten.
    pub fn one_hot(&self) -> Result<Matrix> {
        Ok(one_hot(&self.labels, CLASSES)?)
    }
}

/// The two ways in which a network is asked for a label, as they stand in the column `by`.
pub const WAYS: [&str; 2] = [EXACT, GIBBS];
/// By the exact probability of every label.
pub const EXACT: &str = "exact";
/// By Gibbs steps at the top.
pub const GIBBS: &str = "Gibbs";

/// For each image whether the network names its label, in either of [`WAYS`].
///
/// # Errors
/// If the run is interrupted.
pub fn named(
    dbn: &LabelDbn,
    data: &Labelled,
    sweeps: usize,
    seed: Seed,
    bench: &Workbench<'_>,
) -> Result<[Vec<bool>; 2]> {
    let mut hits = [Vec::new(), Vec::new()];
    for begin in (0..data.len()).step_by(BLOCK) {
        bench.check_interrupt()?;
        let end = (begin + BLOCK).min(data.len());
        let block = data.images.gather(&(begin..end).collect::<Vec<_>>());
        let mut noise = seed.child("block", begin as u64).stream();
        let penultimate = dbn.penultimate(&block, VisibleState::Mean, &mut noise);
        let exact = dbn.top().label_log_probabilities(&penultimate);
        let gibbs = dbn.top().label_probabilities_by_gibbs(&penultimate, sweeps, &mut noise);
        for (hits, scores) in hits.iter_mut().zip([exact, gibbs]) {
            let pairs = scores.columns().zip(&data.labels[begin..end]);
            hits.extend(pairs.map(|(scores, label)| best(scores) == usize::from(*label)));
        }
    }
    Ok(hits)
}

/// For each image whether the network names its label by the exact probabilities alone; `each` hears of every block, and may
/// stop it.
///
/// # Errors
/// If `each` stops it.
pub fn named_exactly<E>(
    dbn: &LabelDbn,
    data: &Labelled,
    each: &dyn Fn() -> Result<(), E>,
) -> Result<Vec<bool>, E> {
    let mut hits = Vec::with_capacity(data.len());
    for begin in (0..data.len()).step_by(BLOCK) {
        each()?;
        let end = (begin + BLOCK).min(data.len());
        let block = data.images.gather(&(begin..end).collect::<Vec<_>>());
        let scores = dbn.label_log_probabilities(&block);
        let pairs = scores.columns().zip(&data.labels[begin..end]);
        hits.extend(pairs.map(|(scores, label)| best(scores) == usize::from(*label)));
    }
    Ok(hits)
}

/// The first of the largest.
fn best(scores: &[f32]) -> usize {
    (0..scores.len()).fold(0, |best, own| if scores[own] > scores[best] { own } else { best })
}

/// Records an accuracy with its Wilson interval, with these columns.
pub fn record(hits: &[bool], columns: &[(&str, &dyn std::fmt::Display)], bench: &mut Workbench<'_>) {
    let (right, all) = (hits.iter().filter(|hit| **hit).count() as u64, hits.len() as u64);
    let [low, high] = wilson(right, all, Z);
    let found = Interval { low, value: right as f64 / all as f64, high };
    interval("accuracy", found, columns, &mut bench.rows);
}

/// Pixels of a row of an image.
pub fn width() -> usize {
    Digits::SIZE.1
}
