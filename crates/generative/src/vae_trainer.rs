//! A variational autoencoder under training: the epoch loop goes through the images.

use std::sync::Arc;

use tensor::layers::Sparse;
use tensor::{Matrix, Stream};
use train::{Descent, Epoch, Optimiser, Snapshot, Tensor, TensorError, Trainee};

use crate::{Elbo, GenerativeError, Vae};

/// What a mini-batch is made of.
#[derive(Clone, Debug)]
pub enum Images {
    /// The images as they are: grey levels, or black and white.
    Fixed(Arc<Sparse>),
    /// Black and white, drawn anew from the grey levels every time an image is seen [Burda2016, section 5].
    Drawn(Arc<Sparse>),
}

impl Images {
    fn sparse(&self) -> &Sparse {
        match self {
            Self::Fixed(images) | Self::Drawn(images) => images,
        }
    }

    /// A mini-batch, pixels × samples.
    fn batch(&self, indices: &[usize], noise: &mut Stream) -> Matrix {
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

/// An autoencoder as a [`Trainee`]. After each epoch `log_likelihood` and `divergence` stand beside the loss, which is minus the
/// bound. Snapshots have the names of [`train::fit`].
pub struct VaeTrainer {
    vae: Vae,
    optimiser: Optimiser<Vae>,
    images: Images,
    sums: [f64; 3], // log likelihood, divergence, samples
}

impl VaeTrainer {
    /// Takes over an autoencoder and its images, pixels × samples, of which the epoch loop will give `batch` at a time.
    ///
    /// # Errors
    /// If there is no image, images have another number of pixels, a value is not between 0 and 1, or layers are normalised
    /// and a mini-batch would have one image, the last one of an epoch among them.
    pub fn new(vae: Vae, images: Images, batch: usize, descent: Descent) -> Result<Self, GenerativeError> {
        let sparse = images.sparse();
        if sparse.is_empty() || batch == 0 {
            return Err(GenerativeError::Nothing { what: "images" });
        }
        let alone = batch.min(sparse.len()) == 1 || sparse.len() % batch == 1;
        if alone && vae.is_normalised() {
            return Err(GenerativeError::Batch { found: 1 });
        }
        let (expected, found) = (vae.pixels(), sparse.rows());
        if expected != found {
            return Err(GenerativeError::Chain { part: "encoder", expected, found });
        }
        for sample in 0..sparse.len() {
            for &(pixel, value) in sparse.column(sample) {
                if !(0.0..=1.0).contains(&value) {
                    let pixel = pixel as usize;
                    return Err(GenerativeError::Pixel { sample, pixel, value, range: [0.0, 1.0] });
                }
            }
        }
        let optimiser = Optimiser::with(descent, &vae);
        Ok(Self { vae, optimiser, images, sums: [0.0; 3] })
    }

    /// The autoencoder as it is now.
    pub fn vae(&self) -> &Vae {
        &self.vae
    }
}

impl Trainee for VaeTrainer {
    fn begin(&mut self, epoch: Epoch) {
        self.optimiser.epoch = epoch;
        self.sums = [0.0; 3];
    }

    /// # Panics
    /// If layers are normalised and the mini-batch has one image.
    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        let x = self.images.batch(batch, noise);
        let (Elbo { log_likelihood, divergence }, gradient) = self.vae.gradient(&x, noise);
        self.optimiser.step(&mut self.vae, &gradient);
        let n = batch.len() as f64;
        let seen = [log_likelihood * n, divergence * n, n];
        self.sums.iter_mut().zip(seen).for_each(|(sum, x)| *sum += x);
        divergence - log_likelihood
    }

    fn non_finite(&self) -> Option<String> {
        train::Parameters::first_non_finite(&self.vae)
    }

    fn measure(&mut self, _: usize, metrics: &mut Vec<(&'static str, f64)>) {
        let [log_likelihood, divergence, n] = self.sums;
        metrics.extend([("log_likelihood", log_likelihood / n), ("divergence", divergence / n)]);
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
