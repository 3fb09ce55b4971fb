//! Scores samples, and what they are held against: one scorer for all generators of the project.
//!
//! Letters are scored by what the samples reach of real held-out images in four respects ([`quality::Fidelity`]); digits by
//! the exact transport distance to held-out digits. An image in black and white is a point of ℝ⁷⁸⁴, so that the squared
//! distance of two images is the number of pixels where they differ, and the cost of a plan between two sets of n images,
//! `W₂²`, the mean number over the pairs that it makes.

use anyhow::{Context, Result, ensure};
use datasets::Images;
use engine::Workbench;
use quality::Fidelity;
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed};
use train::{Snapshot, Tensor, Values};
use transport::{Metric, PointCost, Points, exact_until};

use super::sample::{SAMPLES, independent};
use crate::data::{Data, Digits, Letters, Reads};
use crate::job::{Cost, Job};

/// Scores of some images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// What is scored.
    pub origin: Origin,
    /// How.
    pub judge: Judge,
    /// Seed of what is drawn; what samples are held against is the same for all seeds.
    pub seed: u64,
}

/// Where the images come from that are scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The point needed, which has drawn samples.
    Samples,
    /// Training images: what a perfect generator would reach.
    Training,
    /// Pixels that are on independently of each other, each as often as in the training images.
    Noise,
    /// The mean training image, in grey, again and again.
    Mean,
    /// Nothing on.
    Blank,
}

/// How images are scored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Judge {
    /// By fidelity and distances to letters of these classes.
    Letters {
        /// The classes, by name.
        characters: String,
    },
    /// By transport to held-out digits.
    Digits {
        /// Images on both sides, at most as many as are held out; of the stand-in those that there are.
        images: usize,
    },
}

/// File of the first images that were scored by transport: `images`, [n, height · width], from 0 to 1.
pub const SHOWN: &str = "images.safetensors";
/// Images kept for show.
const KEPT: usize = 20;
/// The seed of the choice of held-out digits. Fixed, so that results compare.
const HELD_OUT_SEED: u64 = 31;

impl Job for Score {
    const KIND: &'static str = "score";
    // Likeness, diversity, copies and noise of letters.
    const NUMERICS: u32 = 2;

    fn reads(&self) -> Reads {
        match self.judge {
            Judge::Letters { .. } => Reads::Letters,
            Judge::Digits { .. } => Reads::Digits,
        }
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        Ok(match &self.judge {
            Judge::Letters { .. } => Cost { seconds: 0.05, bytes: 96 << 20 },
            Judge::Digits { images } => {
                let (height, width) = Digits::SIZE;
                let (n, pixels) = ((*images).min(data.digits()?.test.len()) as f64, (height * width) as f64);
                let bytes = (112 << 20) + (n * (n + 4.0 * pixels) * 8.0) as u64;
                Cost { seconds: n * n * (pixels * 1.0e-9 + 2e-7) + 0.05, bytes }
            }
        })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        match &self.judge {
            Judge::Letters { characters } => self.fidelity(&*data.letters()?, characters, bench),
            Judge::Digits { images } => self.transport(&*data.digits()?, *images, bench),
        }
    }
}

impl Score {
    /// The scores of the samples, and the same numbers for as many real images.
    fn fidelity(&self, letters: &Letters, characters: &str, bench: &mut Workbench<'_>) -> Result<()> {
        ensure!(self.origin == Origin::Samples, "letters are scored as samples alone");
        let states = samples(bench)?;
        bench.say("scoring");
        let (reference, labels) = (letters.reference(), letters.labels(characters)?);
        let scores = reference.score(states.as_slice(), &labels);
        let floor = reference.floor_for(&labels, states.cols());
        for (metric, value) in scores.metrics() {
            bench.rows.push(metric, value, &[]);
        }
        for (metric, value) in floor.metrics() {
            bench.rows.push(&format!("floor_{metric}"), value, &[]);
        }
        for (metric, value) in Fidelity::of(&scores, &floor).metrics() {
            bench.rows.push(metric, value, &[]);
        }
        bench.rows.push("noise", reference.noise(&labels, states.cols()), &[]);
        bench.rows.push("samples", states.cols() as f64, &[]);
        Ok(())
    }

