//! What must hold before a log-likelihood is printed. An estimate of `log Z` that is too small makes a model look better than
//! it is, and chains that miss a mode make exactly that; each gate catches one way to be wrong.

use std::collections::HashSet;

use tensor::binary::Spikes;
use tensor::plain::log_sum_exp;

/// Standard errors that the mean free energy of states of the model may move by.
pub const MOST_DRIFT: f64 = 3.0;

/// The logarithm of the probability of these states together, `log Σ p(v) = log Σ exp(−F(v)) − log Z`, from the free energies
/// of **distinct** states: above 0 the `log Z` is proved to be too small.
///
/// Grey or repeated states make no sense here; [`distinct`] leaves out repetitions.
pub fn log_mass(free_energies: &[f64], log_z: f64) -> f64 {
    let negated: Vec<f64> = free_energies.iter().map(|free| -free).collect();
    log_sum_exp(&negated) - log_z
}

/// The numbers of those binary states that differ from all before them, one number a state.
pub fn distinct(states: &Spikes, numbers: &[f64]) -> Vec<f64> {
    let mut seen = HashSet::new();
    numbers.iter().enumerate().filter(|(i, _)| seen.insert(states.column(*i))).map(|(_, x)| *x).collect()
}

/// By how many standard errors the mean free energy of chains moves, from their first states to those after many more sweeps:
/// about 1 for states of the model, and far more if they were still on their way to it.
///
/// # Panics
/// If there are fewer than two chains of one kind.
pub fn drift(before: &[f64], after: &[f64]) -> f64 {
    let (a, b) = (moments(before), moments(after));
    let error = (a.1 / before.len() as f64 + b.1 / after.len() as f64).sqrt();
    if a.0 == b.0 { 0.0 } else { (a.0 - b.0).abs() / error }
}

/// Mean and variance.
fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len();
    assert!(n >= 2, "a standard error of {n} values");
    let mean = values.iter().sum::<f64>() / n as f64;
    (mean, values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1) as f64)
}
