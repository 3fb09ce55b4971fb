//! Trains a machine on drawn A's and lets it dream: `cargo run --release --package energy --example letters`
#![allow(clippy::print_stdout)]

use energy::{Learning, Rbm, coin_flips, learning};
use tensor::Seed;
use train::{Fit, Silent};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let images = datasets::alphadigits::parse(&datasets::standin::alphadigits(Seed::new(1), 39), "drawn")?;
    let data = images.to_matrix(&images.of_classes(&[10])); // classes 0–9 and A–Z: 10 is A
    let mut rbm = Rbm::new(data.rows(), 200, Seed::new(2));
    let plan = Fit { epochs: 100, batch: 5, seed: Seed::new(3), resume: None };
    learning::train(&mut rbm, &data, &Learning::cd(1, 0.1), &plan, &mut Silent)?;
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
