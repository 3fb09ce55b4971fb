//! The mean-field posterior: `q(h | v) = Πⱼ Bernoulli(μⱼ)` that is as near to `p(h | v)` as updates bring it.
//!
//! `μᵢ ← σ(Wᵢ₋₁ᵀμᵢ₋₁ + Wᵢμᵢ₊₁ + bᵢ)` with `μ₀ = v`, layer after layer [Salakhutdinov2009]. Each is the exact
//! maximiser of the bound on `log p(v)` given the other layers, so that no update lowers it. The start is one pass
//! upwards in which every layer but the topmost hears twice what comes from below, instead of what it does not hear from
//! above yet.

use serde::{Deserialize, Serialize};
use tensor::{Accum, Matrix, gemm};

use super::model::Dbm;
use crate::units::Units;

/// How long the means are updated.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeanField {
    /// Updates of every layer, at most.
    pub sweeps: usize,
    /// The updates end once none of them changes a mean of the batch by more than this.
    pub tolerance: f32,
}

impl MeanField {
    /// A number of sweeps, whatever they change; fewer only where a sweep changes no bit.
    pub const fn sweeps(sweeps: usize) -> Self {
        Self { sweeps, tolerance: 0.0 }
    }
}

/// What the updates have come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior {
    /// The visible layer as it was given, then the means of the hidden layers; units × batch each.
    pub states: Vec<Matrix>,
    /// The largest change of a mean in the last sweep; infinite if there was none.
    pub residual: f32,
    /// Sweeps done.
    pub sweeps: usize,
}

impl Dbm {
    /// The mean-field posterior of each column of `v` (visible × batch). All columns are updated equally often.
    ///
    /// # Panics
    /// If `v` does not have one row a visible unit.
    pub fn mean_field(&self, v: &Matrix, options: MeanField) -> Posterior {
        let (rows, units) = (v.rows(), self.biases[0].len());
        assert_eq!(rows, units, "{rows} rows for {units} visible units");
        // What the first hidden layer hears from the data never changes.
        let from_data = self.inputs_from(1, Some(v), None);
        let mut states = self.upwards(v, &from_data);
        let (mut residual, mut sweeps) = (f32::INFINITY, 0);
        while sweeps < options.sweeps && residual > options.tolerance {
            residual = 0.0;
            for layer in 1..=self.top() {
                let mut x = if layer == 1 {
                    self.first_inputs(&from_data, states.get(2))
                } else {
                    self.inputs(layer, &states)
                };
                self.biases[layer].mean(&mut x);
                residual = largest_change(&states[layer], &x).max(residual);
                states[layer] = x;
            }
            sweeps += 1;
        }
        Posterior { states, residual, sweeps }
    }

    /// The reconstruction `σ(W₀μ₁ + b₀)` from the means of the first hidden layer, visible × batch, in one mean-field
    /// posterior of `v`.
    ///
    /// # Panics
    /// As [`Dbm::mean_field`].
    pub fn reconstruct_mean(&self, v: &Matrix, options: MeanField) -> Matrix {
        self.visible_mean(&self.mean_field(v, options).states)
    }

    /// One pass upwards, with the inputs of all layers but the topmost doubled.
    fn upwards(&self, v: &Matrix, from_data: &Matrix) -> Vec<Matrix> {
        let mut states = vec![v.clone()];
        for layer in 1..=self.top() {
            let mut x = match layer {
                1 => from_data.clone(),
                _ => self.inputs_from(layer, Some(&states[layer - 1]), None),
            };
            if layer < self.top() {
                x.as_mut_slice().iter_mut().for_each(|x| *x *= 2.0);
            }
            self.biases[layer].mean(&mut x);
            states.push(x);
        }
        states
    }

    fn first_inputs(&self, from_data: &Matrix, above: Option<&Matrix>) -> Matrix {
        let mut inputs = from_data.clone();
        if let Some(above) = above {
            gemm(inputs.view_mut(), Accum::Add, self.weights[1].view(), above.view(), 1.0);
        }
        inputs
    }
}

fn largest_change(a: &Matrix, b: &Matrix) -> f32 {
    a.as_slice().iter().zip(b.as_slice()).fold(0.0, |most, (a, b)| (a - b).abs().max(most))
}
