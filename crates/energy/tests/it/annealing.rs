//! Annealed importance sampling against exact answers: the expected weight by transition matrices, `log Z` by listing.

use std::convert::Infallible;

use energy::partition::ais::{self, Ladder, LadderError, Walk};
use energy::partition::estimate::{LogZ, bennett, bootstrap, effective, log_mean_exp};
use energy::partition::exact::{Listed, log_partition, visible_probabilities};
use energy::partition::gates::{MOST_DRIFT, drift, log_mass};
use energy::partition::transition::transition;
use energy::partition::{Annealed, RbmPath};
use energy::{Bernoulli, Gaussian, Rbm, Units};
use proptest::prelude::*;
use tensor::{Matrix, Seed, Stream};

use crate::support::{binary, draw, lively};

fn noise(seed: u64) -> Stream {
    Seed::new(seed).stream()
}

fn forward<A: Annealed>(model: &A, ladder: &Ladder, chains: usize, seed: u64) -> Walk<A::Chains> {
    let Ok(walk) = ais::forward(model, ladder, chains, &mut noise(seed), &mut |_| Ok::<_, Infallible>(()));
    walk
}

fn reverse<A: Annealed>(model: &A, ladder: &Ladder, start: A::Chains, seed: u64) -> Walk<A::Chains> {
    let Ok(walk) = ais::reverse(model, ladder, start, &mut noise(seed), &mut |_| Ok::<_, Infallible>(()));
    walk
}

/// Biased units on which the path begins.
fn base(units: usize, seed: u64) -> Bernoulli {
    lively(units, 1, seed).visible
}

/// The machine at one temperature of its path, as a machine of its own.
fn at(rbm: &Rbm, base: &Bernoulli, beta: f64) -> Rbm {
    let mut weights = rbm.weights.clone();
    weights.as_mut_slice().iter_mut().for_each(|w| *w *= beta as f32);
    Rbm {
        visible: rbm.visible.between(base, beta),
        hidden: rbm.hidden.between(&Bernoulli::new(rbm.hidden.len()), beta),
        weights,
    }
}

/// `E[w]` of a chain along these temperatures without any sampling, by all states and transition matrices, in either
/// direction; `early` moves before it weighs, as a wrong program does.
fn expected_weight(rbm: &Rbm, base: &Bernoulli, betas: &[f64], early: bool) -> f64 {
    let unnormalised = |beta: f64| -> Vec<f64> {
        let machine = at(rbm, base, beta);
        machine
            .free_energy(&machine.visible.states(0, 1 << machine.visible.len()))
            .iter()
            .map(|f| (-f).exp())
            .collect()
    };
    let mut mass = visible_probabilities(&at(rbm, base, betas[0]));
    for pair in betas.windows(2) {
        let (from, to) = (unnormalised(pair[0]), unnormalised(pair[1]));
        let kernel = transition(&at(rbm, base, pair[1]));
        if early {
            mass = kernel.apply(&mass);
        }
        mass.iter_mut().zip(from.iter().zip(&to)).for_each(|(m, (from, to))| *m *= to / from);
        if !early {
            mass = kernel.apply(&mass);
        }
    }
    mass.iter().sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// For any number of temperatures, one step among them; the path's own weights and the exact ones agree by the way.
    #[test]
    fn the_expected_weight_is_the_ratio_of_partition_functions(
        v in 1usize..6, h in 1usize..6, steps in 1usize..6, seed: u64,
    ) {
        let (rbm, base) = (lively(v, h, seed), base(v, seed ^ 1));
        let exact = log_partition(&rbm, Listed::Visible) - RbmPath::new(&rbm, base.clone()).base_log_z();
        let mut betas = Ladder::linear(steps).betas().to_vec();
        let weight = expected_weight(&rbm, &base, &betas, false);
        prop_assert!((weight.ln() - exact).abs() < 1e-4, "{} against {exact}", weight.ln());
        betas.reverse();
        let back = expected_weight(&rbm, &base, &betas, false);
        prop_assert!((back.ln() + exact).abs() < 1e-4, "{} against {}", back.ln(), -exact);
    }

    /// Weights of one path between two temperatures are what two machines of their own say.
    #[test]
    fn weights_are_differences_of_free_energies(v in 1usize..7, h in 1usize..7, from in 0.0..1.0f64, to in 0.0..1.0f64, seed: u64) {
        let (rbm, base) = (lively(v, h, seed), base(v, seed ^ 1));
        let path = RbmPath::new(&rbm, base.clone());
        let states = binary(v, 5, seed ^ 2);
        let free = |beta: f64| at(&rbm, &base, beta).free_energy(&states);
        for (weight, (before, after)) in
            path.log_weights(&path.chains(states.clone()), from, to).iter().zip(free(from).iter().zip(free(to)))
        {
            prop_assert!((weight - (before - after)).abs() < 1e-4);
        }
    }
}

