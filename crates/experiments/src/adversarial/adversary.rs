//! Trains a generator against its critic, and keeps what it draws on the way.
//!
//! An epoch of the loop is a stretch of steps of the generator. Samples are drawn from one fixed set of latent variables after the
//! first step of all and at evenly spaced instants, so that pictures of two instants can be compared one by one.

use anyhow::{Result, ensure};
use engine::Workbench;
use generative::{Adversaries, AdversaryTrainer, Contest, Objective, Options};
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed, Stream};
use train::{Descent, Epoch, Fit, Snapshot, Tensor, TensorError, Trainee};

use super::players::Players;
use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};

/// A generator, its critic, and how they learn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Adversary {
    /// Layers of both.
    pub players: Players,
    /// What each wants.
    pub objective: Objective,
    /// Steps of the critic for one of the generator.
    pub critic_steps: usize,
    /// How the generator learns.
    pub generator: Descent,
    /// How the critic learns.
    pub critic: Descent,
    /// Real images in a mini-batch, and as many generated ones.
    pub batch: usize,
    /// Stretches, after each of which losses are recorded.
    pub stretches: usize,
    /// Steps of the generator in a stretch.
    pub stretch: usize,
    /// Instants at which samples are kept, evenly spaced, the last one at the end; beside the first step.
    pub instants: usize,
    /// Samples kept at each.
    pub samples: usize,
    /// Samples drawn in the end.
    pub drawn: usize,
    /// The first so many training images.
    pub images: usize,
    /// Only those of this class.
    pub only: Option<u8>,
    /// Seed of weights, mini-batches and latent variables.
    pub seed: u64,
}

/// The file of both networks, `generator.…` and `critic.…`, named as PyTorch's.
pub const PLAYERS: &str = "players.safetensors";
/// The file of what the generator draws in the end: `samples` [n, pixels], from 0 to 1.
pub const SAMPLES: &str = "samples.safetensors";

/// The file of what was drawn after so many steps: `samples` [n, pixels], bytes of grey.
pub fn kept_after(steps: usize) -> String {
    format!("samples-{steps}.safetensors")
}

/// Multiply-adds in a second, and parameters times steps of a rule.
const PACE: [f64; 2] = [3e10, 1e9];

impl Job for Adversary {
    const KIND: &'static str = "adversary";
    /// Raised whenever the trainer's bits change.
    const NUMERICS: u32 = 1;

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let digits = data.digits()?;
        let pixels = digits.train.features();
        let [generator, critic] = self.players.multiply_adds(pixels);
        let steps = (self.stretches * self.stretch) as f64;
        let k = self.critic_steps as f64;
        let each = k * (generator + self.critic_factor() * critic) + 3.0 * (generator + critic);
        let seconds =
            steps * (self.batch as f64 * each / PACE[0] + (generator + k * critic).min(4e6) / PACE[1]) + 0.5;
        let bytes = (self.images.min(digits.train.len()) * pixels * 8) as u64 + (128 << 20);
        Ok(Cost { seconds, bytes })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let images = self.real(&digits)?;
        let shown = self.stretches * self.stretch * self.batch;
        bench.rows.push("epochs_run", shown as f64 / images.cols() as f64, &[]);
        let seed = Seed::new(self.seed).child("adversary", 0);
        let players = self.players.fresh(digits.train.features(), seed.child("players", 0))?;
        let latents = latents(self.seed, self.players.latent(), self.samples);
        let mut drawn = players.clone();
        let team = Options { batch: self.batch, threads: bench.threads };
        let trainer = AdversaryTrainer::new(players, images, self.contest(), team)?;
        let mut watched = Watched { trainer, latents: latents.clone() };
        let every = self.every();
        let plan =
            Fit { epochs: self.stretches, batch: self.batch, seed: seed.child("fit", 0), resume: None };
        bench.train(
            "game",
            &mut watched,
            self.batch * self.stretch,
            &plan,
            &mut |stretch, state, bench| {
                if stretch == 1 {
                    let first = state().bytes(FIRST)?.to_vec();
                    keep(1, first, self.samples, bench)?;
                }
                if stretch % every == 0 {
                    state().write_into(&mut drawn, "model")?;
                    let samples = bytes(&show(&drawn, &latents));
                    keep(stretch * self.stretch, samples, self.samples, bench)?;
                }
                Ok(())
            },
        )?;
        self.finish(&watched.trainer.players(), seed, bench)
    }
}

impl Adversary {
    fn contest(&self) -> Contest {
        let Self { objective, critic_steps, generator, critic, .. } = *self;
        Contest { objective, critic_steps, generator, critic }
    }

    /// The real images in the range of the generator, pixels × images.
    fn real(&self, digits: &Digits) -> Result<Matrix> {
        let images = &digits.train;
        let count = digits.amount("images", self.images, images.len())?;
        let own = |&i: &usize| self.only.is_none_or(|class| images.labels[i] == class);
        let chosen: Vec<usize> = (0..count).filter(own).collect();
        ensure!(!chosen.is_empty(), "class {:?}: expected an image among the first {count}", self.only);
        let mut real = images.to_matrix(&chosen);
        real.as_mut_slice().iter_mut().for_each(|x| *x = 2.0 * *x - 1.0);
        Ok(real)
    }

