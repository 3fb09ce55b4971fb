//! A variational autoencoder, and the images that it decodes from the means of its posteriors.
//!
//! Gives the squared error per pixel of these images.

use std::{error::Error, sync::Arc};

use feedforward::{Activation, Init};
use generative::{Images, Likelihood, Normalised, Options, Vae, VaeShape, VaeTrainer};
use tensor::Seed;
use tensor::layers::Sparse;
use train::{Descent, Fit, Silent, epochs};

pub fn run() -> Result<f64, Box<dyn Error>> {
    let drawn = datasets::standin::alphadigits(Seed::new(1), 39);
    let images = datasets::alphadigits::parse(&drawn, "drawn")?;
    let digits = images.to_matrix(&images.of_classes(&[0, 1, 2])); // pixels × images; 39 of each
    let shape = VaeShape {
        pixels: digits.rows(),
        hidden: vec![200],
        latent: 10,
        activation: Activation::Relu,
        normalised: Normalised::No,
        likelihood: Likelihood::Bernoulli,
    };
    let vae = Vae::new(&shape, Init::Uniform, Seed::new(2))?;
    let seen = Images::Fixed(Arc::new(Sparse::from_matrix(&digits)));
    let options = Options { batch: 20, threads: 1 };
    let mut trainer = VaeTrainer::new(vae, seen, Descent::adam(1e-3), options)?;
    let plan = Fit { epochs: 40, batch: 20, seed: Seed::new(3), resume: None };
    epochs(&mut trainer, digits.cols(), &plan, &mut Silent);
    let vae = trainer.vae();
    let again = vae.likelihood().means(vae.outputs(&vae.posterior(&digits).mean));
    Ok(again.mean_squared_difference(&digits))
}
