//! Networks that learn from digits in grey: the classic convolutional one, and a denoising layer.

use std::sync::Arc;

use anyhow::Result;
use feedforward::autoencoder::{Denoiser, Denoising, Stack, Tying};
use feedforward::fast::{FastNetwork, FastOptions, Samples};
use feedforward::{Cnn, Corruption, Init, Network};
use tensor::Seed;
use train::{Decay, Descent};

use crate::data::labelled;
use crate::options::{Options, Report};
use crate::timing::{Measure, Measurement, measure};
use crate::workloads::{Course, Shape};

/// The denoising layer that learns digits: shape, masking, rate, images, and the peer's words for it.
pub const AUTOENCODER: (Shape, f32, f32, usize, &str, &str) = (
    Shape { visible: 784, hidden: 900, batch: 128 },
    0.3,
    0.1,
    60_000,
    "784-900-tied-mask0.3-sgd-b128-n60000",
    "manual-inplace",
);

/// How the convolutional network learns, and how it classifies: metric, the peer's best variant, and the digits.
pub const CONVOLVING: [(&str, &str, usize); 2] =
    [("train-b128-n12000", "channels-last", 12_000), ("infer-10000", "channels-last-b1000", 10_000)];

/// A tied denoising autoencoder under plain descent.
pub struct Reconstructing(Course<Denoiser>);

impl Reconstructing {
    /// A fresh layer for these images, masked with this probability.
    ///
    /// # Errors
    /// If a value of an image is not between 0 and 1.
    pub fn new(
        samples: &Arc<Samples>,
        shape: Shape,
        masking: f32,
        rate: f32,
        threads: usize,
    ) -> Result<Self> {
        let widths = [shape.visible, shape.hidden];
        let stack = Stack::fresh(&widths, Tying::Tied, Init::Uniform, Seed::new(1))?;
        let denoising = Denoising::new(Corruption::masking(masking)?);
        let options = FastOptions { descent: Descent::sgd(rate), batch: shape.batch, threads };
        let images = Arc::new(samples.images.clone());
        let trainee = Denoiser::new(&stack, 0, images, denoising, options)?;
        Ok(Self(Course::new(trainee, samples.images.len(), shape.batch)))
    }

    /// Learns from `steps` mini-batches, shuffled anew after each epoch; the samples seen.
    ///
    /// # Panics
    /// If a parameter is no longer finite.
    pub fn run(&mut self, steps: usize) -> usize {
        self.0.run(steps)
    }
}

/// The classic convolutional network under descent with weight decay.
pub struct Convolving {
    course: Course<FastNetwork>,
    samples: Arc<Samples>,
}

impl Convolving {
    /// A fresh network for these digits.
    ///
    /// # Errors
    /// If a label is not among the classes.
    pub fn new(samples: &Arc<Samples>, batch: usize, threads: usize) -> Result<Self> {
        let network = Network::cnn(&Cnn::CLASSIC, Init::Uniform, Seed::new(1))?;
        let descent = Descent { decay: Decay::Coupled(1e-4), ..Descent::sgd(0.05) };
        let trainee =
            FastNetwork::new(&network, Arc::clone(samples), FastOptions { descent, batch, threads })?;
        Ok(Self { course: Course::new(trainee, samples.images.len(), batch), samples: Arc::clone(samples) })
    }

    /// Learns from `steps` mini-batches, shuffled anew after each epoch; the samples seen.
    ///
    /// # Panics
    /// If a parameter is no longer finite.
    pub fn run(&mut self, steps: usize) -> usize {
        self.course.run(steps)
    }

    /// Classifies all samples `times` times; how many that were.
    ///
    /// # Errors
    /// If a label is not among the classes.
    pub fn infer(&self, times: usize) -> Result<usize> {
        let mut seen = 0;
        for _ in 0..times {
            seen += self.course.trainee.predict(&self.samples)?.0.len();
        }
        Ok(seen)
    }
}

/// Seconds that a tied denoising layer takes for an epoch.
///
/// # Errors
/// If the data are not where they should be.
pub fn denoise(options: &Options, report: Report<'_>) -> Result<()> {
    let (shape, masking, rate, images, metric, variant) = AUTOENCODER;
    if !options.wants(metric, variant) {
        return Ok(());
    }
    let (samples, source) = labelled(options.data.as_deref(), images)?;
    let mut layer = Reconstructing::new(&samples, shape, masking, rate, options.threads)?;
    let repetitions = measure(options.budget, Measure::Time, images as f64, |steps| layer.run(steps) as f64);
    report(&Measurement {
        case: "sdae",
        metric: metric.to_owned(),
        variant,
        unit: "s/epoch",
        threads: options.threads,
        data: Some(source),
        repetitions,
    });
    Ok(())
}

/// Seconds that the convolutional network takes for an epoch, and images that it classifies in one.
///
/// # Errors
/// If the data are not where they should be.
pub fn convolve(options: &Options, report: Report<'_>) -> Result<()> {
    for (metric, variant, count) in CONVOLVING {
        if !options.wants(metric, variant) {
            continue;
        }
        let (samples, source) = labelled(options.data.as_deref(), count)?;
        let mut network = Convolving::new(&samples, 128, options.threads)?;
        let (threads, data, metric) = (options.threads, Some(source), metric.to_owned());
        let (unit, repetitions) = if metric.starts_with("train") {
            let run = |steps| network.run(steps) as f64;
            ("s/epoch", measure(options.budget, Measure::Time, count as f64, run))
        } else {
            // Labels were checked when the network was made.
            let run = |times| network.infer(times).map_or(0.0, |seen| seen as f64);
            ("images/s", measure(options.budget, Measure::Rate, 1.0, run))
        };
        report(&Measurement { case: "cnn", metric, variant, unit, threads, data, repetitions });
    }
    Ok(())
}
