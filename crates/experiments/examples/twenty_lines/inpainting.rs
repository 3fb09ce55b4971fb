//! An RBM fills in the lower half of a letter: the upper half is held, the rest is sampled.
//!
//! Gives the share of the missing pixels that come out wrong.

use std::error::Error;

use energy::{Learning, Rbm, learning};
use tensor::{Matrix, Seed};
use train::{Fit, Silent};

pub fn run() -> Result<f64, Box<dyn Error>> {
    let drawn = datasets::standin::alphadigits(Seed::new(1), 39);
    let images = datasets::alphadigits::parse(&drawn, "drawn")?;
    let letter = images.to_matrix(&images.of_classes(&[10])); // pixels × images; class 10 is A
    let mut rbm = Rbm::new(letter.rows(), 100, Seed::new(2));
    let plan = Fit { epochs: 100, batch: 5, seed: Seed::new(3), resume: None };
    learning::train(&mut rbm, &letter, &Learning::cd(1, 0.1), &plan, &mut Silent)?;

    let half = letter.rows() / 2;
    let free: Vec<bool> = (0..letter.rows()).map(|pixel| pixel >= half).collect();
    let torn = Matrix::from_fn(letter.rows(), letter.cols(), |pixel, image| {
        if free[pixel] { 0.0 } else { letter.column(image)[pixel] }
    });
    let filled = rbm.gibbs_clamped(&torn, &free, 50, &mut Seed::new(4).stream());
    let pairs = filled.as_slice().iter().zip(letter.as_slice());
    Ok(pairs.filter(|(ours, real)| ours != real).count() as f64 / (half * letter.cols()) as f64)
}
