//! The multilayer perceptron: dense layers, each hidden one followed by its activation and by dropout.
//!
//! `x₀ = x`, `xₗ₊₁ = dropout(f(Wₗᵀxₗ + bₗ))`, and logits from the last layer. On disk `layers.0.weight`, `layers.0.bias`,
//! `layers.1.weight` and so on: a PyTorch module with `self.layers = nn.ModuleList([nn.Linear(...), ...])` loads it.

use tensor::{Matrix, Seed, Stream};
use train::{Param, Parameters};

use crate::{Activation, Dense, Dropout, Init, Layer, Mode, NetworkError, softmax_cross_entropy};

/// A network from inputs to logits.
#[derive(Clone, Debug, PartialEq)]
pub struct Mlp {
    layers: Vec<Dense>,
    activation: Activation,
    dropout: Dropout,
}

/// What a forward pass leaves for the backward pass: for each hidden layer its logits, activations, and dropout.
pub struct MlpTrace {
    hidden: Vec<Hidden>,
}

struct Hidden {
    logits: Matrix,
    active: Matrix,
    dropped: Matrix,
    mask: Option<Matrix>,
}

impl Mlp {
    /// A fresh network: `widths` are inputs, hidden layers, outputs.
    ///
    /// # Errors
    /// If there are fewer than two widths, one of them is 0, or `dropout` is not in [0, 1).
    pub fn new(
        widths: &[usize],
        activation: Activation,
        dropout: f32,
        init: Init,
        seed: Seed,
    ) -> Result<Self, NetworkError> {
        let fresh = |(layer, pair): (usize, &[usize])| {
            Dense::new(pair[0], pair[1], init, seed.child("layer", layer as u64))
        };
        let zero = widths.iter().position(|&width| width == 0);
        zero.map_or(Ok(()), |place| Err(NetworkError::ZeroWidth { place }))?;
        Self::from_layers(widths.windows(2).enumerate().map(fresh).collect(), activation, dropout)
    }

    /// A network on hidden layers that were learnt before (weights fan_in × fan_out, biases), such as a deep belief
    /// network's recognition weights, with `output` on top.
    ///
    /// # Errors
    /// As [`Mlp::from_layers`].
    pub fn from_affine<'a>(
        hidden: impl IntoIterator<Item = (&'a Matrix, &'a [f32])>,
        output: Dense,
        activation: Activation,
        dropout: f32,
    ) -> Result<Self, NetworkError> {
        let copies =
            hidden.into_iter().map(|(weights, bias)| Dense { weights: weights.clone(), bias: bias.to_vec() });
        Self::from_layers(copies.chain([output]).collect(), activation, dropout)
    }

    /// These layers, the first one on the inputs, the last one to the logits.
    ///
    /// # Errors
    /// If there is none, one has no units or inputs or not one bias for each unit, one does not fit on the one below,
    /// or `dropout` is not in [0, 1).
    pub fn from_layers(
        layers: Vec<Dense>,
        activation: Activation,
        dropout: f32,
    ) -> Result<Self, NetworkError> {
        let mut below = layers.first().ok_or(NetworkError::Empty)?.weights.rows();
        if below == 0 {
            return Err(NetworkError::ZeroWidth { place: 0 });
        }
        for (layer, Dense { weights, bias }) in layers.iter().enumerate() {
            let (expected, units) = (weights.rows(), weights.cols());
            if units == 0 {
                return Err(NetworkError::ZeroWidth { place: layer + 1 });
            }
            if expected != below {
                return Err(NetworkError::Chain { layer, expected, found: below });
            }
            if bias.len() != units {
                return Err(NetworkError::Bias { layer, units, found: bias.len() });
            }
            below = units;
        }
        Ok(Self { layers, activation, dropout: Dropout::new(dropout)? })
    }

    /// The dense layers, the one on the inputs first.
    pub fn layers(&self) -> &[Dense] {
        &self.layers
    }

    /// The non-linearity of the hidden units.
    pub fn activation(&self) -> Activation {
        self.activation
    }

    /// What happens after it.
    pub fn dropout(&self) -> Dropout {
        self.dropout
    }

    /// Number of inputs.
    pub fn inputs(&self) -> usize {
        self.layers[0].weights.rows()
    }

    /// Number of logits.
    pub fn outputs(&self) -> usize {
        self.layers[self.layers.len() - 1].weights.cols()
    }

    /// Logits for `x` without dropout, outputs × batch.
    pub fn logits(&self, x: &Matrix) -> Matrix {
        self.forward(x, &mut Mode::Evaluate).0
    }

    /// Activations of every hidden layer for `x`, without dropout: what the layer's units show.
    pub fn hidden(&self, x: &Matrix) -> Vec<Matrix> {
        self.forward(x, &mut Mode::Evaluate).1.hidden.into_iter().map(|hidden| hidden.active).collect()
    }

    /// The mean cross-entropy over a mini-batch, with dropout drawn from `noise`, and its gradient: what
    /// [`train::fit`] asks for.
    ///
    /// # Panics
    /// As [`softmax_cross_entropy`].
    pub fn gradient(&self, x: &Matrix, labels: &[u8], noise: &mut Stream) -> (f64, Self) {
        let mut gradient = self.zeros_like();
        let (logits, trace) = self.forward(x, &mut Mode::Train(noise));
        let (loss, dy) = softmax_cross_entropy(&logits, labels);
        self.backward(x, &logits, &trace, dy, &mut gradient);
        (loss, gradient)
    }
}

