//! A variational autoencoder under training, as the equations have it: networks of any layers, a gradient that is written down.

use tensor::Stream;
use train::{Descent, Epoch, Optimiser, Parameters, Snapshot, Tensor, TensorError, Trainee};

use crate::images::{Images, Sums};
use crate::{Elbo, Vae};

/// The oracle of the fast trainer, and what trains normalised layers.
pub(crate) struct PlainVae {
    vae: Vae,
    optimiser: Optimiser<Vae>,
    images: Images,
    sums: Sums,
}

impl PlainVae {
    /// Takes over an autoencoder and its images, which the caller has looked at.
    pub fn new(vae: Vae, images: Images, descent: Descent) -> Self {
        let optimiser = Optimiser::with(descent, &vae);
        Self { vae, optimiser, images, sums: Sums::default() }
    }

    pub fn vae(&self) -> &Vae {
        &self.vae
    }
}

impl Trainee for PlainVae {
    fn begin(&mut self, epoch: Epoch) {
        self.optimiser.epoch = epoch;
        self.sums = Sums::default();
    }

    /// # Panics
    /// If layers are normalised and the mini-batch has one image.
    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        let x = self.images.batch(batch, noise);
        let (elbo, gradient) = self.vae.gradient(&x, noise);
        self.optimiser.step(&mut self.vae, &gradient);
        let (n, Elbo { log_likelihood, divergence }) = (batch.len() as f64, elbo);
        self.sums.add([log_likelihood * n, divergence * n], n);
        -elbo.total()
    }

    fn non_finite(&self) -> Option<String> {
        self.vae.first_non_finite()
    }

    fn measure(&mut self, _: usize, metrics: &mut Vec<(&'static str, f64)>) {
        self.sums.measure(metrics);
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(&self.vae, "model");
        tensors.extend(self.optimiser.tensors());
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        snapshot.write_into(&mut self.vae, "model")?;
        self.optimiser.restore(snapshot)
    }
}
