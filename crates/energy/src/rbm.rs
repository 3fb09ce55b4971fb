//! The restricted Boltzmann machine: two layers of units and the weights between them.
//!
//! `E(v, h) = E_v(v) + E_h(h) − vᵀWh`; with binary units that is `−aᵀv − bᵀh − vᵀWh` [Smolensky1986, Hinton2002].
//! The free energy sums the hidden units out, `F(v) = −log Σₕ exp(−E(v, h))`, so that `p(v) = exp(−F(v)) / Z`.
//! States are units × batch. This file scores and takes means; [`crate::gibbs`] samples, [`crate::learning`] learns.

use tensor::{Accum, Matrix, Seed, gemm};
use train::{Param, Parameters};

use crate::units::{Bernoulli, Units, part};

/// A restricted Boltzmann machine with visible units `V` and hidden units `H`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rbm<V = Bernoulli, H = Bernoulli> {
    /// The visible layer.
    pub visible: V,
    /// The hidden layer.
    pub hidden: H,
    /// visible × hidden; column `j` is the filter of hidden unit `j`.
    pub weights: Matrix,
}

/// The standard deviation of fresh weights, where nothing else is said [Hinton2010, section 8].
pub const SIGMA: f32 = 0.01;

impl Rbm {
    /// Binary units, weights drawn from N(0, 0.01²), zero biases [Hinton2010, section 8].
    pub fn new(visible_n: usize, hidden_n: usize, seed: Seed) -> Self {
        Self::drawn(visible_n, hidden_n, SIGMA, seed)
    }

    /// Binary units, weights drawn from N(0, σ²), zero biases. Machines of one seed have the same weights, but for the
    /// factor σ.
    pub fn drawn(visible_n: usize, hidden_n: usize, sigma: f32, seed: Seed) -> Self {
        Self::coupled(Bernoulli::new(visible_n), Bernoulli::new(hidden_n), sigma, seed)
    }
}

impl<V: Units, H: Units> Rbm<V, H> {
    /// The given layers, coupled by weights drawn from N(0, 0.01²).
    pub fn with_units(visible: V, hidden: H, seed: Seed) -> Self {
        Self::coupled(visible, hidden, SIGMA, seed)
    }

    fn coupled(visible: V, hidden: H, sigma: f32, seed: Seed) -> Self {
        let mut weights = Matrix::zeros(visible.len(), hidden.len());
        seed.child("weights", 0).stream().normal(&mut weights, sigma);
        Self { visible, hidden, weights }
    }

    /// `E(v, h)`, one number per column.
    ///
    /// # Panics
    /// If `v` and `h` have different numbers of columns or do not fit the layers.
    pub fn energy(&self, v: &Matrix, h: &Matrix) -> Vec<f64> {
        assert_eq!(v.cols(), h.cols(), "{} visible states against {} hidden ones", v.cols(), h.cols());
        let inputs = self.hidden_inputs(v);
        let layers = self.visible.energy(v).into_iter().zip(self.hidden.energy(h));
        layers.enumerate().map(|(j, (e_v, e_h))| e_v + e_h - dot(inputs.column(j), h.column(j))).collect()
    }

    /// `F(v) = E_v(v) − log Σₕ exp(−E_h(h) + (Wᵀv)ᵀh)`, one number per column.
    pub fn free_energy(&self, v: &Matrix) -> Vec<f64> {
        let hidden = self.hidden.log_partition(&self.hidden_inputs(v));
        self.visible.energy(v).into_iter().zip(hidden).map(|(e, l)| e - l).collect()
    }

    /// The free energy of hidden states, with the visible units summed out: `p(h) = exp(−F(h)) / Z`.
    pub fn hidden_free_energy(&self, h: &Matrix) -> Vec<f64> {
        let visible = self.visible.log_partition(&self.visible_inputs(h));
        self.hidden.energy(h).into_iter().zip(visible).map(|(e, l)| e - l).collect()
    }

    /// `Wᵀv`, hidden × batch; biases are the layer's own.
    pub fn hidden_inputs(&self, v: &Matrix) -> Matrix {
        let mut inputs = Matrix::zeros(self.hidden.len(), v.cols());
        gemm(inputs.view_mut(), Accum::Replace, self.weights.view().transpose(), v.view(), 1.0);
        inputs
    }

    /// `Wh`, visible × batch; biases are the layer's own.
    pub fn visible_inputs(&self, h: &Matrix) -> Matrix {
        let mut inputs = Matrix::zeros(self.visible.len(), h.cols());
        gemm(inputs.view_mut(), Accum::Replace, self.weights.view(), h.view(), 1.0);
        inputs
    }

    /// `⟨h⟩` given `v`, hidden × batch.
    pub fn hidden_mean(&self, v: &Matrix) -> Matrix {
        let mut h = self.hidden_inputs(v);
        self.hidden.mean(&mut h);
        h
    }

    /// `⟨v⟩` given `h`, visible × batch.
    pub fn visible_mean(&self, h: &Matrix) -> Matrix {
        let mut v = self.visible_inputs(h);
        self.visible.mean(&mut v);
        v
    }

    /// The mean-field reconstruction `⟨v⟩` given `⟨h⟩` given `v`: up and down with probabilities, no noise.
    pub fn reconstruct_mean(&self, v: &Matrix) -> Matrix {
        self.visible_mean(&self.hidden_mean(v))
    }
}

/// On disk: `W` [hidden, visible], `v_bias` [visible], `h_bias` [hidden]; a layer of two parts has a bias for each.
impl<V: Units, H: Units> Parameters for Rbm<V, H> {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let shape = [self.weights.cols(), self.weights.rows()];
        let mut params = vec![Param::new("W", shape, self.weights.as_slice())];
        params.extend(self.visible.params().into_iter().map(|p| part("v", p)));
        params.extend(self.hidden.params().into_iter().map(|p| part("h", p)));
        params
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let shape = [self.weights.cols(), self.weights.rows()];
        let mut params = vec![Param::new("W", shape, self.weights.as_mut_slice())];
        params.extend(self.visible.params_mut().into_iter().map(|p| part("v", p)));
        params.extend(self.hidden.params_mut().into_iter().map(|p| part("h", p)));
        params
    }
}

/// `aᵀb`, summed in `f64`.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}