    /// Stretches from one instant to the next.
    fn every(&self) -> usize {
        (self.stretches / self.instants.max(1)).max(1)
    }

    /// Steps after which samples are kept, the first one of all among them.
    pub fn kept(&self) -> Vec<usize> {
        let ends = (1..=self.stretches).filter(|stretch| stretch % self.every() == 0);
        let mut steps: Vec<usize> = [1].into_iter().chain(ends.map(|end| end * self.stretch)).collect();
        steps.dedup();
        steps
    }

    /// Passes of a mini-batch through one of the networks, forward or backward, in one step of the generator and those of the
    /// critic that belong to it. A critic's step is one pass of the generator, and two forward and two backward of the critic; the
    /// generator's step one forward and one backward of each. A penalty takes two forward and two backward more.
    pub fn passes(&self) -> usize {
        let penalty = if matches!(self.objective, Objective::Penalised { .. }) { 4 } else { 0 };
        self.critic_steps * (5 + penalty) + 4
    }

    /// Multiply-adds of a critic's step by those of one pass forward: a backward pass counts as two.
    fn critic_factor(&self) -> f64 {
        if matches!(self.objective, Objective::Penalised { .. }) { 12.0 } else { 6.0 }
    }

    /// Weights, and samples of other latent variables than those of the instants.
    fn finish(&self, players: &Adversaries, seed: Seed, bench: &mut Workbench<'_>) -> Result<()> {
        let samples = grey(&players.draw(self.drawn, &mut seed.child("drawn", 0).stream()));
        let shape = vec![samples.cols(), samples.rows()];
        bench.put_tensors(SAMPLES, vec![Tensor::from_f32("samples", shape, samples.into_vec())])?;
        bench.put_tensors(PLAYERS, Tensor::list(players, ""))
    }
}

/// The latent variables of the samples that are kept, latent × samples.
pub fn latents(seed: u64, latent: usize, samples: usize) -> Matrix {
    let mut z = Matrix::zeros(latent, samples);
    Seed::new(seed).child("shown", 0).stream().normal(&mut z, 1.0);
    z
}

/// What a generator makes of latent variables, pixels × samples from 0 to 1.
pub fn show(players: &Adversaries, latents: &Matrix) -> Matrix {
    grey(&players.generator().logits(latents))
}

/// From the range of tanh to that of grey.
fn grey(pictures: &Matrix) -> Matrix {
    let mut out = pictures.clone();
    out.as_mut_slice().iter_mut().for_each(|x| *x = (0.5 + 0.5 * *x).clamp(0.0, 1.0));
    out
}

/// Grey levels in 256 steps.
fn bytes(pictures: &Matrix) -> Vec<u8> {
    pictures.as_slice().iter().map(|x| (255.0 * x).round() as u8).collect()
}

/// Puts the samples of an instant on the bench.
fn keep(steps: usize, samples: Vec<u8>, count: usize, bench: &mut Workbench<'_>) -> Result<()> {
    let shape = vec![count, samples.len() / count.max(1)];
    bench.put_tensors(&kept_after(steps), vec![Tensor::from_u8("samples", shape, samples)])
}

/// The tensor in a state that has the samples after the first step.
const FIRST: &str = "first";

/// The trainer, whose states also hold what the generator drew after the first step of all, until a run is resumed.
struct Watched {
    trainer: AdversaryTrainer,
    latents: Matrix,
}

impl Trainee for Watched {
    fn begin(&mut self, epoch: Epoch) {
        self.trainer.begin(epoch);
    }

    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        self.trainer.step(batch, noise)
    }

    fn non_finite(&self) -> Option<String> {
        self.trainer.non_finite()
    }

    /// Beside what every stretch shows, in the first one also what the first step of all did.
    fn measure(&mut self, epoch: usize, metrics: &mut Vec<(&'static str, f64)>) {
        self.trainer.measure(epoch, metrics);
        if let (1, Some(([critic, generator], _))) = (epoch, self.trainer.first()) {
            metrics.extend([
                ("critic_loss_first", critic.loss),
                ("critic_accuracy_first", critic.accuracy),
                ("generator_loss_first", generator.loss),
                ("generator_accuracy_first", generator.accuracy),
            ]);
        }
    }

    fn snapshot(&self) -> Snapshot {
        let mut snapshot = self.trainer.snapshot();
        if let Some((_, generator)) = self.trainer.first() {
            let samples = bytes(&grey(&generator.logits(&self.latents)));
            let shape = vec![self.latents.cols(), generator.outputs()];
            snapshot.tensors.push(Tensor::from_u8(FIRST, shape, samples));
        }
        snapshot
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        self.trainer.restore(snapshot)
    }
}
