//! Batch normalisation [Ioffe2015, algorithm 1], with PyTorch's conventions (`BatchNorm1d`).
//!
//! In training `x̂ = (x − μ) / √(σ² + ε)` over the mini-batch, σ² with divisor n, and `y = γ x̂ + β`; the running variance
//! takes in the unbiased σ² · n / (n − 1). In evaluation the running averages stand for μ and σ². They are parameters of
//! the kind [`train::Kind::Average`]: the backward pass puts the mini-batch's values into the gradient, and the
//! optimiser moves the averages towards them.

use tensor::Matrix;
use train::{Param, Parameters};

use crate::{Layer, Mode};

/// Weight of the newest mini-batch in the running averages, and ε.
const MOMENTUM: f32 = 0.1;
const EPSILON: f64 = 1e-5;

/// One scale, shift, running mean and running variance for each feature.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNorm {
    /// γ, on disk `weight`.
    pub weight: Vec<f32>,
    /// β, on disk `bias`.
    pub bias: Vec<f32>,
    /// Running mean, on disk `running_mean`.
    pub running_mean: Vec<f32>,
    /// Running unbiased variance, on disk `running_var`.
    pub running_var: Vec<f32>,
}

/// What a pass knew of each feature.
#[derive(Clone, Debug)]
pub struct BatchTrace {
    mean: Vec<f64>,
    variance: Vec<f64>,
    /// Whether they are of the mini-batch, and so depend on every sample.
    of_batch: bool,
}

impl BatchNorm {
    /// Scale 1, shift 0, running mean 0 and variance 1.
    pub fn new(features: usize) -> Self {
        let fill = |value| vec![value; features];
        Self { weight: fill(1.0), bias: fill(0.0), running_mean: fill(0.0), running_var: fill(1.0) }
    }
}

/// Mean and variance (divisor n) of every row.
pub(crate) fn moments(x: &Matrix) -> (Vec<f64>, Vec<f64>) {
    let n = x.cols() as f64;
    let mut mean = vec![0.0; x.rows()];
    for column in x.columns() {
        mean.iter_mut().zip(column).for_each(|(sum, &x)| *sum += f64::from(x));
    }
    mean.iter_mut().for_each(|sum| *sum /= n);
    let mut variance = vec![0.0; x.rows()];
    for column in x.columns() {
        let rows = variance.iter_mut().zip(column).zip(&mean);
        rows.for_each(|((sum, &x), mean)| *sum += (f64::from(x) - mean).powi(2));
    }
    variance.iter_mut().for_each(|sum| *sum /= n);
    (mean, variance)
}

impl BatchTrace {
    /// `μ` and `1 / √(σ² + ε)` of every feature, in the precision of states.
    fn normal(&self) -> Vec<[f32; 2]> {
        let pairs = self.mean.iter().zip(&self.variance);
        pairs.map(|(mean, variance)| [*mean as f32, (1.0 / (variance + EPSILON).sqrt()) as f32]).collect()
    }
}

impl Layer for BatchNorm {
    type Trace = BatchTrace;

    /// # Panics
    /// If `x` has other rows than there are features, or a mini-batch in training has fewer than two samples.
    fn forward(&self, x: &Matrix, mode: &mut Mode<'_>) -> (Matrix, BatchTrace) {
        assert_eq!(x.rows(), self.weight.len(), "{} rows for {} features", x.rows(), self.weight.len());
        let of_batch = matches!(mode, Mode::Train(_));
        let (mean, variance) = if of_batch {
            assert!(x.cols() > 1, "{} sample has no variance", x.cols());
            moments(x)
        } else {
            let doubles = |x: &[f32]| x.iter().map(|&x| f64::from(x)).collect();
            (doubles(&self.running_mean), doubles(&self.running_var))
        };
        let trace = BatchTrace { mean, variance, of_batch };
        let mut y = x.clone();
        let normal = trace.normal();
        for j in 0..y.cols() {
            let features = normal.iter().zip(self.weight.iter().zip(&self.bias));
            for (y, ([mean, scale], (weight, bias))) in y.column_mut(j).iter_mut().zip(features) {
                *y = weight * ((*y - mean) * scale) + bias;
            }
        }
        (y, trace)
    }

    /// With `x̂` as above and means over the mini-batch: `∂γ += Σ dy x̂`, `∂β += Σ dy`, and
    /// `dx = γ / √(σ² + ε) · (dy − ⟨dy⟩ − x̂ ⟨dy x̂⟩)`; with running averages only its first term.
    fn backward(
        &self,
        x: &Matrix,
        _: &Matrix,
        trace: &BatchTrace,
        dy: Matrix,
        gradient: &mut Self,
    ) -> Matrix {
        let (rows, n) = (x.rows(), x.cols() as f64);
        let normal = trace.normal();
        let (mut shift, mut scale) = (vec![0.0_f64; rows], vec![0.0_f64; rows]);
        for (dy, x) in dy.columns().zip(x.columns()) {
            let sums = shift.iter_mut().zip(&mut scale);
            for ((sums, [mean, root]), (&d, &x)) in sums.zip(&normal).zip(dy.iter().zip(x)) {
                *sums.0 += f64::from(d);
                *sums.1 += f64::from(d * ((x - mean) * root));
            }
        }
        for i in 0..rows {
            gradient.weight[i] += scale[i] as f32;
            gradient.bias[i] += shift[i] as f32;
            if trace.of_batch {
                gradient.running_mean[i] = trace.mean[i] as f32;
                gradient.running_var[i] = (trace.variance[i] * n / (n - 1.0)) as f32;
            }
        }
        // What flows back through the moments: none where they are running averages.
        let through = if trace.of_batch { 1.0 / n } else { 0.0 };
        let means: Vec<[f32; 2]> =
            shift.iter().zip(&scale).map(|(a, b)| [(a * through) as f32, (b * through) as f32]).collect();
        let mut dx = dy;
        for (j, x) in x.columns().enumerate() {
            let features = normal.iter().zip(&means).zip(&self.weight).zip(x);
            for (d, ((([mean, root], [shift, scale]), weight), x)) in
                dx.column_mut(j).iter_mut().zip(features)
            {
                *d = weight * root * (*d - shift - (x - mean) * root * scale);
            }
        }
        dx
    }

    /// `ẏ = γ / √(σ² + ε) · (ẋ − ⟨ẋ⟩ − x̂ ⟨ẋ x̂⟩)`: the matrix that takes one feature's inputs to its outputs is symmetric.
    fn tangent(&self, x: &Matrix, y: &Matrix, trace: &BatchTrace, tangent: Matrix) -> Matrix {
        self.backward(x, y, trace, tangent, &mut self.clone())
    }
}

impl Parameters for BatchNorm {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let of = |name: &str, values| Param::new(name, [self.weight.len()], values);
        vec![
            of("weight", &self.weight[..]),
            of("bias", &self.bias[..]),
            of("running_mean", &self.running_mean[..]).average(MOMENTUM),
            of("running_var", &self.running_var[..]).average(MOMENTUM),
        ]
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let shape = [self.weight.len()];
        vec![
            Param::new("weight", shape, &mut self.weight[..]),
            Param::new("bias", shape, &mut self.bias[..]),
            Param::new("running_mean", shape, &mut self.running_mean[..]).average(MOMENTUM),
            Param::new("running_var", shape, &mut self.running_var[..]).average(MOMENTUM),
        ]
    }
}
