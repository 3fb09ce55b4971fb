//! What training only estimates, computed by listing states: `Z`, log-likelihood, its gradient.
//!
//! Cost doubles with every unit of the layer that is listed: 20 units are a million states, a second or so; the
//! other layer is summed out in closed form and may have any size. Both layers together only serve as a check.

use tensor::Matrix;

use crate::learning::statistics::Statistics;
use crate::rbm::Rbm;
use crate::units::Units;

/// States listed at a time: a block stays in cache and bounds the memory.
const BLOCK: usize = 1024;

/// States that are listed, at most: those of 25 binary units, half a minute or so.
pub const MOST_STATES: u64 = 1 << 25;

/// Which layer's states are listed; the other one is summed out in closed form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// `Z = Σᵥ exp(−F(v))`.
    Visible,
    /// `Z = Σₕ exp(−F(h))`.
    Hidden,
    /// `Z = Σᵥ Σₕ exp(−E(v, h))`.
    Both,
}

/// `log Z` by enumeration.
///
/// # Panics
/// If the states of a listed layer cannot be listed, or there are more than [`MOST_STATES`]; names their number.
pub fn log_partition<V: Units, H: Units>(rbm: &Rbm<V, H>, listed: Listed) -> f64 {
    bound(rbm, listed);
    let mut sum = LogSumExp::default();
    match listed {
        Listed::Visible => {
            for_each_block(&rbm.visible, |v| rbm.free_energy(v).iter().for_each(|f| sum.add(-f)));
        }
        Listed::Hidden => {
            for_each_block(&rbm.hidden, |h| rbm.hidden_free_energy(h).iter().for_each(|f| sum.add(-f)));
        }
        Listed::Both => for_each_block(&rbm.visible, |v| {
            for j in 0..v.cols() {
                for_each_block(&rbm.hidden, |h| {
                    let v = v.gather(&vec![j; h.cols()]);
                    rbm.energy(&v, h).iter().for_each(|e| sum.add(-e));
                });
            }
        }),
    }
    sum.value()
}

/// The layer that is cheaper to list.
///
/// # Panics
/// If neither can be listed, or the smaller one has more than [`MOST_STATES`] states; names their number.
pub fn smaller_layer<V: Units, H: Units>(rbm: &Rbm<V, H>) -> Listed {
    let listed = match (rbm.visible.count_states(), rbm.hidden.count_states()) {
        (Some(v), Some(h)) if v <= h => Listed::Visible,
        (Some(_), None) => Listed::Visible,
        (_, Some(_)) => Listed::Hidden,
        (None, None) => panic!(
            "neither {} visible nor {} hidden units have states that can be listed",
            rbm.visible.len(),
            rbm.hidden.len()
        ),
    };
    bound(rbm, listed);
    listed
}

/// Refuses to list more than [`MOST_STATES`] states.
fn bound<V: Units, H: Units>(rbm: &Rbm<V, H>, listed: Listed) {
    let count = |units: usize, states: Option<u64>| match states {
        Some(states) => u128::from(states),
        None => panic!("the states of {units} units cannot be listed"),
    };
    let visible = || count(rbm.visible.len(), rbm.visible.count_states());
    let hidden = || count(rbm.hidden.len(), rbm.hidden.count_states());
    let states = match listed {
        Listed::Visible => visible(),
        Listed::Hidden => hidden(),
        Listed::Both => visible() * hidden(),
    };
    assert!(
        states <= u128::from(MOST_STATES),
        "{states} states to be listed, expected at most {MOST_STATES}"
    );
}

/// The mean log-likelihood of the columns of `data`, in nats per sample, with `log Z` over the smaller layer.
///
/// # Panics
/// As [`smaller_layer`].
pub fn log_likelihood<V: Units, H: Units>(rbm: &Rbm<V, H>, data: &Matrix) -> f64 {
    let free = rbm.free_energy(data).iter().sum::<f64>() / data.cols() as f64;
    -free - log_partition(rbm, smaller_layer(rbm))
}

