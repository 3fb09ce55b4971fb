//! What one step of contrastive divergence is expected to do, by listing states in `f64`.

use energy::{Rbm, VisibleState};
use tensor::{Matrix, plain::sigmoid};

/// The units that have weights; all others only follow their biases. States of these alone are listed.
pub struct Alive {
    pub visible: Vec<usize>,
    pub hidden: Vec<usize>,
}

impl Alive {
    pub fn all(rbm: &Rbm) -> Self {
        Self { visible: (0..rbm.weights.rows()).collect(), hidden: (0..rbm.weights.cols()).collect() }
    }
}

/// `⟨vhᵀ⟩` (column-major), `⟨v⟩`, `⟨h⟩`, one after another as a machine's parameters lie.
pub struct Expected {
    data: Vec<f64>,
    model: Vec<f64>,
    /// Mean squared difference of data and reconstruction.
    pub loss: f64,
}

impl Expected {
    /// For each parameter the expected gradient, model less data, and the model's part of it.
    pub fn gradient(&self) -> impl Iterator<Item = (f64, f64)> {
        self.data.iter().zip(&self.model).map(|(data, model)| (model - data, *model))
    }
}

struct Tables<'a> {
    rbm: &'a Rbm,
    alive: &'a Alive,
}

/// A visible state that stands for the model, with its probability given some hidden state.
struct Fantasy {
    p: f64,
    v: Vec<f64>,
    h: Vec<f64>,
}

impl Tables<'_> {
    fn weight(&self, i: usize, j: usize) -> f64 {
        f64::from(self.rbm.weights.column(j)[i])
    }

    /// `⟨h⟩` given `v`.
    fn up(&self, v: &[f64]) -> Vec<f64> {
        let mut inputs: Vec<f64> = self.rbm.hidden.bias.iter().map(|&b| f64::from(b)).collect();
        for &j in &self.alive.hidden {
            inputs[j] += self.alive.visible.iter().map(|&i| self.weight(i, j) * v[i]).sum::<f64>();
        }
        inputs.into_iter().map(sigmoid).collect()
    }

    /// `⟨v⟩` given hidden state number `h`: bit `n` is the `n`-th live unit.
    fn down(&self, h: usize) -> Vec<f64> {
        let mut inputs: Vec<f64> = self.rbm.visible.bias.iter().map(|&a| f64::from(a)).collect();
        for &i in &self.alive.visible {
            let on = self.alive.hidden.iter().enumerate().filter(|(n, _)| h >> n & 1 == 1);
            inputs[i] += on.map(|(_, &j)| self.weight(i, j)).sum::<f64>();
        }
        inputs.into_iter().map(sigmoid).collect()
    }

    /// The reconstructions from hidden state `h`. Sampled ones are listed over the live units; the others enter
    /// everything linearly, so that their means will do.
    fn fantasies(&self, h: usize, state: VisibleState) -> Vec<Fantasy> {
        let mean = self.down(h);
        if state == VisibleState::Mean {
            return vec![Fantasy { p: 1.0, h: self.up(&mean), v: mean }];
        }
        let list = |number: usize| {
            let mut v = mean.clone();
            for (n, &i) in self.alive.visible.iter().enumerate() {
                v[i] = f64::from(number >> n & 1 == 1);
            }
            Fantasy { p: probability(&mean, &self.alive.visible, number), h: self.up(&v), v }
        };
        (0..1 << self.alive.visible.len()).map(list).collect()
    }
}

/// The probability that the live units are in state `number`, each on with its mean.
fn probability(mean: &[f64], alive: &[usize], number: usize) -> f64 {
    alive
        .iter()
        .enumerate()
        .map(|(n, &i)| if number >> n & 1 == 1 { mean[i] } else { 1.0 - mean[i] })
        .product()
}

fn add(into: &mut [f64], weight: f64, v: &[f64], h: &[f64]) {
    let products = h.iter().flat_map(|h| v.iter().map(move |v| v * h));
    into.iter_mut()
        .zip(products.chain(v.iter().copied()).chain(h.iter().copied()))
        .for_each(|(x, y)| *x += weight * y);
}

/// Expected statistics of CD-k from `data`, whose columns may be probabilities.
pub fn contrastive(rbm: &Rbm, alive: &Alive, data: &Matrix, state: VisibleState, sweeps: usize) -> Expected {
    let tables = Tables { rbm, alive };
    let states = 1 << alive.hidden.len();
    let fantasies: Vec<Vec<Fantasy>> = (0..states).map(|h| tables.fantasies(h, state)).collect();
    let (n, m) = (rbm.weights.rows(), rbm.weights.cols());
    let zeros = vec![0.0; n * m + n + m];
    let mut expected = Expected { data: zeros.clone(), model: zeros, loss: 0.0 };
    let mut last = vec![0.0; states];
    for column in data.columns() {
        let v0: Vec<f64> = column.iter().map(|&x| f64::from(x)).collect();
        let h0 = tables.up(&v0);
        add(&mut expected.data, 1.0 / data.cols() as f64, &v0, &h0);
        // The distribution of the hidden state that makes the last reconstruction.
        let mut q: Vec<f64> = (0..states).map(|h| probability(&h0, &alive.hidden, h)).collect();
        for _ in 1..sweeps {
            let mut next = vec![0.0; states];
            for (q, fantasies) in q.iter().zip(&fantasies) {
                for Fantasy { p, h, .. } in fantasies {
                    next.iter_mut()
                        .enumerate()
                        .for_each(|(to, x)| *x += q * p * probability(h, &alive.hidden, to));
                }
            }
            q = next;
        }
        for (h, q) in q.into_iter().enumerate() {
            last[h] += q / data.cols() as f64;
            let mean = tables.down(h);
            // A sampled pixel is its own square.
            let square = |v: f64| if state == VisibleState::Sampled { v } else { v * v };
            let error: f64 = v0.iter().zip(&mean).map(|(x, &v)| x * x - 2.0 * x * v + square(v)).sum();
            expected.loss += q * error / (n * data.cols()) as f64;
        }
    }
    for (q, fantasies) in last.iter().zip(&fantasies) {
        fantasies.iter().for_each(|f| add(&mut expected.model, q * f.p, &f.v, &f.h));
    }
    expected
}
