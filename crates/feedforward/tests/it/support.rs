//! What several tests need: random batches, labels, and a layer together with its input.

use feedforward::{Layer, Mode};
use tensor::{Matrix, Seed};
use train::{GradientCheck, Param, Parameters, check_gradient};

/// N(0, deviation²) numbers.
pub fn normal(rows: usize, cols: usize, deviation: f32, seed: u64) -> Matrix {
    let mut matrix = Matrix::zeros(rows, cols);
    Seed::new(seed).child("normal", 0).stream().normal(&mut matrix, deviation);
    matrix
}

/// Greys in [0, 1) of which about `density` are not zero, as pixels are.
pub fn pixels(rows: usize, cols: usize, density: f32, seed: u64) -> Matrix {
    let mut noise = Seed::new(seed).child("pixels", 0).stream();
    let mut matrix = Matrix::zeros(rows, cols);
    noise.uniform(&mut matrix);
    matrix.as_mut_slice().iter_mut().for_each(|x| *x = (1.0 - (1.0 - *x) / density).max(0.0));
    matrix
}

/// Labels below `classes`.
pub fn labels(n: usize, classes: usize, seed: u64) -> Vec<u8> {
    let mut noise = Seed::new(seed).child("labels", 0).stream();
    (0..n).map(|_| noise.below(classes) as u8).collect()
}

pub fn assert_close(a: &[f32], b: &[f32], tolerance: f32) {
    assert_eq!(a.len(), b.len());
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        assert!((a - b).abs() <= tolerance * 1.0_f32.max(b.abs()), "{i}: {a} against {b}");
    }
}

/// A layer and its input as one set of parameters, so that one check looks at both.
#[derive(Clone)]
pub struct WithInput<L> {
    pub layer: L,
    pub input: Matrix,
}

impl<L: Layer> Parameters for WithInput<L> {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let mut params = self.layer.params();
        params.push(Param::new("input", [self.input.cols(), self.input.rows()], self.input.as_slice()));
        params
    }
    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let mut params = self.layer.params_mut();
        let shape = [self.input.cols(), self.input.rows()];
        params.push(Param::new("input", shape, self.input.as_mut_slice()));
        params
    }
}

/// Whether a pass is checked as in training, with noise from this seed, or as in evaluation.
#[derive(Clone, Copy, Debug)]
pub enum Pass {
    Train(u64),
    Evaluate,
}

fn forward<L: Layer>(layer: &L, x: &Matrix, pass: Pass) -> (Matrix, L::Trace) {
    match pass {
        Pass::Train(seed) => layer.forward(x, &mut Mode::Train(&mut Seed::new(seed).stream())),
        Pass::Evaluate => layer.forward(x, &mut Mode::Evaluate),
    }
}

/// The analytic gradient of `Σ cᵢⱼ yᵢⱼ`, with random `c`, at parameters and inputs against central differences.
pub fn check<L: Layer>(layer: &L, input: &Matrix, pass: Pass, h: f32) -> GradientCheck {
    let (y, trace) = forward(layer, input, pass);
    let c = normal(y.rows(), y.cols(), 1.0, 77);
    let mut gradient = layer.zeros_like();
    let dx = layer.backward(input, &y, &trace, c.clone(), &mut gradient);
    let both = WithInput { layer: layer.clone(), input: input.clone() };
    check_gradient(&both, &WithInput { layer: gradient, input: dx }, h, 1, |both| {
        let y = forward(&both.layer, &both.input, pass).0;
        y.as_slice().iter().zip(c.as_slice()).map(|(&y, &c)| f64::from(y) * f64::from(c)).sum()
    })
}
