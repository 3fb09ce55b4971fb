//! The mean of some images of one class, twice: pixel by pixel, and as a barycentre of heaps of ink [CuturiDoucet2014].
//!
//! An image is a distribution of ink over the pixels, grey level by grey level; moving ink costs the squared distance in
//! pixels. The entropic barycentre lies on the same grid [Benamou2015].

use anyhow::{Result, ensure};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use train::Tensor;
use transport::{Entropic, Metric, PointCost, Points, Status, barycentre_until};

use crate::data::{Data, Reads};
use crate::job::{Cost, Job};

/// The barycentre of one class of digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassBarycentre {
    /// The digit.
    pub class: u8,
    /// The first so many training images of it.
    pub images: usize,
    /// Weight of the entropy, in squared pixels.
    pub epsilon: f64,
    /// Iterations, at most.
    pub iterations: usize,
}

/// The file of both means: `mean` and `barycentre`, [1, height · width], from 0 to 1, the most ink 1.
pub const MEANS: &str = "means.safetensors";
/// How far the plans' sums may be from the images, as a share of the ink.
const TOLERANCE: f64 = 1e-3;

impl Job for ClassBarycentre {
    const KIND: &'static str = "class-barycentre";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        Ok(Cost { seconds: 1.1e-3 * (self.images * self.iterations) as f64 + 0.1, bytes: 112 << 20 })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let (height, width) = (digits.train.height, digits.train.width);
        let all = digits.train.of_classes(&[self.class]);
        let chosen = &all[..digits.amount("barycentre-images", self.images, all.len())?];
        ensure!(!chosen.is_empty(), "no training image of class {}", self.class);
        let ink: Vec<Vec<f64>> = chosen
            .iter()
            .map(|&image| {
                let pixels = digits.train.image(image);
                let total: f64 = pixels.iter().map(|&p| f64::from(p)).sum();
                pixels.iter().map(|&p| f64::from(p) / total).collect()
            })
            .collect();
        let grid: Vec<f64> =
            (0..height * width).flat_map(|p| [(p / width) as f64, (p % width) as f64]).collect();
        let places = Points::new(&grid, 2)?;
        let cost = PointCost::new(places, places, Metric::SquaredEuclidean)?;
        bench.say("barycentre");
        let options = Entropic { epsilon: self.epsilon, tolerance: TOLERANCE, iterations: self.iterations };
        let histograms: Vec<&[f64]> = ink.iter().map(Vec::as_slice).collect();
        let weights = vec![1.0; ink.len()];
        let found =
            bench.until_interrupted(|stop| barycentre_until(&cost, &histograms, &weights, &options, stop))?;
        let mean: Vec<f64> = (0..height * width)
            .map(|p| ink.iter().map(|image| image[p]).sum::<f64>() / ink.len() as f64)
            .collect();
        bench.rows.push("spread_mean", spread(&mean), &[]);
        bench.rows.push("spread_barycentre", spread(&found.masses), &[]);
        let of_images = ink.iter().map(|image| spread(image)).sum::<f64>() / ink.len() as f64;
        bench.rows.push("spread_images", of_images, &[]);
        match found.status {
            Status::Converged { iterations } => bench.rows.push("iterations", iterations as f64, &[]),
            Status::Stopped { marginal_error } => bench.rows.push("marginal_error", marginal_error, &[]),
            Status::Exact => {}
        }
        let tensor = |name: &str, masses: &[f64]| {
            let most = masses.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
            let values = masses.iter().map(|m| (m / most) as f32).collect();
            Tensor::from_f32(name, vec![1, masses.len()], values)
        };
        let tensors = vec![tensor("mean", &mean), tensor("barycentre", &found.masses)];
        bench.put_tensors(MEANS, tensors)
    }
}

/// Over how many pixels the ink is spread: `exp(−Σ p log p)`, 1 for a dot, all of them for an even grey.
fn spread(masses: &[f64]) -> f64 {
    let total: f64 = masses.iter().sum();
    let terms = masses.iter().map(|m| m / total).filter(|p| *p > 0.0).map(|p| -p * p.ln());
    terms.sum::<f64>().exp()
}
