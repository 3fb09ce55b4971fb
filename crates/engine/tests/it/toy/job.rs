//! The smallest job: a straight line through a few numbers, by mini-batches.

use anyhow::{Context, Result, bail};
use engine::{Work, Workbench, canonical};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tensor::{Matrix, Seed, Stream};
use train::{Fit, Snapshot, Tensor, TensorError, Trainee};

/// Fits `y = w·x` and adds up what its needs found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Toy {
    /// Numbers in `x`.
    pub size: usize,
    /// Passes over 16 samples.
    pub epochs: usize,
    /// Seed of samples, shuffles and noise.
    pub seed: u64,
    /// What goes wrong, for tests of what happens then.
    pub fault: Option<ToyFault>,
}

/// Ways to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ToyFault {
    /// An error before anything is trained.
    Error,
    /// A bug.
    Panic,
    /// A step size that leaves the finite numbers.
    Diverge,
}

pub(super) const SAMPLES: usize = 16;

impl Toy {
    /// Stands under "kind" in its configuration.
    pub const KIND: &'static str = "toy";
}

impl Work for Toy {
    fn config(&self) -> Value {
        let mut config = canonical::tree(self);
        config["kind"] = json!(Self::KIND);
        config
    }

    fn data(&self) -> String {
        String::new()
    }

    fn numerics(&self) -> u32 {
        1
    }

    fn seconds(&self) -> f64 {
        self.epochs as f64 * 1e-4
    }

    fn bytes(&self) -> u64 {
        1 << 20
    }

    fn run(&self, bench: &mut Workbench<'_>) -> Result<()> {
        match self.fault {
            Some(ToyFault::Error) => bail!("this toy was made to fail"),
            Some(ToyFault::Panic) => panic!("this toy was made to panic"),
            Some(ToyFault::Diverge) | None => {}
        }
        let mut start = 0.0;
        for index in 0..bench.needs() {
            let bytes = bench.read_need(index, "line.safetensors")?;
            let (line, _) = Snapshot::decode(&bytes)?;
            start += line.f32s("weight")?.first().context("expected a weight, found none")?;
        }
        let seed = Seed::new(self.seed);
        let line = bench.stage("line.safetensors", |bench| {
            let mut line = Line::new(self, seed, start);
            let fit = Fit { epochs: self.epochs, batch: 5, seed: seed.child("fit", 0), resume: None };
            bench.train("line", &mut line, SAMPLES, &fit, &mut |epoch, _, bench| {
                if epoch % 2 == 0 {
                    bench.rows.push_at(Some(epoch), "even", epoch as f64, &[]);
                }
                Ok(())
            })?;
            let weight = Tensor::from_f32("weight", vec![self.size], line.weight);
            Ok(Snapshot { epoch: 0, tensors: vec![weight] }.encode(""))
        })?;
        let (line, _) = Snapshot::decode(&line)?;
        let norm: f64 = line.f32s("weight")?.iter().map(|w| f64::from(*w).powi(2)).sum();
        bench.rows.push("norm", norm.sqrt(), &[("size", &self.size)]);
        Ok(())
    }
}

pub(super) struct Line {
    x: Matrix, // size × samples
    y: Vec<f32>,
    pub(super) weight: Vec<f32>,
    rate: f32,
}

impl Line {
    pub(super) fn new(toy: &Toy, seed: Seed, start: f32) -> Self {
        let mut x = Matrix::zeros(toy.size, SAMPLES);
        seed.child("samples", 0).stream().normal(&mut x, 1.0);
        let y = x.columns().map(|x| x.iter().sum()).collect();
        let rate = if toy.fault == Some(ToyFault::Diverge) { 1e30 } else { 0.1 / toy.size as f32 };
        Self { x, y, weight: vec![start; toy.size], rate }
    }
}

impl Trainee for Line {
    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        let mut loss = 0.0;
        for &sample in batch {
            let x = self.x.column(sample);
            let jitter = (noise.unit() * 1e-3) as f32;
            let error: f32 =
                x.iter().zip(&self.weight).map(|(x, w)| x * w).sum::<f32>() - self.y[sample] + jitter;
            self.weight.iter_mut().zip(x).for_each(|(w, x)| *w -= self.rate * error * x);
            loss += f64::from(error).powi(2);
        }
        loss / batch.len() as f64
    }

    fn non_finite(&self) -> Option<String> {
        self.weight.iter().any(|w| !w.is_finite()).then(|| "weight".to_owned())
    }

    fn snapshot(&self) -> Snapshot {
        let weight = Tensor::from_f32("weight", vec![self.weight.len()], self.weight.clone());
        Snapshot { epoch: 0, tensors: vec![weight] }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        self.weight.copy_from_slice(snapshot.f32s("weight")?);
        Ok(())
    }
}
