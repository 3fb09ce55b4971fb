//! The gradient of a directional derivative, where a network is linear in pieces: all that a gradient penalty needs in place
//! of a second backward pass.
//!
//! `D(x)` is a product of weights and masks wherever it is differentiable, and so is `ẏ = (∂D/∂x) v`: the tangent `v` goes through
//! the same weights and the same masks, without the biases. Its gradient in the weights is therefore an ordinary backward pass with
//! tangents in the place of activations. A smooth layer would add `f″`, and is refused
//! ([`Network::check_piecewise_linear`]).

use tensor::Matrix;
use train::Parameters;

use crate::layers::AnyLayer;
use crate::network::NetworkTrace;
use crate::{Layer, Network, NetworkError};

impl Network {
    /// `∂/∂θ ⟨dy, (∂y/∂x) v⟩` at fixed `v`, added to `gradient`; the biases have none.
    ///
    /// Shapes: `v` inputs × batch, `dy` outputs × batch. `x`, `y` and `trace` are those of the forward pass.
    ///
    /// # Errors
    /// If a layer has a second derivative.
    pub fn tangent_gradient(
        &self,
        (x, y, trace): (&Matrix, &Matrix, &NetworkTrace),
        v: &Matrix,
        dy: Matrix,
        gradient: &mut Self,
    ) -> Result<(), NetworkError> {
        self.check_piecewise_linear()?;
        let states = trace.states(x, y);
        let mut tangents = vec![v.clone()];
        for (l, layer) in self.layers().iter().enumerate() {
            let below = tangents[l].clone();
            tangents.push(layer.tangent(states[l], states[l + 1], trace.of(l), below));
        }
        // Biases are no part of a tangent: what a layer adds to theirs goes into a copy that is dropped.
        let mut scratch = self.zeros_like();
        let mut dy = dy;
        for (l, layer) in self.layers().iter().enumerate().rev() {
            // Weights meet the tangent that came in; masks are where the states were.
            let input = if layer.is_affine() { &tangents[l] } else { states[l] };
            dy = layer.backward(input, states[l + 1], trace.of(l), dy, &mut scratch.layers_mut()[l]);
        }
        for layer in scratch.layers_mut() {
            without_bias(layer);
        }
        gradient.axpy(1.0, &scratch);
        Ok(())
    }
}

/// Forgets a layer's biases.
fn without_bias(layer: &mut AnyLayer) {
    for param in layer.params_mut() {
        if param.name == "bias" {
            param.values.fill(0.0);
        }
    }
}
