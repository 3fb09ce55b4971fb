//! The affine layer: `y = Wᵀx + b`, x fan_in × batch, y fan_out × batch.

use tensor::{Accum, Matrix, Seed, gemm};
use train::{Param, Parameters};

use crate::{Init, Layer, Mode};

/// Weights and biases. On disk `weight` [fan_out, fan_in] and `bias` [fan_out]: the bytes of PyTorch's `Linear`.
#[derive(Clone, Debug, PartialEq)]
pub struct Dense {
    /// fan_in × fan_out; column `j` holds the incoming weights of unit `j`.
    pub weights: Matrix,
    /// One for each unit.
    pub bias: Vec<f32>,
}

impl Dense {
    /// A fresh layer.
    pub fn new(fan_in: usize, fan_out: usize, init: Init, seed: Seed) -> Self {
        let (weights, bias) = init.draw(fan_in, fan_out, seed);
        Self { weights, bias }
    }
}

impl Layer for Dense {
    type Trace = ();

    fn forward(&self, x: &Matrix, _: &mut Mode<'_>) -> (Matrix, ()) {
        let mut y = Matrix::zeros(self.weights.cols(), x.cols());
        gemm(y.view_mut(), Accum::Replace, self.weights.view().transpose(), x.view(), 1.0);
        y.add_to_columns(&self.bias);
        (y, ())
    }

    /// `∂W += x dyᵀ`, `∂b += Σ dy` over samples, `dx = W dy`.
    fn backward(&self, x: &Matrix, _: &Matrix, (): &(), dy: Matrix, gradient: &mut Self) -> Matrix {
        gemm(gradient.weights.view_mut(), Accum::Add, x.view(), dy.view().transpose(), 1.0);
        gradient.bias.iter_mut().zip(dy.sum_columns()).for_each(|(b, sum)| *b += sum);
        let mut dx = Matrix::zeros(x.rows(), x.cols());
        gemm(dx.view_mut(), Accum::Replace, self.weights.view(), dy.view(), 1.0);
        dx
    }

    /// `ẏ = Wᵀẋ`.
    fn tangent(&self, _: &Matrix, _: &Matrix, (): &(), tangent: Matrix) -> Matrix {
        let mut dy = Matrix::zeros(self.weights.cols(), tangent.cols());
        gemm(dy.view_mut(), Accum::Replace, self.weights.view().transpose(), tangent.view(), 1.0);
        dy
    }
}

impl Parameters for Dense {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let shape = [self.weights.cols(), self.weights.rows()];
        let bias = Param::new("bias", [self.bias.len()], &self.bias[..]);
        vec![Param::new("weight", shape, self.weights.as_slice()), bias]
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let shape = [self.weights.cols(), self.weights.rows()];
        let bias = Param::new("bias", [self.bias.len()], &mut self.bias[..]);
        vec![Param::new("weight", shape, self.weights.as_mut_slice()), bias]
    }
}
