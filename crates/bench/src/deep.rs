//! Deep generative networks that learn from digits in grey: an autoencoder, and generators against their critics.

use anyhow::Result;
use feedforward::{Activation, AnyLayer, Init, Network};
use generative::{
    Adversaries, AdversaryTrainer, Contest, Images, Likelihood, Normalised, Objective, Vae, VaeShape,
    VaeTrainer,
};
use std::sync::Arc;
use tensor::{Matrix, Seed};
use train::{Descent, Rule};

use crate::data::labelled;
use crate::options::{Options, Report};
use crate::timing::{Measure, Measurement, measure};
use crate::workloads::Course;

/// The autoencoder: widths, batch, images, metric and the peer's words for it.
pub const VAE: (&[usize], usize, usize, &str, &str) =
    (&[512, 256], 128, 60_000, "784-512-256-2-adam-b128-n60000", "autograd-fused");

/// Games of a generator and its critic.
pub const GAMES: [Game; 3] = [
    Game {
        case: "gan",
        metric: "mlp-adam-b64",
        variant: "autograd-fused",
        objective: Objective::NonSaturating,
        critic_steps: 1,
        rule: Rule::Adam { beta1: 0.5, beta2: 0.999 },
        rate: 2e-4,
    },
    Game {
        case: "wgan",
        metric: "mlp-rmsprop-5critic-clip0.01-b64",
        variant: "autograd-default",
        objective: Objective::Wasserstein { clip: 0.01 },
        critic_steps: 5,
        rule: Rule::RmsProp { decay: 0.99, epsilon: 1e-8 },
        rate: 5e-5,
    },
    Game {
        case: "wgan",
        metric: "mlp-adam-5critic-penalty10-b64",
        variant: "autograd-fused",
        objective: Objective::Penalised { weight: 10.0 },
        critic_steps: 5,
        rule: Rule::Adam { beta1: 0.5, beta2: 0.9 },
        rate: 1e-4,
    },
];

/// How one game is played.
#[derive(Clone, Copy)]
pub struct Game {
    /// Group of metrics.
    pub case: &'static str,
    /// Shapes and rules.
    pub metric: &'static str,
    /// The peer's words for it.
    pub variant: &'static str,
    objective: Objective,
    critic_steps: usize,
    rule: Rule,
    rate: f32,
}

/// Samples in a mini-batch of a game.
const BATCH: usize = 64;

/// Seconds that an autoencoder takes for an epoch.
///
/// # Errors
/// If the data are not where they should be.
pub fn autoencode(options: &Options, report: Report<'_>) -> Result<()> {
    let (hidden, batch, count, metric, variant) = VAE;
    if !options.wants(metric, variant) {
        return Ok(());
    }
    let (samples, source) = labelled(options.data.as_deref(), count)?;
    let shape = VaeShape {
        pixels: samples.images.rows(),
        hidden: hidden.to_vec(),
        latent: 2,
        activation: Activation::Relu,
        normalised: Normalised::No,
        likelihood: Likelihood::Bernoulli,
    };
    let vae = Vae::new(&shape, Init::Uniform, Seed::new(1))?;
    let images = Images::Fixed(Arc::new(samples.images.clone()));
    let threads = options.threads;
    let team = generative::Options { batch, threads };
    let trainee = VaeTrainer::new(vae, images, Descent::adam(1e-3), team)?;
    let mut course = Course::new(trainee, samples.images.len(), batch);
    let repetitions = measure(options.budget, Measure::Time, count as f64, |steps| course.run(steps) as f64);
    let (metric, data) = (metric.to_owned(), Some(source));
    report(&Measurement { case: "vae", metric, variant, unit: "s/epoch", threads, data, repetitions });
    Ok(())
}

/// A perceptron with leaky units.
fn network(widths: &[usize], seed: u64) -> Result<Network> {
    Ok(Network::mlp(widths, Activation::LeakyRelu, 0.0, Init::Uniform, Seed::new(seed))?)
}

/// Both players as the peers have them: 100–256–512–784 with tanh, and 784–512–256–1.
fn players() -> Result<Adversaries> {
    let mut layers = network(&[100, 256, 512, 784], 1)?.layers().to_vec();
    layers.push(AnyLayer::Activation(Activation::Tanh));
    Ok(Adversaries::new(Network::new(layers)?, network(&[784, 512, 256, 1], 2)?)?)
}

/// Steps of the generator in a second, in each game of a case.
///
/// # Errors
/// If the data are not where they should be.
pub fn play(case: &str, options: &Options, report: Report<'_>) -> Result<()> {
    for game in GAMES.into_iter().filter(|game| game.case == case) {
        let Game { case, metric, variant, objective, critic_steps, rule, rate } = game;
        if !options.wants(metric, variant) {
            continue;
        }
        let (samples, source) = labelled(options.data.as_deref(), 60_000)?;
        let mut images = Matrix::from_fn(samples.images.rows(), samples.images.len(), |_, _| -1.0);
        for j in 0..samples.images.len() {
            let column = images.column_mut(j);
            samples.images.column(j).iter().for_each(|&(pixel, x)| column[pixel as usize] = 2.0 * x - 1.0);
        }
        let descent = Descent::new(rule, rate);
        let contest = Contest { objective, critic_steps, generator: descent, critic: descent };
        let threads = options.threads;
        let team = generative::Options { batch: BATCH, threads };
        let trainee = AdversaryTrainer::new(players()?, images, contest, team)?;
        let mut course = Course::new(trainee, 100 * BATCH, BATCH);
        let run = |steps| {
            course.run(steps);
            steps as f64
        };
        let repetitions = measure(options.budget, Measure::Rate, 1.0, run);
        let (metric, data) = (metric.to_owned(), Some(source));
        report(&Measurement { case, metric, variant, unit: "steps/s", threads, data, repetitions });
    }
    Ok(())
}
