//! What an autoencoder learns from, and what an epoch has shown.

use std::sync::Arc;

use tensor::layers::Sparse;
use tensor::{Matrix, Stream};

/// What a mini-batch is made of.
#[derive(Clone, Debug)]
pub enum Images {
    /// The images as they are: grey levels, or black and white.
    Fixed(Arc<Sparse>),
    /// Black and white, drawn anew from the grey levels every time an image is seen [Burda2016, section 5].
    Drawn(Arc<Sparse>),
}

impl Images {
    pub(crate) fn sparse(&self) -> &Sparse {
        self.shared()
    }

    pub(crate) fn shared(&self) -> &Arc<Sparse> {
        match self {
            Self::Fixed(images) | Self::Drawn(images) => images,
        }
    }

    /// A mini-batch, pixels × samples.
    pub(crate) fn batch(&self, indices: &[usize], noise: &mut Stream) -> Matrix {
        let images = self.sparse();
        let mut x = Matrix::zeros(images.rows(), indices.len());
        for (j, &index) in indices.iter().enumerate() {
            let column = x.column_mut(j);
            images.column(index).iter().for_each(|&(pixel, value)| column[pixel as usize] = value);
        }
        if matches!(self, Self::Drawn(_)) {
            noise.bernoulli(&mut x);
        }
        x
    }
}

/// What an epoch has seen so far: log likelihood and divergence of all samples, and how many.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sums([f64; 3]);

impl Sums {
    pub fn add(&mut self, [log_likelihood, divergence]: [f64; 2], samples: f64) {
        let seen = [log_likelihood, divergence, samples];
        self.0.iter_mut().zip(seen).for_each(|(sum, x)| *sum += x);
    }

    pub fn measure(&self, metrics: &mut Vec<(&'static str, f64)>) {
        let [log_likelihood, divergence, n] = self.0;
        metrics.extend([("log_likelihood", log_likelihood / n), ("divergence", divergence / n)]);
    }
}
