//! A perceptron that chooses its epoch on images that it does not learn from: the one thing that all our records of errors do
//! alike, whatever the inputs are. It looks at no test image.

use std::sync::Arc;

use anyhow::Result;
use engine::Workbench;
use feedforward::Network;
use feedforward::fast::{FastMlp, FastOptions, Samples};
use serde::{Deserialize, Serialize};
use tensor::{Seed, Stream};
use train::{Descent, Epoch, Fit, Snapshot, Tensor, TensorError, Trainee};

use crate::records::HELD_OUT;

/// How a perceptron learns.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tuning {
    /// Rule and rate.
    pub descent: Descent,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Share of hidden units silenced in training.
    pub dropout: f32,
    /// Passes over the samples, at most.
    pub epochs: usize,
}

/// The file of the network that the judging samples choose, and of its epoch.
const CHOSEN: &str = "chosen.safetensors";

impl Tuning {
    /// Learns from some samples and gives the network after the epoch at which it errs least on the others, and that epoch: of
    /// equals the one of least cross-entropy. Kept as a stage.
    ///
    /// # Errors
    /// If samples do not fit the network, training diverges, or the run is interrupted.
    pub fn choose(
        &self,
        network: &Network,
        [learn, judge]: [Samples; 2],
        seed: Seed,
        bench: &mut Workbench<'_>,
    ) -> Result<(Network, usize)> {
        let bytes = bench.stage(CHOSEN, |bench| {
            let count = learn.labels.len();
            let mut judged = Judged {
                network: self.fast(network, learn, bench)?,
                best: network.clone(),
                score: [f64::INFINITY; 2],
                epoch: 0,
                judge,
            };
            let fit = self.fit(self.epochs, seed);
            bench.train("choosing", &mut judged, count, &fit, &mut |_, _, _| Ok(()))?;
            let mut tensors = Tensor::list(&judged.best, "best");
            tensors.push(Tensor::from_u64("chosen", vec![1], vec![judged.epoch as u64]));
            Ok(Snapshot { epoch: 0, tensors }.encode(""))
        })?;
        let (file, _) = Snapshot::decode(&bytes)?;
        let mut best = network.clone();
        file.write_into(&mut best, "best")?;
        Ok((best, file.u64s("chosen")?[0] as usize))
    }

    /// Learns from all samples for so many epochs.
    ///
    /// # Errors
    /// As [`Tuning::choose`].
    pub fn learn(
        &self,
        network: &Network,
        samples: Samples,
        epochs: usize,
        seed: Seed,
        bench: &mut Workbench<'_>,
    ) -> Result<Network> {
        let count = samples.labels.len();
        let mut fast = self.fast(network, samples, bench)?;
        let fit = self.fit(epochs, seed);
        bench.train("learning", &mut fast, count, &fit, &mut |_, _, _| Ok(()))?;
        Ok(fast.network())
    }

    fn fit(&self, epochs: usize, seed: Seed) -> Fit {
        Fit { epochs, batch: self.batch, seed: seed.child("fit", 0), resume: None }
    }

    fn fast(&self, network: &Network, samples: Samples, bench: &Workbench<'_>) -> Result<FastMlp> {
        let batch = self.batch.min(samples.labels.len());
        let options = FastOptions { descent: self.descent, batch, threads: bench.threads };
        Ok(FastMlp::new(network, Arc::new(samples), options)?)
    }

    /// In words.
    pub fn describe(&self) -> String {
        let dropout = if self.dropout > 0.0 { format!(", dropout {}", self.dropout) } else { String::new() };
        format!("{}, batch {}, at most {} epochs{dropout}", self.descent, self.batch, self.epochs)
    }
}

/// A network under way, with the one that has erred least so far: both are the state of training.
struct Judged {
    network: FastMlp,
    best: Network,
    /// Error and cross-entropy of the best.
    score: [f64; 2],
    epoch: usize,
    judge: Samples,
}

impl Trainee for Judged {
    fn begin(&mut self, epoch: Epoch) {
        self.network.begin(epoch);
    }

    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        self.network.step(batch, noise)
    }

    fn non_finite(&self) -> Option<String> {
        self.network.non_finite()
    }

    fn measure(&mut self, epoch: usize, metrics: &mut Vec<(&'static str, f64)>) {
        // Labels were checked when the data were read.
        let measured = self.network.evaluate(&self.judge);
        let score = measured.map_or([f64::NAN; 2], |(confusion, loss)| [confusion.error_rate(), loss]);
        if score < self.score {
            (self.best, self.score, self.epoch) = (self.network.network(), score, epoch);
        }
        metrics.push((HELD_OUT.name, score[0]));
    }

    fn snapshot(&self) -> Snapshot {
        let mut snapshot = self.network.snapshot();
        snapshot.tensors.extend(Tensor::list(&self.best, "best"));
        let bits = self.score.map(f64::to_bits);
        let own = vec![bits[0], bits[1], self.epoch as u64];
        snapshot.tensors.push(Tensor::from_u64("best.of", vec![3], own));
        snapshot
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        snapshot.write_into(&mut self.best, "best")?;
        if let [error, loss, epoch] = *snapshot.u64s("best.of")? {
            (self.score, self.epoch) = ([error, loss].map(f64::from_bits), epoch as usize);
        }
        self.network.restore(snapshot)
    }
}
