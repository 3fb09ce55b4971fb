//! Chains of such a machine that begin at test images, whole or with rows missing, and what they make of them.

use anyhow::{Result, ensure};
use energy::Rbm;
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed, Stream};
use train::Tensor;

use super::job::machine_file;
use crate::data::{Data, Digits, Reads};
use crate::greedy::rbm_from;
use crate::job::{Cost, Job};

/// Chains from test images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restore {
    /// Hidden units of the machine needed.
    pub hidden: usize,
    /// The epoch after which it is taken.
    pub epoch: usize,
    /// Rows of pixels that are missing, from the top.
    pub removed: usize,
    /// Gibbs steps.
    pub sweeps: usize,
    /// Whether the pixels that are not missing are held.
    pub clamped: bool,
    /// Test images.
    pub images: usize,
    /// Seed of the chains.
    pub seed: u64,
}

/// The file of the first pictures: `images` as they were, `begun` as the chain began, `ended` as it ended: [n, 784].
pub const RESTORED: &str = "restored.safetensors";
/// How many are kept.
const KEPT: usize = 10;
/// Weights times images in a second of Gibbs sampling.
const PACE: f64 = 2e9;

impl Job for Restore {
    const KIND: &'static str = "restore";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let seconds = (self.sweeps * self.images * 784 * self.hidden) as f64 / PACE + 0.05;
        Ok(Cost { seconds, bytes: 128 << 20 })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let (height, width) = Digits::SIZE;
        ensure!(
            self.removed < height,
            "removed: expected fewer than the {height} rows of an image, found {}",
            self.removed
        );
        let count = digits.amount("images", self.images, digits.test.len())?;
        let images = digits.test.to_matrix(&(0..count).collect::<Vec<_>>());
        let rbm = rbm_from(&bench.read_need(0, &machine_file(self.epoch))?, images.rows(), self.hidden)?;
        let missing = self.removed * width;
        let begun =
            Matrix::from_fn(images.rows(), count, |i, j| if i < missing { 0.0 } else { images.column(j)[i] });
        let mut noise = Seed::new(self.seed).child("restore", self.removed as u64).stream();
        let free: Vec<bool> = (0..images.rows()).map(|i| i < missing || !self.clamped).collect();
        let ended = end(&rbm, &begun, &free, self.sweeps, &mut noise, bench)?;
        for (metric, from, to) in [("error_missing", 0, missing), ("error", 0, images.rows())] {
            if to > from {
                bench.rows.push(metric, error(&images, &ended, from..to), &[]);
            }
        }
        let free_energy = rbm.free_energy(&ended);
        bench.rows.push("free_energy", free_energy.iter().sum::<f64>() / count as f64, &[]);
        let kept: Vec<usize> = (0..KEPT.min(count)).collect();
        let of = |name: &str, all: &Matrix| {
            let some = all.gather(&kept);
            Tensor::from_f32(name, vec![kept.len(), some.rows()], some.into_vec())
        };
        bench.put_tensors(RESTORED, vec![of("images", &images), of("begun", &begun), of("ended", &ended)])
    }
}

/// Where chains end that begin so and hold all pixels that are not `free`: probabilities, after so many Gibbs steps.
///
/// # Errors
/// If the run is interrupted.
pub(crate) fn end(
    rbm: &Rbm,
    begun: &Matrix,
    free: &[bool],
    steps: usize,
    noise: &mut Stream,
    bench: &Workbench<'_>,
) -> Result<Matrix> {
    let mut v = begun.clone();
    // All but the last step, whose probabilities are the picture.
    for _ in 1..steps {
        bench.check_interrupt()?;
        v = rbm.gibbs_clamped(&v, free, 1, noise);
    }
    let mut ended = rbm.visible_mean(&rbm.sample_hidden(&v, noise));
    for j in 0..ended.cols() {
        let held = ended.column_mut(j).iter_mut().zip(begun.column(j)).zip(free).filter(|(_, free)| !**free);
        held.for_each(|((x, own), _)| *x = *own);
    }
    Ok(ended)
}

/// The mean squared error over some pixels of all images.
pub(crate) fn error(a: &Matrix, b: &Matrix, pixels: std::ops::Range<usize>) -> f64 {
    let squares = a.columns().zip(b.columns()).flat_map(|(a, b)| {
        a[pixels.clone()].iter().zip(&b[pixels.clone()]).map(|(a, b)| f64::from(a - b).powi(2))
    });
    squares.sum::<f64>() / (pixels.len() * a.cols()) as f64
}
