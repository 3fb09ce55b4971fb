//! Networks measured on the same images after every epoch, under the same names, and kept in the same files, of whatever kind
//! they are: `error_test`, `error_train`, `error_held_out` and their cross-entropies. Nothing in training depends on them.

use std::sync::Arc;

use anyhow::Result;
use datasets::Images;
use engine::Workbench;
use feedforward::fast::{FastMlp, FastOptions, Samples};
use feedforward::ladder::LadderTrainer;
use feedforward::{Confusion, Network, NetworkError};
use tensor::layers::Sparse;
use train::{Delegate, Descent, Tensor, Trainee};

use crate::data::Digits;
use crate::networks::{NETWORK, put_predictions};

/// True class × predicted class of the test images, after the last epoch.
pub const CONFUSION: &str = "confusion.csv";
/// Training images whose error is measured.
pub(super) const TRAIN_MEASURED: usize = 5000;

/// How a network sees images: these of them, with their labels.
pub(super) type Look = fn(&Images, &[usize]) -> Samples;

/// Pixels that are on or off.
pub(super) fn black_and_white(images: &Images, chosen: &[usize]) -> Samples {
    Digits::samples(images, chosen.iter().copied())
}

/// Grey levels from 0 to 1.
pub(super) fn grey(images: &Images, chosen: &[usize]) -> Samples {
    Digits::grey(images, chosen.iter().copied())
}

/// A network under training that can be asked what it takes images for.
pub(super) trait Recognises: Trainee {
    /// The class that each image is taken for, and the mean cross-entropy in nats.
    fn recognise(&self, samples: &Samples) -> Result<(Vec<u8>, f64), NetworkError>;

    /// What it has learnt to classify with.
    fn classifier(&self) -> Result<Network, NetworkError>;
}

impl Recognises for FastMlp {
    fn recognise(&self, samples: &Samples) -> Result<(Vec<u8>, f64), NetworkError> {
        self.predict(samples)
    }

    fn classifier(&self) -> Result<Network, NetworkError> {
        Ok(self.network())
    }
}

impl Recognises for LadderTrainer {
    fn recognise(&self, samples: &Samples) -> Result<(Vec<u8>, f64), NetworkError> {
        // It only looks, so that it needs no images to learn from, and its descent is never used.
        let nothing = Samples { images: Sparse::new(samples.images.rows()), labels: Vec::new() };
        let options = FastOptions { descent: Descent::sgd(0.0), batch: 1, threads: 1 };
        FastMlp::new(&self.ladder().classifier()?, Arc::new(nothing), options)?.predict(samples)
    }

    fn classifier(&self) -> Result<Network, NetworkError> {
        self.ladder().classifier()
    }
}

/// Images that a network is measured on after every epoch.
pub(super) struct Set {
    error: &'static str,
    cross_entropy: &'static str,
    samples: Samples,
}

impl Set {
    fn new(name: &str, samples: Samples) -> Self {
        let (error, cross_entropy) = match name {
            "test" => ("error_test", "cross_entropy_test"),
            "train" => ("error_train", "cross_entropy_train"),
            _ => ("error_held_out", "cross_entropy_held_out"),
        };
        Self { error, cross_entropy, samples }
    }
}

/// The test images first, some of those with labels, and those that choose epochs if they are not among them.
pub(super) fn sets(digits: &Digits, labelled: &[usize], look: Look) -> Vec<Set> {
    let (images, held_out) = (&digits.train, digits.held_out());
    let test: Vec<usize> = (0..digits.test.len()).collect();
    let some = &labelled[..labelled.len().min(TRAIN_MEASURED)];
    let mut sets = vec![Set::new("test", look(&digits.test, &test)), Set::new("train", look(images, some))];
    if labelled.len() <= held_out.start {
        sets.push(Set::new("held_out", look(images, &held_out.collect::<Vec<_>>())));
    }
    sets
}

/// A network with the images that it is measured on.
pub(super) struct Scored<T> {
    pub network: T,
    pub sets: Vec<Set>,
    pub classes: usize,
}

impl<T: Recognises> Scored<T> {
    /// What images are taken for, against what they are, and the mean cross-entropy.
    pub fn evaluate(&self, samples: &Samples) -> Result<(Confusion, f64), NetworkError> {
        let (predictions, loss) = self.network.recognise(samples)?;
        Ok((Confusion::new(&samples.labels, &predictions, self.classes), loss))
    }

    /// Puts the confusion matrix of the test images, what each of them is taken for, and the weights.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn put(&self, bench: &mut Workbench<'_>) -> Result<()> {
        let test = &self.sets[0].samples;
        let (predictions, _) = self.network.recognise(test)?;
        bench.put(CONFUSION, &table(&Confusion::new(&test.labels, &predictions, self.classes)))?;
        put_predictions(&test.labels, &predictions, bench)?;
        bench.put_tensors(NETWORK, Tensor::list(&self.network.classifier()?, ""))
    }
}

impl<T: Recognises> Delegate for Scored<T> {
    fn inner(&self) -> &dyn Trainee {
        &self.network
    }

    fn inner_mut(&mut self) -> &mut dyn Trainee {
        &mut self.network
    }

    fn measure_more(&self, metrics: &mut Vec<(&'static str, f64)>) {
        for set in &self.sets {
            // Labels were checked when the data were read.
            let measured = self.evaluate(&set.samples);
            let (error, loss) = measured.map_or((f64::NAN, f64::NAN), |(c, loss)| (c.error_rate(), loss));
            metrics.extend([(set.error, error), (set.cross_entropy, loss)]);
        }
    }
}

/// One line for each true class, one column for each predicted one.
fn table(confusion: &Confusion) -> Vec<u8> {
    let classes = confusion.rows().len();
    let mut lines =
        vec![std::iter::once("label".to_owned()).chain((0..classes).map(|c| c.to_string())).collect()];
    for (label, counts) in confusion.rows().enumerate() {
        lines.push(
            std::iter::once(label.to_string()).chain(counts.iter().map(u64::to_string)).collect::<Vec<_>>(),
        );
    }
    engine::rows::csv(&lines)
}
