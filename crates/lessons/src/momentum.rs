//! Descent with momentum, and a descent that keeps a velocity and never uses it.
//!
//! `m ← μ m + g`, `θ ← θ − rate · m` [Polyak1964]. In the planted program the second line reads `θ ← θ − rate · g`: the velocity is
//! kept, written into every checkpoint, and has no effect.

use feedforward::{Activation, Init, Network, NetworkError};
use tensor::{Seed, Stream};
use train::{
    Descent, Event, Fit, Optimiser, Parameters, Rule, Snapshot, Tensor, TensorError, Trainee, epochs,
};

use crate::digits::Digits;
use crate::shown::{Program, Reading, Shown};

/// Passes over the images.
const EPOCHS: usize = 6;
/// Images in a mini-batch.
const BATCH: usize = 20;
/// Learning rate.
const RATE: f32 = 0.02;
/// How much of the velocity is kept.
pub const MOMENTUM: f32 = 0.9;

/// A network 784–64–10 that learns digits.
struct Learner<'a> {
    digits: &'a Digits,
    network: Network,
    program: Program,
    /// Holds the velocity in its `first`.
    optimiser: Optimiser<Network>,
}

impl Learner<'_> {
    /// The planted bug: the velocity is brought up to date, and then the plain gradient is what moves the network.
    fn planted(&mut self, gradient: &Network) {
        let Rule::Sgd { momentum } = self.optimiser.descent.rule else { return };
        let rate = self.optimiser.descent.rate;
        let velocities = self.optimiser.first.params_mut();
        for ((param, velocity), grad) in
            self.network.params_mut().into_iter().zip(velocities).zip(gradient.params())
        {
            for ((x, m), g) in param.values.iter_mut().zip(velocity.values).zip(grad.values) {
                *m = momentum * *m + g;
                *x -= rate * g;
            }
        }
    }
}

impl Trainee for Learner<'_> {
    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        let labels: Vec<u8> = batch.iter().map(|&i| self.digits.train_labels[i]).collect();
        let (loss, gradient) = self.network.gradient(&self.digits.train.gather(batch), &labels, noise);
        match self.program {
            Program::Sound => self.optimiser.step(&mut self.network, &gradient),
            Program::Planted => self.planted(&gradient),
        }
        loss
    }

    fn non_finite(&self) -> Option<String> {
        self.network.first_non_finite()
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(&self.network, "model");
        tensors.extend(self.optimiser.tensors());
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        snapshot.write_into(&mut self.network, "model")?;
        self.optimiser.restore(snapshot)
    }
}

/// The mean cross-entropy over the images of each epoch, in nats.
///
/// # Errors
/// Never for this network; the constructor's own.
pub fn losses(
    program: Program,
    momentum: f32,
    digits: &Digits,
    seed: Seed,
) -> Result<Vec<f64>, NetworkError> {
    let network = Network::mlp(&[digits.train.rows(), 64, 10], Activation::Sigmoid, 0.0, Init::Glorot, seed)?;
    let optimiser = Optimiser::with(Descent::new(Rule::Sgd { momentum }, RATE), &network);
    let mut learner = Learner { digits, network, program, optimiser };
    let plan = Fit { epochs: EPOCHS, batch: BATCH, seed, resume: None };
    let mut losses = Vec::new();
    let mut listen = |event: &Event<'_>| {
        if let Event::Epoch { metrics, .. } = event {
            losses.extend(metrics.iter().filter(|(name, _)| *name == "loss").map(|(_, loss)| *loss));
        }
        std::ops::ControlFlow::Continue(())
    };
    epochs(&mut learner, digits.train.cols(), &plan, &mut listen);
    Ok(losses)
}

/// Both programs without momentum and with it.
///
/// # Errors
/// As [`losses`].
pub fn lesson(seed: Seed) -> Result<Shown, NetworkError> {
    let digits = Digits::drawn(1000, 1, seed);
    let mut readings = Vec::new();
    for momentum in [0.0, MOMENTUM] {
        let sound = losses(Program::Sound, momentum, &digits, seed)?;
        let planted = losses(Program::Planted, momentum, &digits, seed)?;
        for (epoch, (sound, planted)) in sound.iter().zip(&planted).enumerate() {
            readings.push(Reading {
                at: format!("momentum {momentum}, epoch {}", epoch + 1),
                sound: format!("{sound:.6}"),
                planted: format!("{planted:.6}"),
            });
        }
    }
    Ok(Shown {
        what: "mean cross-entropy over the images learnt from, in nats".to_owned(),
        truth: format!("guessing has ln 10 = {:.6}", 10f64.ln()),
        readings,
    })
}
