//! The sliced Wasserstein distance: the mean over directions of distances on a line.

use tensor::Seed;

use crate::error::{TransportError, check_balanced};
use crate::line::{check_power, line_cost};
use crate::plan::check_length;
use crate::points::Cloud;

/// How a sliced distance is sampled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sliced {
    /// Directions drawn, uniform on the sphere; the error falls with the root of their number.
    pub directions: usize,
    /// The `p ≥ 1` of `W_p`.
    pub power: f64,
    /// What the directions are drawn from; the same seed and dimension give the same directions.
    pub seed: Seed,
}

/// Sliced Wasserstein distance `(mean over θ of W_p^p(θ·x, θ·y))^(1/p)` [Bonneel2015].
///
/// `x` and `y` are clouds of the same dimension with equal totals. It is a distance, at most `W_p`, and under
/// `p = 2` a shift by `t` in `d` dimensions is worth `‖t‖/√d` instead of `‖t‖`.
///
/// Choose it to compare large clouds, or clouds in many dimensions, when no plan is needed: each direction costs a
/// projection and two sorts.
///
/// # Errors
/// As [`crate::exact`], of the distances to the power along any direction; also if the dimensions differ, there is no direction, or the power is below 1.
pub fn sliced_wasserstein(x: Cloud<'_>, y: Cloud<'_>, options: &Sliced) -> Result<f64, TransportError> {
    check_power(options.power)?;
    let factor = check_balanced(x.masses, y.masses, x.points.len(), y.points.len())?;
    let dim = x.points.dim();
    check_length("target points' dimension", dim, y.points.dim())?;
    if options.directions == 0 {
        return Err(TransportError::Parameter { what: "number of directions", value: 0.0 });
    }
    let mut sum = 0.0;
    for index in 0..options.directions {
        let direction = direction(dim, options.seed.child("direction", index as u64));
        let project = |cloud: Cloud<'_>| -> Vec<f64> {
            let along = |point: &[f64]| point.iter().zip(&direction).map(|(x, d)| x * d).sum();
            cloud.points.iter().map(along).collect()
        };
        sum += line_cost(&project(x), x.masses, &project(y), y.masses, (factor, options.power))?;
    }
    Ok((sum / options.directions as f64).powf(options.power.recip()))
}

/// A point uniform on the unit sphere: normal numbers (Box–Muller), normalised.
fn direction(dim: usize, seed: Seed) -> Vec<f64> {
    let mut stream = seed.stream();
    loop {
        let normal = |_| {
            let (radius, angle) = (1.0 - stream.unit(), stream.unit());
            (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
        };
        let mut direction: Vec<f64> = (0..dim).map(normal).collect();
        let norm = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
        if norm > 1e-100 {
            direction.iter_mut().for_each(|x| *x /= norm);
            return direction;
        }
    }
}
