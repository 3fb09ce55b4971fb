//! From a deep machine to a feed-forward classifier: the posterior of the second layer as additional input.
//!
//! `h₁ = σ(W₀ᵀv + W₁μ₂ + b₁)`, `h₂ = σ(W₁ᵀh₁ + b₂)` and so on, with `μ₂` from the mean-field posterior of `v`
//! [Salakhutdinov2009]. Before any training the first layer's output is `μ₁`, as far as mean field has
//! converged: the network begins as the machine's own inference. The label layer and the training are the caller's.

use tensor::Matrix;

use super::mean_field::MeanField;
use super::model::Dbm;
use crate::units::{Units, join};

impl Dbm {
    /// The input of that network, `v` over `μ₂`: (visible + units of layer 2) × batch.
    ///
    /// # Panics
    /// If there are fewer than two hidden layers, or `v` does not have one row a visible unit.
    pub fn recognition_input(&self, v: &Matrix, options: MeanField) -> Matrix {
        self.assert_two();
        let states = self.mean_field(v, options).states;
        join(v, &states[2])
    }

    /// The weights (fan-in × fan-out) and biases of its layers, first to last: `W₀` over `W₁ᵀ` with `b₁`, then `W₁` with
    /// `b₂`, `W₂` with `b₃` and so on.
    ///
    /// # Panics
    /// If there are fewer than two hidden layers.
    pub fn recognition(&self) -> Vec<(Matrix, Vec<f32>)> {
        self.assert_two();
        let mut layers =
            vec![(join(&self.weights[0], &self.weights[1].transposed()), self.biases[1].bias.clone())];
        let upper = self.weights[1..].iter().zip(&self.biases[2..]);
        layers.extend(upper.map(|(weights, layer)| (weights.clone(), layer.bias.clone())));
        layers
    }

    fn assert_two(&self) {
        let sizes: Vec<usize> = self.biases.iter().map(Units::len).collect();
        assert!(self.top() > 1, "layers of {sizes:?} units, expected two hidden layers at least");
    }
}
