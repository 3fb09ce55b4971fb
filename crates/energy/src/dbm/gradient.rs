//! Boltzmann learning in a deep machine: means under the data less means under the model, and the same when centred.
//!
//! For the mean negative bound `∂/∂Wᵢ = ⟨xᵢxᵢ₊₁ᵀ⟩_model − ⟨xᵢxᵢ₊₁ᵀ⟩_data` and `∂/∂bᵢ = ⟨xᵢ⟩_model − ⟨xᵢ⟩_data`, with the
//! mean-field posterior on the data's side [Salakhutdinov2009].

use tensor::{Accum, Matrix, gemm};

use super::model::Dbm;
use crate::units::{Bernoulli, Units};

/// The gradient of the mean negative bound from states of all layers under the data and under the model; to be
/// descended.
///
/// Each is one matrix a layer, units × any number of columns, averaged over its own. Means in place of states are
/// right where the layers of an even or of an odd number alone are means given the others.
///
/// # Panics
/// If `data` or `model` does not fit the machine.
pub fn gradient(dbm: &Dbm, data: &[Matrix], model: &[Matrix]) -> Dbm {
    let mut gradient = dbm.zeros();
    add_means(&mut gradient, model, 1.0);
    add_means(&mut gradient, data, -1.0);
    gradient
}

/// The same with the exact means of the model, by listing states.
///
/// # Panics
/// If `data` does not fit the machine; as [`Dbm::log_partition`].
pub fn exact_gradient(dbm: &Dbm, data: &[Matrix]) -> Dbm {
    let mut gradient = dbm.zeros();
    dbm.for_each_weighted(|states, p| {
        let weigh = |x: &Matrix| Matrix::from_fn(x.rows(), x.cols(), |i, j| x.column(j)[i] * p[j] as f32);
        let weighted: Vec<Matrix> = states.iter().map(weigh).collect();
        add(&mut gradient, &weighted, states, 1.0);
    });
    add_means(&mut gradient, data, -1.0);
    gradient
}

/// A gradient made independent of how states are coded: that of the centred machine, in which `xᵢ − cᵢ` stands for `xᵢ`,
/// written as a step of the ordinary one [Montavon2012, Melchior2016].
///
/// `∇Wᵢ ← ∇Wᵢ − ∇bᵢcᵢ₊₁ᵀ − cᵢ∇bᵢ₊₁ᵀ`, then `∇bᵢ ← ∇bᵢ − ∇Wᵢ₋₁ᵀcᵢ₋₁ − ∇Wᵢcᵢ₊₁`. New offsets change neither the machine nor
/// its parameters, only the steps that follow. `offsets` are one vector a layer; all zero, they leave the gradient.
///
/// # Panics
/// If there is not one vector a layer, or one has another length than its layer.
pub fn centred(gradient: &Dbm, offsets: &[Vec<f32>]) -> Dbm {
    let column = |values: &[f32]| Matrix::from_vec(values.len(), 1, values.to_vec());
    assert_eq!(
        offsets.len(),
        gradient.biases.len(),
        "{} offsets for {} layers",
        offsets.len(),
        gradient.biases.len()
    );
    let offsets: Vec<Matrix> = offsets.iter().map(|c| column(c)).collect();
    let mut out = gradient.clone();
    for (i, weights) in out.weights.iter_mut().enumerate() {
        let (below, above) = (column(&gradient.biases[i].bias), column(&gradient.biases[i + 1].bias));
        let transposed = [offsets[i + 1].view().transpose(), above.view().transpose()];
        gemm(weights.view_mut(), Accum::Add, below.view(), transposed[0], -1.0);
        gemm(weights.view_mut(), Accum::Add, offsets[i].view(), transposed[1], -1.0);
    }
    for i in 0..out.biases.len() {
        let moved = out.inputs(i, &offsets);
        out.biases[i].bias.iter_mut().zip(moved.as_slice()).for_each(|(bias, x)| *bias -= x);
    }
    out
}

impl Dbm {
    fn zeros(&self) -> Self {
        let biases = self.biases.iter().map(|layer| Bernoulli::new(layer.len()));
        let weights = self.weights.iter().map(|w| Matrix::zeros(w.rows(), w.cols()));
        Self { biases: biases.collect(), weights: weights.collect() }
    }
}

fn add_means(into: &mut Dbm, states: &[Matrix], factor: f32) {
    into.assert_fit(states);
    add(into, states, states, factor / states[0].cols() as f32);
}

/// Adds `factor · Σ xᵢ` to the biases and `factor · Σ xᵢyᵢ₊₁ᵀ` to the weights.
fn add(into: &mut Dbm, x: &[Matrix], y: &[Matrix], factor: f32) {
    for (layer, x) in into.biases.iter_mut().zip(x) {
        layer.bias.iter_mut().zip(x.sum_columns()).for_each(|(sum, x)| *sum += factor * x);
    }
    for (i, weights) in into.weights.iter_mut().enumerate() {
        gemm(weights.view_mut(), Accum::Add, x[i].view(), y[i + 1].view().transpose(), factor);
    }
}
