//! The diagonal normal law: its divergence by closed form, quadrature and sampling, and its gradient.

use generative::Posterior;
use proptest::prelude::*;
use tensor::Matrix;

use crate::support::{error, mean, normal};

fn single(mean: f32, log_variance: f32) -> Posterior {
    Posterior {
        mean: Matrix::from_vec(1, 1, vec![mean]),
        log_variance: Matrix::from_vec(1, 1, vec![log_variance]),
    }
}

/// `∫ q ln(q / p)` by the trapezoidal rule, which is exact to rounding for smooth functions that vanish at both ends.
fn quadrature(mean: f64, log_variance: f64) -> f64 {
    let sigma = (0.5 * log_variance).exp();
    let (steps, reach) = (4000, 12.0);
    let h = 2.0 * reach / f64::from(steps);
    (0..=steps)
        .map(|i| {
            let e = -reach + h * f64::from(i);
            let z = mean + sigma * e;
            let density = (-0.5 * e * e).exp() / std::f64::consts::TAU.sqrt();
            h * density * (-0.5 * log_variance - 0.5 * e * e + 0.5 * z * z)
        })
        .sum()
}

proptest! {
    #[test]
    fn the_divergence_is_the_integral(mean in -3.0f32..3.0, log_variance in -6.0f32..3.0) {
        let closed = single(mean, log_variance).divergence()[0];
        let integral = quadrature(f64::from(mean), f64::from(log_variance));
        prop_assert!((closed - integral).abs() < 1e-6 * (1.0 + integral), "{closed} against {integral}");
        prop_assert!(closed >= 0.0);
    }

    #[test]
    fn the_divergence_is_zero_for_the_prior_alone(mean in -1e-3f32..1e-3, log_variance in -1e-3f32..1e-3) {
        let expected = 0.5 * f64::from(mean).powi(2) + 0.25 * f64::from(log_variance).powi(2);
        let found = single(mean, log_variance).divergence()[0];
        prop_assert!((found - expected).abs() < 1e-9, "{found} against {expected}");
    }
}

#[test]
fn the_divergence_is_the_mean_over_draws() {
    let n = 20_000;
    let columns = |value: [f32; 2]| Matrix::from_fn(2, n, |i, _| value[i]);
    let posterior = Posterior { mean: columns([0.7, -1.2]), log_variance: columns([-1.0, 0.5]) };
    let z = posterior.draw(&normal(2, n, 1.0, 5));
    let pairs = posterior.log_density(&z).into_iter().zip(Posterior::log_prior(&z));
    let differences: Vec<f64> = pairs.map(|(q, p)| q - p).collect();
    let exact = posterior.divergence()[0];
    assert!((mean(&differences) - exact).abs() < 4.0 * error(&differences), "{exact}");
}

#[test]
fn a_density_of_one_variable_integrates_to_one() {
    let posterior = single(0.4, -0.6);
    let h = 1e-3;
    let total: f64 = (-10_000..10_000)
        .map(|i| {
            let z = Matrix::from_vec(1, 1, vec![i as f32 * h as f32]);
            posterior.log_density(&z)[0].exp() * h
        })
        .sum();
    assert!((total - 1.0).abs() < 1e-5, "{total}");
}

/// With `f(z) = z²`, `∂/∂μ E f = 2μ` and `∂/∂ln σ² E f = σ²`: the gradient through the draw has these means, and so has the one that
/// weighs `f` by the score, which needs no derivative of `f`.
#[test]
fn gradients_through_draws_agree_with_those_by_the_score() {
    let (n, mu, l) = (40_000, 0.6f32, -0.8f32);
    let all = |x: f32| Matrix::from_fn(1, n, |_, _| x);
    let posterior = Posterior { mean: all(mu), log_variance: all(l) };
    let epsilon = normal(1, n, 1.0, 9);
    let z = posterior.draw(&epsilon);
    let dz = Matrix::from_fn(1, n, |_, j| 2.0 * z.column(j)[0]);
    let through = posterior.backward(&epsilon, &dz, 0.0);
    let sigma = f64::from(0.5 * l).exp();
    let score: [Vec<f64>; 2] = [
        (0..n).map(|j| f64::from(z.column(j)[0]).powi(2) * f64::from(epsilon.column(j)[0]) / sigma).collect(),
        (0..n)
            .map(|j| {
                f64::from(z.column(j)[0]).powi(2) * 0.5 * (f64::from(epsilon.column(j)[0]).powi(2) - 1.0)
            })
            .collect(),
    ];
    let exact = [2.0 * f64::from(mu), sigma * sigma];
    for ((through, score), exact) in through.iter().zip(&score).zip(exact) {
        let through: Vec<f64> = through.as_slice().iter().map(|&x| f64::from(x)).collect();
        assert!((mean(&through) - exact).abs() < 4.0 * error(&through), "{} against {exact}", mean(&through));
        assert!((mean(score) - exact).abs() < 4.0 * error(score), "{} against {exact}", mean(score));
        // What the way through the draw is for.
        assert!(error(&through) < error(score));
    }
}

#[test]
fn a_draw_without_noise_is_the_mean() {
    let posterior = Posterior { mean: normal(3, 4, 1.0, 1), log_variance: normal(3, 4, 1.0, 2) };
    assert_eq!(posterior.draw(&Matrix::zeros(3, 4)), posterior.mean);
}