/// A program that moves before it weighs is too high, and the fewer temperatures the more.
#[test]
fn the_wrong_order_overestimates() {
    let mut rbm = lively(5, 4, 1);
    rbm.weights.as_mut_slice().iter_mut().for_each(|w| *w *= 2.0);
    let base = Bernoulli::new(5);
    let exact = log_partition(&rbm, Listed::Visible) - RbmPath::new(&rbm, base.clone()).base_log_z();
    let mut before = f64::INFINITY;
    for steps in [5, 10, 20, 40] {
        let early = expected_weight(&rbm, &base, Ladder::linear(steps).betas(), true).ln() - exact;
        assert!(early > 0.01 && early < before, "{steps} steps: {early} nats, {before} before");
        before = early;
    }
}

/// The order that the walk itself takes: after one step from the base the weights are those at the base's own states, and
/// the chains have not moved, so that both follow from one draw.
#[test]
fn the_walk_weighs_before_it_moves() {
    let rbm = lively(6, 5, 3);
    let path = RbmPath::new(&rbm, Bernoulli::new(6));
    let walk = forward(&path, &Ladder::linear(1), 8, 4);
    let start = path.base(8, &mut noise(4));
    assert_eq!(walk.chains.v, start.v);
    assert_eq!(walk.log_weights, path.log_weights(&start, 0.0, 1.0));
}

#[test]
fn a_thousand_temperatures_come_within_a_twentieth_of_a_nat() {
    for seed in 0..4 {
        let rbm = lively(12, 10, seed);
        let exact = log_partition(&rbm, Listed::Hidden);
        let path = RbmPath::new(&rbm, base(12, seed + 9));
        let ladder = Ladder::linear(1000);
        let there = forward(&path, &ladder, 100, seed);
        let states = draw(&visible_probabilities(&rbm), 12, 100, &mut noise(seed + 50));
        let back = reverse(&path, &ladder, path.chains(states), seed + 100);
        let z = LogZ::new(path.base_log_z(), &there.log_weights, &back.log_weights, &mut noise(1));
        for (name, found) in [("forward", z.forward), ("reverse", z.reverse), ("bennett", z.bennett)] {
            assert!((found.value - exact).abs() < 0.05, "{name}, seed {seed}: {found:?} against {exact}");
        }
        let both = z.interval();
        assert!(both.low <= exact && exact <= both.high, "{both:?} against {exact}");
        assert!(z.effective > 50.0 && z.effective_reverse > 50.0, "{z:?}");
    }
}

/// With few temperatures the bounds are wide, and on their own sides of the truth: means of 400 runs of 10 chains each.
#[test]
fn forward_lies_below_and_reverse_above() {
    let mut rbm = lively(8, 8, 5);
    rbm.weights.as_mut_slice().iter_mut().for_each(|w| *w *= 1.5);
    let exact = log_partition(&rbm, Listed::Hidden);
    let path = RbmPath::new(&rbm, Bernoulli::new(8));
    let ladder = Ladder::linear(6);
    let there = forward(&path, &ladder, 4000, 6).log_weights;
    let states = draw(&visible_probabilities(&rbm), 8, 4000, &mut noise(7));
    let back = reverse(&path, &ladder, path.chains(states), 8).log_weights;
    let mean = |weights: &[f64]| weights.chunks(10).map(log_mean_exp).sum::<f64>() / 400.0;
    let (low, high) = (path.base_log_z() + mean(&there), path.base_log_z() - mean(&back));
    assert!(low < exact && exact < high, "{low}, {exact}, {high}");
    // The mean of all weights is not biased: within four of its standard errors of the ratio itself.
    let ratios: Vec<f64> = there.iter().map(|w| (w - (exact - path.base_log_z())).exp()).collect();
    let n = ratios.len() as f64;
    let mean = ratios.iter().sum::<f64>() / n;
    let variance = ratios.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / (n - 1.0);
    assert!((mean - 1.0).abs() < 4.0 * (variance / n).sqrt(), "mean weight {mean} of Z");
}

/// Visible units may be of any kind: an integral has a partition function like a sum.
#[test]
fn machines_of_gaussian_pixels_are_annealed_too() {
    let mut rbm = Rbm::with_units(Gaussian::new(3), Bernoulli::new(6), Seed::new(1));
    noise(2).normal(&mut rbm.weights, 0.4);
    rbm.visible.bias = vec![0.3, -0.5, 0.1];
    let path = RbmPath::new(&rbm, Gaussian::new(3));
    let there = forward(&path, &Ladder::linear(1000), 100, 3).log_weights;
    let exact = log_partition(&rbm, Listed::Hidden);
    let found = path.base_log_z() + log_mean_exp(&there);
    assert!((found - exact).abs() < 0.05, "{found} against {exact}");
}