/// `p(v)` of every visible state, in the order of [`Units::states`].
///
/// # Panics
/// As [`log_partition`] over the visible layer.
pub fn visible_probabilities<V: Units, H: Units>(rbm: &Rbm<V, H>) -> Vec<f64> {
    bound(rbm, Listed::Visible);
    let mut log_p = Vec::new();
    for_each_block(&rbm.visible, |v| log_p.extend(rbm.free_energy(v).iter().map(|f| -f)));
    let mut sum = LogSumExp::default();
    log_p.iter().for_each(|&l| sum.add(l));
    let log_z = sum.value();
    log_p.iter().map(|l| (l - log_z).exp()).collect()
}

/// The gradient of the mean *negative* log-likelihood, the sign of [`crate::learning::gradient`].
///
/// # Panics
/// As [`smaller_layer`].
pub fn gradient<V: Units, H: Units>(rbm: &Rbm<V, H>, data: &Matrix) -> Rbm<V, H> {
    loss_and_gradient(rbm, data).1
}

/// The mean negative log-likelihood in nats and its gradient.
pub(crate) fn loss_and_gradient<V: Units, H: Units>(rbm: &Rbm<V, H>, data: &Matrix) -> (f64, Rbm<V, H>) {
    let listed = smaller_layer(rbm);
    let log_z = log_partition(rbm, listed);
    let loss = rbm.free_energy(data).iter().sum::<f64>() / data.cols() as f64 + log_z;
    let probability = |free: f64| (-free - log_z).exp();
    let mut model = Statistics::zeros(rbm.visible.len(), rbm.hidden.len());
    if listed == Listed::Hidden {
        for_each_block(&rbm.hidden, |h| {
            let p: Vec<f64> = rbm.hidden_free_energy(h).into_iter().map(probability).collect();
            add_weighted(&mut model, &rbm.visible_mean(h), h, &p);
        });
    } else {
        for_each_block(&rbm.visible, |v| {
            let p: Vec<f64> = rbm.free_energy(v).into_iter().map(probability).collect();
            add_weighted(&mut model, v, &rbm.hidden_mean(v), &p);
        });
    }
    (loss, Statistics::of(data, &rbm.hidden_mean(data)).minus(rbm, &model))
}

/// Adds `Σⱼ pⱼ vⱼ`, `Σⱼ pⱼ hⱼ` and `Σⱼ pⱼ vⱼhⱼᵀ`.
pub(super) fn add_weighted(into: &mut Statistics, v: &Matrix, h: &Matrix, p: &[f64]) {
    let weighted = |x: &Matrix| Matrix::from_fn(x.rows(), x.cols(), |i, j| x.column(j)[i] * p[j] as f32);
    let (v_weighted, h_weighted) = (weighted(v), weighted(h));
    into.add_products(&v_weighted, h, 1.0);
    into.add_sums(&v_weighted, &h_weighted, 1.0);
}

/// Gives the states of a layer to `f`, [`BLOCK`] columns at a time.
pub(super) fn for_each_block(units: &impl Units, mut f: impl FnMut(&Matrix)) {
    let n = units.count_states().expect("only layers with listable states are listed");
    for from in (0..n).step_by(BLOCK) {
        f(&units.states(from, (n - from).min(BLOCK as u64) as usize));
    }
}

/// `log Σ exp(xᵢ)` in one pass, safe at any scale.
pub(crate) struct LogSumExp {
    largest: f64,
    sum: f64,
}

impl Default for LogSumExp {
    fn default() -> Self {
        Self { largest: f64::NEG_INFINITY, sum: 0.0 }
    }
}

impl LogSumExp {
    pub fn add(&mut self, x: f64) {
        if x > self.largest {
            self.sum = self.sum * (self.largest - x).exp() + 1.0;
            self.largest = x;
        } else {
            self.sum += (x - self.largest).exp();
        }
    }

    pub fn value(&self) -> f64 {
        self.largest + self.sum.ln()
    }
}
