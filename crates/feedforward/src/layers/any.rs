//! All kinds of layers as one type, so that a network is a list of them.
//!
//! A further kind needs a variant here, one in [`AnyTrace`], and an arm in each function below; [`crate::Network`] need not
//! know of it.

use tensor::Matrix;
use train::{Param, Parameters};

use super::{Activation, BatchNorm, BatchTrace, Convolution, Dense, Dropout, MaxPool, TransposedConvolution};
use crate::{Layer, Maps, Mode};

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
    /// Filters that slide over an image.
    Convolution(Convolution),
    /// The adjoint of a convolution, which grows images.
    TransposedConvolution(TransposedConvolution),
    /// The largest pixel of every square.
    MaxPool(MaxPool),
}

/// What a layer of any kind left behind on its way forward.
#[derive(Clone, Debug)]
pub enum AnyTrace {
    /// A dense layer, a convolution, a pool or an activation: nothing.
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
            Self::Convolution(_) => "convolution",
            Self::TransposedConvolution(_) => "transposed convolution",
            Self::MaxPool(_) => "max-pooling",
        }
    }

    /// Features that come in and go out; none for a kind that takes any number of them and leaves it as it is.
    pub fn widths(&self) -> Option<[usize; 2]> {
        match self {
            Self::Dense(dense) => Some([dense.weights.rows(), dense.weights.cols()]),
            Self::BatchNorm(norm) => Some([norm.weight.len(); 2]),
            Self::Activation(_) | Self::Dropout(_) => None,
            Self::Convolution(_) | Self::TransposedConvolution(_) | Self::MaxPool(_) => {
                self.maps().map(|maps| maps.map(Maps::features))
            }
        }
    }

    /// The maps that come in and go out; none for a kind that knows of no images.
    pub fn maps(&self) -> Option<[Maps; 2]> {
        match self {
            Self::Convolution(layer) => Some(layer.maps()),
            Self::TransposedConvolution(layer) => Some(layer.maps()),
            Self::MaxPool(layer) => Some(layer.maps()),
            Self::Dense(_) | Self::Activation(_) | Self::Dropout(_) | Self::BatchNorm(_) => None,
        }
    }

    /// Whether maps go through and stay maps of the same shape.
    pub fn keeps_maps(&self) -> bool {
        !matches!(self, Self::Dense(_))
    }

    /// Whether the layer is affine wherever its derivative is defined, so that its second derivative is zero there.
    pub fn is_piecewise_linear(&self) -> bool {
        match self {
            Self::Activation(activation) => matches!(activation, Activation::Relu | Activation::LeakyRelu),
            Self::BatchNorm(_) => false,
            _ => true,
        }
    }

    /// Whether the layer is `y = A x + b` with parameters of its own, whatever `x` is.
    pub(crate) fn is_affine(&self) -> bool {
        matches!(self, Self::Dense(_) | Self::Convolution(_) | Self::TransposedConvolution(_))
    }

    /// The list in which a network keeps the parameters of this kind on disk, as a PyTorch module would: `layers` of
    /// `layers.0.weight`. None for a kind without parameters.
    pub fn list(&self) -> Option<&'static str> {
        match self {
            Self::Dense(_) => Some("layers"),
            Self::BatchNorm(_) => Some("norms"),
            Self::Convolution(_) => Some("convolutions"),
            Self::TransposedConvolution(_) => Some("transposed"),
            Self::Activation(_) | Self::Dropout(_) | Self::MaxPool(_) => None,
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
            Self::Convolution(layer) => (layer.forward(x, mode).0, AnyTrace::Nothing),
            Self::TransposedConvolution(layer) => (layer.forward(x, mode).0, AnyTrace::Nothing),
            Self::MaxPool(layer) => (layer.forward(x, mode).0, AnyTrace::Nothing),
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
            (Self::Convolution(layer), AnyTrace::Nothing, Self::Convolution(gradient)) => {
                layer.backward(x, y, &(), dy, gradient)
            }
            (
                Self::TransposedConvolution(layer),
                AnyTrace::Nothing,
                Self::TransposedConvolution(gradient),
            ) => layer.backward(x, y, &(), dy, gradient),
            (Self::MaxPool(layer), AnyTrace::Nothing, Self::MaxPool(gradient)) => {
                layer.backward(x, y, &(), dy, gradient)
            }
            (layer, trace, gradient) => {
                panic!("{} with {trace:?} and the gradient of {}", layer.kind(), gradient.kind())
            }
        }
    }

    /// # Panics
    /// If the trace is that of another kind of layer.
    fn tangent(&self, x: &Matrix, y: &Matrix, trace: &AnyTrace, tangent: Matrix) -> Matrix {
        match (self, trace) {
            (Self::Dense(layer), AnyTrace::Nothing) => layer.tangent(x, y, &(), tangent),
            (Self::Activation(layer), AnyTrace::Nothing) => layer.tangent(x, y, &(), tangent),
            (Self::Dropout(layer), AnyTrace::Dropout(mask)) => layer.tangent(x, y, mask, tangent),
            (Self::BatchNorm(layer), AnyTrace::BatchNorm(trace)) => layer.tangent(x, y, trace, tangent),
            (Self::Convolution(layer), AnyTrace::Nothing) => layer.tangent(x, y, &(), tangent),
            (Self::TransposedConvolution(layer), AnyTrace::Nothing) => layer.tangent(x, y, &(), tangent),
            (Self::MaxPool(layer), AnyTrace::Nothing) => layer.tangent(x, y, &(), tangent),
            (layer, trace) => panic!("{} with {trace:?}", layer.kind()),
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
            Self::Convolution(layer) => layer.params(),
            Self::TransposedConvolution(layer) => layer.params(),
            Self::MaxPool(layer) => layer.params(),
        }
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        match self {
            Self::Dense(layer) => layer.params_mut(),
            Self::Activation(layer) => layer.params_mut(),
            Self::Dropout(layer) => layer.params_mut(),
            Self::BatchNorm(layer) => layer.params_mut(),
            Self::Convolution(layer) => layer.params_mut(),
            Self::TransposedConvolution(layer) => layer.params_mut(),
            Self::MaxPool(layer) => layer.params_mut(),
        }
    }
}
