//! A convolutional network learns to read digits.
//!
//! Gives the share of unseen images that it takes for another digit.

use std::{error::Error, sync::Arc};

use feedforward::fast::{FastNetwork, FastOptions, Samples};
use feedforward::{Cnn, Init, Network};
use tensor::Seed;
use train::{Descent, Fit, Silent, epochs};

pub fn run() -> Result<f64, Box<dyn Error>> {
    let files = datasets::standin::mnist(Seed::new(1), 1000, 200);
    let digits = |images: &[u8], labels: &[u8]| {
        let read = datasets::mnist::parse(images, "images", labels, "labels")?;
        let all: Vec<usize> = (0..read.len()).collect();
        Ok::<_, datasets::DataError>(Arc::new(Samples::new(&read.to_matrix(&all), &read.labels)))
    };
    let learn = digits(&files.train_images, &files.train_labels)?;
    let test = digits(&files.test_images, &files.test_labels)?;
    let network = Network::cnn(&Cnn::CLASSIC, Init::Uniform, Seed::new(2))?;
    let options = FastOptions { descent: Descent::adam(1e-3), batch: 20, threads: 1 };
    let mut trained = FastNetwork::new(&network, learn, options)?;
    let plan = Fit { epochs: 2, batch: 20, seed: Seed::new(3), resume: None };
    epochs(&mut trained, 1000, &plan, &mut Silent);
    Ok(trained.evaluate(&test)?.0.error_rate())
}
