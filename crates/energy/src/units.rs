//! Layers of conditionally independent units: all that training, sampling and stacking ask of one layer.
//!
//! A layer has an energy `E(x)` of its own; what the rest of the model says to it arrives as `inputs`, linear in
//! `x`: `p(x | inputs) ∝ exp(−E(x) + inputsᵀx)`. Biases belong to `E`, never to `inputs`. Numbers that become
//! log-probabilities are `f64`.

use tensor::{Matrix, Stream, simd};
use train::{Param, Parameters};

/// A layer of units that are independent of each other once their inputs are known.
///
/// Energies must be affine in `x` as far as their parameters go, `∂E/∂θ = A·x + c`: then the mean of a gradient is
/// the gradient at the mean, which is what [`Units::energy_gradient`] computes.
pub trait Units: Parameters + Clone {
    /// The number of units.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `E(x)`, one number per column of `x` (units × batch).
    fn energy(&self, x: &Matrix) -> Vec<f64>;

    /// `log Σₓ exp(−E(x) + inputsᵀx)` (an integral for continuous units), one number per column of `inputs`.
    fn log_partition(&self, inputs: &Matrix) -> Vec<f64>;

    /// `inputs → ⟨x⟩`, in place.
    fn mean(&self, inputs: &mut Matrix);

    /// `inputs → x ~ p(x | inputs)`, in place; one draw of `noise`.
    fn sample(&self, inputs: &mut Matrix, noise: &mut Stream);

    /// `∂E/∂θ` at the mean state `x`, as a layer of the same type.
    fn energy_gradient(&self, x: &[f32]) -> Self;

    /// How many states there are; `None` when they cannot be listed (continuous, or 2⁶³ and more).
    fn count_states(&self) -> Option<u64>;

    /// States number `from .. from + n`, one a column (units × n). Bit `i` of the number is unit `i`.
    ///
    /// # Panics
    /// If the states cannot be listed.
    fn states(&self, from: u64, n: usize) -> Matrix;
}

/// Binary units, `E(x) = −biasᵀx` with `x ∈ {0, 1}ⁿ`: `p(xᵢ = 1 | inputs) = σ(biasᵢ + inputsᵢ)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Bernoulli {
    /// One bias a unit.
    pub bias: Vec<f32>,
}

/// Gaussian units of unit variance, `E(x) = ½‖x − bias‖²`: `p(x | inputs) = N(bias + inputs, 1)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Gaussian {
    /// One mean a unit, in the absence of inputs.
    pub bias: Vec<f32>,
}

impl Bernoulli {
    /// `n` units with zero bias.
    pub fn new(n: usize) -> Self {
        Self { bias: vec![0.0; n] }
    }
}

impl Gaussian {
    /// `n` units with zero bias.
    pub fn new(n: usize) -> Self {
        Self { bias: vec![0.0; n] }
    }
}

impl Units for Bernoulli {
    fn len(&self) -> usize {
        self.bias.len()
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

    fn count_states(&self) -> Option<u64> {
        (self.len() < 63).then(|| 1 << self.len())
    }

    fn states(&self, from: u64, n: usize) -> Matrix {
        assert!(self.len() < 63, "the states of {} binary units cannot be listed", self.len());
        Matrix::from_fn(self.len(), n, |i, j| f32::from(((from + j as u64) >> i) & 1 == 1))
    }
}

impl Units for Gaussian {
    fn len(&self) -> usize {
        self.bias.len()
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

    fn count_states(&self) -> Option<u64> {
        None
    }

    fn states(&self, _: u64, _: usize) -> Matrix {
        panic!("the states of {} Gaussian units cannot be listed", self.len())
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

impl Parameters for Gaussian {
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

/// `f(bias, column)` for every column.
fn per_column(bias: &[f32], x: &Matrix, f: impl Fn(&[f32], &[f32]) -> f64) -> Vec<f64> {
    assert_eq!(x.rows(), bias.len(), "a layer of {} units against {} × {}", bias.len(), x.rows(), x.cols());
    (0..x.cols()).map(|j| f(bias, x.column(j))).collect()
}
