//! Pseudo-likelihood against enumeration.

use energy::{Units, exact, pseudo_likelihood};
use proptest::prelude::*;
use tensor::Matrix;

use crate::support::{assert_close, lively};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn it_is_the_product_of_enumerated_conditionals(n in 1usize..8, h in 1usize..12, seed: u64) {
        let rbm = lively(n, h, seed);
        let p = exact::visible_probabilities(&rbm);
        let expected: Vec<f64> = (0..p.len())
            .map(|x| (0..n).map(|i| (p[x] / (p[x] + p[x ^ (1 << i)])).ln()).sum())
            .collect();
        // n terms, each from f32 inputs of n and h summands.
        assert_close(&pseudo_likelihood(&rbm, &rbm.visible.states(0, p.len())), &expected, 2e-5);
    }
}

#[test]
fn independent_units_have_their_likelihood() {
    let mut rbm = lively(150, 3, 1);
    rbm.weights.as_mut_slice().fill(0.0);
    let v = crate::support::binary(150, 2, 1);
    let log_p = |j: usize| -> f64 {
        let terms = v.column(j).iter().zip(&rbm.visible.bias);
        terms.map(|(&x, &b)| -(f64::from(1.0 - 2.0 * x) * f64::from(b)).exp().ln_1p()).sum()
    };
    assert_close(&pseudo_likelihood(&rbm, &v), &[log_p(0), log_p(1)], 1e-9);
}

#[test]
fn untrained_machines_score_a_coin_flip_a_pixel() {
    let rbm = energy::Rbm::new(784, 20, tensor::Seed::new(1));
    let score = pseudo_likelihood(&rbm, &Matrix::zeros(784, 1))[0];
    // Weights of 0.01 from 20 units at one half move each of 784 terms by about 0.02, either way.
    assert!((score + 784.0 * std::f64::consts::LN_2).abs() < 784.0 * 0.02, "{score}");
}
