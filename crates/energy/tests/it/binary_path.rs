//! Annealing laid out for the processor against free energies, exact distributions, and partition functions by listing.

use std::convert::Infallible;

use energy::binary::{BinaryPath, BinaryPathChains};
use energy::partition::ais::{self, Ladder};
use energy::partition::estimate::LogZ;
use energy::partition::exact::{Listed, log_partition, visible_probabilities};
use energy::partition::{Annealed, RbmPath};
use energy::{Bernoulli, Rbm};
use proptest::prelude::*;
use tensor::Seed;
use tensor::binary::Spikes;

use crate::support::{assert_drawn_from, binary, counts, draw, lively};

fn base(units: usize, seed: u64) -> Bernoulli {
    lively(units, 1, seed).visible
}

fn path(rbm: &Rbm, chains: usize) -> BinaryPath {
    BinaryPath::new(rbm, base(rbm.weights.rows(), 9), chains, 2)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Narrow steps and wide ones, on one thread and on two, with few chains and with many: what the plain path says of the same
    /// states.
    #[test]
    fn weights_and_energies_are_those_of_the_plain_path(
        v in 1usize..30, h in 1usize..200, chains in 1usize..70, from in 0.0..1.0f64, narrow: bool, seed: u64,
    ) {
        let to = if narrow { from + 0.001 } else { 1.0 - from };
        let (rbm, base) = (lively(v, h, seed), base(v, seed ^ 1));
        let states = binary(v, chains, seed ^ 2);
        let plain = RbmPath::new(&rbm, base.clone());
        let path = BinaryPath::new(&rbm, base, chains, 1 + (seed % 2) as usize);
        let (ours, theirs) = (path.chains(Spikes::from_matrix(&states)), plain.chains(states));
        prop_assert!((path.base_log_z() - plain.base_log_z()).abs() < 1e-9 * h as f64);
        let tolerance = 1e-5 * h as f64;
        for (a, b) in path.energies(&ours, from).iter().zip(plain.energies(&theirs, from)) {
            prop_assert!((a - b).abs() < tolerance, "energies {} and {}", a, b);
        }
        for (a, b) in path.log_weights(&ours, from, to).iter().zip(plain.log_weights(&theirs, from, to)) {
            // A difference of 0.001 is a thousandth as large as what it is taken of, and so is the error.
            let tolerance = if narrow { 1e-7 * (h + v) as f64 } else { tolerance };
            prop_assert!((a - b).abs() < tolerance, "weights {} and {}", a, b);
        }
    }
}

/// A sweep leaves the distribution of its temperature as it is: 8000 exact draws, by enumeration, after three sweeps.
#[test]
fn sweeps_are_stationary_at_every_temperature() {
    let rbm = lively(4, 3, 2);
    for beta in [0.02, 0.4, 1.0] {
        let mut cooled = rbm.clone();
        cooled.weights.as_mut_slice().iter_mut().for_each(|w| *w *= beta as f32);
        cooled.hidden.bias.iter_mut().for_each(|b| *b *= beta as f32);
        let blend = base(4, 9).bias;
        for (own, base) in cooled.visible.bias.iter_mut().zip(blend) {
            *own = beta as f32 * *own + (1.0 - beta as f32) * base;
        }
        let p = visible_probabilities(&cooled);
        let path = path(&rbm, 8000);
        let start = draw(&p, 4, 8000, &mut Seed::new(3).stream());
        let mut chains = path.chains(Spikes::from_matrix(&start));
        let mut noise = Seed::new(4).stream();
        (0..3).for_each(|_| path.sweep(&mut chains, beta, &mut noise));
        assert_drawn_from(&counts(&chains.v.to_matrix()), &p);
        // What lies beside the states belongs to them.
        let anew = path.chains(chains.v.clone());
        assert_eq!(path.energies(&chains, beta), path.energies(&anew, beta));
    }
}

fn walks(rbm: &Rbm, threads: usize, steps: usize) -> (f64, Vec<f64>, Vec<f64>) {
    let path = BinaryPath::new(rbm, base(12, 9), 100, threads);
    let ladder = Ladder::linear(steps);
    let each = &mut |_: usize| Ok::<_, Infallible>(());
    let Ok(there) = ais::forward(&path, &ladder, 100, &mut Seed::new(5).stream(), each);
    let states = draw(&visible_probabilities(rbm), 12, 100, &mut Seed::new(6).stream());
    let start: BinaryPathChains = path.chains(Spikes::from_matrix(&states));
    let Ok(back) = ais::reverse(&path, &ladder, start, &mut Seed::new(7).stream(), each);
    (path.base_log_z(), there.log_weights, back.log_weights)
}

#[test]
fn a_thousand_temperatures_come_within_a_twentieth_of_a_nat() {
    for seed in 0..4 {
        let rbm = lively(12, 10, seed);
        let exact = log_partition(&rbm, Listed::Hidden);
        let (base, there, back) = walks(&rbm, 2, 1000);
        let z = LogZ::new(base, &there, &back, &mut Seed::new(1).stream());
        for (name, found) in [("forward", z.forward), ("reverse", z.reverse), ("bennett", z.bennett)] {
            assert!((found.value - exact).abs() < 0.05, "{name}, seed {seed}: {found:?} against {exact}");
        }
        let both = z.interval();
        assert!(both.low <= exact && exact <= both.high, "{both:?} against {exact}");
    }
}

#[test]
fn the_bits_do_not_depend_on_the_threads() {
    let rbm = lively(12, 300, 8);
    let whole = walks(&rbm, 1, 20);
    for threads in [2, 3, 8] {
        assert_eq!(walks(&rbm, threads, 20), whole, "{threads} threads");
    }
}

#[test]
#[should_panic(expected = "a base of 3 units for 4 visible ones")]
fn a_base_of_other_units_is_refused() {
    let _ = BinaryPath::new(&lively(4, 3, 1), Bernoulli::new(3), 5, 1);
}

#[test]
#[should_panic(expected = "chains and visible units")]
fn other_chains_than_there_is_room_for_are_refused() {
    let _ = path(&lively(4, 3, 1), 5).chains(Spikes::from_matrix(&binary(4, 6, 1)));
}
