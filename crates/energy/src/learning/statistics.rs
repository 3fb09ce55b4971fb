//! Means under a distribution, and the difference of two of them: the whole of Boltzmann learning.

use tensor::{Accum, Matrix, gemm};

use crate::rbm::Rbm;
use crate::units::Units;

/// `⟨v⟩`, `⟨h⟩` and `⟨vhᵀ⟩` under some distribution: all that the gradient needs to know about it.
pub(crate) struct Statistics {
    pub visible: Vec<f32>,
    pub hidden: Vec<f32>,
    pub products: Matrix, // visible × hidden
}

impl Statistics {
    /// Averages over the columns of `v` and `h`.
    pub fn of(v: &Matrix, h: &Matrix) -> Self {
        let mut means = Self::zeros(v.rows(), h.rows());
        means.add_products(v, h, 1.0 / v.cols() as f32);
        means.add_sums(v, h, 1.0 / v.cols() as f32);
        means
    }

    /// Nothing seen yet.
    pub fn zeros(visible: usize, hidden: usize) -> Self {
        Self {
            visible: vec![0.0; visible],
            hidden: vec![0.0; hidden],
            products: Matrix::zeros(visible, hidden),
        }
    }

    /// Adds `weight · Σ vhᵀ` over columns to the products.
    pub fn add_products(&mut self, v: &Matrix, h: &Matrix, weight: f32) {
        gemm(self.products.view_mut(), Accum::Add, v.view(), h.view().transpose(), weight);
    }

    /// Adds `weight · Σ v` and `weight · Σ h` over columns to the means.
    pub fn add_sums(&mut self, v: &Matrix, h: &Matrix, weight: f32) {
        for (sums, x) in [(&mut self.visible, v), (&mut self.hidden, h)] {
            sums.iter_mut().zip(x.sum_columns()).for_each(|(s, x)| *s += weight * x);
        }
    }

    /// `⟨∂E/∂θ⟩_self − ⟨∂E/∂θ⟩_model`, with the model's parameters where the energy's gradient needs them.
    pub fn minus<V: Units, H: Units>(mut self, rbm: &Rbm<V, H>, model: &Self) -> Rbm<V, H> {
        let pairs = self.products.as_mut_slice().iter_mut().zip(model.products.as_slice());
        pairs.for_each(|(data, model)| *data = model - *data);
        let mut visible = rbm.visible.energy_gradient(&self.visible);
        visible.axpy(-1.0, &rbm.visible.energy_gradient(&model.visible));
        let mut hidden = rbm.hidden.energy_gradient(&self.hidden);
        hidden.axpy(-1.0, &rbm.hidden.energy_gradient(&model.hidden));
        Rbm { visible, hidden, weights: self.products }
    }
}
