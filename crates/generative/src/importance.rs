//! Tighter bounds by importance sampling [Burda2016]: `log p(x) ≥ E log 1/K Σₖ p(x, zₖ) / q(zₖ | x)`, which rises with `K` and
//! reaches `log p(x)`; with `K = 1` it is the evidence lower bound.

use tensor::{Matrix, Seed};

use crate::{Posterior, Vae};

/// Draws that go through the decoder at once.
const CHUNK: usize = 256;

/// The bound from `samples` draws for each image, in nats; the law of pixels must be that of `x`.
///
/// Image `j` draws from `seed.child("image", j)`, so that its number does not depend on the others.
///
/// # Panics
/// If `samples` is 0, or images have another number of pixels.
pub fn bounds(vae: &Vae, x: &Matrix, samples: usize, seed: Seed) -> Vec<f64> {
    (0..x.cols()).map(|j| bound(vae, &x.gather(&[j]), samples, seed.child("image", j as u64))).collect()
}

/// The bound of one image, pixels × 1.
///
/// # Panics
/// As [`bounds`].
pub fn bound(vae: &Vae, image: &Matrix, samples: usize, seed: Seed) -> f64 {
    assert!(samples > 0, "a bound from {samples} samples");
    let mut noise = seed.stream();
    let posterior = vae.posterior(image);
    let mut sum = LogSum::default();
    for begin in (0..samples).step_by(CHUNK) {
        let count = CHUNK.min(samples - begin);
        let posterior = repeated(&posterior, count);
        let mut epsilon = Matrix::zeros(vae.latent(), count);
        noise.normal(&mut epsilon, 1.0);
        let z = posterior.draw(&epsilon);
        let likelihoods = vae.likelihood().log_likelihood(&vae.outputs(&z), &repeat(image, count));
        let priors = Posterior::log_prior(&z);
        for ((likelihood, prior), q) in likelihoods.into_iter().zip(priors).zip(posterior.log_density(&z)) {
            sum.add(likelihood + prior - q);
        }
    }
    sum.value() - (samples as f64).ln()
}

/// `count` copies of one column.
fn repeat(column: &Matrix, count: usize) -> Matrix {
    column.gather(&vec![0; count])
}

fn repeated(posterior: &Posterior, count: usize) -> Posterior {
    Posterior { mean: repeat(&posterior.mean, count), log_variance: repeat(&posterior.log_variance, count) }
}

/// `ln Σ eˣ`, term by term.
struct LogSum {
    most: f64,
    sum: f64,
}

impl Default for LogSum {
    fn default() -> Self {
        Self { most: f64::NEG_INFINITY, sum: 0.0 }
    }
}

impl LogSum {
    fn add(&mut self, x: f64) {
        if x > self.most {
            self.sum = self.sum * (self.most - x).exp() + 1.0;
            self.most = x;
        } else {
            self.sum += (x - self.most).exp();
        }
    }

    fn value(&self) -> f64 {
        self.most + self.sum.ln()
    }
}
