//! Transport between sets of digits: between classes, and from what is generated to what is real.
//!
//! An image in black and white is a point of ℝ⁷⁸⁴, so that the squared distance of two images is the number of pixels where
//! they differ, and the cost of a plan between two sets of n images, `W₂²`, the mean number over the pairs that it makes.

use anyhow::{Context, Result};
use datasets::Images;
use energy::VisibleState;
use energy::fast::FastChains;
use serde::{Deserialize, Serialize};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed, Stream};
use train::{Snapshot, Tensor};
use transport::{Metric, PointCost, Points, exact_until};

use super::belief::layers;
use crate::source::Digits;
use crate::workbench::Workbench;

/// Exact distances between all classes of held-out digits, and between two halves of each class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassDistances {
    /// Images of each class, at most half of what the smallest has; of the stand-in those that there are.
    pub images: usize,
}

/// The exact distance from generated digits to held-out ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleDistance {
    /// What is held against the held-out digits.
    pub origin: Origin,
    /// Images on both sides, at most as many as are held out; of the stand-in those that there are.
    pub images: usize,
    /// Seed of what is drawn; the held-out digits are the same for all seeds.
    pub seed: u64,
}

/// Where digits come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Training images: what a perfect generator would reach.
    Training,
    /// Pixels that are on independently of each other, each as often as in the training images.
    Noise,
    /// The mean training image, in grey, again and again.
    Mean,
    /// Nothing on.
    Blank,
    /// Layers of RBMs, those of the points needed: Gibbs sampling in the top one, then one pass down [Hinton2006].
    Belief {
        /// Hidden units of each layer, bottom first.
        widths: Vec<usize>,
        /// Gibbs steps, from pixel noise that went up through the layers below.
        gibbs: usize,
    },
}

/// File of the first images: `images`, [n, height · width], from 0 to 1.
pub const SHOWN: &str = "images.safetensors";
/// Images kept for show.
const KEPT: usize = 20;
/// Chains advance by so many sweeps between two looks at the clock.
const SWEEPS: usize = 10;
/// The seed of the choice of held-out digits. Fixed, so that results compare.
const HELD_OUT_SEED: u64 = 31;

impl ClassDistances {
    pub(super) fn run(&self, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = bench.data.digits()?;
        let classes: Vec<Vec<usize>> = (0..10).map(|class| digits.test.of_classes(&[class])).collect();
        let smallest = classes.iter().map(Vec::len).min().unwrap_or(0);
        let n = digits.amount("class-images", self.images, smallest / 2)?;
        bench.rows.push("images_a_class", n as f64, &[]);
        let pixels = digits.test.features();
        let side = |class: usize, half: usize| {
            let chosen = &classes[class][half * n..(half + 1) * n];
            points(&on(&digits.test, chosen))
        };
        for from in 0..10 {
            let first = side(from, 0);
            for to in from..10 {
                bench.check_interrupt()?;
                bench.say(&format!("digits {from} and {to}"));
                let (cost, gap) = distance(&first, &side(to, 1), pixels, bench)?;
                let columns: [(&str, &dyn std::fmt::Display); 2] = [("from", &from), ("to", &to)];
                bench.rows.push("pixels", cost, &columns);
                bench.rows.push("wasserstein", cost.sqrt(), &columns);
                bench.rows.push("certificate_gap", gap, &columns);
            }
        }
        Ok(())
    }
}

impl SampleDistance {
    pub(super) fn run(&self, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = bench.data.digits()?;
        let n = digits.amount("images", self.images, digits.test.len().min(digits.train.len()))?;
        let chosen = Seed::new(HELD_OUT_SEED).stream().permutation(digits.test.len());
        let real = points(&on(&digits.test, &chosen[..n]));
        let ours = self.images(&digits, n, bench)?;
        bench.say("transport");
        let (cost, gap) = distance(&points(&ours), &real, digits.test.features(), bench)?;
        bench.rows.push("pixels", cost, &[]);
        bench.rows.push("wasserstein", cost.sqrt(), &[]);
        bench.rows.push("certificate_gap", gap, &[]);
        bench.rows.push("images", n as f64, &[]);
        bench.rows.push("ink", mean(ours.as_slice()), &[]);
        let kept = KEPT.min(n);
        let some = ours.gather(&(0..kept).collect::<Vec<_>>());
        let tensors = vec![Tensor::from_f32("images", vec![kept, some.rows()], some.into_vec())];
        bench.put(SHOWN, &Snapshot { epoch: 0, tensors }.encode(""))
    }

