//! The likelihood of a deep belief network: a bound, and what importance sampling makes of it.
//!
//! `log p(v) ≥ E_q[log p(h, v)] + H(q)` with the layers' own recognition `q(h | v)` [Hinton2006, eq. 8; Salakhutdinov2008]. For
//! one drawn `h` that is the expectation of `log w = log p*(h_top) + Σ log p(h_{l−1} | h_l) − Σ log q(h_l | h_{l−1})`, up to the
//! top machine's `log Z`; the logarithm of a *mean* of such weights is a tighter bound on average.

use tensor::{Matrix, Stream};

use crate::rbm::{Rbm, dot};
use crate::stack::Layers;
use crate::units::Units;

/// `log w` of each image, for one draw of all hidden layers: unnormalised, so that `log Z` of the top machine is still to be
/// taken off. `v` is visible × images.
///
/// # Errors
/// If a layer cannot be read.
///
/// # Panics
/// If there is no layer.
pub fn log_weights<L: Layers>(layers: &L, v: &Matrix, noise: &mut Stream) -> Result<Vec<f64>, L::Error> {
    let top = layers.count().checked_sub(1).expect("a network needs at least one machine");
    let mut log_w = vec![0.0; v.cols()];
    let mut below = v.clone();
    for index in 0..top {
        let rbm = layers.layer(index)?;
        let h = rbm.sample_hidden(&below, noise);
        let terms = down_given(&rbm, &below, &h).into_iter().zip(up_given(&rbm, &below, &h));
        log_w.iter_mut().zip(terms).for_each(|(w, (p, q))| *w += p - q);
        below = h;
    }
    let free = layers.layer(top)?.free_energy(&below);
    log_w.iter_mut().zip(free).for_each(|(w, free)| *w -= free);
    Ok(log_w)
}

/// Bounds on the mean log-likelihood of images, without the top machine's `log Z`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The variational bound, from the mean of all `log w`.
    pub variational: f64,
    /// From `log` of the mean weight of each image: between the bound and the likelihood, on average.
    pub importance: f64,
}

/// Both bounds from so many draws of the hidden layers for each image; `each` hears how many draws are done.
///
/// # Errors
/// If a layer cannot be read, or `each` stops it.
///
/// # Panics
/// If there is no layer, no image or no draw.
pub fn bounds<L: Layers>(
    layers: &L,
    v: &Matrix,
    draws: usize,
    noise: &mut Stream,
    each: &mut dyn FnMut(usize) -> Result<(), L::Error>,
) -> Result<Bounds, L::Error> {
    assert!(draws > 0 && v.cols() > 0, "{draws} draws for {} images", v.cols());
    let (mut sum, mut largest, mut scaled) = (0.0, vec![f64::NEG_INFINITY; v.cols()], vec![0.0; v.cols()]);
    for done in 0..draws {
        each(done)?;
        for (image, w) in log_weights(layers, v, noise)?.into_iter().enumerate() {
            sum += w;
            let (largest, scaled) = (&mut largest[image], &mut scaled[image]);
            if w > *largest {
                *scaled *= (*largest - w).exp();
                *largest = w;
            }
            *scaled += (w - *largest).exp();
        }
    }
    let images = v.cols() as f64;
    let of_images = largest.iter().zip(&scaled).map(|(largest, sum)| largest + (sum / draws as f64).ln());
    Ok(Bounds { variational: sum / (images * draws as f64), importance: of_images.sum::<f64>() / images })
}

/// `log p(v | h)` of a machine's downward half.
fn down_given<V: Units, H: Units>(rbm: &Rbm<V, H>, v: &Matrix, h: &Matrix) -> Vec<f64> {
    log_conditional(&rbm.visible, v, &rbm.visible_inputs(h))
}

/// `log q(h | v)` of a machine's upward half.
fn up_given<V: Units, H: Units>(rbm: &Rbm<V, H>, v: &Matrix, h: &Matrix) -> Vec<f64> {
    log_conditional(&rbm.hidden, h, &rbm.hidden_inputs(v))
}

/// `log p(x | inputs) = −E(x) + inputsᵀx − log Σₓ exp(−E(x) + inputsᵀx)`, one a column.
fn log_conditional(units: &impl Units, x: &Matrix, inputs: &Matrix) -> Vec<f64> {
    let scores = units.energy(x).into_iter().zip(units.log_partition(inputs)).enumerate();
    scores.map(|(j, (energy, normaliser))| dot(x.column(j), inputs.column(j)) - energy - normaliser).collect()
}
