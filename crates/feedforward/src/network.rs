//! A network: layers one after another. Forward, backward and parameters of the sequence are written here, once.
//!
//! `x₀ = x`, `xₗ₊₁ = fₗ(xₗ)`. On disk every kind of layer has a list of its own, numbered from 0 in the order of the
//! sequence: `layers.0.weight` and `layers.0.bias` of the first dense layer, `norms.0.running_mean` of the first batch
//! normalisation, `convolutions.0.weight` and `transposed.0.weight` of filters. A PyTorch module with `self.layers = nn.ModuleList([nn.Linear(...), ...])` loads a perceptron.

use tensor::Matrix;
use train::{Param, Parameters};

use crate::layers::{AnyLayer, AnyTrace, Dense};
use crate::{Layer, Maps, Mode, NetworkError};

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

impl NetworkTrace {
    /// `x`, what every layer but the last made of it, and `y`.
    pub(crate) fn states<'a>(&'a self, x: &'a Matrix, y: &'a Matrix) -> Vec<&'a Matrix> {
        [x].into_iter().chain(&self.between).chain([y]).collect()
    }

    /// What one layer left behind.
    pub(crate) fn of(&self, layer: usize) -> &AnyTrace {
        &self.traces[layer]
    }
}

/// What one layer makes of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// What the layer is called in messages.
    pub kind: &'static str,
    /// The maps that every sample consists of; none where it is a list of units.
    pub maps: Option<Maps>,
    /// Features × batch.
    pub values: Matrix,
}

impl Network {
    /// These layers, the first one on the inputs.
    ///
    /// # Errors
    /// If none of them has a width, one has no units or inputs or not one bias for each unit, or one does not fit on the
    /// one below: in features, or in maps where both know of images.
    pub fn new(layers: Vec<AnyLayer>) -> Result<Self, NetworkError> {
        let (mut below, mut maps): (Option<usize>, Option<Maps>) = (None, None);
        let mut numbers = Numbers::default();
        for layer in &layers {
            let Some([expected, units]) = layer.widths() else { continue };
            let (kind, number) = (layer.kind(), numbers.next(layer.kind()));
            let found = below.unwrap_or(expected);
            if found == 0 {
                return Err(NetworkError::ZeroWidth { place: 0 });
            }
            if let Some(([expected, _], found)) = layer.maps().zip(maps)
                && expected != found
            {
                return Err(NetworkError::Maps { kind, layer: number, expected, found });
            }
            maps = layer.maps().map(|[_, out]| out).or_else(|| maps.filter(|_| layer.keeps_maps()));
            if found != expected {
                return Err(NetworkError::Chain { kind, layer: number, expected, found });
            }
            if units == 0 {
                return Err(NetworkError::ZeroWidth { place: number + 1 });
            }
            // The biases of filters are as many as they should be by construction.
            let wrong = layer.params().into_iter().find(|p| p.shape.len() == 1 && p.values.len() != units);
            let wrong = wrong.filter(|_| layer.maps().is_none());
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

    /// The layers to be written; their shapes must stay.
    pub(crate) fn layers_mut(&mut self) -> &mut [AnyLayer] {
        &mut self.layers
    }

    /// The dense ones of them.
    pub fn dense(&self) -> impl Iterator<Item = &Dense> {
        self.layers.iter().filter_map(|layer| match layer {
            AnyLayer::Dense(dense) => Some(dense),
            _ => None,
        })
    }

    /// The same, to be written; their shapes must stay.
    pub fn dense_mut(&mut self) -> impl Iterator<Item = &mut Dense> {
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

    /// What every layer makes of `x`, without dropout, the first one first: the feature maps of a convolutional network.
    pub fn states(&self, x: &Matrix) -> Vec<State> {
        let (y, trace) = self.forward(x, &mut Mode::Evaluate);
        let values = trace.between.into_iter().chain([y]);
        let layers = self.layers.iter().zip(self.maps()).zip(values);
        layers.map(|((layer, maps), values)| State { kind: layer.kind(), maps, values }).collect()
    }

    /// The maps that come out of each layer; none where it is a list of units.
    pub fn maps(&self) -> Vec<Option<Maps>> {
        let mut maps = None;
        let after = |layer: &AnyLayer| {
            maps = layer.maps().map(|[_, out]| out).or_else(|| maps.filter(|_| layer.keeps_maps()));
            maps
        };
        self.layers.iter().map(after).collect()
    }

    /// Whether every layer is linear in pieces, so that a gradient of [`Layer::tangent`] needs no second derivative.
    ///
    /// # Errors
    /// If one is not: a smooth activation, or batch normalisation. Says which.
    pub fn check_piecewise_linear(&self) -> Result<(), NetworkError> {
        let Some(place) = self.layers.iter().position(|layer| !layer.is_piecewise_linear()) else {
            return Ok(());
        };
        let kind = match &self.layers[place] {
            AnyLayer::Activation(activation) => activation.to_string(),
            layer => layer.kind().to_owned(),
        };
        Err(NetworkError::Smooth { place, kind })
    }

    /// Whether samples have as many features as the network has inputs.
    ///
    /// # Errors
    /// If not; names the first layer with a width, and both sizes.
    pub fn check_width(&self, features: usize) -> Result<(), NetworkError> {
        let expected = self.inputs();
        let first =
            self.layers.iter().find(|layer| layer.widths().is_some()).filter(|_| features != expected);
        first.map_or(Ok(()), |layer| {
            let (kind, maps) = (layer.kind(), layer.maps().map(|[input, _]| input));
            Err(NetworkError::Images { kind, maps, expected, found: features })
        })
    }

    /// The name of each layer on disk; empty for those without parameters.
    fn names(&self) -> Vec<String> {
        let mut numbers = Numbers::default();
        let name = |layer: &AnyLayer| match layer.list() {
            Some(list) => format!("{list}.{}", numbers.next(list)),
            None => String::new(),
        };
        self.layers.iter().map(name).collect()
    }
}

/// Counts the layers of each kind.
#[derive(Default)]
struct Numbers(Vec<(&'static str, usize)>);

impl Numbers {
    /// The number of the next layer of this kind, from 0.
    fn next(&mut self, kind: &'static str) -> usize {
        match self.0.iter_mut().find(|(name, _)| *name == kind) {
            Some((_, count)) => {
                *count += 1;
                *count - 1
            }
            None => {
                self.0.push((kind, 1));
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

    fn tangent(&self, x: &Matrix, y: &Matrix, trace: &NetworkTrace, tangent: Matrix) -> Matrix {
        let results = trace.states(x, y);
        let layers = self.layers.iter().zip(&trace.traces).zip(results.windows(2));
        layers
            .fold(tangent, |tangent, ((layer, trace), ends)| layer.tangent(ends[0], ends[1], trace, tangent))
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
