//! Gibbs sampling without sampling: the whole transition matrix over visible states, for tiny binary machines.
//!
//! `T(v → v′) = Σₕ p(h | v) p(v′ | h)`. It leaves `p(v)` unchanged, satisfies detailed balance, and turns CD-k into a
//! number: start the empirical distribution of the data, apply `T` k times, and take the expected gradient.
//! Everything here is `f64` from the `f32` parameters.

use tensor::Matrix;

use super::exact::{add_weighted, for_each_block};
use crate::learning::statistics::Statistics;
use crate::rbm::Rbm;
use crate::units::{Bernoulli, Units};

/// The most units a layer may have here: the matrix has 4ⁿ entries.
const MOST_UNITS: usize = 10;

/// The Gibbs transition matrix over the `2ⁿ` visible states, in the order of [`Units::states`].
#[derive(Clone, Debug)]
pub struct Transition {
    states: usize,
    rows: Vec<f64>, // row-major: rows[from · states + to]
}

impl Transition {
    /// The number of states.
    pub fn states(&self) -> usize {
        self.states
    }

    /// `T(from → ·)`, a distribution over the next state.
    ///
    /// # Panics
    /// If there is no such state.
    pub fn row(&self, from: usize) -> &[f64] {
        &self.rows[from * self.states..][..self.states]
    }

    /// `pᵀT`: a distribution after one sweep.
    ///
    /// # Panics
    /// If `p` does not have one entry a state.
    pub fn apply(&self, p: &[f64]) -> Vec<f64> {
        assert_eq!(p.len(), self.states, "{} probabilities for {} states", p.len(), self.states);
        let mut next = vec![0.0; self.states];
        for (from, &weight) in p.iter().enumerate() {
            next.iter_mut().zip(self.row(from)).for_each(|(n, t)| *n += weight * t);
        }
        next
    }
}

/// The transition matrix of one full Gibbs sweep (h given v, then v given h).
///
/// # Panics
/// If a layer has more than 10 units.
pub fn transition(rbm: &Rbm) -> Transition {
    let (n, m) = (rbm.visible.len(), rbm.hidden.len());
    assert!(n.max(m) <= MOST_UNITS, "a transition matrix for {n} × {m} units is too large");
    let weights = |i: usize, j: usize| f64::from(rbm.weights.column(j)[i]);
    let up = conditionals(n, &rbm.hidden.bias, weights);
    let down = conditionals(m, &rbm.visible.bias, |j, i| weights(i, j));
    let states = 1 << n;
    let mut rows = vec![0.0; states * states];
    for (row, up) in rows.chunks_exact_mut(states).zip(up.chunks_exact(1 << m)) {
        for (&p, down) in up.iter().zip(down.chunks_exact(states)) {
            row.iter_mut().zip(down).for_each(|(t, d)| *t += p * d);
        }
    }
    Transition { states, rows }
}

/// The expected CD-k gradient with sampled visible states: the data's distribution, `sweeps` sweeps later, stands for
/// the model. As k grows it tends to [`super::gradient`].
///
/// # Panics
/// If a layer has more than 10 units, or `data` holds anything but 0 and 1.
pub fn cd_gradient(rbm: &Rbm, data: &Matrix, sweeps: usize) -> Rbm {
    let transition = transition(rbm);
    let mut p = vec![0.0; transition.states()];
    for j in 0..data.cols() {
        p[state_number(data.column(j))] += 1.0 / data.cols() as f64;
    }
    let p = (0..sweeps).fold(p, |p, _| transition.apply(&p));
    let mut model = Statistics::zeros(rbm.visible.len(), rbm.hidden.len());
    let mut seen = 0;
    for_each_block(&rbm.visible, |v| {
        add_weighted(&mut model, v, &rbm.hidden_mean(v), &p[seen..seen + v.cols()]);
        seen += v.cols();
    });
    Statistics::of(data, &rbm.hidden_mean(data)).minus(rbm, &model)
}

/// `p(x | y)` for every state `y` of `given` units and `x` of the layer with `bias`, the latter running fastest.
fn conditionals(given: usize, bias: &[f32], weight: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    let on = |y: usize, j: usize| {
        let input: f64 = (0..given).filter(|i| y >> i & 1 == 1).map(|i| weight(i, j)).sum();
        1.0 / (1.0 + (-f64::from(bias[j]) - input).exp())
    };
    let layer = Bernoulli::new(bias.len());
    let n = layer.count_states().expect("a tiny layer's states can be listed") as usize;
    let mut table = Vec::with_capacity(n << given);
    for y in 0..1 << given {
        let p: Vec<f64> = (0..bias.len()).map(|j| on(y, j)).collect();
        let state = |x: usize| {
            p.iter().enumerate().map(|(j, p)| if x >> j & 1 == 1 { *p } else { 1.0 - p }).product()
        };
        table.extend((0..n).map(|x| -> f64 { state(x) }));
    }
    table
}

/// The number of a binary state in the order of [`Units::states`].
fn state_number(v: &[f32]) -> usize {
    v.iter().enumerate().fold(0, |number, (i, &x)| {
        assert!(x == 0.0 || x == 1.0, "expected binary states, found {x}");
        number | usize::from(x == 1.0) << i
    })
}
