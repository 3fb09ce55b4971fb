//! Annealed importance sampling in the right order and in the wrong one.
//!
//! Each temperature multiplies a chain's weight with `p*_{k+1}(x) / p*_k(x)` [Neal2001]. The mean weight is `Z₁ / Z₀` if the factor
//! is taken at the state that the chain had before it moved. A machine of few hidden units has a partition function that can be
//! listed, so that the truth is known: the lesson holds the estimates against it, with few temperatures and with many.

use std::convert::Infallible;

use energy::partition::ais::{self, Ladder};
use energy::partition::estimate::{Interval, bootstrap, log_mean_exp};
use energy::partition::exact::{log_partition, smaller_layer};
use energy::partition::{Annealed, RbmPath};
use energy::{Bernoulli, Learning, Rbm, Units, VisibleBias, learning};
use tensor::{Matrix, Seed, Stream};
use train::{Fit, Silent};

use crate::digits::Digits;
use crate::shown::{Program, Reading, Shown};

/// Hidden units: few enough to list.
const HIDDEN: usize = 12;
/// Steps between base and machine.
const STEPS: [usize; 5] = [3, 10, 30, 100, 300];
/// Chains that are averaged.
const CHAINS: usize = 200;

/// A machine that has learnt digits, the base that its path begins with, and its `log Z` by listing.
pub struct Known {
    /// The machine, 784 × 12.
    pub rbm: Rbm,
    /// Visible units that are on as often as in the data.
    pub base: Bernoulli,
    /// `log Z`, in nats.
    pub log_z: f64,
}

/// Trains the machine.
///
/// # Panics
/// Never: digits in black and white are what binary units take.
pub fn known(seed: Seed) -> Known {
    let data = Digits::drawn(1000, 1, seed).black_and_white();
    let mut rbm = Rbm::new(data.rows(), HIDDEN, seed);
    let way = Learning { start: VisibleBias::FromData, ..Learning::cd(1, 0.1) };
    let plan = Fit { epochs: 20, batch: 20, seed, resume: None };
    learning::train(&mut rbm, &data, &way, &plan, &mut Silent).expect("every pixel is 0 or 1");
    let mut base = Bernoulli::new(data.rows());
    base.set_means(&means(&data), data.cols());
    let log_z = log_partition(&rbm, smaller_layer(&rbm));
    Known { rbm, base, log_z }
}

/// The mean of each row.
fn means(data: &Matrix) -> Vec<f64> {
    data.sum_columns().iter().map(|sum| f64::from(*sum) / data.cols() as f64).collect()
}

/// `log w` of each chain, in nats.
pub fn weights<A: Annealed>(
    program: Program,
    path: &A,
    ladder: &Ladder,
    chains: usize,
    noise: &mut Stream,
) -> Vec<f64> {
    match program {
        Program::Sound => {
            let Ok(walk) = ais::forward(path, ladder, chains, noise, &mut |_| Ok::<_, Infallible>(()));
            walk.log_weights
        }
        Program::Planted => planted(path, ladder, chains, noise),
    }
}

/// The planted bug: a chain moves first, and is weighed where it has arrived. It has then seen the temperature that the weight is
/// to bring it to, so that the weight is too large.
fn planted<A: Annealed>(path: &A, ladder: &Ladder, chains: usize, noise: &mut Stream) -> Vec<f64> {
    let mut states = path.base(chains, noise);
    let mut log_weights = vec![0.0; chains];
    for pair in ladder.betas().windows(2) {
        path.sweep(&mut states, pair[1], noise);
        let changes = path.log_weights(&states, pair[0], pair[1]);
        log_weights.iter_mut().zip(changes).for_each(|(sum, change)| *sum += change);
    }
    log_weights
}

/// `log Z` in nats with its 95 % interval over resampled chains, from so many temperatures.
pub fn estimate(program: Program, known: &Known, steps: usize, seed: Seed) -> Interval {
    let path = RbmPath::new(&known.rbm, known.base.clone());
    let mut noise = seed.child("annealing", steps as u64).stream();
    let weights = weights(program, &path, &Ladder::linear(steps), CHAINS, &mut noise);
    bootstrap(&weights, &mut noise, log_mean_exp).map(|x| path.base_log_z() + x)
}

/// Both programs on one machine: estimates with few temperatures and with many, and the truth.
pub fn lesson(seed: Seed) -> Shown {
    let known = known(seed);
    let text =
        |interval: Interval| format!("{:.2} ({:.2} to {:.2})", interval.value, interval.low, interval.high);
    let line = |steps: usize| Reading {
        at: format!("{steps} temperatures"),
        sound: text(estimate(Program::Sound, &known, steps, seed)),
        planted: text(estimate(Program::Planted, &known, steps, seed)),
    };
    Shown {
        what: "log Z in nats, with the 95 % interval over resampled chains".to_owned(),
        truth: format!("log Z by listing all 2^{HIDDEN} hidden states: {:.2}", known.log_z),
        readings: STEPS.map(line).to_vec(),
    }
}
