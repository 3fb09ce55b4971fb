//! Enumeration: partition function, marginals, conditionals and the gradient.

use energy::exact::{self, Listed};
use energy::{Bernoulli, Rbm, Units};
use proptest::prelude::*;
use tensor::{Matrix, Seed};
use train::{Parameters, check_gradient};

use crate::support::{assert_close, binary, flat, lively};

/// `f32` inputs of at most eight terms of size about 3 err by about 1e-6 a unit; `f64` does the rest.
const F32_SUMS: f64 = 1e-5;

proptest! {
    #[test]
    fn log_z_is_the_same_over_visible_hidden_and_both(v in 1usize..8, h in 1usize..8, seed: u64) {
        let rbm = lively(v, h, seed);
        let z = [Listed::Visible, Listed::Hidden, Listed::Both].map(|over| exact::log_partition(&rbm, over));
        assert_close(&z[..2], &[z[2], z[2]], F32_SUMS);
    }

    #[test]
    fn free_energy_marginalises_hidden_units(v in 1usize..9, h in 1usize..9, seed: u64) {
        let (rbm, data) = (lively(v, h, seed), binary(v, 3, seed));
        let hidden = rbm.hidden.states(0, 1 << h);
        for (j, free) in rbm.free_energy(&data).into_iter().enumerate() {
            let energies = rbm.energy(&data.gather(&vec![j; 1 << h]), &hidden);
            let sum: f64 = energies.iter().map(|e| (-e).exp()).sum();
            assert_close(&[free], &[-sum.ln()], F32_SUMS);
        }
    }

    #[test]
    fn visible_probabilities_sum_to_one(v in 1usize..13, h in 1usize..40, seed: u64) {
        let total: f64 = exact::visible_probabilities(&lively(v, h, seed)).iter().sum();
        prop_assert!((total - 1.0).abs() < 1e-12, "{total}");
    }

    #[test]
    fn permuting_hidden_units_leaves_the_likelihood(h in 2usize..20, seed: u64) {
        let (rbm, data) = (lively(6, h, seed), binary(6, 5, seed));
        let order: Vec<usize> = (0..h).map(|j| (j + 1) % h).collect();
        let permuted = Rbm {
            visible: rbm.visible.clone(),
            hidden: Bernoulli { bias: order.iter().map(|&j| rbm.hidden.bias[j]).collect() },
            weights: rbm.weights.gather(&order),
        };
        assert_close(&rbm.free_energy(&data), &permuted.free_energy(&data), F32_SUMS);
        let likelihood = |rbm: &Rbm| exact::log_likelihood(rbm, &data);
        assert_close(&[likelihood(&rbm)], &[likelihood(&permuted)], F32_SUMS);
    }

    /// `v₀ → 1 − v₀` with `a₀ → −a₀`, `W₀ → −W₀`, `b → b + W₀` is the same model in other words.
    #[test]
    fn flipping_the_meaning_of_a_bit_leaves_the_likelihood(v in 1usize..8, h in 1usize..8, seed: u64) {
        let (rbm, data) = (lively(v, h, seed), binary(v, 4, seed));
        let (mut other, mut flipped) = (rbm.clone(), data.clone());
        other.visible.bias[0] *= -1.0;
        for j in 0..h {
            other.hidden.bias[j] += rbm.weights.column(j)[0];
            other.weights.column_mut(j)[0] *= -1.0;
        }
        (0..data.cols()).for_each(|j| flipped.column_mut(j)[0] = 1.0 - data.column(j)[0]);
        let (a, b) = (exact::log_likelihood(&rbm, &data), exact::log_likelihood(&other, &flipped));
        assert_close(&[a], &[b], F32_SUMS);
    }
}