    /// The exact distance to held-out digits.
    fn transport(&self, digits: &Digits, images: usize, bench: &mut Workbench<'_>) -> Result<()> {
        let n = digits.amount("images", images, digits.test.len().min(digits.train.len()))?;
        let ours = self.images(digits, n, bench)?;
        bench.say("transport");
        let (cost, gap) = to_held_out(digits, &ours, bench)?;
        bench.rows.push("pixels", cost, &[]);
        bench.rows.push("wasserstein", cost.sqrt(), &[]);
        bench.rows.push("certificate_gap", gap, &[]);
        bench.rows.push("images", n as f64, &[]);
        let ink = ours.as_slice().iter().map(|&x| f64::from(x)).sum::<f64>() / ours.as_slice().len() as f64;
        bench.rows.push("ink", ink, &[]);
        let kept = KEPT.min(n);
        let some = ours.gather(&(0..kept).collect::<Vec<_>>());
        let tensors = vec![Tensor::from_f32("images", vec![kept, some.rows()], some.into_vec())];
        bench.put_tensors(SHOWN, tensors)
    }

    /// So many images, pixels × images.
    fn images(&self, digits: &Digits, n: usize, bench: &Workbench<'_>) -> Result<Matrix> {
        let mut noise = Seed::new(self.seed).child("origin", 0).stream();
        let pixels = digits.train.features();
        Ok(match self.origin {
            Origin::Samples => {
                let all = samples(bench)?;
                ensure!(all.cols() >= n, "expected {n} samples, found {}", all.cols());
                all.gather(&(0..n).collect::<Vec<_>>())
            }
            Origin::Training => lit(&digits.train, &noise.permutation(digits.train.len())[..n]),
            Origin::Blank => Matrix::zeros(pixels, n),
            Origin::Mean => {
                let mean = digits.mean_image();
                Matrix::from_fn(pixels, n, |pixel, _| mean[pixel])
            }
            Origin::Noise => independent(digits, n, &mut noise),
        })
    }
}

/// The states that the point needed has drawn, pixels × samples.
fn samples(bench: &Workbench<'_>) -> Result<Matrix> {
    let (file, _) = Snapshot::decode(&bench.read_need(0, SAMPLES)?)?;
    let states = file.tensor("states")?;
    let (Values::U8(values), [n, pixels]) = (&states.values, &states.shape[..]) else {
        anyhow::bail!("states: expected bytes in two dimensions, found {:?}", states.shape);
    };
    Ok(Matrix::from_vec(*pixels, *n, values.iter().map(|&x| f32::from(x)).collect()))
}

/// `W₂²` of images, pixels × n, to as many held-out digits in black and white, and the duality gap that proves it; the same digits
/// for every generator.
///
/// # Errors
/// As [`distance`].
///
/// # Panics
/// If there are more images than held-out digits.
pub fn to_held_out(digits: &Digits, images: &Matrix, bench: &Workbench<'_>) -> Result<(f64, f64)> {
    let chosen = Seed::new(HELD_OUT_SEED).stream().permutation(digits.test.len());
    let real = points(&lit(&digits.test, &chosen[..images.cols()]));
    distance(&points(images), &real, digits.test.features(), bench)
}

/// `W₂²` of two sets of as many points each, and the duality gap that proves it.
///
/// # Errors
/// If the run is interrupted, or the sets do not fit.
pub fn distance(from: &[f64], to: &[f64], dim: usize, bench: &Workbench<'_>) -> Result<(f64, f64)> {
    let (from, to) = (Points::new(from, dim)?, Points::new(to, dim)?);
    let cost = PointCost::new(from, to, Metric::SquaredEuclidean)?;
    let [a, b] = [from.len(), to.len()].map(|n| vec![1.0; n]);
    let plan = bench.until_interrupted(|stop| exact_until(&cost, &a, &b, stop))?;
    let proof = plan.certificate.context("an exact plan has a certificate")?;
    let n = from.len() as f64;
    Ok((plan.cost / n, proof.gap / n))
}

/// Images in black and white, pixels × images.
pub fn lit(images: &Images, chosen: &[usize]) -> Matrix {
    Digits::spikes(images, chosen.iter().copied()).to_matrix()
}

/// Images as the coordinates of points, one image after another.
pub fn points(images: &Matrix) -> Vec<f64> {
    images.as_slice().iter().map(|&x| f64::from(x)).collect()
}
