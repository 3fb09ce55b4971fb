//! A deep belief network with labels is fine-tuned by waking and sleeping, then draws the digits that it is asked for.
//!
//! Gives the share of its drawings that it takes itself for another digit.

use std::error::Error;

use energy::wake_sleep::{StepRule, UpDown, fine_tune};
use energy::{Bernoulli, Joined, LabelDbn, LabelRbm, Learning, Rbm, Softmax, VisibleState};
use energy::{coin_flips, join, learning, one_hot};
use tensor::Seed;
use train::{Fit, Silent};

pub fn run() -> Result<f64, Box<dyn Error>> {
    let drawn = datasets::standin::alphadigits(Seed::new(1), 39);
    let images = datasets::alphadigits::parse(&drawn, "drawn")?;
    let digits = images.subset(&images.of_classes(&[0, 1, 2])); // 39 of each
    let pixels = digits.to_matrix(&(0..digits.len()).collect::<Vec<_>>());
    let (labels, cd) = (one_hot(&digits.labels, 3)?, Learning::cd(5, 0.02)); // classes × images
    let plan = Fit { epochs: 100, batch: 5, seed: Seed::new(2), resume: None };
    let mut bottom = Rbm::new(pixels.rows(), 100, Seed::new(3));
    learning::train(&mut bottom, &pixels, &cd, &plan, &mut Silent)?;
    let seen = join(&bottom.hidden_mean(&pixels), &labels);
    let visible = Joined { units: Bernoulli::new(100), labels: Softmax::new(3) };
    let mut top = LabelRbm::with_units(visible, Bernoulli::new(100), Seed::new(4));
    learning::train(&mut top, &seen, &cd, &plan, &mut Silent)?;

    let mut dbn = LabelDbn::tied(&[bottom], top);
    let dream = VisibleState::Mean;
    let up_down = UpDown { rate: 0.01, step: StepRule::Mean, sweeps: 3, dream };
    fine_tune(&mut dbn, (&pixels, &labels), &up_down, &plan, &mut Silent)?;
    let (asked, mut noise) = ([0, 1, 2].repeat(20), Seed::new(5).stream());
    let start = coin_flips(100, asked.len(), &mut noise);
    let drawn = dbn.generate(&one_hot(&asked, 3)?, start, 200, &mut noise).states;
    let scores = dbn.label_log_probabilities(&drawn); // classes × drawings
    let beaten = |scores: &[f32], own: u8| scores.iter().any(|score| *score > scores[own as usize]);
    let wrong = scores.columns().zip(&asked).filter(|(scores, label)| beaten(scores, **label));
    Ok(wrong.count() as f64 / asked.len() as f64)
}
