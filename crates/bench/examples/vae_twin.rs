//! One variational autoencoder for two programs: writes fresh weights, trains them, and says how good a bound held-out images get, so
//! that `tools/peers/torch_vae_twin.py` can train the same weights and say the same.
//!
//! ```sh
//! cargo run --release -p bench --example vae_twin -- FOLDER DATA [EPOCHS]
//! python tools/peers/torch_vae_twin.py FOLDER DATA [EPOCHS]
//! ```

#![allow(clippy::print_stdout)]

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use bench::data::labelled;
use feedforward::{Activation, Init};
use generative::{Images, Likelihood, Normalised, Options, Vae, VaeShape, VaeTrainer};
use tensor::layers::Sparse;
use tensor::{Matrix, Seed};
use train::{Descent, Fit, Silent, Snapshot, Tensor, epochs};

/// Images to learn from; the other 10 000 are held out.
const LEARNT: usize = 50_000;
const BATCH: usize = 128;

/// The mean bound of some images, in nats, from one draw each.
fn bound(vae: &Vae, images: &Sparse, range: std::ops::Range<usize>) -> f64 {
    let mut noise = Seed::new(9).stream();
    let mut total = 0.0;
    let all: Vec<usize> = range.collect();
    for some in all.chunks(1000) {
        let mut x = Matrix::zeros(images.rows(), some.len());
        for (j, &i) in some.iter().enumerate() {
            images.column(i).iter().for_each(|&(pixel, value)| x.column_mut(j)[pixel as usize] = value);
        }
        total += vae.elbo(&x, &mut noise).into_iter().map(|elbo| elbo.total()).sum::<f64>();
    }
    total / all.len() as f64
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().context("a folder for the weights")?);
    let data = PathBuf::from(arguments.next().context("the folder of the data")?);
    let passes = arguments.next().map_or(Ok(5), |epochs| epochs.parse())?;
    std::fs::create_dir_all(&folder)?;
    let all = labelled(Some(data.as_path()), 60_000)?.0;
    let all = &all.images;
    let learnt = Arc::new(labelled(Some(data.as_path()), LEARNT)?.0.images.clone());
    for (name, normalised) in [("plain", Normalised::No), ("normalised", Normalised::Batch)] {
        let shape = VaeShape {
            pixels: all.rows(),
            hidden: vec![512, 256],
            latent: 2,
            activation: Activation::Relu,
            normalised,
            likelihood: Likelihood::Bernoulli,
        };
        let vae = Vae::new(&shape, Init::Uniform, Seed::new(1))?;
        let file = folder.join(format!("{name}.safetensors"));
        std::fs::write(&file, Snapshot { epoch: 0, tensors: Tensor::list(&vae, "") }.encode(""))?;
        let options = Options { batch: BATCH, threads: 2 };
        let images = Images::Fixed(Arc::clone(&learnt));
        let mut trainer = VaeTrainer::new(vae, images, Descent::adam(1e-3), options)?;
        let fit = Fit { epochs: passes, batch: BATCH, seed: Seed::new(2), resume: None };
        let begun = std::time::Instant::now();
        epochs(&mut trainer, learnt.len(), &fit, &mut Silent);
        let seconds = begun.elapsed().as_secs_f64() / passes as f64;
        let bound = bound(&trainer.vae(), all, learnt.len()..all.len());
        println!("{name}: {bound:.2} nats on held-out images after {passes} epochs of {seconds:.2} s");
    }
    Ok(())
}