impl Layer for Mlp {
    type Trace = MlpTrace;

    fn forward(&self, x: &Matrix, mode: &mut Mode<'_>) -> (Matrix, MlpTrace) {
        let mut hidden: Vec<Hidden> = Vec::with_capacity(self.layers.len() - 1);
        let (output, below) = self.layers.split_last().expect("a network has at least one layer");
        for layer in below {
            let input = hidden.last().map_or(x, |last| &last.dropped);
            let (logits, ()) = layer.forward(input, mode);
            let (active, ()) = self.activation.forward(&logits, mode);
            let (dropped, mask) = self.dropout.forward(&active, mode);
            hidden.push(Hidden { logits, active, dropped, mask });
        }
        let (logits, ()) = output.forward(hidden.last().map_or(x, |last| &last.dropped), mode);
        (logits, MlpTrace { hidden })
    }

    fn backward(&self, x: &Matrix, y: &Matrix, trace: &MlpTrace, dy: Matrix, gradient: &mut Self) -> Matrix {
        let (mut dy, mut y) = (dy, y);
        // Neither activation nor dropout has parameters.
        let (mut activation, mut dropout) = (self.activation, self.dropout);
        for (l, layer) in self.layers.iter().enumerate().rev() {
            let below = l.checked_sub(1).map(|below| &trace.hidden[below]);
            let input = below.map_or(x, |hidden| &hidden.dropped);
            dy = layer.backward(input, y, &(), dy, &mut gradient.layers[l]);
            if let Some(Hidden { logits, active, dropped, mask }) = below {
                dy = self.dropout.backward(active, dropped, mask, dy, &mut dropout);
                dy = self.activation.backward(logits, active, &(), dy, &mut activation);
                y = logits;
            }
        }
        dy
    }
}

impl Parameters for Mlp {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let layers = self.layers.iter().enumerate();
        layers.flat_map(|(l, layer)| layer.params().into_iter().map(move |p| p.under(&name(l)))).collect()
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let layers = self.layers.iter_mut().enumerate();
        layers.flat_map(|(l, layer)| layer.params_mut().into_iter().map(move |p| p.under(&name(l)))).collect()
    }
}

fn name(layer: usize) -> String {
    format!("layers.{layer}")
}
