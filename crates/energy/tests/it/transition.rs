//! The exact Gibbs transition matrix, and contrastive divergence without noise.

use energy::exact;
use energy::partition::transition::{cd_gradient, transition};
use energy::{Rbm, learning};
use proptest::prelude::*;

use crate::support::{assert_close, binary, counts, flat, lively};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_row_is_a_distribution(v in 1usize..7, h in 1usize..7, seed: u64) {
        let t = transition(&lively(v, h, seed));
        for from in 0..t.states() {
            let total: f64 = t.row(from).iter().sum();
            prop_assert!((total - 1.0).abs() < 1e-12 && t.row(from).iter().all(|&p| p > 0.0));
        }
    }

    /// The matrix is f64 throughout, p comes from f32 inputs: they agree to about a millionth.
    #[test]
    fn it_keeps_p_and_is_in_detailed_balance(v in 1usize..7, h in 1usize..7, seed: u64) {
        let rbm = lively(v, h, seed);
        let (t, p) = (transition(&rbm), exact::visible_probabilities(&rbm));
        assert_close(&t.apply(&p), &p, 2e-6);
        for x in 0..p.len() {
            for y in 0..x {
                assert_close(&[p[x] * t.row(x)[y]], &[p[y] * t.row(y)[x]], 2e-6);
            }
        }
    }
}

/// The distribution that the chain itself converges to: p in full `f64`.
fn stationary(rbm: &Rbm) -> Vec<f64> {
    let t = transition(rbm);
    (0..3000).fold(exact::visible_probabilities(rbm), |p, _| t.apply(&p))
}

#[test]
fn every_sweep_brings_the_chain_closer_to_the_model() {
    let rbm = lively(6, 5, 1);
    let (t, p) = (transition(&rbm), stationary(&rbm));
    let mut q: Vec<f64> = counts(&binary(6, 4, 2)).iter().map(|n| n / 4.0).collect();
    let divergence = |q: &[f64]| -> f64 {
        q.iter().zip(&p).filter(|(q, _)| **q > 0.0).map(|(q, p)| q * (q / p).ln()).sum()
    };
    let mut before = divergence(&q);
    for sweep in 1..=60 {
        q = t.apply(&q);
        let after = divergence(&q);
        // Strictly falling until rounding of 64 terms near 1e-17 is all that is left.
        assert!(after < before || before < 1e-12, "sweep {sweep}: {before} → {after}");
        before = after;
    }
    assert!(before < 1e-6, "60 sweeps leave {before}");
}

/// Every statistic lies in [0, 1], so that it differs by at most the total variation distance; f32 adds 1e-5.
#[test]
fn contrastive_divergence_tends_to_the_exact_gradient() {
    let (rbm, data) = (lively(6, 5, 3), binary(6, 8, 4));
    let (t, p, exact) = (transition(&rbm), stationary(&rbm), flat(&exact::gradient(&rbm, &data)));
    let start: Vec<f64> = counts(&data).iter().map(|n| n / 8.0).collect();
    let error = |sweeps: usize| {
        let gradient = flat(&cd_gradient(&rbm, &data, sweeps));
        gradient.iter().zip(&exact).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    };
    for sweeps in [1, 2, 4, 8, 16, 32, 64, 128] {
        let q = (0..sweeps).fold(start.clone(), |q, _| t.apply(&q));
        let distance = 0.5 * q.iter().zip(&p).map(|(q, p)| (q - p).abs()).sum::<f64>();
        assert!(error(sweeps) <= distance + 1e-5, "{sweeps} sweeps: {} beyond {distance}", error(sweeps));
    }
    assert!(error(1) > 0.02, "CD-1 is biased, here by only {}", error(1));
    assert!(error(128) < 1e-5, "CD-128 is still {} away", error(128));
}

#[test]
fn no_sweeps_leave_nothing_to_learn() {
    let (rbm, data) = (lively(5, 4, 5), binary(5, 8, 6));
    assert!(flat(&cd_gradient(&rbm, &data, 0)).iter().all(|g| g.abs() < 1e-6));
}

/// Each entry of one sample's gradient lies in [−1, 1]: over n columns its mean has a standard error below 1/√n.
#[test]
fn sampled_gradients_scatter_around_the_expected_one() {
    let (rbm, data) = (lively(5, 4, 7), binary(5, 4, 8));
    let copies = 25_000;
    let many = data.gather(&(0..4 * copies).map(|j| j % 4).collect::<Vec<_>>());
    let mut noise = tensor::Seed::new(3).stream();
    for sweeps in [1, 3] {
        let fantasy = rbm.gibbs(many.clone(), sweeps, &mut noise);
        let sampled = learning::gradient(&rbm, &data, &fantasy);
        let bound = 6.5 / f64::from(4 * copies as u32).sqrt();
        for (a, b) in flat(&sampled).iter().zip(flat(&cd_gradient(&rbm, &data, sweeps))) {
            assert!((a - b).abs() < bound, "{sweeps} sweeps: {a} against {b}, bound {bound}");
        }
    }
}
