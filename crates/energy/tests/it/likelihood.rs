//! Bounds of deep belief networks and baselines, against enumeration.

use std::convert::Infallible;

use energy::partition::dbn::{bounds, log_weights};
use energy::partition::exact::{Listed, log_partition};
use energy::partition::stochastic_pseudo_likelihood;
use energy::{Bernoulli, BernoulliMixture, Dbn, Rbm, Units, pseudo_likelihood};
use proptest::prelude::*;
use tensor::plain::{log_sum_exp, sigmoid};
use tensor::{Matrix, Seed};

use crate::support::{binary, lively};

/// The machine with its layers exchanged: what a stack's next machine is when it has learnt nothing yet.
fn tied(rbm: &Rbm) -> Rbm {
    Rbm { visible: rbm.hidden.clone(), hidden: rbm.visible.clone(), weights: rbm.weights.transposed() }
}

/// `log p(v)` of a network of two machines, all hidden states listed.
fn exact_log_p(dbn: &Dbn, v: &[f32]) -> f64 {
    let [below, top] = dbn.rbms() else { panic!("two machines") };
    let h = top.visible.states(0, 1 << top.visible.len());
    let log_z = log_partition(top, Listed::Visible);
    let means = below.visible_mean(&h);
    let terms: Vec<f64> = top
        .free_energy(&h)
        .into_iter()
        .zip(means.columns())
        .map(|(free, means)| {
            let pixels =
                means.iter().zip(v).map(|(&p, &x)| if x == 1.0 { f64::from(p) } else { 1.0 - f64::from(p) });
            pixels.map(f64::ln).sum::<f64>() - free - log_z
        })
        .collect();
    log_sum_exp(&terms)
}

fn both(dbn: &Dbn, v: &Matrix, draws: usize) -> energy::partition::dbn::Bounds {
    let Ok(bounds) = bounds(dbn, v, draws, &mut Seed::new(5).stream(), &mut |_| Ok::<_, Infallible>(()));
    bounds
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A second machine that is the first one upside down changes nothing: every single weight is the likelihood itself.
    #[test]
    fn a_tied_layer_leaves_the_likelihood_as_it_is(v in 1usize..9, h in 1usize..8, seed: u64) {
        let rbm = lively(v, h, seed);
        let dbn = Dbn::new(vec![rbm.clone(), tied(&rbm)]);
        let states = binary(v, 6, seed ^ 3);
        let Ok(weights) = log_weights(&dbn, &states, &mut Seed::new(seed).stream());
        for (weight, free) in weights.iter().zip(rbm.free_energy(&states)) {
            prop_assert!((weight + free).abs() < 1e-4, "{weight} against {}", -free);
        }
    }

    /// A network whose top has gone its own way: the bound never lies above the exact value, and the mean of weights closes in.
    #[test]
    fn the_bound_lies_below_the_exact_likelihood(v in 2usize..7, h in 2usize..7, top in 1usize..7, seed: u64) {
        let dbn = Dbn::new(vec![lively(v, h, seed), lively(h, top, seed ^ 1)]);
        let states = binary(v, 4, seed ^ 2);
        let exact = states.columns().map(|v| exact_log_p(&dbn, v)).sum::<f64>() / 4.0;
        let log_z = log_partition(&dbn.rbms()[1], Listed::Visible);
        let found = both(&dbn, &states, 4000);
        let (variational, importance) = (found.variational - log_z, found.importance - log_z);
        // The mean of 16 000 logarithms, each a few nats wide, is good to a few hundredths.
        prop_assert!(variational < exact + 0.1, "{variational} against {exact}");
        prop_assert!(importance > variational - 1e-9);
        prop_assert!((importance - exact).abs() < 0.3, "{importance} against {exact}");
    }
}

