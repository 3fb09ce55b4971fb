//! Pseudo-likelihood: how well each visible unit is predicted from all the others [Besag1975].

use tensor::plain::softplus;
use tensor::{Matrix, Stream};

use crate::rbm::Rbm;
use crate::units::{Bernoulli, Units};

/// Flipped copies of one image scored at a time; bounds the memory at hidden × this.
const FLIPS: usize = 64;

/// `Σᵢ log p(vᵢ | v₋ᵢ)` over all visible units, in nats per image: one number per column of `v`.
///
/// Exact, from free energies: `log p(vᵢ | v₋ᵢ) = −softplus(F(v) − F(v with bit i flipped))`. Flipping bit `i` moves the
/// hidden inputs by one row of the weights, so that no product is needed. A grey pixel `x` is flipped to `1 − x`,
/// as scikit-learn does; its estimate looks at one random bit and multiplies, this looks at every one.
pub fn pseudo_likelihood<H: Units>(rbm: &Rbm<Bernoulli, H>, v: &Matrix) -> Vec<f64> {
    let rows = rbm.weights.transposed(); // hidden × visible: column i is what visible unit i adds
    let inputs = rbm.hidden_inputs(v);
    let free = rbm.free_energy(v);
    (0..v.cols()).map(|j| one_image(rbm, &rows, v.column(j), inputs.column(j), free[j])).collect()
}

/// The estimate that scikit-learn prints: `n · log p(vᵢ | v₋ᵢ)` for one unit `i` of the `n`, drawn for each image. Its mean over
/// the draw is [`pseudo_likelihood`]; of one image it says next to nothing.
pub fn stochastic_pseudo_likelihood<H: Units>(
    rbm: &Rbm<Bernoulli, H>,
    v: &Matrix,
    noise: &mut Stream,
) -> Vec<f64> {
    let mut flipped = v.clone();
    for j in 0..v.cols() {
        let unit = noise.below(v.rows());
        let x = &mut flipped.column_mut(j)[unit];
        *x = 1.0 - *x;
    }
    let pairs = rbm.free_energy(v).into_iter().zip(rbm.free_energy(&flipped));
    pairs.map(|(free, flipped)| -(v.rows() as f64) * softplus(free - flipped)).collect()
}

fn one_image<H: Units>(rbm: &Rbm<Bernoulli, H>, rows: &Matrix, v: &[f32], inputs: &[f32], free: f64) -> f64 {
    let energy: f64 = rbm.visible.energy(&Matrix::from_vec(v.len(), 1, v.to_vec()))[0];
    let mut total = 0.0;
    for first in (0..v.len()).step_by(FLIPS) {
        let n = FLIPS.min(v.len() - first);
        let change = |i: usize| 1.0 - 2.0 * v[i];
        let mut flipped = Matrix::zeros(inputs.len(), n);
        for k in 0..n {
            let (i, column) = (first + k, flipped.column_mut(k));
            for ((x, input), w) in column.iter_mut().zip(inputs).zip(rows.column(i)) {
                *x = input + change(i) * w;
            }
        }
        for (k, hidden) in rbm.hidden.log_partition(&flipped).into_iter().enumerate() {
            let i = first + k;
            let flipped = energy - f64::from(rbm.visible.bias[i]) * f64::from(change(i)) - hidden;
            total -= softplus(free - flipped);
        }
    }
    total
}
