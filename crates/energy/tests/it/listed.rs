//! Layers of any kind whose states can be listed: lively machines of them, states by number, exact networks.

use energy::{Bernoulli, Joined, LabelDbn, LabelRbm, Rbm, Softmax, Units, exact, join};
use tensor::{Matrix, Seed, Stream};
use train::Parameters;

use crate::support::{draw, lively};

/// A machine of these layers with weights N(0, 0.7²) and biases N(0, 0.5²), as [`lively`] has them.
pub fn lively_with<V: Units, H: Units>(visible: V, hidden: H, seed: u64) -> Rbm<V, H> {
    let mut rbm = Rbm::with_units(visible, hidden, Seed::new(seed));
    let mut noise = Seed::new(seed).child("lively", 0).stream();
    for param in rbm.params_mut() {
        let mut values = Matrix::zeros(param.values.len(), 1);
        noise.normal(&mut values, if param.name == "W" { 0.7 } else { 0.5 });
        param.values.copy_from_slice(values.as_slice());
    }
    rbm
}

/// A lively machine of so many units, labels and hidden units.
pub fn lively_labels(units: usize, labels: usize, hidden: usize, seed: u64) -> LabelRbm {
    let visible = Joined { units: Bernoulli::new(units), labels: Softmax::new(labels) };
    lively_with(visible, Bernoulli::new(hidden), seed)
}

/// A lively network 5 – 4 – (3 + 3) – 4, small enough to list everything.
pub fn lively_network() -> LabelDbn {
    LabelDbn::tied(&[lively(5, 4, 31), lively(4, 3, 32)], lively_labels(3, 3, 4, 33))
}

/// All states of a layer, one a column.
pub fn all(units: &impl Units) -> Matrix {
    units.states(0, units.count_states().unwrap() as usize)
}

/// `n` columns of `states`, drawn from a distribution over them.
pub fn draw_listed(p: &[f64], states: &Matrix, n: usize, noise: &mut Stream) -> Matrix {
    let bits = p.len().next_power_of_two().ilog2() as usize;
    let number = |bits: &[f32]| bits.iter().enumerate().map(|(i, &x)| (x as usize) << i).sum::<usize>();
    states.gather(&draw(p, bits, n, noise).columns().map(number).collect::<Vec<_>>())
}

/// The number of each column among `states`.
pub fn numbers(x: &Matrix, states: &Matrix) -> Vec<usize> {
    let number = |x: &[f32]| states.columns().position(|state| state == x).expect("a state of the layer");
    x.columns().map(number).collect()
}

/// How often each of `n` numbers occurs.
pub fn tally(numbers: impl IntoIterator<Item = usize>, n: usize) -> Vec<f64> {
    let mut counts = vec![0.0; n];
    numbers.into_iter().for_each(|number| counts[number] += 1.0);
    counts
}

/// `p(v, l)` for every image `v`, in the order of [`Units::states`], and the label in the one column of `label`.
pub fn joint(dbn: &LabelDbn, label: &Matrix) -> Vec<f64> {
    let top = dbn.top();
    let mut above = all(&top.visible.units);
    let x = join(&above, &label.gather(&vec![0; above.cols()]));
    let log_z = exact::log_partition(top, exact::smaller_layer(top));
    let mut p: Vec<f64> = top.free_energy(&x).into_iter().map(|free| (-free - log_z).exp()).collect();
    for layer in dbn.generation().iter().rev() {
        let below = all(&layer.units);
        let of = |state: usize| -> f64 {
            let log_p = layer.log_probability(&above, &below.gather(&vec![state; above.cols()]));
            p.iter().zip(log_p).map(|(p, log_p)| p * log_p.exp()).sum()
        };
        p = (0..below.cols()).map(of).collect();
        above = below;
    }
    p
}
