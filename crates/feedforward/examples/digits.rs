//! Which drawn digits does a network confuse? `cargo run --release --package feedforward --example digits`
#![allow(clippy::print_stdout)]

use std::{error::Error, sync::Arc};

use feedforward::fast::{FastMlp, FastOptions, Samples};
use feedforward::{Activation, Init, Network};
use tensor::Seed;
use train::{Descent, Fit, Silent, epochs};

fn main() -> Result<(), Box<dyn Error>> {
    let drawn = datasets::alphadigits::parse(&datasets::standin::alphadigits(Seed::new(1), 39), "drawn")?;
    let (test, learn): (Vec<usize>, Vec<usize>) = (0..390).partition(|&i| i % 3 == 0); // 39 of each digit
    let samples = |part: &[usize]| Samples::new(&drawn.to_matrix(part), &drawn.subset(part).labels);
    let network = Network::mlp(&[320, 100, 10], Activation::Relu, 0.2, Init::He, Seed::new(2))?;
    let descent = Descent::sgd(0.1);
    let options = FastOptions { descent, batch: 5, threads: 1 };
    let mut fast = FastMlp::new(&network, Arc::new(samples(&learn)), options)?;
    let plan = Fit { epochs: 30, batch: 5, seed: Seed::new(3), resume: None };
    epochs(&mut fast, learn.len(), &plan, &mut Silent);
    let (confusion, _) = fast.evaluate(&samples(&test))?;
    confusion.rows().enumerate().for_each(|(digit, row)| println!("{digit}: {row:3?}"));
    println!("error {:.1} %, {:.3?} with 95 %", 100.0 * confusion.error_rate(), confusion.interval(1.96));
    Ok(())
}
