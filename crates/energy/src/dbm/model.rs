//! The machine itself: parameters, energies, and what a layer hears from its neighbours.
//!
//! States are one matrix a layer, units × batch, visible layer first. Any of them may be means instead of states: the
//! energy is linear in each layer.

use tensor::{Accum, Matrix, Seed, gemm};
use train::{Param, Parameters};

use crate::rbm::{Rbm, dot};
use crate::units::{Bernoulli, Units};

/// A deep Boltzmann machine of binary layers.
#[derive(Clone, Debug, PartialEq)]
pub struct Dbm {
    /// The layers, visible first: one more than there are weight matrices.
    pub biases: Vec<Bernoulli>,
    /// `weights[i]` is units of layer `i` × units of layer `i + 1`.
    pub weights: Vec<Matrix>,
}

impl Dbm {
    /// Layers of these sizes, visible first; weights drawn from N(0, σ²), zero biases.
    ///
    /// # Panics
    /// If there are fewer than two layers.
    pub fn new(sizes: &[usize], sigma: f32, seed: Seed) -> Self {
        assert!(sizes.len() > 1, "a deep machine of {} layers, expected at least 2", sizes.len());
        let weights = sizes.windows(2).enumerate().map(|(i, pair)| {
            let mut weights = Matrix::zeros(pair[0], pair[1]);
            seed.child("weights", i as u64).stream().normal(&mut weights, sigma);
            weights
        });
        Self { weights: weights.collect(), biases: sizes.iter().map(|&n| Bernoulli::new(n)).collect() }
    }

    /// The number of the topmost layer; also how many weight matrices there are.
    pub fn top(&self) -> usize {
        self.weights.len()
    }

    /// `E(x₀ … x_L)`, one number per column of `states`, which holds one matrix a layer (units × batch).
    ///
    /// # Panics
    /// If there is not one matrix a layer, or one does not fit its layer or the others.
    pub fn energy(&self, states: &[Matrix]) -> Vec<f64> {
        self.assert_fit(states);
        self.marginal_energy(&states.iter().map(Some).collect::<Vec<_>>())
    }

    /// `−log Σ exp(−E)` over the states of the layers that are not given, one number per column.
    ///
    /// # Panics
    /// If two neighbouring layers are missing: they cannot be summed out in closed form. If a matrix does not fit.
    pub fn marginal_energy(&self, given: &[Option<&Matrix>]) -> Vec<f64> {
        assert_eq!(given.len(), self.biases.len(), "{} layers given of {}", given.len(), self.biases.len());
        let n = given.iter().flatten().next().map_or(0, |x| x.cols());
        let mut energies = vec![0.0; n];
        for (i, layer) in self.biases.iter().enumerate() {
            let below = i.checked_sub(1).map(|i| given[i]);
            if let Some(x) = given[i] {
                energies.iter_mut().zip(layer.energy(x)).for_each(|(sum, e)| *sum += e);
                if let Some(below) = below.flatten() {
                    let inputs = self.inputs_from(i, Some(below), None);
                    let pairs = energies.iter_mut().zip(inputs.columns().zip(x.columns()));
                    pairs.for_each(|(sum, (inputs, x))| *sum -= dot(inputs, x));
                }
            } else {
                let above = given.get(i + 1).copied();
                let known = below.is_none_or(|x| x.is_some()) && above.is_none_or(|x| x.is_some());
                assert!(known, "layer {i} of {} and a neighbour of it are both missing", given.len());
                let inputs = self.inputs_from(i, below.flatten(), above.flatten());
                let sums = layer.log_partition(&inputs);
                energies.iter_mut().zip(sums).for_each(|(sum, l)| *sum -= l);
            }
        }
        energies
    }

    /// What layer `layer` hears from its neighbours, `Wᵢ₋₁ᵀxᵢ₋₁ + Wᵢxᵢ₊₁`, units × batch; its own biases are not in it.
    ///
    /// # Panics
    /// If there is no such layer, or a neighbour's matrix does not fit.
    pub fn inputs(&self, layer: usize, states: &[Matrix]) -> Matrix {
        let layers = self.biases.len();
        assert_eq!(states.len(), layers, "{} matrices of states for {layers} layers", states.len());
        self.inputs_from(layer, layer.checked_sub(1).map(|i| &states[i]), states.get(layer + 1))
    }

    /// `p(xᵢ = 1 | neighbours)` of layer `layer`, units × batch.
    ///
    /// # Panics
    /// As [`Dbm::inputs`].
    pub fn mean(&self, layer: usize, states: &[Matrix]) -> Matrix {
        let mut x = self.inputs(layer, states);
        self.biases[layer].mean(&mut x);
        x
    }

    /// The same as [`Dbm::inputs`] from the neighbours that there are; at least one.
    pub(super) fn inputs_from(&self, layer: usize, below: Option<&Matrix>, above: Option<&Matrix>) -> Matrix {
        let batch = below.or(above).map_or(0, Matrix::cols);
        let mut inputs = Matrix::zeros(self.biases[layer].len(), batch);
        if let Some(below) = below {
            let weights = self.weights[layer - 1].view().transpose();
            gemm(inputs.view_mut(), Accum::Replace, weights, below.view(), 1.0);
        }
        if let Some(above) = above {
            let accum = if below.is_some() { Accum::Add } else { Accum::Replace };
            gemm(inputs.view_mut(), accum, self.weights[layer].view(), above.view(), 1.0);
        }
        inputs
    }

    /// # Panics
    /// If there is not one matrix a layer, or one does not fit its layer or the others.
    pub(super) fn assert_fit(&self, states: &[Matrix]) {
        let layers = self.biases.len();
        assert_eq!(states.len(), layers, "{} matrices of states for {layers} layers", states.len());
        for (i, (x, layer)) in states.iter().zip(&self.biases).enumerate() {
            let (rows, cols, n, batch) = (x.rows(), x.cols(), layer.len(), states[0].cols());
            assert!(rows == n && cols == batch, "layer {i}: {rows} × {cols}, expected {n} × {batch}");
        }
    }
}

/// A deep machine of one hidden layer is a restricted one.
impl From<Rbm> for Dbm {
    fn from(rbm: Rbm) -> Self {
        Self { biases: vec![rbm.visible, rbm.hidden], weights: vec![rbm.weights] }
    }
}

/// On disk: `W.0` [units of layer 1, visible], `W.1` [units of layer 2, units of layer 1] and so on, then `bias.0`
/// [visible], `bias.1` [units of layer 1] and so on.
impl Parameters for Dbm {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let weights = self.weights.iter().enumerate();
        let weights = weights.map(|(i, w)| Param::new(format!("W.{i}"), [w.cols(), w.rows()], w.as_slice()));
        let biases = self.biases.iter().enumerate();
        let biases = biases.map(|(i, b)| Param::new(format!("bias.{i}"), [b.len()], &b.bias[..]));
        weights.chain(biases).collect()
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let weights = self.weights.iter_mut().enumerate();
        let weights =
            weights.map(|(i, w)| Param::new(format!("W.{i}"), [w.cols(), w.rows()], w.as_mut_slice()));
        let biases = self.biases.iter_mut().enumerate();
        let biases = biases.map(|(i, b)| Param::new(format!("bias.{i}"), [b.len()], &mut b.bias[..]));
        weights.chain(biases).collect()
    }
}
