//! A deep belief network: RBMs trained one on another, then sampled from the top down.
//!
//! Gives the squared error per pixel of an image that is sent all the way up and down.

use std::error::Error;

use energy::stack::{Chains, generate, reconstruct};
use energy::{Dbn, Learning, Rbm, coin_flips, learning};
use tensor::Seed;
use train::{Fit, Silent};

pub fn run() -> Result<f64, Box<dyn Error>> {
    let drawn = datasets::standin::alphadigits(Seed::new(1), 39);
    let images = datasets::alphadigits::parse(&drawn, "drawn")?;
    let letters = images.to_matrix(&images.of_classes(&[10, 11])); // pixels × images; A and B
    let (mut machines, mut input) = (Vec::new(), letters.clone());
    for (layer, units) in [200, 100].into_iter().enumerate() {
        let mut rbm = Rbm::new(input.rows(), units, Seed::new(2).child("layer", layer as u64));
        let plan = Fit { epochs: 50, batch: 5, seed: Seed::new(3), resume: None };
        learning::train(&mut rbm, &input, &Learning::cd(1, 0.1), &plan, &mut Silent)?;
        input = rbm.hidden_mean(&input);
        machines.push(rbm);
    }
    let (dbn, mut noise) = (Dbn::new(machines), Seed::new(4).stream());
    let chains = Chains { sweeps: 200, pause: 200, threads: 1 };
    let start = coin_flips(200, 16, &mut noise);
    let samples = generate(&dbn, &start, chains, &mut noise, &mut |_| Ok(()))?;
    assert_eq!(samples.states.cols(), 16); // pixels × chains
    let again = reconstruct(&dbn, &letters, &mut noise)?.mean;
    Ok(again.mean_squared_difference(&letters))
}
