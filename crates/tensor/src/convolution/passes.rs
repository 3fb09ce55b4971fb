//! The three passes of one window, with all that their kernels want prepared.

use super::{Correlation, Packed, Spread, Window, add_weight_gradient};
use crate::binary::Rows;

/// A window and the plans of both directions.
#[derive(Clone, Debug)]
pub struct Passes {
    window: Window,
    spread: Spread,
    across: Correlation,
    back: Correlation,
}

/// What the passes need room for.
#[derive(Debug)]
pub struct Room {
    spread: Rows,
    wide: Rows,
}

impl Passes {
    /// Plans for a window.
    ///
    /// # Panics
    /// If the window does not fit.
    pub fn new(window: &Window) -> Self {
        let (across, back) = (Correlation::forward(window), Correlation::backward(window));
        Self { window: *window, spread: Spread::new(window), across, back }
    }

    /// Room for one side at a time.
    pub fn room(&self) -> Room {
        Room { spread: self.spread.room(), wide: self.back.room() }
    }

    /// From the window's inputs to its outputs; `packed` is [`Packed::forward`].
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub fn across(&self, outputs: &mut Rows, packed: &Packed, inputs: &Rows, room: &mut Room) {
        self.across.apply(outputs, packed, self.spread.spread(inputs, &mut room.spread));
    }

    /// From the window's outputs to its inputs, the adjoint; `packed` is [`Packed::backward`].
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub fn back(&self, inputs: &mut Rows, packed: &Packed, outputs: &Rows, room: &mut Room) {
        self.back.widen(outputs, &mut room.wide);
        self.back.apply(inputs, packed, &room.wide);
    }

    /// Adds the gradient at the weights to `gradient`.
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub fn learn(&self, gradient: &mut [f32], inputs: &Rows, outputs: &Rows, room: &mut Room) {
        let inputs = self.spread.spread(inputs, &mut room.spread);
        add_weight_gradient(gradient, &self.window, inputs, outputs);
    }
}
