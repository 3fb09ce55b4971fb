//! Trains a variational autoencoder on digits, and measures both parts of its bound on training and on test images after every
//! epoch.
//!
//! `ELBO(x) = E_q[log p(x | z)] − KL(q(z | x) ‖ N(0, 1))`, in nats an image [Kingma2014]. Of grey pixels the first part is their
//! cross-entropy, which is no density: its nats compare with those of other models of the same grey images alone. The test images
//! choose nothing.

use std::sync::Arc;

use anyhow::{Context, Result};
use datasets::Images as Pictures;
use engine::Workbench;
use feedforward::Init;
use generative::{Elbo, Images, Options, Vae, VaeShape, VaeTrainer};
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed};
use train::{Delegate, Descent, Fit, Parameters, Snapshot, Tensor, Trainee};

use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};
use crate::likelihood::binarised::Binarised;

/// One autoencoder, and how it learns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variational {
    /// Its layers, and its law of pixels.
    pub shape: VaeShape,
    /// What it sees of an image.
    pub seen: Seen,
    /// The first so many training images.
    pub images: usize,
    /// The first so many test images.
    pub tested: usize,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Rule and rate.
    pub descent: Descent,
    /// Passes over the images.
    pub epochs: usize,
    /// Seed of weights, shuffles and noise.
    pub seed: u64,
}

/// What an autoencoder sees of a grey image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// Its grey levels, from 0 to 1.
    Grey,
    /// Black and white, each pixel on with the probability of its grey level: training images drawn anew every time they are
    /// seen, test images once, with the seed of [`Binarised::Drawn`] [Burda2016, section 5].
    Drawn,
}

/// The file of the autoencoder's weights.
pub const VAE: &str = "vae.safetensors";
/// Multiply-adds in a second of learning and of looking.
pub(super) const PACE: [f64; 2] = [4e10, 5e10];
/// Test images that are looked at together.
const BLOCK: usize = 500;

impl Seen {
    /// The first so many test images as it sees them, pixels × images.
    pub fn test(self, images: &Pictures, count: usize) -> Matrix {
        match self {
            Self::Grey => images.to_matrix(&(0..count).collect::<Vec<_>>()),
            Self::Drawn => Binarised::Drawn.spikes(images, "test", 0..count).to_matrix(),
        }
    }
}

/// The autoencoder that the `index`-th point needed has trained.
///
/// # Errors
/// If its file is none of an autoencoder of this shape.
pub fn read_vae(shape: &VaeShape, bench: &Workbench<'_>, index: usize) -> Result<Vae> {
    let (file, _) = Snapshot::decode(&bench.read_need(index, VAE)?)?;
    // What is drawn here is overwritten: the file has every parameter.
    let mut vae = Vae::new(shape, Init::Uniform, Seed::new(0))?;
    file.write_into(&mut vae, "").context("expected an autoencoder of this shape")?;
    Ok(vae)
}

/// Multiply-adds of one image on its way to the latent variables and back.
pub(super) fn multiply_adds(shape: &VaeShape) -> f64 {
    let widths: Vec<usize> = [shape.pixels].iter().chain(&shape.hidden).copied().collect();
    let hidden: usize = widths.windows(2).map(|pair| pair[0] * pair[1]).sum();
    (2 * hidden + 3 * widths[widths.len() - 1] * shape.latent) as f64
}

impl Job for Variational {
    const KIND: &'static str = "variational-autoencoder";
    const NUMERICS: u32 = 1;

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let digits = data.digits()?;
        let count = self.images.min(digits.train.len()) as f64;
        let once = multiply_adds(&self.shape);
        let seconds = self.epochs as f64 * once * (3.0 * count / PACE[0] + self.tested as f64 / PACE[1]);
        Ok(Cost {
            seconds: seconds + 0.2,
            bytes: (count * 1500.0) as u64 + self.tested as u64 * 3136 + (128 << 20),
        })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let count = digits.amount("images", self.images, digits.train.len())?;
        let tested = digits.amount("test images", self.tested, digits.test.len())?;
        let seed = Seed::new(self.seed).child("vae", 0);
        let vae = Vae::new(&self.shape, Init::Uniform, seed.child("network", 0))?;
        bench.rows.push("parameters", vae.count() as f64, &[]);
        let grey = Arc::new(Digits::grey(&digits.train, 0..count).images);
        let images = match self.seen {
            Seen::Grey => Images::Fixed(grey),
            Seen::Drawn => Images::Drawn(grey),
        };
        let batch = self.batch.min(count);
        let team = Options { batch, threads: bench.threads };
        let trainer = VaeTrainer::new(vae, images, self.descent, team)?;
        let test = self.seen.test(&digits.test, tested);
        let mut scored = Scored { trainer, test, seed: seed.child("test", 0) };
        let fit = Fit { epochs: self.epochs, batch, seed: seed.child("fit", 0), resume: None };
        bench.train("the autoencoder", &mut scored, count, &fit, &mut |_, _, _| Ok(()))?;
        bench.put_tensors(VAE, Tensor::list(&scored.trainer.vae(), ""))
    }
}

/// An autoencoder with the test images that it is measured on, with the same noise after every epoch.
struct Scored {
    trainer: VaeTrainer,
    test: Matrix,
    seed: Seed,
}

impl Scored {
    /// The mean of both parts over the test images.
    fn bound(&self) -> Elbo {
        let (n, mut sum, mut noise) = (self.test.cols(), Elbo::default(), self.seed.stream());
        let vae = self.trainer.vae();
        for begin in (0..n).step_by(BLOCK) {
            let block = self.test.gather(&(begin..(begin + BLOCK).min(n)).collect::<Vec<_>>());
            for elbo in vae.elbo(&block, &mut noise) {
                sum.log_likelihood += elbo.log_likelihood / n as f64;
                sum.divergence += elbo.divergence / n as f64;
            }
        }
        sum
    }
}

impl Delegate for Scored {
    fn inner(&self) -> &dyn Trainee {
        &self.trainer
    }

    fn inner_mut(&mut self) -> &mut dyn Trainee {
        &mut self.trainer
    }

    fn measure_more(&self, metrics: &mut Vec<(&'static str, f64)>) {
        let own = |name: &str| metrics.iter().find(|(other, _)| *other == name).map_or(f64::NAN, |(_, x)| *x);
        let elbo = own("log_likelihood") - own("divergence");
        let test = self.bound();
        metrics.extend([
            ("elbo", elbo),
            ("elbo_test", test.total()),
            ("log_likelihood_test", test.log_likelihood),
            ("divergence_test", test.divergence),
        ]);
    }
}
