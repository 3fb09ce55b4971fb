//! One layer of units, given its inputs: all that training, sampling and stacking ask of it.
//!
//! A layer has an energy `E(x)` of its own; what the rest of the model says to it arrives as `inputs`, linear in
//! `x`: `p(x | inputs) ∝ exp(−E(x) + inputsᵀx)`. Biases belong to `E`, never to `inputs`. Numbers that become
//! log-probabilities are `f64`.

use std::ops::RangeInclusive;

use tensor::{Matrix, Stream};
use train::Parameters;

/// A layer that can be summed out and drawn at once when its inputs are known: units that are then independent of each
/// other, one choice among categories, or both side by side.
///
/// Energies must be affine in `x` as far as their parameters go, `∂E/∂θ = A·x + c`: then the mean of a gradient is
/// the gradient at the mean, which is what [`Units::energy_gradient`] computes.
pub trait Units: Parameters + Clone {
    /// The number of units.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What a unit's data may lie between: both ends are finite, and so is everything between.
    fn range(&self) -> RangeInclusive<f32>;

    /// Sets the biases so that the units' means without inputs are these `means` of so many samples.
    ///
    /// # Panics
    /// If there is not one mean a unit.
    fn set_means(&mut self, means: &[f64], samples: usize);

    /// `E(x)`, one number per column of `x` (units × batch).
    fn energy(&self, x: &Matrix) -> Vec<f64>;

    /// `log Σₓ exp(−E(x) + inputsᵀx)` (an integral for continuous units), one number per column of `inputs`.
    fn log_partition(&self, inputs: &Matrix) -> Vec<f64>;

    /// `inputs → ⟨x⟩`, in place.
    fn mean(&self, inputs: &mut Matrix);

    /// `inputs → x ~ p(x | inputs)`, in place. How many draws of `noise` it takes depends on the kind of layer alone: one
    /// for binary units and for categories.
    fn sample(&self, inputs: &mut Matrix, noise: &mut Stream);

    /// `∂E/∂θ` at the mean state `x`, as a layer of the same type.
    fn energy_gradient(&self, x: &[f32]) -> Self;

    /// The layer on the way from `base` to this one, `E_β = (1 − β)·E_base + βE` up to a constant: what annealing goes
    /// along, from `β = 0` to `β = 1`.
    ///
    /// # Panics
    /// If `base` has another number of units.
    fn between(&self, base: &Self, beta: f64) -> Self;

    /// How many states there are; `None` when they cannot be listed (continuous, or 2⁶³ and more).
    fn count_states(&self) -> Option<u64>;

    /// States number `from .. from + n`, one a column (units × n). In number `s`, binary unit `i` is bit `i` of `s`, and a
    /// choice is category `s`; of two layers that make one, the states of the first run fastest.
    ///
    /// # Panics
    /// If the states cannot be listed.
    fn states(&self, from: u64, n: usize) -> Matrix;
}

/// `(1 − β)·base + β·own`, unit by unit.
pub(super) fn mixed(own: &[f32], base: &[f32], beta: f64) -> Vec<f32> {
    assert_eq!(own.len(), base.len(), "a base of {} units for a layer of {}", base.len(), own.len());
    let mix = |(&own, &base): (&f32, &f32)| (f64::from(base) * (1.0 - beta) + f64::from(own) * beta) as f32;
    own.iter().zip(base).map(mix).collect()
}

/// `f(bias, column)` for every column.
pub(super) fn per_column(bias: &[f32], x: &Matrix, f: impl Fn(&[f32], &[f32]) -> f64) -> Vec<f64> {
    assert_eq!(x.rows(), bias.len(), "a layer of {} units against {} × {}", bias.len(), x.rows(), x.cols());
    (0..x.cols()).map(|j| f(bias, x.column(j))).collect()
}
