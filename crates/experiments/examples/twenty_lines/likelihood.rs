//! The partition function of an RBM by annealed importance sampling, held against its exact value.
//!
//! Gives how far the estimate of log Z is off, in nats.

use std::convert::Infallible;
use std::error::Error;

use energy::partition::estimate::log_mean_exp;
use energy::partition::exact::{Listed, log_partition};
use energy::partition::{Annealed, RbmPath, ais};
use energy::{Bernoulli, Learning, Rbm, learning};
use tensor::Seed;
use train::{Fit, Silent};

pub fn run() -> Result<f64, Box<dyn Error>> {
    let drawn = datasets::standin::alphadigits(Seed::new(1), 39);
    let images = datasets::alphadigits::parse(&drawn, "drawn")?;
    let letters = images.to_matrix(&images.of_classes(&[10, 11])); // pixels × images; A and B
    let mut rbm = Rbm::new(letters.rows(), 12, Seed::new(2)); // few enough units to list all states
    let plan = Fit { epochs: 20, batch: 5, seed: Seed::new(3), resume: None };
    learning::train(&mut rbm, &letters, &Learning::cd(1, 0.05), &plan, &mut Silent)?;

    let path = RbmPath::new(&rbm, Bernoulli::new(letters.rows()));
    let (ladder, mut noise) = (ais::Ladder::linear(1000), Seed::new(4).stream());
    let walk = ais::forward(&path, &ladder, 100, &mut noise, &mut |_| Ok::<_, Infallible>(()))?;
    let estimate = path.base_log_z() + log_mean_exp(&walk.log_weights);
    Ok((estimate - log_partition(&rbm, Listed::Hidden)).abs())
}
