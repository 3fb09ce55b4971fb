//! Two generators of digits before one judge: the Fréchet distance of their samples to real images.
//!
//! Gives the distance of an RBM's samples as a share of that of pixels drawn one by one: below 1 it draws better.

use std::error::Error;

use energy::{Learning, Rbm, learning};
use quality::{Gaussian, Pca};
use tensor::{Matrix, Seed};
use train::{Fit, Silent};

pub fn run() -> Result<f64, Box<dyn Error>> {
    let drawn = datasets::standin::alphadigits(Seed::new(1), 39);
    let images = datasets::alphadigits::parse(&drawn, "drawn")?;
    let digits = images.to_matrix(&images.of_classes(&[0, 1, 2])); // pixels × images; 39 of each
    let mut rbm = Rbm::new(digits.rows(), 200, Seed::new(2));
    let plan = Fit { epochs: 50, batch: 5, seed: Seed::new(3), resume: None };
    learning::train(&mut rbm, &digits, &Learning::cd(1, 0.1), &plan, &mut Silent)?;

    let (count, mut noise) = (digits.cols(), Seed::new(4).stream());
    let drawn = rbm.gibbs(digits.clone(), 50, &mut noise); // chains that begin at images
    let sums = digits.sum_columns();
    let pixel = |i: usize, _| f32::from(noise.unit() * (count as f64) < f64::from(sums[i]));
    let coins = Matrix::from_fn(digits.rows(), count, pixel);
    let components = Pca::fit(&digits, 20);
    let seen = |images: &Matrix| Gaussian::of(&components.features(images));
    let distance = |samples: &Matrix| seen(samples).frechet(&seen(&digits));
    Ok(distance(&drawn) / distance(&coins))
}
