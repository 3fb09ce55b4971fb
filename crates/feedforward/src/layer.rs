//! What every layer can do: forward, and backward from what forward left behind.

use tensor::{Matrix, Stream};
use train::Parameters;

/// Whether a pass is for learning or for using what was learnt.
pub enum Mode<'a> {
    /// Dropout drops, drawing from this stream; batch normalisation looks at the mini-batch.
    Train(&'a mut Stream),
    /// Nothing is random, and a sample's result does not depend on its neighbours.
    Evaluate,
}

/// A differentiable map of batches, features × batch. Its gradient is a value of its own type.
pub trait Layer: Parameters + Clone {
    /// What `backward` needs besides `x` and `y`.
    type Trace;

    /// `y = f(x)`, one column a sample.
    ///
    /// # Panics
    /// If `x` does not have the layer's number of rows.
    fn forward(&self, x: &Matrix, mode: &mut Mode<'_>) -> (Matrix, Self::Trace);

    /// From `dy = ∂L/∂y` to `∂L/∂x`, which is returned, and `∂L/∂θ`, which is added to `gradient`.
    ///
    /// `x`, `y` and `trace` are those of the forward pass.
    fn backward(
        &self,
        x: &Matrix,
        y: &Matrix,
        trace: &Self::Trace,
        dy: Matrix,
        gradient: &mut Self,
    ) -> Matrix;

    /// The directional derivative: how `y` moves when `x` moves along `tangent`, `ẏ = (∂y/∂x) ẋ`, at fixed parameters.
    ///
    /// The adjoint of `backward`: ⟨tangent(v), u⟩ = ⟨v, backward(u)⟩. Where layers are linear in pieces it goes through the same
    /// masks as the forward pass, and no second derivative is missing from what is built on it
    /// ([`crate::Network::check_piecewise_linear`]). `x`, `y` and `trace` are those of the forward pass.
    fn tangent(&self, x: &Matrix, y: &Matrix, trace: &Self::Trace, tangent: Matrix) -> Matrix;
}