#[test]
fn conditionals_are_ratios_of_enumerated_joints() {
    let (n, m) = (4, 3);
    let rbm = lively(n, m, 1);
    let (v, h) = (rbm.visible.states(0, 1 << n), rbm.hidden.states(0, 1 << m));
    // joint[x + y·2ⁿ] ∝ p(v = x, h = y)
    let joint: Vec<f64> =
        (0..1 << m).flat_map(|y| rbm.energy(&v, &h.gather(&vec![y; 1 << n]))).map(|e| (-e).exp()).collect();
    let given_v = rbm.hidden_mean(&v);
    let given_h = rbm.visible_mean(&h);
    let sum = |keep: &dyn Fn(usize, usize) -> bool| -> f64 {
        (0..joint.len()).filter(|at| keep(at & ((1 << n) - 1), at >> n)).map(|at| joint[at]).sum()
    };
    for x in 0..1 << n {
        for j in 0..m {
            let p = sum(&|v, h| v == x && h >> j & 1 == 1) / sum(&|v, _| v == x);
            assert_close(&[f64::from(given_v.column(x)[j])], &[p], 1e-6);
        }
    }
    for y in 0..1 << m {
        for i in 0..n {
            let p = sum(&|v, h| h == y && v >> i & 1 == 1) / sum(&|_, h| h == y);
            assert_close(&[f64::from(given_h.column(y)[i])], &[p], 1e-6);
        }
    }
}

/// The likelihood errs by 1e-6 and the step is 2e-2: differences err by 5e-5 at most, the h² term by about as much.
#[test]
fn exact_gradient_meets_central_differences() {
    for (v, h, seed) in [(5, 4, 1), (7, 3, 2), (3, 7, 3)] {
        let (rbm, data) = (lively(v, h, seed), binary(v, 6, seed));
        let gradient = exact::gradient(&rbm, &data);
        let check = check_gradient(&rbm, &gradient, 1e-2, 1, |rbm| -exact::log_likelihood(rbm, &data));
        assert!(check.worst < 3e-4, "{v} × {h}: {check:?}");
        assert!(gradient.norm() > 0.1, "a gradient near zero tests nothing");
    }
}

#[test]
fn the_gradient_vanishes_at_the_model_s_own_distribution() {
    let rbm = lively(4, 3, 9);
    let p = exact::visible_probabilities(&rbm);
    // Data that hold each state in proportion to p, to one part in 100 000.
    let n = 100_000.0;
    let indices: Vec<usize> =
        p.iter().enumerate().flat_map(|(state, p)| vec![state; (p * n).round() as usize]).collect();
    let gradient = exact::gradient(&rbm, &rbm.visible.states(0, 16).gather(&indices));
    assert!(flat(&gradient).iter().all(|g| g.abs() < 2e-4), "{gradient:?}");
}

#[test]
fn zero_weights_give_the_closed_form_of_z() {
    let mut rbm = lively(9, 300, 4);
    rbm.weights.as_mut_slice().fill(0.0);
    let softplus = |bias: &[f32]| bias.iter().map(|&b| f64::from(b).exp().ln_1p()).sum::<f64>();
    let closed = softplus(&rbm.visible.bias) + softplus(&rbm.hidden.bias);
    let listed = exact::log_partition(&rbm, Listed::Visible);
    assert!((closed - listed).abs() < 1e-9, "{closed} against {listed}");
}

#[test]
fn twenty_visible_units_can_be_listed_beside_many_hidden_ones() {
    let mut rbm = lively(16, 50, 5);
    rbm.weights.as_mut_slice().iter_mut().for_each(|w| *w *= 0.2);
    assert_eq!(exact::smaller_layer(&rbm), Listed::Visible);
    let total: f64 = exact::visible_probabilities(&rbm).iter().sum();
    assert!((total - 1.0).abs() < 1e-10, "{total}");
}

#[test]
fn large_weights_do_not_overflow() {
    let mut rbm = lively(4, 4, 6);
    rbm.weights.as_mut_slice().iter_mut().for_each(|w| *w *= 1e4);
    let z = exact::log_partition(&rbm, Listed::Visible);
    // exp of it overflows by far; the f32 inputs err by a part in a million.
    assert!(z > 1e4 && z.is_finite());
    assert_close(&[z / 1e4], &[exact::log_partition(&rbm, Listed::Both) / 1e4], 1e-5);
    let likelihood = exact::log_likelihood(&rbm, &Matrix::zeros(4, 1));
    assert!(likelihood.is_finite() && likelihood <= 1e-3, "{likelihood}");
}

/// Listing 2⁴⁰ states would take days; the number is said before it begins.
#[test]
#[should_panic(expected = "1099511627776 states to be listed, expected at most 33554432")]
fn a_machine_of_forty_units_on_its_smaller_side_is_refused() {
    let rbm = Rbm::new(50, 40, Seed::new(1));
    let _ = exact::log_likelihood(&rbm, &Matrix::zeros(50, 1));
}
