//! Convolutional classifiers: blocks of filters on an image, dense layers on the last maps.
//!
//! A block is a convolution, an activation and max-pooling; a hidden layer a dense one, an activation and dropout; logits
//! come from a last dense layer. Maps need no flattening: a sample's features already lie in one column. Constructors of a
//! [`Network`] and nothing else.

use tensor::Seed;

use crate::layers::{Activation, AnyLayer, Convolution, Dense, Dropout, MaxPool, Sliding};
use crate::{Init, Maps, Network, NetworkError};

/// A convolution, the network's activation, and max-pooling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Filters: maps that come out.
    pub filters: usize,
    /// How they slide.
    pub sliding: Sliding,
    /// Edge of the squares that are pooled; 1 for no pooling.
    pub pool: usize,
}

impl Block {
    /// Square filters, pixel by pixel and without padding, and squares of two pooled.
    pub const fn classic(filters: usize, kernel: usize) -> Self {
        Self { filters, sliding: Sliding::square(kernel), pool: 2 }
    }
}

/// What a convolutional classifier consists of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cnn<'a> {
    /// The image.
    pub image: Maps,
    /// On the image, one after another.
    pub blocks: &'a [Block],
    /// Units of the hidden layers on the last maps.
    pub hidden: &'a [usize],
    /// Logits.
    pub classes: usize,
    /// After every convolution and hidden layer.
    pub activation: Activation,
    /// Share of the hidden units that are dropped.
    pub dropout: f32,
}

impl Cnn<'static> {
    /// Two blocks, 15 filters of 9×9 and 20 of 5×5, and 100 hidden units on MNIST's digits: maps of 15×20×20, 15×10×10,
    /// 20×6×6 and 20×3×3.
    pub const CLASSIC: Self = Self {
        image: Maps { channels: 1, height: 28, width: 28 },
        blocks: &[Block::classic(15, 9), Block::classic(20, 5)],
        hidden: &[100],
        classes: 10,
        activation: Activation::Relu,
        dropout: 0.0,
    };
}

impl Network {
    /// A fresh convolutional classifier. [`Init::Uniform`] is PyTorch's default, for convolutions too, [`Init::He`] suits ReLU.
    ///
    /// # Errors
    /// If a size is 0, a filter or a pool does not fit into its image (says in which block), or the dropout rate is not in
    /// [0, 1).
    pub fn cnn(cnn: &Cnn<'_>, init: Init, seed: Seed) -> Result<Self, NetworkError> {
        let (mut layers, mut image) = (Vec::new(), cnn.image);
        for (number, block) in cnn.blocks.iter().enumerate() {
            let seed = seed.child("block", number as u64);
            let in_block = |cause| NetworkError::Block { block: number, cause: Box::new(cause) };
            let convolution =
                Convolution::new(image, block.filters, block.sliding, init, seed).map_err(in_block)?;
            image = convolution.maps()[1];
            layers.extend([AnyLayer::Convolution(convolution), AnyLayer::Activation(cnn.activation)]);
            if block.pool != 1 {
                let pool = MaxPool::new(image, block.pool).map_err(in_block)?;
                image = pool.maps()[1];
                layers.push(AnyLayer::MaxPool(pool));
            }
        }
        let (dropout, mut inputs) = (Dropout::new(cnn.dropout)?, image.features());
        for (number, &units) in cnn.hidden.iter().enumerate() {
            let dense = Dense::new(inputs, units, init, seed.child("layer", number as u64));
            layers.extend([AnyLayer::Dense(dense), AnyLayer::Activation(cnn.activation)]);
            layers.extend((dropout.rate() > 0.0).then_some(AnyLayer::Dropout(dropout)));
            inputs = units;
        }
        let seed = seed.child("layer", cnn.hidden.len() as u64);
        layers.push(AnyLayer::Dense(Dense::new(inputs, cnn.classes, init, seed)));
        Self::new(layers)
    }
}
