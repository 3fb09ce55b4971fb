//! The integrated autocorrelation time, against processes whose own is known in closed form.

use quality::{Autocorrelation, integrated_time};
use tensor::{Matrix, Seed};

/// Stationary chains of `xₜ = φ xₜ₋₁ + √(1 − φ²) εₜ`, whose autocorrelation is `φᵗ` and whose time is `(1 + φ) / (1 − φ)`.
fn autoregressive(phi: f64, chains: usize, length: usize) -> Vec<Vec<f64>> {
    let mut noise = Matrix::zeros(length, chains);
    Seed::new(31).child("noise", (phi * 1000.0).abs() as u64).stream().normal(&mut noise, 1.0);
    let chain = |noise: &[f32]| {
        let mut x = f64::from(noise[0]);
        let step = |e: &f32| {
            let now = x;
            x = phi * x + (1.0 - phi * phi).sqrt() * f64::from(*e);
            now
        };
        noise.iter().skip(1).chain([&0.0]).map(step).collect()
    };
    noise.columns().map(chain).collect()
}

/// The standard error of such an estimate is `τ √(2 (2M + 1) / n)` for a window `M` and `n` states in all [Sokal1997, eq. 3.19];
/// the window leaves out `φ^M` of the sum, at most `e⁻⁵` of it here.
#[test]
fn of_an_autoregressive_process_it_is_its_closed_form() {
    for phi in [0.0, 0.3, 0.6, 0.9, 0.95] {
        let expected = (1.0 + phi) / (1.0 - phi);
        let (chains, length) = (20, 5000);
        let found = integrated_time(&autoregressive(phi, chains, length)).unwrap();
        let n = (chains * length) as f64;
        let error = expected * (2.0 * (2.0 * found.window as f64 + 1.0) / n).sqrt();
        assert!((found.time - expected).abs() < 4.0 * error + 0.01 * expected, "φ = {phi}: {found:?}");
        assert!(found.long_enough && found.window as f64 >= 5.0 * found.time, "{found:?}");
    }
}

/// With a negative correlation means are less noisy than of independent states: `τ < 1`.
#[test]
fn states_that_alternate_have_a_time_below_one() {
    let found = integrated_time(&autoregressive(-0.5, 20, 5000)).unwrap();
    // The window closes after two or three lags, so that the sum stops at one of its first partial sums: 0, 0.5, 0.25.
    assert!(found.time < 0.6, "{found:?}");
}

/// By hand: mean 0, variance 1, covariances `(n − t) / n · (−1)ᵗ`; the first lag makes `τ` negative, and the window ends there.
#[test]
fn of_two_values_in_turn_the_sum_ends_at_the_first_lag() {
    let chain: Vec<f64> = (0..10).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
    let found = integrated_time(&[chain]).unwrap();
    let expected = Autocorrelation { time: 1.0 - 2.0 * 0.9, window: 1, long_enough: true };
    assert!((found.time - expected.time).abs() < 1e-12);
    assert_eq!((found.window, found.long_enough), (expected.window, expected.long_enough));
}

#[test]
fn scale_and_place_of_a_number_change_nothing() {
    let chains = autoregressive(0.8, 4, 400);
    let moved: Vec<Vec<f64>> =
        chains.iter().map(|chain| chain.iter().map(|x| 3.0 - 7.0 * x).collect()).collect();
    let (a, b) = (integrated_time(&chains).unwrap(), integrated_time(&moved).unwrap());
    assert_eq!(a.window, b.window);
    assert!((a.time - b.time).abs() < 1e-9);
}

/// Two chains that never meet are correlated for as long as they were watched.
#[test]
fn chains_that_stay_apart_are_not_long_enough() {
    let apart: Vec<Vec<f64>> = autoregressive(0.1, 2, 300)
        .into_iter()
        .zip([0.0, 100.0])
        .map(|(chain, at)| chain.into_iter().map(|x| x + at).collect())
        .collect();
    let found = integrated_time(&apart).unwrap();
    assert!(!found.long_enough && found.time > 50.0, "{found:?}");
    assert_eq!(integrated_time(&[vec![2.0; 5], vec![2.0; 5]]), None);
}

#[test]
#[should_panic(expected = "a chain of 2 states beside one of 3")]
fn chains_of_different_lengths_are_refused() {
    integrated_time(&[vec![0.0; 3], vec![0.0; 2]]);
}
