//! The parameters of a ladder, and the classifier that they make.
//!
//! On disk `encoder.0.weight` [units, inputs], `encoder.0.bias` (β), `encoder.0.running_mean`, `encoder.0.running_var` and so on;
//! `scale` (γ of the top); `decoder.0.weight` [width 0, width 1], which leads from layer 1 down to the inputs, and so on;
//! `combinators.0` [10, width 0] and so on, one more than there are encoder layers.

use tensor::{Matrix, Seed};
use train::{Param, Parameters};

use super::normal::EPSILON;
use crate::{Activation, Dense, Init, Network, NetworkError};

/// Numbers of a combinator for each unit, `a₁` to `a₁₀`.
pub const COMBINATOR: usize = 10;

/// Weight of the newest mini-batch in the running averages.
const MOMENTUM: f32 = 0.1;

/// One layer of the encoder.
#[derive(Clone, Debug, PartialEq)]
pub struct Rung {
    /// Inputs × units.
    pub weights: Matrix,
    /// β, one for each unit.
    pub bias: Vec<f32>,
    /// Running mean of `Wᵀh` in the clean encoder.
    pub running_mean: Vec<f32>,
    /// Running unbiased variance of the same.
    pub running_var: Vec<f32>,
}

/// A ladder network; also the gradient of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Ladder {
    /// Of the hidden layers.
    pub activation: Activation,
    /// The layer on the inputs first.
    pub encoder: Vec<Rung>,
    /// γ of the top layer.
    pub scale: Vec<f32>,
    /// Weights width l + 1 × width l that lead down to layer l, the lowest first.
    pub decoder: Vec<Matrix>,
    /// Width l × 10: how layer l, from 0, joins what is beside it and what is above it.
    pub combinators: Vec<Matrix>,
}

impl Ladder {
    /// A fresh ladder; `widths` are inputs, hidden layers, classes. Weights are N(0, 1 / fan_in), and a combinator begins
    /// with `a₂ = a₇ = 1` and zeros, as published.
    ///
    /// # Errors
    /// If there are fewer than two widths, or one of them is 0.
    pub fn new(widths: &[usize], activation: Activation, seed: Seed) -> Result<Self, NetworkError> {
        let zero = widths.iter().position(|&width| width == 0);
        zero.map_or(Ok(()), |place| Err(NetworkError::ZeroWidth { place }))?;
        let [_, .., classes] = *widths else { return Err(NetworkError::Empty) };
        let draw = |what: &str, layer: usize, fan_in: usize, fan_out: usize| {
            let init = Init::normal(1.0 / (fan_in as f32).sqrt());
            Dense::new(fan_in, fan_out, init, seed.child(what, layer as u64)).weights
        };
        let pairs = || widths.windows(2).enumerate();
        let rung = |(l, pair): (usize, &[usize])| Rung {
            weights: draw("encoder", l, pair[0], pair[1]),
            bias: vec![0.0; pair[1]],
            running_mean: vec![0.0; pair[1]],
            running_var: vec![1.0; pair[1]],
        };
        let start = |k: usize| if k == 1 || k == 6 { 1.0 } else { 0.0 };
        Ok(Self {
            activation,
            encoder: pairs().map(rung).collect(),
            scale: vec![1.0; classes],
            decoder: pairs().map(|(l, pair)| draw("decoder", l, pair[1], pair[0])).collect(),
            combinators: widths
                .iter()
                .map(|&width| Matrix::from_fn(width, COMBINATOR, |_, k| start(k)))
                .collect(),
        })
    }

    /// Width of layer `l`, from 0: inputs, hidden layers, classes.
    pub fn width(&self, l: usize) -> usize {
        self.combinators[l].rows()
    }

    /// Number of encoder layers.
    pub fn depth(&self) -> usize {
        self.encoder.len()
    }

    /// The clean encoder with running averages, as a perceptron: what is left to classify with. Normalisation, shift and
    /// scale are folded into weights and biases: `W / √(var + ε)`, `β − mean / √(var + ε)`.
    ///
    /// # Errors
    /// If layers do not fit on each other, which those of [`Ladder::new`] do.
    pub fn classifier(&self) -> Result<Network, NetworkError> {
        let top = self.depth() - 1;
        let layers = self.encoder.iter().enumerate().map(|(l, rung)| {
            let mut dense = Dense { weights: rung.weights.clone(), bias: rung.bias.clone() };
            for j in 0..dense.bias.len() {
                let root = (f64::from(rung.running_var[j]) + EPSILON).sqrt();
                let scale = if l == top { f64::from(self.scale[j]) } else { 1.0 };
                let shift = f64::from(rung.bias[j]) - f64::from(rung.running_mean[j]) / root;
                dense.bias[j] = (scale * shift) as f32;
                dense
                    .weights
                    .column_mut(j)
                    .iter_mut()
                    .for_each(|w| *w = (f64::from(*w) * scale / root) as f32);
            }
            dense
        });
        Network::from_dense(layers, self.activation, 0.0)
    }
}

impl Parameters for Ladder {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let mut params = Vec::new();
        for (l, rung) in self.encoder.iter().enumerate() {
            let (units, of) = ([rung.bias.len()], |name: &str| format!("encoder.{l}.{name}"));
            let shape = [rung.weights.cols(), rung.weights.rows()];
            params.push(Param::new(of("weight"), shape, rung.weights.as_slice()));
            params.push(Param::new(of("bias"), units, &rung.bias[..]));
            params.push(Param::new(of("running_mean"), units, &rung.running_mean[..]).average(MOMENTUM));
            params.push(Param::new(of("running_var"), units, &rung.running_var[..]).average(MOMENTUM));
        }
        params.push(Param::new("scale", [self.scale.len()], &self.scale[..]));
        for (l, weights) in self.decoder.iter().enumerate() {
            let shape = [weights.cols(), weights.rows()];
            params.push(Param::new(format!("decoder.{l}.weight"), shape, weights.as_slice()));
        }
        for (l, own) in self.combinators.iter().enumerate() {
            let shape = [COMBINATOR, own.rows()];
            params.push(Param::new(format!("combinators.{l}"), shape, own.as_slice()));
        }
        params
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let mut params = Vec::new();
        for (l, rung) in self.encoder.iter_mut().enumerate() {
            let (units, of) = ([rung.bias.len()], |name: &str| format!("encoder.{l}.{name}"));
            let shape = [rung.weights.cols(), rung.weights.rows()];
            params.push(Param::new(of("weight"), shape, rung.weights.as_mut_slice()));
            params.push(Param::new(of("bias"), units, &mut rung.bias[..]));
            params.push(Param::new(of("running_mean"), units, &mut rung.running_mean[..]).average(MOMENTUM));
            params.push(Param::new(of("running_var"), units, &mut rung.running_var[..]).average(MOMENTUM));
        }
        params.push(Param::new("scale", [self.scale.len()], &mut self.scale[..]));
        for (l, weights) in self.decoder.iter_mut().enumerate() {
            let shape = [weights.cols(), weights.rows()];
            params.push(Param::new(format!("decoder.{l}.weight"), shape, weights.as_mut_slice()));
        }
        for (l, own) in self.combinators.iter_mut().enumerate() {
            let shape = [COMBINATOR, own.rows()];
            params.push(Param::new(format!("combinators.{l}"), shape, own.as_mut_slice()));
        }
        params
    }
}
