//! An RBM learns a letter by contrastive divergence, and Gibbs sampling draws it.
//!
//! Gives the squared error per pixel of the samples' mean image, held against the letter's mean image.

use std::error::Error;

use energy::{Learning, Rbm, coin_flips, learning};
use tensor::{Matrix, Seed};
use train::{Fit, Silent};

pub fn run() -> Result<f64, Box<dyn Error>> {
    let drawn = datasets::standin::alphadigits(Seed::new(1), 39);
    let images = datasets::alphadigits::parse(&drawn, "drawn")?;
    let letter = images.to_matrix(&images.of_classes(&[10])); // pixels × images; class 10 is A
    let mut rbm = Rbm::new(letter.rows(), 100, Seed::new(2));
    let plan = Fit { epochs: 100, batch: 5, seed: Seed::new(3), resume: None };
    learning::train(&mut rbm, &letter, &Learning::cd(1, 0.02), &plan, &mut Silent)?;

    let mut noise = Seed::new(4).stream();
    let start = coin_flips(letter.rows(), 40, &mut noise);
    let samples = rbm.gibbs(start, 200, &mut noise);
    let mean = |x: &Matrix| {
        let means = x.sum_columns().into_iter().map(|sum| sum / x.cols() as f32);
        Matrix::from_vec(x.rows(), 1, means.collect())
    };
    Ok(mean(&samples).mean_squared_difference(&mean(&letter)))
}
