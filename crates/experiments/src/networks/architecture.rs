//! What a classifier of digits is made of.

use anyhow::{Context, Result, ensure};
use engine::Workbench;
use feedforward::autoencoder::{Stack, Tying};
use feedforward::{Activation, Block, Cnn, Init, Maps, Network};
use serde::{Deserialize, Serialize};
use tensor::Seed;
use train::Snapshot;

use super::files::NETWORK;

/// The file of the layers of a stack of denoising autoencoders.
pub const LAYERS: &str = "layers.safetensors";

/// The layers of a network, and where their weights begin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Architecture {
    /// Blocks of square filters, each with ReLU and max-pooling of two, then hidden layers of ReLU, all at random.
    Convolutional {
        /// Filters of a block, and the edge of each in pixels.
        blocks: Vec<(usize, usize)>,
        /// Hidden units on the last maps.
        hidden: Vec<usize>,
        /// Share of these hidden units that are dropped.
        #[serde(default, skip_serializing_if = "is_zero")]
        dropout: f32,
    },
    /// Hidden layers of sigmoid units at random; a small random output layer, as on trained layers.
    Perceptron {
        /// Units of the hidden layers, the one on the pixels first.
        hidden: Vec<usize>,
        /// First weights of the hidden layers.
        init: Init,
    },
    /// The same on the encoders of denoising autoencoders, all in the last point needed; a small random output layer.
    Stacked {
        /// Units of the hidden layers.
        hidden: Vec<usize>,
    },
}

/// The stack of tied autoencoders of these widths, the pixels first, in the last point needed.
///
/// # Errors
/// If there is none, its weights are not finite, or their shapes are others.
pub fn read_stack(widths: &[usize], bench: &Workbench<'_>) -> Result<Stack> {
    ensure!(bench.needs() > 0, "the point that trained the layers is missing");
    let (file, _) = Snapshot::decode(&bench.read_need(bench.needs() - 1, LAYERS)?)?;
    file.check_finite()?;
    // What is drawn here is overwritten: the file has every weight and bias.
    let mut stack = Stack::fresh(widths, Tying::Tied, Init::Uniform, Seed::new(0))?;
    file.write_into(&mut stack, "")?;
    Ok(stack)
}

fn is_zero(x: &f32) -> bool {
    *x == 0.0
}

impl Architecture {
    /// The report's network: 15 filters of 9×9 and 20 of 5×5, and 100 hidden units.
    pub fn classic() -> Self {
        Self::Convolutional { blocks: vec![(15, 9), (20, 5)], hidden: vec![100], dropout: 0.0 }
    }

    /// The network of these layers that the `need`-th point needed has trained.
    ///
    /// # Errors
    /// If its file holds no such network, or sizes do not fit on each other.
    pub fn read(&self, pixels: usize, classes: usize, need: usize, bench: &Workbench<'_>) -> Result<Network> {
        // What is drawn here is overwritten: the file has every weight and bias.
        let mut network = self.network(pixels, classes, Seed::new(0), bench)?;
        let (file, _) = Snapshot::decode(&bench.read_need(need, NETWORK)?)?;
        file.write_into(&mut network, "").context("expected a network of these layers")?;
        Ok(network)
    }

    /// A fresh network for images of these features and classes.
    ///
    /// # Errors
    /// If sizes do not fit on each other, or the point that holds the encoders has others.
    pub fn network(
        &self,
        pixels: usize,
        classes: usize,
        seed: Seed,
        bench: &Workbench<'_>,
    ) -> Result<Network> {
        match self {
            Self::Convolutional { blocks, hidden, dropout } => {
                let blocks: Vec<Block> =
                    blocks.iter().map(|&(n, kernel)| Block::classic(n, kernel)).collect();
                let (image, activation) = (Maps { channels: 1, height: 28, width: 28 }, Activation::Relu);
                let cnn = Cnn { image, blocks: &blocks, hidden, classes, activation, dropout: *dropout };
                Ok(Network::cnn(&cnn, Init::Uniform, seed)?)
            }
            Self::Perceptron { hidden, init } => {
                let widths: Vec<usize> = [pixels].iter().chain(hidden).copied().collect();
                let stack = Stack::fresh(&widths, Tying::Tied, *init, seed)?;
                Ok(stack.into_classifier(classes, Init::Small, seed.child("output", 0))?)
            }
            Self::Stacked { hidden } => {
                let widths: Vec<usize> = [pixels].iter().chain(hidden).copied().collect();
                let stack = read_stack(&widths, bench)?;
                Ok(stack.into_classifier(classes, Init::Small, seed.child("output", 0))?)
            }
        }
    }

    /// Multiply-adds of one image on its way up.
    pub fn multiply_adds(&self, pixels: usize) -> f64 {
        let dense = |widths: &[usize]| widths.windows(2).map(|pair| pair[0] * pair[1]).sum::<usize>();
        let sum = match self {
            Self::Convolutional { blocks, hidden, .. } => {
                let (mut channels, mut edge, mut sum) = (1, 28usize, 0);
                for &(filters, kernel) in blocks {
                    edge = (edge + 1).saturating_sub(kernel);
                    sum += filters * channels * kernel * kernel * edge * edge;
                    (channels, edge) = (filters, edge / 2);
                }
                let widths: Vec<usize> =
                    [channels * edge * edge].iter().chain(hidden).copied().chain([10]).collect();
                sum + dense(&widths)
            }
            Self::Perceptron { hidden, .. } | Self::Stacked { hidden } => {
                dense(&[pixels].iter().chain(hidden).copied().chain([10]).collect::<Vec<_>>())
            }
        };
        sum as f64
    }
}
