//! Pictures that a trained autoencoder decodes: from latent variables drawn from the prior, or from those of test images.
//!
//! What is kept is the mean of every pixel, which is what reports show, not a draw from its law.

use anyhow::Result;
use engine::Workbench;
use generative::{Vae, VaeShape};
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed};

use super::train::{PACE, Seen, multiply_adds, read_vae};
use crate::arena::put_samples;
use crate::data::{Data, Reads};
use crate::job::{Cost, Job};

/// Pictures of the autoencoder in the point needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decode {
    /// Its layers.
    pub shape: VaeShape,
    /// What it sees of an image.
    pub seen: Seen,
    /// Where latent variables come from.
    pub latents: Latents,
    /// How many pictures.
    pub pictures: usize,
    /// Seed of what is drawn.
    pub seed: u64,
}

/// Where latent variables come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Latents {
    /// The prior, `N(0, 1)`.
    Prior,
    /// The means of `q(z | x)` for the first test images.
    TestImages,
}

/// Pictures that are decoded together.
const BLOCK: usize = 500;

impl Job for Decode {
    const KIND: &'static str = "vae-pictures";

    fn reads(&self) -> Reads {
        match self.latents {
            Latents::Prior => Reads::Nothing,
            Latents::TestImages => Reads::Digits,
        }
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let seconds = self.pictures as f64 * multiply_adds(&self.shape) / PACE[1] + 0.05;
        Ok(Cost { seconds, bytes: (self.pictures * 784 * 16) as u64 + (64 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let vae = read_vae(&self.shape, bench, 0)?;
        let means = match self.latents {
            Latents::Prior => {
                let mut z = Matrix::zeros(vae.latent(), self.pictures);
                Seed::new(self.seed).child("prior", 0).stream().normal(&mut z, 1.0);
                decode(&vae, &z, bench)?
            }
            Latents::TestImages => {
                let digits = data.digits()?;
                let count = digits.amount("pictures", self.pictures, digits.test.len())?;
                decode(&vae, &vae.posterior(&self.seen.test(&digits.test, count)).mean, bench)?
            }
        };
        put_samples(means, bench)
    }
}

/// The mean picture of each column of `z`, pixels × pictures.
fn decode(vae: &Vae, z: &Matrix, bench: &Workbench<'_>) -> Result<Matrix> {
    let mut all = Vec::with_capacity(vae.pixels() * z.cols());
    for begin in (0..z.cols()).step_by(BLOCK) {
        bench.check_interrupt()?;
        let block = z.gather(&(begin..(begin + BLOCK).min(z.cols())).collect::<Vec<_>>());
        all.extend(vae.decode(&block).into_vec());
    }
    Ok(Matrix::from_vec(vae.pixels(), z.cols(), all))
}
