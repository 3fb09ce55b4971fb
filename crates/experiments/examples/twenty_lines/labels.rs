//! A deep belief network that sees digits and their labels recognises digits by the free energy of each label.
//!
//! Gives the share of unseen images that it takes for another digit.

use std::error::Error;

use energy::{Bernoulli, Joined, LabelDbn, LabelRbm, Learning, Rbm, Softmax};
use energy::{join, learning, one_hot};
use tensor::Seed;
use train::{Fit, Silent};

pub fn run() -> Result<f64, Box<dyn Error>> {
    let drawn = datasets::standin::alphadigits(Seed::new(1), 39);
    let images = datasets::alphadigits::parse(&drawn, "drawn")?;
    let (test, learn): (Vec<usize>, Vec<usize>) = (0..390).partition(|i| i % 3 == 0); // the digits
    let (pixels, cd) = (images.to_matrix(&learn), Learning::cd(1, 0.1));
    let plan = Fit { epochs: 30, batch: 5, seed: Seed::new(2), resume: None };
    let mut bottom = Rbm::new(pixels.rows(), 100, Seed::new(3));
    learning::train(&mut bottom, &pixels, &cd, &plan, &mut Silent)?;
    let labels = one_hot(&images.subset(&learn).labels, 10)?; // classes × images
    let seen = join(&bottom.hidden_mean(&pixels), &labels);
    let visible = Joined { units: Bernoulli::new(100), labels: Softmax::new(10) };
    let mut top = LabelRbm::with_units(visible, Bernoulli::new(200), Seed::new(4));
    learning::train(&mut top, &seen, &cd, &plan, &mut Silent)?;

    let dbn = LabelDbn::tied(&[bottom], top);
    let scores = dbn.label_log_probabilities(&images.to_matrix(&test)); // classes × images
    let labels = images.subset(&test).labels;
    let beaten = |scores: &[f32], own: u8| scores.iter().any(|score| *score > scores[own as usize]);
    let wrong = scores.columns().zip(labels).filter(|(scores, label)| beaten(scores, *label));
    Ok(wrong.count() as f64 / test.len() as f64)
}
