//! A deep Boltzmann machine: two machines put together, then trained as one with persistent chains.
//!
//! Gives the squared error per pixel of its mean-field reconstructions.

use std::error::Error;

use energy::dbm::{self, DbmLearning, DoubledTrainer, MeanField};
use energy::{InputError, Learning, Rbm, VisibleBias};
use tensor::Seed;
use train::{Descent, Fit, Silent, epochs};

pub fn run() -> Result<f64, Box<dyn Error>> {
    let drawn = datasets::standin::alphadigits(Seed::new(1), 39);
    let images = datasets::alphadigits::parse(&drawn, "drawn")?;
    let letters = images.to_matrix(&images.of_classes(&[10, 11])); // pixels × images; A and B
    let plan = Fit { epochs: 30, batch: 6, seed: Seed::new(2), resume: None };
    let learning = Learning { start: VisibleBias::FromData, ..Learning::cd(1, 0.1) };
    let mut machine = dbm::pretrain(&letters, 2, |layer, input, doubled| {
        let mut rbm = Rbm::new(input.rows(), [100, 50][layer], Seed::new(3 + layer as u64));
        let mut trainer = DoubledTrainer::new(&mut rbm, input, &learning, doubled)?;
        epochs(&mut trainer, input.cols(), &plan, &mut Silent);
        Ok::<_, InputError>(rbm)
    })?;
    let (mean_field, descent) = (MeanField::sweeps(10), Descent::sgd(0.01));
    let start = VisibleBias::default();
    let joint = DbmLearning { mean_field, chains: 20, sweeps: 5, descent, start, centring: None };
    dbm::train(&mut machine, &letters, &joint, &plan, &mut Silent)?;
    Ok(machine.reconstruct_mean(&letters, mean_field).mean_squared_difference(&letters))
}
