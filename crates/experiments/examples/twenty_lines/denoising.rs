//! A denoising autoencoder learns to undo noise; its units become the first layer of a classifier.
//!
//! Gives the squared error per pixel of clean images that it reconstructs.

use std::{error::Error, sync::Arc};

use feedforward::autoencoder::{Denoiser, Denoising, Goal, Stack, Tying};
use feedforward::fast::FastOptions;
use feedforward::{Corruption, Init};
use tensor::Seed;
use tensor::layers::Sparse;
use train::{Descent, Fit, Silent, epochs};

pub fn run() -> Result<f64, Box<dyn Error>> {
    let drawn = datasets::standin::alphadigits(Seed::new(1), 39);
    let images = datasets::alphadigits::parse(&drawn, "drawn")?;
    let digits = images.to_matrix(&(0..390).collect::<Vec<_>>()); // pixels × images; 0 to 9
    let mut stack = Stack::fresh(&[digits.rows(), 200], Tying::Tied, Init::Sigmoid, Seed::new(2))?;
    let corruption = Corruption::masking(0.3)?;
    let denoising = Denoising { corruption, goal: Goal::Image, sparsity: None };
    let options = FastOptions { descent: Descent::sgd(0.1), batch: 10, threads: 1 };
    let sparse = Arc::new(Sparse::from_matrix(&digits));
    let mut denoiser = Denoiser::new(&stack, 0, sparse, denoising, options)?;
    let plan = Fit { epochs: 30, batch: 10, seed: Seed::new(3), resume: None };
    epochs(&mut denoiser, digits.cols(), &plan, &mut Silent);
    stack.replace(0, denoiser.autoencoder())?;

    let error = stack.reconstruct(&digits, 1).mean_squared_difference(&digits);
    let classifier = stack.into_classifier(10, Init::Small, Seed::new(4))?; // to be fine-tuned
    assert_eq!(classifier.outputs(), 10);
    Ok(error)
}
