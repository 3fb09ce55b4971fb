//! Quantiles of the standard normal law, by which a square is laid over a latent plane so that every cell has as much of the
//! prior.
//!
//! `Φ(x) = ½ + φ(x) Σₙ x²ⁿ⁺¹ / (1 · 3 · … · (2n + 1))`, a series without cancellation for `x ≥ 0` [Marsaglia2004]; the quantile
//! is found by halving.

/// The standard normal distribution function.
pub fn normal_cdf(x: f64) -> f64 {
    if x < 0.0 {
        return 1.0 - normal_cdf(-x);
    }
    // Farther out everything lies below, to the last digit; the series would run over before that.
    if x > 9.0 {
        return 1.0;
    }
    let (mut term, mut sum, mut odd) = (x, x, 1.0);
    while term > sum * f64::EPSILON * 0.5 {
        odd += 2.0;
        term *= x * x / odd;
        sum += term;
    }
    0.5 + sum * (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt()
}

/// Where a share `p` of the standard normal law lies below.
///
/// # Panics
/// If `p` is not between 0 and 1, both excluded.
pub fn normal_quantile(p: f64) -> f64 {
    assert!(p > 0.0 && p < 1.0, "a normal quantile at {p}, between 0 and 1 is needed");
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    let (mut low, mut high) = (-9.0, 0.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if normal_cdf(middle) < p { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// The middles, by share, of `n` parts of the law that are equally likely: `Φ⁻¹((i + ½) / n)`.
pub fn normal_middles(n: usize) -> Vec<f64> {
    (0..n).map(|i| normal_quantile((i as f64 + 0.5) / n as f64)).collect()
}

#[cfg(test)]
mod tests {
    use super::{normal_cdf, normal_middles, normal_quantile};

    /// Tabulated: Φ(1), Φ(1.959963985) and Φ(3).
    #[test]
    fn the_distribution_function_has_its_tabulated_values() {
        for (x, expected) in [(0.0, 0.5), (1.0, 0.841_344_746_068_543), (3.0, 0.998_650_101_968_370)] {
            assert!((normal_cdf(x) - expected).abs() < 1e-14, "{x}: {}", normal_cdf(x));
            assert!((normal_cdf(-x) - (1.0 - expected)).abs() < 1e-14);
        }
    }

    #[test]
    fn the_quantile_undoes_the_distribution_function() {
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-12);
        for p in [1e-6, 0.01, 0.25, 0.5, 0.9, 1.0 - 1e-6] {
            assert!((normal_cdf(normal_quantile(p)) - p).abs() < 1e-13, "{p}");
        }
    }

    #[test]
    fn middles_are_symmetric_and_rise() {
        let middles = normal_middles(20);
        assert!(middles.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(middles.iter().zip(middles.iter().rev()).all(|(a, b)| (a + b).abs() < 1e-12));
    }
}
