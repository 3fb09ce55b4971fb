//! A generator and its critic: a Wasserstein game whose critic pays for slopes other than 1.
//!
//! Gives the squared error per pixel of the drawn images' mean, held against the mean of the real ones.

use std::error::Error;

use feedforward::{Activation, Init, Network};
use generative::{Adversaries, AdversaryTrainer, Contest, Objective, Options};
use tensor::{Matrix, Seed};
use train::{Descent, Fit, Rule, Silent, epochs};

pub fn run() -> Result<f64, Box<dyn Error>> {
    let drawn = datasets::standin::alphadigits(Seed::new(1), 39);
    let images = datasets::alphadigits::parse(&drawn, "drawn")?;
    let letters = images.to_matrix(&images.of_classes(&[10])); // pixels × images; class 10 is A
    let (leaky, spread) = (Activation::LeakyRelu, Init::Uniform);
    let generator = Network::mlp(&[16, 100, letters.rows()], leaky, 0.0, spread, Seed::new(2))?;
    let critic = Network::mlp(&[letters.rows(), 100, 1], leaky, 0.0, spread, Seed::new(3))?;
    let adam = Descent::new(Rule::Adam { beta1: 0.5, beta2: 0.9 }, 1e-3);
    let objective = Objective::Penalised { weight: 10.0 };
    let contest = Contest { objective, critic_steps: 5, generator: adam, critic: adam };
    let players = Adversaries::new(generator, critic)?;
    let options = Options { batch: 20, threads: 1 };
    let mut game = AdversaryTrainer::new(players, letters.clone(), contest, options)?;
    let plan = Fit { epochs: 1, batch: 20, seed: Seed::new(4), resume: None };
    epochs(&mut game, 20 * 500, &plan, &mut Silent); // an epoch of 500 steps
    let samples = game.players().draw(100, &mut Seed::new(5).stream());
    let mean = |x: &Matrix| {
        let means = x.sum_columns().into_iter().map(|sum| sum / x.cols() as f32);
        Matrix::from_vec(x.rows(), 1, means.collect())
    };
    Ok(mean(&samples).mean_squared_difference(&mean(&letters)))
}
