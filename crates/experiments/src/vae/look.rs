//! Opens a trained autoencoder: where test images lie in its latent space, what lies on a grid of a latent plane, and what lies
//! between two test images.

use anyhow::{Context, Result, ensure};
use engine::Workbench;
use generative::{Vae, VaeShape};
use serde::{Deserialize, Serialize};
use tensor::Matrix;
use train::Tensor;

use super::quantile::normal_middles;
use super::train::{Seen, read_vae};
use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};

/// Looks into the autoencoder of the point needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Its layers.
    pub shape: VaeShape,
    /// What it sees of an image.
    pub seen: Seen,
    /// Test images whose latent means are kept.
    pub images: usize,
    /// Cells of the grid, each way; the grid is made of two latent variables only.
    pub grid: usize,
    /// Pairs of classes: the first test image of each.
    pub pairs: Vec<[u8; 2]>,
    /// Pictures from one end of a pair to the other, both ends counted.
    pub steps: usize,
}

/// The file of what was seen: `images` [k, 784], the first test images as the autoencoder sees them; `latent` [n, latent variables] and
/// `labels` [n] of test images; with two latent variables
/// `manifold` [grid², 784], row by row, the first variable growing to the right and the second upwards; for each pair `ends` [2 · pairs,
/// 784] and `paths` [pairs · steps, 784].
pub const SEEN: &str = "seen.safetensors";
/// Test images kept for show.
const SHOWN: usize = 20;

impl Job for Look {
    const KIND: &'static str = "vae-look";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let pictures = self.images + self.grid * self.grid + self.pairs.len() * self.steps;
        Ok(Cost { seconds: 5e-5 * pictures as f64 + 0.1, bytes: (pictures * 784 * 8) as u64 + (64 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        ensure!(self.steps >= 2, "an interpolation of {} pictures has no two ends", self.steps);
        let digits = data.digits()?;
        let vae = read_vae(&self.shape, bench, 0)?;
        let n = digits.amount("test images", self.images, digits.test.len())?;
        let images = self.seen.test(&digits.test, n);
        let latent = vae.posterior(&images).mean;
        let shape = vec![n, latent.rows()];
        let shown = images.gather(&(0..SHOWN.min(n)).collect::<Vec<_>>());
        let mut tensors = vec![
            Tensor::from_f32("images", vec![shown.cols(), shown.rows()], shown.into_vec()),
            Tensor::from_f32("latent", shape, latent.into_vec()),
            Tensor::from_u8("labels", vec![n], digits.test.labels[..n].to_vec()),
        ];
        if vae.latent() == 2 {
            let grid = vae.decode(&plane(self.grid));
            tensors.push(Tensor::from_f32("manifold", vec![grid.cols(), grid.rows()], grid.into_vec()));
        }
        let (ends, paths) = self.paths(&vae, &digits)?;
        for (name, pictures) in [("ends", ends), ("paths", paths)] {
            let shape = vec![pictures.len() / vae.pixels(), vae.pixels()];
            tensors.push(Tensor::from_f32(name, shape, pictures));
        }
        bench.put_tensors(SEEN, tensors)
    }
}

impl Look {
    /// The images at the ends of all pairs, and what lies between them on a straight line of latent variables.
    fn paths(&self, vae: &Vae, digits: &Digits) -> Result<(Vec<f32>, Vec<f32>)> {
        let (mut ends, mut paths) = (Vec::new(), Vec::new());
        for &pair in &self.pairs {
            let mut places = Vec::new();
            for class in pair {
                let place = digits.test.labels.iter().position(|&label| label == class);
                places.push(place.with_context(|| format!("no test image of class {class}"))?);
            }
            let most = places.iter().copied().max().unwrap_or(0);
            let images = self.seen.test(&digits.test, most + 1).gather(&places);
            let z = line(&vae.posterior(&images).mean, self.steps);
            ends.extend(images.into_vec());
            paths.extend(vae.decode(&z).into_vec());
        }
        Ok((ends, paths))
    }
}

/// The points of a grid over the plane, equally likely under the prior, row by row from the top: 2 × n².
fn plane(n: usize) -> Matrix {
    let middles = normal_middles(n);
    Matrix::from_fn(2, n * n, |variable, cell| {
        let (row, column) = (cell / n, cell % n);
        (if variable == 0 { middles[column] } else { middles[n - 1 - row] }) as f32
    })
}

/// Points from the first column to the second in equal steps, both counted.
fn line(ends: &Matrix, steps: usize) -> Matrix {
    Matrix::from_fn(ends.rows(), steps, |row, step| {
        let share = step as f32 / (steps - 1) as f32;
        (1.0 - share) * ends.column(0)[row] + share * ends.column(1)[row]
    })
}

#[cfg(test)]
mod tests {
    use tensor::Matrix;

    use super::{line, plane};

    #[test]
    fn the_plane_grows_to_the_right_and_upwards() {
        let grid = plane(4);
        let at = |row: usize, column: usize| grid.column(4 * row + column);
        assert!(at(0, 0)[0] < at(0, 3)[0] && at(0, 0)[1] > at(3, 0)[1]);
        assert_eq!((at(1, 2)[0], at(1, 2)[1]), (at(3, 2)[0], at(1, 0)[1]));
    }

    #[test]
    fn a_line_has_both_ends_and_the_middle() {
        let ends = Matrix::from_vec(2, 2, vec![0.0, 1.0, 4.0, -1.0]);
        assert_eq!(line(&ends, 3).as_slice(), [0.0, 1.0, 2.0, 0.0, 4.0, -1.0]);
    }
}
