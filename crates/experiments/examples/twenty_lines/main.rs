//! What the experiments do, each in some twenty lines of the library: the code that the page shows beside their figures.
//!
//! ```text
//! cargo run --release -p experiments --example twenty_lines -- rbm
//! ```
//!
//! Every file is whole: it makes its own small data, trains, and gives one number, which its first lines explain.
#![allow(clippy::print_stdout)]

mod adversaries;
mod barycentre;
mod binarise;
mod colours;
mod compared;
mod convolution;
mod dbm;
mod dbn;
mod denoising;
mod desserts;
mod inpainting;
mod labels;
mod likelihood;
mod pretraining;
mod rbm;
mod vae;
mod wake_sleep;

use std::error::Error;

/// Runs one of them.
pub type Run = fn() -> Result<f64, Box<dyn Error>>;

/// All of them, by name.
pub const ALL: &[(&str, Run)] = &[
    ("adversaries", adversaries::run),
    ("barycentre", barycentre::run),
    ("binarise", binarise::run),
    ("colours", colours::run),
    ("compared", compared::run),
    ("convolution", convolution::run),
    ("dbm", dbm::run),
    ("dbn", dbn::run),
    ("denoising", denoising::run),
    ("desserts", desserts::run),
    ("inpainting", inpainting::run),
    ("labels", labels::run),
    ("likelihood", likelihood::run),
    ("pretraining", pretraining::run),
    ("rbm", rbm::run),
    ("vae", vae::run),
    ("wake_sleep", wake_sleep::run),
];

fn main() -> Result<(), Box<dyn Error>> {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = asked.iter().find(|one| ALL.iter().all(|(name, _)| name != one)) {
        let names: Vec<&str> = ALL.iter().map(|(name, _)| *name).collect();
        return Err(format!("expected some of {}, found {unknown:?}", names.join(", ")).into());
    }
    let is_asked = |name: &str| asked.is_empty() || asked.iter().any(|one| one == name);
    for (name, run) in ALL.iter().filter(|(name, _)| is_asked(name)) {
        println!("{name}: {:.4}", run()?);
    }
    Ok(())
}
