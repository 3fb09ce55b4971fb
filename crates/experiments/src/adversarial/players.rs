//! What a generator and its critic are made of.
//!
//! A generator goes from standard normal latent variables to pixels from −1 to 1, below tanh; a critic from pixels to one number.
//! No layer is normalised: the statistics of a mini-batch would be those of real images here and of generated ones there.

use anyhow::{Result, ensure};
use feedforward::{
    Activation, AnyLayer, Convolution, Dense, Init, Maps, Network, Sliding, TransposedConvolution,
};
use generative::Adversaries;
use serde::{Deserialize, Serialize};
use tensor::Seed;

/// The layers of both networks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Players {
    /// Dense layers.
    Multilayer {
        /// Latent variables, and units of the generator's hidden layers.
        generator: Vec<usize>,
        /// Units of the critic's hidden layers, the one on the pixels first.
        critic: Vec<usize>,
        /// Of all hidden units.
        activation: Activation,
    },
    /// Maps of 7 × 7, 14 × 14 and 28 × 28 pixels, and back: the generator a dense layer and two transposed convolutions with
    /// ReLU, the critic two convolutions with leaky ReLU and a dense layer [Radford2016, section 3], all filters of 4 × 4 in
    /// steps of 2.
    Convolutional {
        /// Latent variables.
        latent: usize,
        /// Maps of 7 × 7 pixels, and of 14 × 14.
        maps: [usize; 2],
    },
}

/// Filters that halve or double maps of even size.
const SLIDING: Sliding = Sliding { kernel: [4, 4], stride: 2, padding: 1 };
/// First weights of all layers; biases are zero.
const INIT: Init = Init::Glorot;
/// Edges of the maps, the smallest first.
const EDGES: [usize; 3] = [7, 14, 28];

impl Players {
    /// Both networks with fresh weights, for images of so many pixels.
    ///
    /// # Errors
    /// If a layer is empty, or the networks are not made for such images.
    pub fn fresh(&self, pixels: usize, seed: Seed) -> Result<Adversaries> {
        let [generator, critic] = [seed.child("generator", 0), seed.child("critic", 0)];
        let [generator, critic] = match self {
            Self::Multilayer { generator: from, critic: to, activation } => {
                let draws: Vec<usize> = from.iter().copied().chain([pixels]).collect();
                let judges: Vec<usize> = [pixels].iter().chain(to).copied().chain([1]).collect();
                let perceptron = |widths: &[usize], seed| Network::mlp(widths, *activation, 0.0, INIT, seed);
                [below_tanh(perceptron(&draws, generator)?.layers())?, perceptron(&judges, critic)?]
            }
            Self::Convolutional { latent, maps } => {
                [grower(*latent, *maps, generator)?, shrinker(*maps, critic)?]
            }
        };
        let found = critic.inputs();
        ensure!(found == pixels, "players: expected networks for {pixels} pixels, found {found}");
        Ok(Adversaries::new(generator, critic)?)
    }

    /// Latent variables.
    pub fn latent(&self) -> usize {
        match self {
            Self::Multilayer { generator, .. } => generator.first().copied().unwrap_or(0),
            Self::Convolutional { latent, .. } => *latent,
        }
    }

    /// Multiply-adds of one sample on its way through the generator, and through the critic.
    pub fn multiply_adds(&self, pixels: usize) -> [f64; 2] {
        let dense = |widths: &[usize]| widths.windows(2).map(|pair| pair[0] * pair[1]).sum::<usize>();
        let [generator, critic] = match self {
            Self::Multilayer { generator, critic, .. } => {
                let draws: Vec<usize> = generator.iter().copied().chain([pixels]).collect();
                let judges: Vec<usize> = [pixels].iter().chain(critic).copied().chain([1]).collect();
                [dense(&draws), dense(&judges)]
            }
            Self::Convolutional { latent, maps: [small, large] } => {
                let taps = SLIDING.kernel[0] * SLIDING.kernel[1];
                let squares = EDGES.map(|edge| edge * edge);
                let filters = taps * (small * large * squares[0] + large * squares[1]);
                [latent * small * squares[0] + filters, filters + small * squares[0]]
            }
        };
        [generator as f64, critic as f64]
    }
}

/// These layers and tanh on top.
fn below_tanh(layers: &[AnyLayer]) -> Result<Network> {
    let last = AnyLayer::Activation(Activation::Tanh);
    Ok(Network::new(layers.iter().cloned().chain([last]).collect())?)
}

/// The generator of maps that grow.
fn grower(latent: usize, [small, large]: [usize; 2], seed: Seed) -> Result<Network> {
    let of = |channels, edge| Maps::new(channels, edge, edge);
    let (first, second) = (of(small, EDGES[0])?, of(large, EDGES[1])?);
    let grow = |image, channels, number| {
        let seed = seed.child("layer", number);
        Ok::<_, anyhow::Error>(AnyLayer::TransposedConvolution(TransposedConvolution::new(
            image, channels, SLIDING, INIT, seed,
        )?))
    };
    let relu = || AnyLayer::Activation(Activation::Relu);
    below_tanh(&[
        AnyLayer::Dense(Dense::new(latent, first.features(), INIT, seed.child("layer", 0))),
        relu(),
        grow(first, large, 1)?,
        relu(),
        grow(second, 1, 2)?,
    ])
}

/// The critic of maps that shrink.
fn shrinker([small, large]: [usize; 2], seed: Seed) -> Result<Network> {
    let image = Maps::new(1, EDGES[2], EDGES[2])?;
    let first = Convolution::new(image, large, SLIDING, INIT, seed.child("layer", 0))?;
    let second = Convolution::new(first.maps()[1], small, SLIDING, INIT, seed.child("layer", 1))?;
    let features = second.maps()[1].features();
    let leaky = || AnyLayer::Activation(Activation::LeakyRelu);
    Ok(Network::new(vec![
        AnyLayer::Convolution(first),
        leaky(),
        AnyLayer::Convolution(second),
        leaky(),
        AnyLayer::Dense(Dense::new(features, 1, INIT, seed.child("layer", 2))),
    ])?)
}