    /// So many images, pixels × images.
    fn images(&self, digits: &Digits, n: usize, bench: &Workbench<'_>) -> Result<Matrix> {
        let mut noise = Seed::new(self.seed).child("origin", 0).stream();
        let pixels = digits.train.features();
        Ok(match &self.origin {
            Origin::Training => on(&digits.train, &noise.permutation(digits.train.len())[..n]),
            Origin::Blank => Matrix::zeros(pixels, n),
            Origin::Mean => {
                let mean = mean_image(&digits.train);
                Matrix::from_fn(pixels, n, |pixel, _| mean[pixel])
            }
            Origin::Noise => independent(digits, n, &mut noise),
            Origin::Belief { widths, gibbs } => {
                let mut stack = layers(widths, pixels, bench)?;
                let top = stack.pop().context("a belief network of no layers")?;
                // From coin flips, half of all pixels on, chains of CD-1 do not find back to digits.
                let mut start = independent(digits, n, &mut noise);
                for rbm in &stack {
                    start = rbm.sample_hidden(&start, &mut noise);
                }
                let start = Spikes::from_matrix(&start);
                let mut chains = FastChains::new(&top, &start, bench.threads);
                for done in (0..*gibbs).step_by(SWEEPS) {
                    bench.check_interrupt()?;
                    bench.say(&format!("Gibbs step {done} of {gibbs}"));
                    chains.run(SWEEPS.min(gibbs - done), &mut noise);
                }
                let mut states = chains.states().to_matrix();
                for rbm in stack.iter().rev() {
                    states = rbm.visible(&states, VisibleState::Sampled, &mut noise);
                }
                states
            }
        })
    }
}

/// Images whose pixels are on independently, each as often as in the training images.
fn independent(digits: &Digits, n: usize, noise: &mut Stream) -> Matrix {
    let mean = mean_image(&digits.train);
    let mut images = Matrix::from_fn(mean.len(), n, |pixel, _| mean[pixel]);
    noise.bernoulli(&mut images);
    images
}

/// `W₂²` of two sets of as many points each, and the duality gap that proves it.
fn distance(from: &[f64], to: &[f64], dim: usize, bench: &Workbench<'_>) -> Result<(f64, f64)> {
    let (from, to) = (Points::new(from, dim)?, Points::new(to, dim)?);
    let cost = PointCost::new(from, to, Metric::SquaredEuclidean)?;
    let [a, b] = [from.len(), to.len()].map(|n| vec![1.0; n]);
    let plan = bench.until_interrupted(|stop| exact_until(&cost, &a, &b, stop))?;
    let proof = plan.certificate.context("an exact plan has a certificate")?;
    let n = from.len() as f64;
    Ok((plan.cost / n, proof.gap / n))
}

/// Images in black and white, pixels × images.
pub(super) fn on(images: &Images, chosen: &[usize]) -> Matrix {
    let lit = |pixel: usize, image: usize| {
        f32::from(u8::from(images.image(chosen[image])[pixel] > Digits::THRESHOLD))
    };
    Matrix::from_fn(images.features(), chosen.len(), lit)
}

/// How often each pixel is on.
fn mean_image(images: &Images) -> Vec<f32> {
    let mut counts = vec![0u32; images.features()];
    for image in 0..images.len() {
        let pixels = images.image(image).iter();
        counts.iter_mut().zip(pixels).for_each(|(count, p)| *count += u32::from(*p > Digits::THRESHOLD));
    }
    counts.iter().map(|&count| (f64::from(count) / images.len() as f64) as f32).collect()
}

fn points(images: &Matrix) -> Vec<f64> {
    images.as_slice().iter().map(|&x| f64::from(x)).collect()
}

fn mean(values: &[f32]) -> f64 {
    values.iter().map(|&x| f64::from(x)).sum::<f64>() / values.len() as f64
}
