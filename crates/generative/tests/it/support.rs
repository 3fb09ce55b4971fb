//! What several tests need: random batches and small models.

use feedforward::{Activation, Init, Network};
use generative::{Adversaries, Likelihood, Normalised, Vae, VaeShape};
use tensor::{Matrix, Seed};

/// N(0, deviation²) numbers.
pub fn normal(rows: usize, cols: usize, deviation: f32, seed: u64) -> Matrix {
    let mut matrix = Matrix::zeros(rows, cols);
    Seed::new(seed).child("normal", 0).stream().normal(&mut matrix, deviation);
    matrix
}

/// Pixels, on with probability one third.
pub fn binary(rows: usize, cols: usize, seed: u64) -> Matrix {
    let mut matrix = Matrix::from_fn(rows, cols, |_, _| 1.0 / 3.0);
    Seed::new(seed).child("binary", 0).stream().bernoulli(&mut matrix);
    matrix
}

pub fn shape(normalised: Normalised, likelihood: Likelihood) -> VaeShape {
    VaeShape {
        pixels: 9,
        hidden: vec![7, 5],
        latent: 2,
        activation: Activation::Tanh,
        normalised,
        likelihood,
    }
}

pub fn vae(normalised: Normalised, likelihood: Likelihood) -> Vae {
    Vae::new(&shape(normalised, likelihood), Init::Glorot, Seed::new(3)).unwrap()
}

/// A generator of three latent variables with tanh outputs, and a critic, of these widths between.
pub fn adversaries(width: usize, features: usize, activation: Activation) -> Adversaries {
    let generator = mlp(&[3, width, features], activation, 1);
    let mut layers = generator.layers().to_vec();
    layers.push(feedforward::AnyLayer::Activation(Activation::Tanh));
    Adversaries::new(Network::new(layers).unwrap(), mlp(&[features, width, width, 1], activation, 2)).unwrap()
}

pub fn mlp(widths: &[usize], activation: Activation, seed: u64) -> Network {
    Network::mlp(widths, activation, 0.0, Init::Uniform, Seed::new(seed)).unwrap()
}

pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The standard error of the mean.
pub fn error(values: &[f64]) -> f64 {
    let middle = mean(values);
    let square: f64 = values.iter().map(|x| (x - middle).powi(2)).sum();
    (square / (values.len() - 1) as f64 / values.len() as f64).sqrt()
}
