//! Softmax units: one category among n, `E(x) = −biasᵀx`, where a state is a column with a single 1.
//!
//! The layer is one choice: its rows are not independent of each other, the columns of a batch are. Data may also be
//! probabilities of the categories, each column with the sum 1; that sum is not checked.

use std::ops::RangeInclusive;

use tensor::plain::log_sum_exp;
use tensor::{Matrix, Stream};
use train::{Param, Parameters};

use super::layer::{Units, mixed, per_column};

/// One category among n, `E(x) = −biasᵀx` with one-hot `x`: `p(x_k = 1 | inputs) ∝ exp(bias_k + inputs_k)`
/// [Hinton2010, section 13.1].
#[derive(Clone, Debug, PartialEq)]
pub struct Softmax {
    /// One bias a category; the same number added to all of them changes nothing.
    pub bias: Vec<f32>,
}

impl Softmax {
    /// `n` categories with zero bias.
    pub fn new(n: usize) -> Self {
        Self { bias: vec![0.0; n] }
    }

    /// `f(column, p)` for every column of inputs, with the probabilities of its categories.
    fn each_column(&self, inputs: &mut Matrix, mut f: impl FnMut(&mut [f32], &[f64])) {
        let (n, rows, cols) = (self.len(), inputs.rows(), inputs.cols());
        assert_eq!(rows, n, "a layer of {n} categories against {rows} × {cols}");
        for j in 0..cols {
            let logits = logits(&self.bias, inputs.column(j));
            let normaliser = log_sum_exp(&logits);
            let p: Vec<f64> = logits.iter().map(|logit| (logit - normaliser).exp()).collect();
            f(inputs.column_mut(j), &p);
        }
    }
}

/// `bias + inputs`.
fn logits(bias: &[f32], inputs: &[f32]) -> Vec<f64> {
    bias.iter().zip(inputs).map(|(&b, &x)| f64::from(b) + f64::from(x)).collect()
}

impl Units for Softmax {
    fn len(&self) -> usize {
        self.bias.len()
    }

    fn range(&self) -> RangeInclusive<f32> {
        0.0..=1.0
    }

    /// `log p`, with `p` kept at half a sample or more, where it is minus infinity at 0.
    fn set_means(&mut self, means: &[f64], samples: usize) {
        assert_eq!(means.len(), self.len(), "{} means for {} units", means.len(), self.len());
        let half = 0.5 / samples.max(1) as f64;
        self.bias = means.iter().map(|p| p.max(half).ln() as f32).collect();
    }

    fn energy(&self, x: &Matrix) -> Vec<f64> {
        per_column(&self.bias, x, |bias, x| {
            -bias.iter().zip(x).map(|(&b, &x)| f64::from(b) * f64::from(x)).sum::<f64>()
        })
    }

    fn log_partition(&self, inputs: &Matrix) -> Vec<f64> {
        per_column(&self.bias, inputs, |bias, inputs| log_sum_exp(&logits(bias, inputs)))
    }

    fn mean(&self, inputs: &mut Matrix) {
        self.each_column(inputs, |column, p| column.iter_mut().zip(p).for_each(|(x, &p)| *x = p as f32));
    }

    /// One number uniform on [0, 1) a column: the category in which the sums of probabilities pass it. Inputs that are
    /// not finite make a column of NaN.
    fn sample(&self, inputs: &mut Matrix, noise: &mut Stream) {
        let mut uniform = Matrix::zeros(1, inputs.cols());
        noise.uniform(&mut uniform);
        let mut uniform = uniform.as_slice().iter();
        self.each_column(inputs, |column, p| {
            let at = uniform.next().map_or(0.0, |&u| f64::from(u)) * p.iter().sum::<f64>();
            let mut passed = 0.0;
            let chosen = p.iter().position(|p| {
                passed += p;
                passed > at
            });
            column.fill(if chosen.is_some() { 0.0 } else { f32::NAN });
            chosen.into_iter().for_each(|k| column[k] = 1.0);
        });
    }

    fn energy_gradient(&self, x: &[f32]) -> Self {
        Self { bias: x.iter().map(|x| -x).collect() }
    }

    fn between(&self, base: &Self, beta: f64) -> Self {
        Self { bias: mixed(&self.bias, &base.bias, beta) }
    }

    fn count_states(&self) -> Option<u64> {
        Some(self.len() as u64)
    }

    fn states(&self, from: u64, n: usize) -> Matrix {
        Matrix::from_fn(self.len(), n, |k, j| f32::from(from + j as u64 == k as u64))
    }
}

impl Parameters for Softmax {
    fn params(&self) -> Vec<Param<&[f32]>> {
        vec![Param::new("bias", [self.bias.len()], &self.bias[..])]
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        vec![Param::new("bias", [self.bias.len()], &mut self.bias[..])]
    }
}
