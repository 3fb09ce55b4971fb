//! Binary units, `E(x) = −biasᵀx`: every state is 0 or 1, and data may be probabilities between.

use std::ops::RangeInclusive;

use tensor::{Matrix, Stream, simd};
use train::{Param, Parameters};

use super::layer::{Units, mixed, per_column};

/// Binary units, `E(x) = −biasᵀx` with `x ∈ {0, 1}ⁿ`: `p(xᵢ = 1 | inputs) = σ(biasᵢ + inputsᵢ)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Bernoulli {
    /// One bias a unit.
    pub bias: Vec<f32>,
}

impl Bernoulli {
    /// `n` units with zero bias.
    pub fn new(n: usize) -> Self {
        Self { bias: vec![0.0; n] }
    }
}

impl Units for Bernoulli {
    fn len(&self) -> usize {
        self.bias.len()
    }

    fn range(&self) -> RangeInclusive<f32> {
        0.0..=1.0
    }

    /// `log(p / (1 − p))` [Hinton2010, section 8.1], with `p` kept half a sample away from 0 and 1, where that is infinite.
    fn set_means(&mut self, means: &[f64], samples: usize) {
        assert_eq!(means.len(), self.len(), "{} means for {} units", means.len(), self.len());
        let half = 0.5 / samples.max(1) as f64;
        let log_odds = |p: f64| (p / (1.0 - p)).ln() as f32;
        self.bias = means.iter().map(|p| log_odds(p.clamp(half, 1.0 - half))).collect();
    }

    fn energy(&self, x: &Matrix) -> Vec<f64> {
        per_column(&self.bias, x, |bias, x| {
            -bias.iter().zip(x).map(|(&b, &x)| f64::from(b) * f64::from(x)).sum::<f64>()
        })
    }

    fn log_partition(&self, inputs: &Matrix) -> Vec<f64> {
        per_column(&self.bias, inputs, |bias, inputs| {
            sum_softplus(bias.iter().zip(inputs).map(|(&b, &x)| f64::from(b) + f64::from(x)))
        })
    }

    fn mean(&self, inputs: &mut Matrix) {
        inputs.add_to_columns(&self.bias);
        simd::sigmoid(inputs.as_mut_slice());
    }

    fn sample(&self, inputs: &mut Matrix, noise: &mut Stream) {
        inputs.add_to_columns(&self.bias);
        simd::sigmoid_sample(inputs, noise);
    }

    fn energy_gradient(&self, x: &[f32]) -> Self {
        Self { bias: x.iter().map(|x| -x).collect() }
    }

    fn between(&self, base: &Self, beta: f64) -> Self {
        Self { bias: mixed(&self.bias, &base.bias, beta) }
    }

    fn count_states(&self) -> Option<u64> {
        (self.len() < 63).then(|| 1 << self.len())
    }

    fn states(&self, from: u64, n: usize) -> Matrix {
        assert!(self.len() < 63, "the states of {} binary units cannot be listed", self.len());
        Matrix::from_fn(self.len(), n, |i, j| f32::from(((from + j as u64) >> i) & 1 == 1))
    }
}

impl Parameters for Bernoulli {
    fn params(&self) -> Vec<Param<&[f32]>> {
        vec![Param::new("bias", [self.bias.len()], &self.bias[..])]
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        vec![Param::new("bias", [self.bias.len()], &mut self.bias[..])]
    }
}

/// `Σ log(1 + eˣ)`, safe for any finite `x`: `max(x, 0) + log(1 + e^−|x|)`, with the logarithms taken of products of
/// 512 factors at a time. Each factor lies in (1, 2], so that no product overflows.
fn sum_softplus(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut product, mut factors) = (0.0, 1.0_f64, 0);
    for x in values {
        sum += x.max(0.0);
        product *= 1.0 + (-x.abs()).exp();
        factors += 1;
        if factors == 512 {
            sum += product.ln();
            (product, factors) = (1.0, 0);
        }
    }
    sum + product.ln()
}
