//! A network whose first layer is an RBM learnt without labels, fine-tuned with them.
//!
//! Gives the share of unseen images that it takes for another digit.

use std::{error::Error, sync::Arc};

use energy::{Learning, Rbm, learning};
use feedforward::fast::{FastMlp, FastOptions, Samples};
use feedforward::{Activation, Dense, Init, Network};
use tensor::Seed;
use train::{Descent, Fit, Silent, epochs};

pub fn run() -> Result<f64, Box<dyn Error>> {
    let drawn = datasets::standin::alphadigits(Seed::new(1), 39);
    let images = datasets::alphadigits::parse(&drawn, "drawn")?;
    let (test, learn): (Vec<usize>, Vec<usize>) = (0..390).partition(|i| i % 3 == 0); // the digits
    let samples = |of: &[usize]| Samples::new(&images.to_matrix(of), &images.subset(of).labels);
    let plan = Fit { epochs: 30, batch: 5, seed: Seed::new(2), resume: None };

    let pixels = images.to_matrix(&learn);
    let mut rbm = Rbm::new(pixels.rows(), 200, Seed::new(3));
    learning::train(&mut rbm, &pixels, &Learning::cd(1, 0.1), &plan, &mut Silent)?;
    let output = Dense::new(200, 10, Init::Small, Seed::new(4));
    let hidden = [(&rbm.weights, rbm.hidden.bias.as_slice())];
    let network = Network::from_affine(hidden, output, Activation::Sigmoid, 0.0)?;
    let options = FastOptions { descent: Descent::sgd(0.1), batch: 5, threads: 1 };
    let mut tuned = FastMlp::new(&network, Arc::new(samples(&learn)), options)?;
    epochs(&mut tuned, learn.len(), &plan, &mut Silent);
    Ok(tuned.evaluate(&samples(&test))?.0.error_rate())
}
