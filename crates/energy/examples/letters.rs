//! Trains a machine on drawn A's and lets it dream: `cargo run --release --package energy --example letters`
#![allow(clippy::print_stdout)]

use energy::{Contrastive, Negative, Rbm, VisibleState, coin_flips, learning};
use tensor::Seed;
use train::{Fit, Rule, Silent};

fn main() -> Result<(), datasets::DataError> {
    let images = datasets::alphadigits::parse(&datasets::standin::alphadigits(Seed::new(1), 39), "drawn")?;
    let data = images.to_matrix(&images.of_classes(&[10])); // classes 0–9 and A–Z: 10 is A
    let mut rbm = Rbm::new(data.rows(), 200, Seed::new(2));
    let (negative, rule) = (Negative::Cd { sweeps: 1 }, Rule::Sgd { momentum: 0.0 });
    let cd = Contrastive { negative, visible: VisibleState::Sampled, rule, rate: 0.1 };
    let plan = Fit { epochs: 100, batch: 5, seed: Seed::new(3), resume: None };
    learning::train(&mut rbm, &data, &cd, &plan, &mut Silent);
    let mut noise = Seed::new(4).stream();
    let dreams = rbm.gibbs(coin_flips(data.rows(), 6, &mut noise), 200, &mut noise);
    for row in (0..images.height).step_by(2) {
        let on = |s: &[f32], y: usize, x: usize| s[y * images.width + x] as usize;
        let block = |s: &[f32], x| [' ', '▄', '▀', '█'][2 * on(s, row, x) + on(s, row + 1, x)];
        dreams.columns().for_each(|s| print!("{}  ", String::from_iter((0..16).map(|x| block(s, x)))));
        println!();
    }
    Ok(())
}
