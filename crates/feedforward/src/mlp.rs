//! The multilayer perceptron: dense layers, each hidden one followed by its activation and by dropout.
//!
//! `x₀ = x`, `xₗ₊₁ = dropout(f(Wₗᵀxₗ + bₗ))`, and logits from the last layer. Constructors of a [`Network`], and the view of
//! one as a perceptron that the fast path needs.

use tensor::{Matrix, Seed};

use crate::layers::{Activation, AnyLayer, Dense, Dropout};
use crate::{Init, Network, NetworkError};

impl Network {
    /// A fresh perceptron: `widths` are inputs, hidden layers, outputs.
    ///
    /// # Errors
    /// If there are fewer than two widths, one of them is 0, or `dropout` is not in [0, 1).
    pub fn mlp(
        widths: &[usize],
        activation: Activation,
        dropout: f32,
        init: Init,
        seed: Seed,
    ) -> Result<Self, NetworkError> {
        let zero = widths.iter().position(|&width| width == 0);
        zero.map_or(Ok(()), |place| Err(NetworkError::ZeroWidth { place }))?;
        let fresh = |(layer, pair): (usize, &[usize])| {
            Dense::new(pair[0], pair[1], init, seed.child("layer", layer as u64))
        };
        Self::from_dense(widths.windows(2).enumerate().map(fresh), activation, dropout)
    }

    /// A perceptron on hidden layers that were learnt before (weights fan_in × fan_out, biases), such as a deep belief
    /// network's recognition weights, with `output` on top.
    ///
    /// # Errors
    /// As [`Network::from_dense`].
    pub fn from_affine<'a>(
        hidden: impl IntoIterator<Item = (&'a Matrix, &'a [f32])>,
        output: Dense,
        activation: Activation,
        dropout: f32,
    ) -> Result<Self, NetworkError> {
        let copies =
            hidden.into_iter().map(|(weights, bias)| Dense { weights: weights.clone(), bias: bias.to_vec() });
        Self::from_dense(copies.chain([output]), activation, dropout)
    }

    /// A perceptron of these layers, the first one on the inputs, the last one to the logits.
    ///
    /// # Errors
    /// As [`Network::new`], or if `dropout` is not in [0, 1).
    pub fn from_dense(
        layers: impl IntoIterator<Item = Dense>,
        activation: Activation,
        dropout: f32,
    ) -> Result<Self, NetworkError> {
        let dropout = Dropout::new(dropout)?;
        let mut sequence = Vec::new();
        for dense in layers {
            if !sequence.is_empty() {
                sequence.push(AnyLayer::Activation(activation));
                // Without dropout there is no such layer: it would copy every batch.
                sequence.extend((dropout.rate() > 0.0).then_some(AnyLayer::Dropout(dropout)));
            }
            sequence.push(AnyLayer::Dense(dense));
        }
        Self::new(sequence)
    }
}

/// A network whose layers are those of a perceptron.
pub(crate) struct Perceptron<'a> {
    /// The layer on the inputs first.
    pub dense: Vec<&'a Dense>,
    /// Of all hidden layers; any where there are none.
    pub activation: Activation,
    /// After every hidden layer.
    pub dropout: Dropout,
}

impl<'a> Perceptron<'a> {
    /// Sees `network` as what [`Network::from_dense`] makes.
    ///
    /// # Errors
    /// If it is another sequence of layers; says from which layer on.
    pub fn of(network: &'a Network) -> Result<Self, NetworkError> {
        let layers = network.layers();
        let (activation, dropout) = match layers {
            [_, AnyLayer::Activation(activation), AnyLayer::Dropout(dropout), ..] => {
                (*activation, Some(*dropout))
            }
            [_, AnyLayer::Activation(activation), ..] => (*activation, None),
            _ => (Activation::Sigmoid, None),
        };
        // Dense, activation, dropout if there is any, again and again; a dense layer in the end.
        let period = if dropout.is_some() { 3 } else { 2 };
        let fits = |(place, layer): (usize, &AnyLayer)| match (place % period, layer) {
            (0, AnyLayer::Dense(_)) => true,
            (1, AnyLayer::Activation(own)) => *own == activation,
            (2, AnyLayer::Dropout(own)) => Some(*own) == dropout,
            _ => false,
        };
        let place = layers.iter().enumerate().take_while(|layer| fits(*layer)).count();
        if place < layers.len() || layers.len() % period != 1 {
            return Err(NetworkError::NoPerceptron { place, found: layers.get(place).map(AnyLayer::kind) });
        }
        let dropout = dropout.unwrap_or(Dropout::NONE);
        Ok(Self { dense: network.dense().collect(), activation, dropout })
    }
}
