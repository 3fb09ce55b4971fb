//! The variational bound: `log p(v) ≥ E_q[−E(v, h)] + H(q) − log Z` for any factorial `q` [Salakhutdinov2009].
//!
//! All sums are in `f64` from the `f32` parameters, since bounds are compared that differ by less than a nat of a
//! thousand.

use tensor::Matrix;

use super::model::Dbm;

impl Dbm {
    /// The bound on `log p(v)` in nats, one number per column of `states`: the visible layer and the means of the hidden
    /// ones, as [`super::Posterior`] has them. A `log_z` of 0 leaves the bound on `log p(v) + log Z`.
    ///
    /// # Panics
    /// If `states` does not fit the machine.
    pub fn bound(&self, states: &[Matrix], log_z: f64) -> Vec<f64> {
        self.assert_fit(states);
        let wide = |x: &[f32]| x.iter().map(|&x| f64::from(x)).collect();
        let column = |j: usize| states.iter().map(|x| wide(x.column(j))).collect::<Vec<_>>();
        (0..states[0].cols()).map(|j| free(self, &column(j)) - log_z).collect()
    }
}

/// `E_q[−E(v, h)] + H(q)` of one sample: `states` are `v` and the means of the hidden layers.
pub(super) fn free(dbm: &Dbm, states: &[Vec<f64>]) -> f64 {
    let dot = |a: &[f32], b: &[f64]| a.iter().zip(b).map(|(&a, b)| f64::from(a) * b).sum::<f64>();
    let alone: f64 = dbm.biases.iter().zip(states).map(|(layer, x)| dot(&layer.bias, x)).sum();
    let pairs = dbm.weights.iter().zip(states.windows(2));
    let together = pairs.map(|(weights, pair)| {
        weights.columns().zip(&pair[1]).map(|(column, x)| dot(column, &pair[0]) * x).sum::<f64>()
    });
    let entropy: f64 = states[1..].iter().flatten().map(|&p| entropy(p)).sum();
    alone + together.sum::<f64>() + entropy
}

/// `−p log p − (1 − p) log(1 − p)`, in nats.
fn entropy(p: f64) -> f64 {
    let term = |p: f64| if p == 0.0 { 0.0 } else { -p * p.ln() };
    term(p) + term(1.0 - p)
}