#[test]
fn a_sweep_keeps_the_distribution_of_its_temperature() {
    let (rbm, base) = (lively(4, 5, 11), base(4, 12));
    let path = RbmPath::new(&rbm, base.clone());
    for beta in [0.0, 0.3, 1.0] {
        let p = visible_probabilities(&at(&rbm, &base, beta));
        let mut chains = path.chains(draw(&p, 4, 40_000, &mut noise(13)));
        path.sweep(&mut chains, beta, &mut noise(14));
        crate::support::assert_drawn_from(&crate::support::counts(&chains.v), &p);
    }
}

#[test]
fn chains_with_equal_weights_all_count_and_one_heavy_one_counts_alone() {
    assert!((effective(&[700.0; 20]) - 20.0).abs() < 1e-9);
    assert!((effective(&[-700.0, -700.0, 900.0]) - 1.0).abs() < 1e-9);
    let interval = bootstrap(&[2.5; 7], &mut noise(1), log_mean_exp);
    assert_eq!((interval.low, interval.value, interval.high), (2.5, 2.5, 2.5));
}

/// Gaussian work that obeys Crooks' relation: forward weights N(C − s²/2, s²), reverse ones N(−C − s²/2, s²).
#[test]
fn bennetts_ratio_is_right_where_both_means_are_far_off() {
    let (c, s) = (12.0, 3.0);
    let mut z = Matrix::zeros(2, 4000);
    noise(3).normal(&mut z, s);
    let of = |row: usize, sign: f64| -> Vec<f64> {
        z.columns().map(|pair| sign * c - s as f64 * f64::from(s) / 2.0 + f64::from(pair[row])).collect()
    };
    let (there, back) = (of(0, 1.0), of(1, -1.0));
    assert!((bennett(&there, &back) - c).abs() < 0.2, "{}", bennett(&there, &back));
    // As many chains of one kind as one likes.
    assert!((bennett(&there[..500], &back) - c).abs() < 0.4);
    assert!((bennett(&[4.0], &[-4.0]) - 4.0).abs() < 1e-9);
}

#[test]
fn all_states_together_have_the_mass_one_and_a_log_z_too_small_is_found_out() {
    let rbm = lively(6, 4, 21);
    let (states, log_z) = (rbm.visible.states(0, 64), log_partition(&rbm, Listed::Both));
    let free = rbm.free_energy(&states);
    assert!(log_mass(&free, log_z).abs() < 1e-5);
    assert!(log_mass(&free[..20], log_z) < 0.0);
    assert!(log_mass(&free, log_z - 0.1) > 0.09);
}

#[test]
fn states_of_the_model_do_not_drift_and_others_do() {
    let mut rbm = lively(8, 6, 22);
    rbm.visible.bias.iter_mut().for_each(|b| *b += 1.5);
    let p = visible_probabilities(&rbm);
    let own = draw(&p, 8, 500, &mut noise(1));
    let later = rbm.gibbs(own.clone(), 100, &mut noise(2));
    assert!(drift(&rbm.free_energy(&own), &rbm.free_energy(&later)) < MOST_DRIFT);
    let coins = binary(8, 500, 23);
    assert!(drift(&rbm.free_energy(&coins), &rbm.free_energy(&later)) > MOST_DRIFT);
}

#[test]
fn ladders_rise_from_nought_to_one() {
    for steps in [3, 10, 999, 14_500] {
        let graded = Ladder::graded(steps);
        assert_eq!(graded.steps(), steps);
        assert_eq!(Ladder::new(graded.betas().to_vec()), Ok(graded));
    }
    assert_eq!(Ladder::new(vec![0.0, 0.5]), Err(LadderError::Ends));
    assert_eq!(Ladder::new(vec![0.0]), Err(LadderError::Ends));
    let falls = Ladder::new(vec![0.0, 0.5, 0.5, 1.0]);
    assert_eq!(falls.as_ref().err(), Some(&LadderError::NotRising { place: 2, before: 0.5, found: 0.5 }));
    assert!(falls.unwrap_err().to_string().contains("temperature 2"));
    assert!(Ladder::new(vec![0.0, f64::NAN, 1.0]).is_err());
}

#[test]
fn a_walk_that_is_stopped_stops() {
    let rbm = lively(4, 3, 1);
    let path = RbmPath::new(&rbm, Bernoulli::new(4));
    let stopped = ais::forward(&path, &Ladder::linear(10), 2, &mut noise(1), &mut |done| {
        if done == 4 { Err(done) } else { Ok(()) }
    });
    assert_eq!(stopped.err(), Some(4));
}