/// The expectation over `q` written out: the bound itself, without any draw.
#[test]
fn the_bound_is_what_enumeration_says() {
    let dbn = Dbn::new(vec![lively(5, 4, 1), lively(4, 3, 2)]);
    let states = binary(5, 2, 3);
    let [below, top] = dbn.rbms() else { panic!("two machines") };
    let h = top.visible.states(0, 16);
    let exact: f64 = states
        .columns()
        .map(|v| {
            let column = Matrix::from_vec(5, 1, v.to_vec());
            let q = below.hidden_mean(&column);
            let (free, means) = (top.free_energy(&h), below.visible_mean(&h));
            (0..16)
                .map(|state| {
                    let of = |p: f32, x: f32| if x == 1.0 { f64::from(p) } else { 1.0 - f64::from(p) };
                    let log_q: f64 =
                        q.column(0).iter().zip(h.column(state)).map(|(&p, &x)| of(p, x).ln()).sum();
                    let log_p: f64 = means.column(state).iter().zip(v).map(|(&p, &x)| of(p, x).ln()).sum();
                    log_q.exp() * (log_p - free[state] - log_q)
                })
                .sum::<f64>()
        })
        .sum::<f64>()
        / 2.0;
    let found = both(&dbn, &states, 40_000).variational;
    assert!((found - exact).abs() < 0.02, "{found} against {exact}");
}

/// One random bit times the number of pixels is right on average.
#[test]
fn one_random_bit_scores_the_pseudo_likelihood_on_average() {
    let rbm = lively(10, 6, 7);
    let v = binary(10, 1, 8).gather(&vec![0; 40_000]);
    let found = stochastic_pseudo_likelihood(&rbm, &v, &mut Seed::new(9).stream());
    let exact = pseudo_likelihood(&rbm, &v.gather(&[0]))[0];
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    let spread = (found.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / found.len() as f64).sqrt();
    assert!((mean - exact).abs() < 5.0 * spread / 200.0, "{mean} against {exact}, spread {spread}");
}

fn fitted(data: &Matrix, components: usize, rounds: usize) -> (BernoulliMixture, Vec<f64>) {
    let mut curve = Vec::new();
    let Ok(model) = BernoulliMixture::fit(data, components, rounds, Seed::new(1), &mut |_, log_p| {
        curve.push(log_p);
        Ok::<_, Infallible>(())
    });
    (model, curve)
}

/// Two kinds of images: either the first half of the pixels is likely on, or the second.
fn two_kinds(samples: usize) -> Matrix {
    let mut p = Matrix::from_fn(12, samples, |i, j| if (i < 6) == (j % 3 == 0) { 0.9 } else { 0.1 });
    Seed::new(4).stream().bernoulli(&mut p);
    p
}

#[test]
fn a_mixture_finds_the_kinds_and_every_round_raises_its_likelihood() {
    let data = two_kinds(3000);
    let (model, curve) = fitted(&data, 2, 40);
    assert!(curve.windows(2).all(|pair| pair[1] > pair[0] - 1e-5), "{curve:?}");
    let mut shares: Vec<f64> = model.log_shares.iter().map(|share| share.exp()).collect();
    shares.sort_by(f64::total_cmp);
    assert!((shares[0] - 1.0 / 3.0).abs() < 0.03, "{shares:?}");
    for p in model.logits.as_slice().iter().map(|&x| sigmoid(f64::from(x))) {
        assert!((p - 0.9).abs() < 0.04 || (p - 0.1).abs() < 0.04, "{p}");
    }
}

#[test]
fn one_component_is_independent_pixels_and_probabilities_sum_to_one() {
    let data = two_kinds(500);
    let (alone, _) = fitted(&data, 1, 3);
    let entropy = |p: f64| -(p * p.ln() + (1.0 - p) * (1.0 - p).ln());
    let expected: f64 =
        (0..12).map(|i| -entropy(data.columns().map(|v| f64::from(v[i])).sum::<f64>() / 500.0)).sum();
    let mean = alone.log_likelihood(&data).iter().sum::<f64>() / 500.0;
    assert!((mean - expected).abs() < 1e-3, "{mean} against {expected}");
    let (three, _) = fitted(&data, 3, 5);
    let all = Bernoulli::new(12).states(0, 1 << 12);
    assert!(log_sum_exp(&three.log_likelihood(&all)).abs() < 1e-4);
}

/// Pixels that are never on stay possible.
#[test]
fn pixels_of_no_variance_are_finite() {
    let data = Matrix::from_fn(4, 30, |i, _| f32::from(i == 0));
    let (model, _) = fitted(&data, 2, 10);
    let surprise = model.log_likelihood(&Matrix::from_fn(4, 1, |_, _| 1.0))[0];
    assert!(surprise.is_finite() && surprise < -10.0, "{surprise}");
}
