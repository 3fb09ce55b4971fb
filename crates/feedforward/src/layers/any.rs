//! All kinds of layers as one type, so that a network is a list of them.
//!
//! A further kind needs a variant here, one in [`AnyTrace`], and an arm in each function below; [`crate::Network`] need not
//! know of it.

use tensor::Matrix;
use train::{Param, Parameters};

use super::{Activation, BatchNorm, BatchTrace, Dense, Dropout};
use crate::{Layer, Mode};

/// A layer of any kind.
#[derive(Clone, Debug, PartialEq)]
pub enum AnyLayer {
    /// `y = Wᵀx + b`.
    Dense(Dense),
    /// `y = f(x)`, element by element.
    Activation(Activation),
    /// Units silenced at random in training.
    Dropout(Dropout),
    /// Every feature brought to mean 0 and variance 1 over the mini-batch, then scaled and shifted.
    BatchNorm(BatchNorm),
}

/// What a layer of any kind left behind on its way forward.
#[derive(Clone, Debug)]
pub enum AnyTrace {
    /// A dense layer or an activation: nothing.
    Nothing,
    /// The mask of a dropout, if anything was dropped.
    Dropout(Option<Matrix>),
    /// The moments that a batch normalisation used.
    BatchNorm(BatchTrace),
}

impl AnyLayer {
    /// What the kind is called in messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Dense(_) => "layer",
            Self::Activation(_) => "activation",
            Self::Dropout(_) => "dropout",
            Self::BatchNorm(_) => "batch normalisation",
        }
    }

    /// Features that come in and go out; none for a kind that takes any number of them and leaves it as it is.
    pub fn widths(&self) -> Option<[usize; 2]> {
        match self {
            Self::Dense(dense) => Some([dense.weights.rows(), dense.weights.cols()]),
            Self::BatchNorm(norm) => Some([norm.weight.len(); 2]),
            Self::Activation(_) | Self::Dropout(_) => None,
        }
    }

    /// The list in which a network keeps the parameters of this kind on disk, as a PyTorch module would: `layers` of
    /// `layers.0.weight`. None for a kind without parameters.
    pub fn list(&self) -> Option<&'static str> {
        match self {
            Self::Dense(_) => Some("layers"),
            Self::BatchNorm(_) => Some("norms"),
            Self::Activation(_) | Self::Dropout(_) => None,
        }
    }
}

impl Layer for AnyLayer {
    type Trace = AnyTrace;

    fn forward(&self, x: &Matrix, mode: &mut Mode<'_>) -> (Matrix, AnyTrace) {
        match self {
            Self::Dense(layer) => (layer.forward(x, mode).0, AnyTrace::Nothing),
            Self::Activation(layer) => (layer.forward(x, mode).0, AnyTrace::Nothing),
            Self::Dropout(layer) => {
                let (y, mask) = layer.forward(x, mode);
                (y, AnyTrace::Dropout(mask))
            }
            Self::BatchNorm(layer) => {
                let (y, trace) = layer.forward(x, mode);
                (y, AnyTrace::BatchNorm(trace))
            }
        }
    }

    /// # Panics
    /// If trace or gradient are those of another kind of layer.
    fn backward(&self, x: &Matrix, y: &Matrix, trace: &AnyTrace, dy: Matrix, gradient: &mut Self) -> Matrix {
        match (self, trace, gradient) {
            (Self::Dense(layer), AnyTrace::Nothing, Self::Dense(gradient)) => {
                layer.backward(x, y, &(), dy, gradient)
            }
            (Self::Activation(layer), AnyTrace::Nothing, Self::Activation(gradient)) => {
                layer.backward(x, y, &(), dy, gradient)
            }
            (Self::Dropout(layer), AnyTrace::Dropout(mask), Self::Dropout(gradient)) => {
                layer.backward(x, y, mask, dy, gradient)
            }
            (Self::BatchNorm(layer), AnyTrace::BatchNorm(trace), Self::BatchNorm(gradient)) => {
                layer.backward(x, y, trace, dy, gradient)
            }
            (layer, trace, gradient) => {
                panic!("{} with {trace:?} and the gradient of {}", layer.kind(), gradient.kind())
            }
        }
    }
}

impl Parameters for AnyLayer {
    fn params(&self) -> Vec<Param<&[f32]>> {
        match self {
            Self::Dense(layer) => layer.params(),
            Self::Activation(layer) => layer.params(),
            Self::Dropout(layer) => layer.params(),
            Self::BatchNorm(layer) => layer.params(),
        }
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        match self {
            Self::Dense(layer) => layer.params_mut(),
            Self::Activation(layer) => layer.params_mut(),
            Self::Dropout(layer) => layer.params_mut(),
            Self::BatchNorm(layer) => layer.params_mut(),
        }
    }
}
