//! Mean field in `f64`, one sample at a time: the slow twin of [`Dbm::mean_field`], for small machines and tests.
//!
//! States are one vector a layer, visible first. Single updates are public, so that a test may look at the bound
//! between them.

use tensor::plain::sigmoid;

use super::bound;
use super::model::Dbm;

/// `E_q[−E(v, h)] + H(q)` in nats: the bound on `log p(v) + log Z`.
///
/// # Panics
/// If there is not one vector a layer.
pub fn bound(dbm: &Dbm, states: &[Vec<f64>]) -> f64 {
    assert_eq!(states.len(), dbm.biases.len(), "{} vectors for {} layers", states.len(), dbm.biases.len());
    bound::free(dbm, states)
}

/// `v` and one pass upwards, in which all layers but the topmost hear twice what comes from below.
///
/// # Panics
/// If `v` does not have one value a visible unit.
pub fn start(dbm: &Dbm, v: &[f64]) -> Vec<Vec<f64>> {
    let units = dbm.biases[0].bias.len();
    assert_eq!(v.len(), units, "{} values for {units} visible units", v.len());
    let mut states = vec![v.to_vec()];
    for layer in 1..=dbm.top() {
        let factor = if layer < dbm.top() { 2.0 } else { 1.0 };
        let inputs = upwards(dbm, layer, &states[layer - 1]);
        let means = inputs.iter().zip(&dbm.biases[layer].bias);
        states.push(means.map(|(x, &bias)| sigmoid(factor * x + f64::from(bias))).collect());
    }
    states
}

/// Updates one hidden layer in place; gives its largest change.
///
/// # Panics
/// If there is no such layer.
pub fn update(dbm: &Dbm, layer: usize, states: &mut [Vec<f64>]) -> f64 {
    assert!((1..=dbm.top()).contains(&layer), "layer {layer} of {}, expected a hidden one", dbm.biases.len());
    let mut inputs = upwards(dbm, layer, &states[layer - 1]);
    if let Some(above) = states.get(layer + 1) {
        for (column, x) in dbm.weights[layer].columns().zip(above) {
            inputs.iter_mut().zip(column).for_each(|(sum, &w)| *sum += f64::from(w) * x);
        }
    }
    let mut most = 0.0_f64;
    for ((mean, input), &bias) in states[layer].iter_mut().zip(inputs).zip(&dbm.biases[layer].bias) {
        let new = sigmoid(input + f64::from(bias));
        most = most.max((new - *mean).abs());
        *mean = new;
    }
    most
}

/// The states after at most `sweeps` updates of all hidden layers, and the largest change in the last one; they end
/// once that is at most `tolerance`.
///
/// # Panics
/// As [`start`].
pub fn mean_field(dbm: &Dbm, v: &[f64], sweeps: usize, tolerance: f64) -> (Vec<Vec<f64>>, f64) {
    let (mut states, mut residual) = (start(dbm, v), f64::INFINITY);
    for _ in 0..sweeps {
        residual = (1..=dbm.top()).fold(0.0, |most, layer| update(dbm, layer, &mut states).max(most));
        if residual <= tolerance {
            break;
        }
    }
    (states, residual)
}

/// `Wᵢ₋₁ᵀx`.
fn upwards(dbm: &Dbm, layer: usize, below: &[f64]) -> Vec<f64> {
    let dot = |column: &[f32]| column.iter().zip(below).map(|(&w, x)| f64::from(w) * x).sum();
    dbm.weights[layer - 1].columns().map(dot).collect()
}
