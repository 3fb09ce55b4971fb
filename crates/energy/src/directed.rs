//! One directed layer of binary units, `p(x | y) = Πᵢ σ(biasᵢ + (Wᵀy)ᵢ)^xᵢ (1 − σ(…))^(1 − xᵢ)`: a stack's machine used
//! in one direction, or a layer of a sigmoid belief network.

use tensor::{Accum, Matrix, Stream, gemm};
use train::{Param, Parameters};

use crate::rbm::Rbm;
use crate::units::{Bernoulli, Units};

/// Binary units that are independent of each other given the layer that they listen to.
#[derive(Clone, Debug, PartialEq)]
pub struct Directed {
    /// given × units; column `i` is what unit `i` listens to.
    pub weights: Matrix,
    /// The units and their biases.
    pub units: Bernoulli,
}

impl Directed {
    /// `p(h | v)` of a machine.
    pub fn up(rbm: &Rbm) -> Self {
        Self { weights: rbm.weights.clone(), units: rbm.hidden.clone() }
    }

    /// `p(v | h)` of a machine.
    pub fn down(rbm: &Rbm) -> Self {
        Self { weights: rbm.weights.transposed(), units: rbm.visible.clone() }
    }

    /// `⟨x⟩` given `given`, units × batch.
    pub fn mean(&self, given: &Matrix) -> Matrix {
        let mut x = self.inputs(given);
        self.units.mean(&mut x);
        x
    }

    /// `x ~ p(x | given)`, units × batch.
    pub fn sample(&self, given: &Matrix, noise: &mut Stream) -> Matrix {
        let mut x = self.inputs(given);
        self.units.sample(&mut x, noise);
        x
    }

    /// `log p(x | given)` in nats, one number per column. `x` may be probabilities: then it is the mean of that.
    ///
    /// # Panics
    /// If `x` and `given` do not fit the layer or have different numbers of columns.
    pub fn log_probability(&self, given: &Matrix, x: &Matrix) -> Vec<f64> {
        self.fit(given, x);
        let inputs = self.inputs(given);
        let normalisers = self.units.log_partition(&inputs);
        let own = self.units.energy(x).into_iter().zip(normalisers);
        let products = (0..x.cols()).map(|j| -> f64 {
            inputs.column(j).iter().zip(x.column(j)).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
        });
        products.zip(own).map(|(product, (energy, normaliser))| product - energy - normaliser).collect()
    }

    /// The delta rule, `W ← W + step · Σ y(x − ⟨x⟩)ᵀ` and `bias ← bias + step · Σ (x − ⟨x⟩)` over the columns: a step up
    /// the gradient of `Σ log p(x | y)`.
    ///
    /// # Panics
    /// If `x` and `given` do not fit the layer or have different numbers of columns.
    pub fn learn(&mut self, given: &Matrix, x: &Matrix, step: f32) {
        self.fit(given, x);
        let mut errors = self.mean(given);
        errors.as_mut_slice().iter_mut().zip(x.as_slice()).for_each(|(error, x)| *error = x - *error);
        gemm(self.weights.view_mut(), Accum::Add, given.view(), errors.view().transpose(), step);
        let sums = errors.sum_columns();
        self.units.bias.iter_mut().zip(sums).for_each(|(bias, sum)| *bias += step * sum);
    }

    /// `Wᵀy`, units × batch.
    fn inputs(&self, given: &Matrix) -> Matrix {
        let mut inputs = Matrix::zeros(self.units.len(), given.cols());
        gemm(inputs.view_mut(), Accum::Replace, self.weights.view().transpose(), given.view(), 1.0);
        inputs
    }

    fn fit(&self, given: &Matrix, x: &Matrix) {
        let shapes = (given.rows(), x.rows(), x.cols());
        assert!(
            shapes == (self.weights.rows(), self.units.len(), given.cols()),
            "{} × {} states given {} × {} for a layer of {} given {}",
            x.rows(),
            x.cols(),
            given.rows(),
            given.cols(),
            self.units.len(),
            self.weights.rows()
        );
    }
}

/// On disk: `W` [units, given], `bias` [units].
impl Parameters for Directed {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let shape = [self.weights.cols(), self.weights.rows()];
        let mut params = vec![Param::new("W", shape, self.weights.as_slice())];
        params.extend(self.units.params());
        params
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let shape = [self.weights.cols(), self.weights.rows()];
        let mut params = vec![Param::new("W", shape, self.weights.as_mut_slice())];
        params.extend(self.units.params_mut());
        params
    }
}
