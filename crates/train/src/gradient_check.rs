//! Analytic gradients against central differences: the test that every backward pass must meet.

use crate::{Kind, Parameters};

/// The largest disagreement found.
#[derive(Clone, Debug)]
pub struct GradientCheck {
    /// `max |analytic − numeric| / max(1, |analytic|, |numeric|)` over the parameters looked at.
    pub worst: f64,
    /// Name and index of the parameter where it was found.
    pub at: (String, usize),
}

/// Compares `gradient` with `(f(θ + h) − f(θ − h)) / 2h` at every `stride`-th entry of every
/// learned parameter.
///
/// With `f` evaluated in `f64` from `f32` parameters, `h` near `1e-2` balances rounding against curvature.
///
/// # Panics
/// If `stride` is 0.
pub fn check_gradient<M: Parameters + Clone>(
    model: &M,
    gradient: &M,
    h: f32,
    stride: usize,
    f: impl Fn(&M) -> f64,
) -> GradientCheck {
    assert!(stride > 0, "a stride of 0 looks at nothing");
    let mut check = GradientCheck { worst: 0.0, at: (String::new(), 0) };
    let learned = gradient.params().into_iter().enumerate().filter(|(_, p)| p.kind == Kind::Learned);
    for (p, analytic) in learned {
        for index in (0..analytic.values.len()).step_by(stride) {
            let moved = |by: f32| {
                let mut model = model.clone();
                let value = &mut model.params_mut().swap_remove(p).values[index];
                *value += by;
                // The step as it was really taken, after rounding.
                (f64::from(*value), f(&model))
            };
            let ((x1, up), (x0, down)) = (moved(h), moved(-h));
            let (a, n) = (f64::from(analytic.values[index]), (up - down) / (x1 - x0));
            let error = (a - n).abs() / 1.0_f64.max(a.abs()).max(n.abs());
            if error > check.worst || error.is_nan() {
                check = GradientCheck { worst: error, at: (analytic.name.clone(), index) };
            }
        }
    }
    check
}
