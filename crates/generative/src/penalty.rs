//! A critic's slope held at 1: `P = weight · ⟨(‖g‖ − 1)²⟩` with `g = ∂D/∂x` at each point [Gulrajani2017, eq. 3].
//!
//! For a critic that is linear in pieces no second backward pass over the first is needed. With `v = ∂P/∂g` held fixed, `∂P/∂θ` is
//! the gradient of `vᵀg`, and `vᵀg` is the derivative of `D` along `v`: forward; backward to `g`; `v` from `g`; then
//! [`Network::tangent_gradient`].

use feedforward::{Layer, Mode, Network, NetworkError};
use tensor::{Matrix, Stream};
use train::Parameters;

/// The penalty at `points`, inputs × batch; its gradient in the critic's parameters is added to `gradient`.
///
/// # Errors
/// If a layer of the critic has a second derivative.
///
/// # Panics
/// If there is no point, or the critic has more than one output.
pub fn penalty(
    critic: &Network,
    points: &Matrix,
    weight: f32,
    gradient: &mut Network,
) -> Result<f64, NetworkError> {
    let n = points.cols();
    assert!(n > 0 && critic.outputs() == 1, "{n} points, {} outputs", critic.outputs());
    critic.check_piecewise_linear()?;
    let (y, trace) = critic.forward(points, &mut Mode::Evaluate);
    let ones = Matrix::from_fn(1, n, |_, _| 1.0);
    let slopes = critic.backward(points, &y, &trace, ones.clone(), &mut critic.zeros_like());
    let (total, v) = of_slopes(slopes, weight);
    critic.tangent_gradient((points, &y, &trace), &v, ones, gradient)?;
    Ok(total)
}

/// The penalty of slopes, inputs × batch, and its gradient in them, [`of_slope`] of each.
pub fn of_slopes(slopes: Matrix, weight: f32) -> (f64, Matrix) {
    let (weight, mut v) = (f64::from(weight) / slopes.cols() as f64, slopes);
    let total = (0..v.cols()).map(|j| of_slope(v.column_mut(j), weight)).sum();
    (total, v)
}

/// The penalty of one slope, `weight · (‖g‖ − 1)²`, and its gradient `2 weight · (1 − 1/‖g‖) g` in the place of the slope; a slope of
/// exactly zero, where the norm has no derivative, moves nothing.
pub(crate) fn of_slope(slope: &mut [f32], weight: f64) -> f64 {
    let norm = slope.iter().map(|&g| f64::from(g).powi(2)).sum::<f64>().sqrt();
    let scale = if norm > 0.0 { 2.0 * weight * (1.0 - 1.0 / norm) } else { 0.0 };
    slope.iter_mut().for_each(|g| *g = (f64::from(*g) * scale) as f32);
    weight * (norm - 1.0).powi(2)
}

/// Points between pairs of samples, each at a random place of its own: `ε x + (1 − ε) y`.
///
/// # Panics
/// If the shapes differ.
pub fn between(x: &Matrix, y: &Matrix, noise: &mut Stream) -> Matrix {
    assert_eq!((x.rows(), x.cols()), (y.rows(), y.cols()), "samples on both sides");
    let mut points = x.clone();
    for j in 0..points.cols() {
        let share = noise.unit() as f32;
        let pairs = points.column_mut(j).iter_mut().zip(y.column(j));
        pairs.for_each(|(x, y)| *x = share * *x + (1.0 - share) * y);
    }
    points
}
