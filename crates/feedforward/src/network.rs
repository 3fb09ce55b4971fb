//! A network: layers one after another. Forward, backward and parameters of the sequence are written here, once.
//!
//! `x₀ = x`, `xₗ₊₁ = fₗ(xₗ)`. On disk every kind of layer has a list of its own, numbered from 0 in the order of the
//! sequence: `layers.0.weight` and `layers.0.bias` of the first dense layer, `norms.0.running_mean` of the first batch
//! normalisation. A PyTorch module with `self.layers = nn.ModuleList([nn.Linear(...), ...])` loads a perceptron.

use tensor::Matrix;
use train::{Param, Parameters};

use crate::layers::{AnyLayer, AnyTrace, Dense};
use crate::{Layer, Mode, NetworkError};

/// A sequence of layers that fit on each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    layers: Vec<AnyLayer>,
}

/// What a forward pass leaves for the backward pass: the results of all layers but the last, and each layer's own trace.
pub struct NetworkTrace {
    between: Vec<Matrix>,
    traces: Vec<AnyTrace>,
}

impl Network {
    /// These layers, the first one on the inputs.
    ///
    /// # Errors
    /// If none of them has a width, one has no units or inputs or not one bias for each unit, or one does not fit on the
    /// one below.
    pub fn new(layers: Vec<AnyLayer>) -> Result<Self, NetworkError> {
        let mut below: Option<usize> = None;
        let mut numbers = Numbers::default();
        for layer in &layers {
            let Some([expected, units]) = layer.widths() else { continue };
            let (kind, number) = (layer.kind(), numbers.next(layer));
            let found = below.unwrap_or(expected);
            if found == 0 {
                return Err(NetworkError::ZeroWidth { place: 0 });
            }
            if found != expected {
                return Err(NetworkError::Chain { kind, layer: number, expected, found });
            }
            if units == 0 {
                return Err(NetworkError::ZeroWidth { place: number + 1 });
            }
            let wrong = layer.params().into_iter().find(|p| p.shape.len() == 1 && p.values.len() != units);
            if let Some(wrong) = wrong {
                return Err(NetworkError::Bias { kind, layer: number, units, found: wrong.values.len() });
            }
            below = Some(units);
        }
        below.map(|_| Self { layers }).ok_or(NetworkError::Empty)
    }

    /// The layers, the one on the inputs first.
    pub fn layers(&self) -> &[AnyLayer] {
        &self.layers
    }

    /// The dense ones of them.
    pub fn dense(&self) -> impl Iterator<Item = &Dense> {
        self.layers.iter().filter_map(|layer| match layer {
            AnyLayer::Dense(dense) => Some(dense),
            _ => None,
        })
    }

    /// The same, to be written; their shapes must stay.
    pub(crate) fn dense_mut(&mut self) -> impl Iterator<Item = &mut Dense> {
        self.layers.iter_mut().filter_map(|layer| match layer {
            AnyLayer::Dense(dense) => Some(dense),
            _ => None,
        })
    }

    /// Number of inputs.
    pub fn inputs(&self) -> usize {
        self.layers.iter().find_map(AnyLayer::widths).map_or(0, |[inputs, _]| inputs)
    }

    /// Number of outputs: logits, of a classifier.
    pub fn outputs(&self) -> usize {
        self.layers.iter().rev().find_map(AnyLayer::widths).map_or(0, |[_, outputs]| outputs)
    }

    /// The outputs for `x` without dropout, outputs × batch.
    pub fn logits(&self, x: &Matrix) -> Matrix {
        self.forward(x, &mut Mode::Evaluate).0
    }

    /// What every activation shows for `x`, without dropout: the states of the hidden layers, the first one first.
    pub fn hidden(&self, x: &Matrix) -> Vec<Matrix> {
        let (y, trace) = self.forward(x, &mut Mode::Evaluate);
        let states = trace.between.into_iter().chain([y]).zip(&self.layers);
        states.filter(|(_, layer)| matches!(layer, AnyLayer::Activation(_))).map(|(state, _)| state).collect()
    }

    /// The name of each layer on disk; empty for those without parameters.
    fn names(&self) -> Vec<String> {
        let mut numbers = Numbers::default();
        let name = |layer: &AnyLayer| match layer.list() {
            Some(list) => format!("{list}.{}", numbers.next(layer)),
            None => String::new(),
        };
        self.layers.iter().map(name).collect()
    }
}

/// Counts the layers of each list.
#[derive(Default)]
struct Numbers(Vec<(&'static str, usize)>);

impl Numbers {
    /// The number of this layer within its list, from 0.
    fn next(&mut self, layer: &AnyLayer) -> usize {
        let Some(list) = layer.list() else { return 0 };
        match self.0.iter_mut().find(|(name, _)| *name == list) {
            Some((_, count)) => {
                *count += 1;
                *count - 1
            }
            None => {
                self.0.push((list, 1));
                0
            }
        }
    }
}

impl Layer for Network {
    type Trace = NetworkTrace;

    fn forward(&self, x: &Matrix, mode: &mut Mode<'_>) -> (Matrix, NetworkTrace) {
        let mut results: Vec<Matrix> = Vec::with_capacity(self.layers.len());
        let mut traces = Vec::with_capacity(self.layers.len());
        for layer in &self.layers {
            let (y, trace) = layer.forward(results.last().unwrap_or(x), mode);
            results.push(y);
            traces.push(trace);
        }
        let y = results.pop().expect("a network has at least one layer");
        (y, NetworkTrace { between: results, traces })
    }

    fn backward(
        &self,
        x: &Matrix,
        y: &Matrix,
        trace: &NetworkTrace,
        dy: Matrix,
        gradient: &mut Self,
    ) -> Matrix {
        let (mut dy, mut y) = (dy, y);
        for (l, layer) in self.layers.iter().enumerate().rev() {
            let input = l.checked_sub(1).map_or(x, |below| &trace.between[below]);
            dy = layer.backward(input, y, &trace.traces[l], dy, &mut gradient.layers[l]);
            y = input;
        }
        dy
    }
}

impl Parameters for Network {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let layers = self.layers.iter().zip(self.names());
        layers.flat_map(|(layer, name)| layer.params().into_iter().map(move |p| p.under(&name))).collect()
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let names = self.names();
        let layers = self.layers.iter_mut().zip(names);
        layers.flat_map(|(layer, name)| layer.params_mut().into_iter().map(move |p| p.under(&name))).collect()
    }
}
