//! A network as a classifier: its gradient, and what it is worth: predictions, confusion, error rate with its interval, cross-entropy.

use tensor::{Matrix, Stream};
use train::Parameters;

use crate::{Layer, Mode, Network, check_inputs, softmax_cross_entropy};

/// Samples that go through a network at once, so that memory stays small.
const BLOCK: usize = 1000;

impl Network {
    /// The mean cross-entropy over a mini-batch, with dropout drawn from `noise`, and its gradient: what [`train::fit`] asks
    /// for.
    ///
    /// # Panics
    /// As [`softmax_cross_entropy`], or if an input is not finite: [`check_inputs`] says so as an error.
    pub fn gradient(&self, x: &Matrix, labels: &[u8], noise: &mut Stream) -> (f64, Self) {
        if let Err(error) = check_inputs(x) {
            panic!("{error}");
        }
        let mut gradient = self.zeros_like();
        let (logits, trace) = self.forward(x, &mut Mode::Train(noise));
        let (loss, dy) = softmax_cross_entropy(&logits, labels);
        self.backward(x, &logits, &trace, dy, &mut gradient);
        (loss, gradient)
    }
}

/// Logits of all samples, block by block: the first sample of the block, and logits.
fn blocks<'a>(network: &'a Network, x: &'a Matrix) -> impl Iterator<Item = (usize, Matrix)> + 'a {
    (0..x.cols()).step_by(BLOCK).map(move |begin| {
        let end = (begin + BLOCK).min(x.cols());
        let data = x.as_slice()[begin * x.rows()..end * x.rows()].to_vec();
        (begin, network.logits(&Matrix::from_vec(x.rows(), end - begin, data)))
    })
}

/// The class with the largest logit, for each sample of `x` (features × samples); the first of equals.
pub fn predictions(network: &Network, x: &Matrix) -> Vec<u8> {
    let mut classes = Vec::with_capacity(x.cols());
    for (_, logits) in blocks(network, x) {
        classes.extend(logits.columns().map(largest));
    }
    classes
}

/// Index of the first largest value.
pub(crate) fn largest(values: &[f32]) -> u8 {
    let better = |best: usize, i: usize| if values[i] > values[best] { i } else { best };
    (0..values.len()).reduce(better).unwrap_or(0) as u8
}

/// The mean cross-entropy in nats over all samples, without dropout.
///
/// # Panics
/// If there is not one label a sample, or a label is out of range.
pub fn mean_cross_entropy(network: &Network, x: &Matrix, labels: &[u8]) -> f64 {
    assert_eq!(labels.len(), x.cols(), "{} labels for {} samples", labels.len(), x.cols());
    let sums = blocks(network, x).map(|(begin, logits)| {
        let labels = &labels[begin..begin + logits.cols()];
        softmax_cross_entropy(&logits, labels).0 * labels.len() as f64
    });
    sums.sum::<f64>() / labels.len() as f64
}

/// How often each class was taken for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    counts: Vec<u64>, // true class × predicted class, row-major
}

impl Confusion {
    /// Counts pairs of label and prediction.
    ///
    /// # Panics
    /// If they are not equally many, or one is not below `classes`.
    pub fn new(labels: &[u8], predictions: &[u8], classes: usize) -> Self {
        assert_eq!(
            labels.len(),
            predictions.len(),
            "{} labels, {} predictions",
            labels.len(),
            predictions.len()
        );
        let mut counts = vec![0; classes * classes];
        for (&label, &prediction) in labels.iter().zip(predictions) {
            let (label, prediction) = (usize::from(label), usize::from(prediction));
            assert!(label.max(prediction) < classes, "class {} of {classes}", label.max(prediction));
            counts[label * classes + prediction] += 1;
        }
        Self { classes, counts }
    }

    /// Samples of class `label` that were taken for `prediction`.
    ///
    /// # Panics
    /// If either is not a class.
    pub fn count(&self, label: usize, prediction: usize) -> u64 {
        assert!(label.max(prediction) < self.classes, "class {} of {}", label.max(prediction), self.classes);
        self.counts[label * self.classes + prediction]
    }

    /// One row for each true class, one entry for each predicted one.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[u64]> {
        self.counts.chunks_exact(self.classes.max(1))
    }

    /// Samples counted.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Samples taken for another class.
    pub fn errors(&self) -> u64 {
        self.total() - (0..self.classes).map(|class| self.count(class, class)).sum::<u64>()
    }

    /// Share of the samples taken for another class; NaN for none at all.
    pub fn error_rate(&self) -> f64 {
        self.errors() as f64 / self.total() as f64
    }

    /// The interval of the error rate for a standard normal quantile, 1.96 for 95 %.
    pub fn interval(&self, z: f64) -> [f64; 2] {
        wilson(self.errors(), self.total(), z)
    }
}

/// The score interval for a share of `hits` in `n` [Wilson1927]: `(p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n)`.
///
/// # Panics
/// If `n` is 0 or below `hits`.
pub fn wilson(hits: u64, n: u64, z: f64) -> [f64; 2] {
    assert!(n > 0 && hits <= n, "{hits} of {n}");
    let (p, n, square) = (hits as f64 / n as f64, n as f64, z * z);
    let (middle, whole) = (p + square / (2.0 * n), 1.0 + square / n);
    let half = z * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt();
    // At the ends the sum is exact but for its rounding.
    [((middle - half) / whole).max(0.0), ((middle + half) / whole).min(1.0)]
}

/// The two-sided p-value of McNemar's exact test [McNemar1947]: of the images that one of two classifiers gets wrong and the
/// other right, `a` are wrong for the first and `b` for the second. If both err equally often, each of them is wrong for
/// either with probability one half: `p = min(1, 2 Σ_{k ≤ min(a, b)} C(a+b, k) / 2^(a+b))`.
pub fn mcnemar(a: u64, b: u64) -> f64 {
    let n = a + b;
    // ln of the k-th term, from that of the one before.
    let mut ln_term = -(n as f64) * std::f64::consts::LN_2;
    let mut tail = ln_term.exp();
    for k in 1..=a.min(b) {
        ln_term += ((n - k + 1) as f64 / k as f64).ln();
        tail += ln_term.exp();
    }
    (2.0 * tail).min(1.0)
}
