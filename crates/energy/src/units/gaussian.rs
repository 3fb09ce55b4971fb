//! Gaussian units of unit variance, `E(x) = ½‖x − bias‖²`: states are any real numbers.

use std::ops::RangeInclusive;

use tensor::{Matrix, Stream};
use train::{Param, Parameters};

use super::layer::{Units, mixed, per_column};

/// Gaussian units of unit variance, `E(x) = ½‖x − bias‖²`: `p(x | inputs) = N(bias + inputs, 1)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Gaussian {
    /// One mean a unit, in the absence of inputs.
    pub bias: Vec<f32>,
}

impl Gaussian {
    /// `n` units with zero bias.
    pub fn new(n: usize) -> Self {
        Self { bias: vec![0.0; n] }
    }
}

impl Units for Gaussian {
    fn len(&self) -> usize {
        self.bias.len()
    }

    fn range(&self) -> RangeInclusive<f32> {
        f32::MIN..=f32::MAX
    }

    fn set_means(&mut self, means: &[f64], _: usize) {
        assert_eq!(means.len(), self.len(), "{} means for {} units", means.len(), self.len());
        self.bias = means.iter().map(|&mean| mean as f32).collect();
    }

    fn energy(&self, x: &Matrix) -> Vec<f64> {
        per_column(&self.bias, x, |bias, x| {
            0.5 * bias.iter().zip(x).map(|(&b, &x)| (f64::from(x) - f64::from(b)).powi(2)).sum::<f64>()
        })
    }

    fn log_partition(&self, inputs: &Matrix) -> Vec<f64> {
        let normaliser = 0.5 * self.len() as f64 * std::f64::consts::TAU.ln();
        per_column(&self.bias, inputs, |bias, inputs| {
            let shift = bias.iter().zip(inputs).map(|(&b, &x)| (f64::from(b), f64::from(x)));
            normaliser + shift.map(|(b, x)| x * (b + 0.5 * x)).sum::<f64>()
        })
    }

    fn mean(&self, inputs: &mut Matrix) {
        inputs.add_to_columns(&self.bias);
    }

    fn sample(&self, inputs: &mut Matrix, noise: &mut Stream) {
        let mut standard = Matrix::zeros(inputs.rows(), inputs.cols());
        noise.normal(&mut standard, 1.0);
        self.mean(inputs);
        inputs.as_mut_slice().iter_mut().zip(standard.as_slice()).for_each(|(x, z)| *x += z);
    }

    fn energy_gradient(&self, x: &[f32]) -> Self {
        Self { bias: self.bias.iter().zip(x).map(|(b, x)| b - x).collect() }
    }

    fn between(&self, base: &Self, beta: f64) -> Self {
        Self { bias: mixed(&self.bias, &base.bias, beta) }
    }

    fn count_states(&self) -> Option<u64> {
        None
    }

    fn states(&self, _: u64, _: usize) -> Matrix {
        panic!("the states of {} Gaussian units cannot be listed", self.len())
    }
}

impl Parameters for Gaussian {
    fn params(&self) -> Vec<Param<&[f32]>> {
        vec![Param::new("bias", [self.bias.len()], &self.bias[..])]
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        vec![Param::new("bias", [self.bias.len()], &mut self.bias[..])]
    }
}
