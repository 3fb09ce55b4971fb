//! The gradient of centred units, for a machine that stays an ordinary one [Melchior2016].
//!
//! With offsets `μ` of visible and `λ` of hidden units the energy is `−aᵀ(v − μ) − bᵀ(h − λ) − (v − μ)ᵀW(h − λ)`. Its gradient,
//! carried over to ordinary parameters, is `∇W′ = ∇W − ∇a λᵀ − μ ∇bᵀ`, `∇a′ = ∇a − ∇W′λ`, `∇b′ = ∇b − ∇W′ᵀμ`: it no longer matters
//! which of a bit's two values is called 1, and weights and biases stop pulling at each other.

use tensor::{Accum, Matrix, gemm};
use train::{Snapshot, Tensor, TensorError};

use crate::rbm::Rbm;
use crate::units::Units;

/// How far the hidden offsets move at an update.
pub(crate) const SLIDING: f32 = 0.01;

/// The offsets of one training.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Offsets {
    /// The data's means.
    visible: Vec<f32>,
    /// A running mean of hidden activities over the data.
    hidden: Vec<f32>,
}

impl Offsets {
    /// Those of a machine at rest on data of these means.
    pub fn new<V: Units, H: Units>(rbm: &Rbm<V, H>, means: &[f64]) -> Self {
        let visible: Vec<f32> = means.iter().map(|&mean| mean as f32).collect();
        let hidden = rbm.hidden_mean(&Matrix::from_vec(visible.len(), 1, visible.clone())).into_vec();
        Self { visible, hidden }
    }

    /// Moves the hidden offsets towards the mean of these activities, hidden × batch.
    pub fn follow(&mut self, hidden: &Matrix) {
        let count = hidden.cols() as f32;
        let sums = hidden.sum_columns();
        self.hidden
            .iter_mut()
            .zip(sums)
            .for_each(|(offset, sum)| *offset += SLIDING * (sum / count - *offset));
    }

    /// The gradient of centred units.
    pub fn centre<V: Units, H: Units>(&self, gradient: &mut Rbm<V, H>) {
        let (a, b) = (flat(&gradient.visible), flat(&gradient.hidden));
        let column = |x: &[f32]| Matrix::from_vec(x.len(), 1, x.to_vec());
        let weights = &mut gradient.weights;
        let (mu, lambda) = (column(&self.visible), column(&self.hidden));
        gemm(weights.view_mut(), Accum::Add, column(&a).view(), lambda.view().transpose(), -1.0);
        gemm(weights.view_mut(), Accum::Add, mu.view(), column(&b).view().transpose(), -1.0);
        let (mut visible, mut hidden) = (column(&a), column(&b));
        gemm(visible.view_mut(), Accum::Add, weights.view(), lambda.view(), -1.0);
        gemm(hidden.view_mut(), Accum::Add, weights.view().transpose(), mu.view(), -1.0);
        set(&mut gradient.visible, visible.as_slice());
        set(&mut gradient.hidden, hidden.as_slice());
    }

    pub fn tensors(&self) -> Vec<Tensor> {
        let of = |name: &str, values: &Vec<f32>| Tensor::from_f32(name, vec![values.len()], values.clone());
        vec![of("offsets.visible", &self.visible), of("offsets.hidden", &self.hidden)]
    }

    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        for (name, values) in [("offsets.visible", &mut self.visible), ("offsets.hidden", &mut self.hidden)] {
            snapshot.shaped(name, &[values.len()])?;
            values.copy_from_slice(snapshot.f32s(name)?);
        }
        Ok(())
    }
}

/// All biases of a layer, whatever kinds of units it joins, in one list.
pub(crate) fn flat(units: &impl Units) -> Vec<f32> {
    units.params().iter().flat_map(|param| param.values.iter().copied()).collect()
}

/// Sets them from one list.
pub(crate) fn set(units: &mut impl Units, values: &[f32]) {
    let mut from = values.iter();
    for param in units.params_mut() {
        param.values.iter_mut().zip(&mut from).for_each(|(x, value)| *x = *value);
    }
}
