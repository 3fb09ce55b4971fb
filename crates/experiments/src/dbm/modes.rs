//! Which digits samples are, how evenly, and how far they lie from each other and from training images; the same of test
//! images.
//!
//! The judge is the class scorer of [`quality::Reference`], fitted to training images in black and white; samples are states,
//! as it wants them. It names a class for anything, so that what it says of test images, whose classes are known, stands
//! beside it.

use std::fmt::Display;

use anyhow::Result;
use energy::partition::estimate::{Interval, bootstrap};
use engine::{Rows, Workbench};
use quality::{Reference, Size, pixels};
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed, Stream};
use train::Snapshot;

use super::machine::mean;
use super::samples::{Begin, SAMPLES};
use crate::data::{Data, Digits, Reads};
use crate::intervals::interval;
use crate::job::{Cost, Job};

/// Samples of several machines before one judge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Modes {
    /// What stands in the rows of each point needed: the machine's name, and where its chains began.
    pub sets: Vec<(String, Begin)>,
    /// Test images that samples are held against.
    pub images: usize,
    /// Training images that the judge knows, as many of each class.
    pub known: usize,
}

/// The name that test images have among the models.
pub const REAL: &str = "test images";
/// Classes of digits.
const CLASSES: usize = 10;
/// A class is covered by at least this share of the samples: a tenth of what is its due.
const COVERED: f64 = 0.01;
/// The seed of the choice of training images. Fixed, so that results compare.
const JUDGE: u64 = 47;

impl Job for Modes {
    const KIND: &'static str = "deep-modes";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let (known, looked) = (self.known as f64, (self.images * (self.sets.len() + 1)) as f64);
        let seconds = 784.0 * known * (15.0 * known + 6.0 * looked) / 6e9 + 0.2;
        let bytes = (self.known * (784 * 12 + self.known * 24)) as u64 + (96 << 20);
        Ok(Cost { seconds, bytes })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let count = digits.amount("samples", self.images, digits.test.len())?;
        let real = Digits::spikes(&digits.test, 0..count).to_matrix();
        let judge = Judge::new(&digits, self.known, &real)?;
        let classes = judge.classes(&real);
        let right = classes.iter().zip(&digits.test.labels).filter(|(found, own)| found == own).count();
        bench.rows.push("recognised_rightly", right as f64 / count as f64, &[("model", &REAL)]);
        for begin in Begin::ALL {
            judge.rows(&real, &real, (REAL, begin), &mut bench.rows);
        }
        for (index, (model, begin)) in self.sets.iter().enumerate() {
            bench.check_interrupt()?;
            bench.say(&format!("classes of {model} from {}", begin.name()));
            let (file, _) = Snapshot::decode(&bench.read_need(index, SAMPLES)?)?;
            let means = file.f32s("means")?.to_vec();
            let states: Vec<f32> = file.bytes("states")?.iter().map(|&x| f32::from(x)).collect();
            let [means, states] = [means, states].map(|all| {
                let pixels = digits.test.features();
                Matrix::from_vec(pixels, all.len() / pixels, all)
            });
            judge.rows(&states, &means, (model, *begin), &mut bench.rows);
        }
        Ok(())
    }
}

/// Who says which class an image is.
struct Judge {
    reference: Reference,
    known: Matrix,
    /// How near to training images a test image lies, but for the farthest of a hundred.
    near: f64,
}

impl Judge {
    fn new(digits: &Digits, known: usize, real: &Matrix) -> Result<Self> {
        let known = digits.amount("known", known, digits.held_out().start)?;
        let chosen = digits.balanced(known, Seed::new(JUDGE))?;
        let images = Digits::spikes(&digits.train, chosen.iter().copied()).to_matrix();
        let labels: Vec<u8> = chosen.iter().map(|&i| digits.train.labels[i]).collect();
        let (height, width) = Digits::SIZE;
        let seed = Seed::new(JUDGE).child("judge", 0);
        let reference = Reference::new(images.as_slice(), &labels, Size { height, width }, seed);
        let mut distances = pixels::nearest(real, &images, None);
        distances.sort_by(f64::total_cmp);
        let near = distances[(distances.len() - 1) * 99 / 100];
        Ok(Self { reference, known: images, near })
    }

    /// The most likely class of each image.
    fn classes(&self, images: &Matrix) -> Vec<u8> {
        let characters = self.reference.characters();
        let likely = |p: &Vec<f64>| {
            let best = (0..p.len()).reduce(|best, i| if p[i] > p[best] { i } else { best });
            best.map_or(0, |best| characters[best][0])
        };
        self.reference.posterior(images.as_slice()).iter().map(likely).collect()
    }

    fn rows(&self, states: &Matrix, means: &Matrix, (model, begin): (&str, Begin), rows: &mut Rows) {
        let begin = begin.name();
        let classes = self.classes(states);
        let shares = shares(&classes);
        for (class, share) in shares.iter().enumerate() {
            rows.push("share", *share, &[("model", &model), ("begin", &begin), ("class", &class)]);
        }
        let nearest = pixels::nearest(states, &self.known, None);
        let own: [(&str, &dyn Display); 2] = [("model", &model), ("begin", &begin)];
        let near = nearest.iter().filter(|distance| **distance <= self.near).count();
        for (metric, value) in [
            ("like_digits", near as f64 / nearest.len() as f64),
            ("covered", covered(&shares) as f64),
            ("entropy", entropy(&shares)),
            ("diversity_of_means", spread(means)),
        ] {
            rows.push(metric, value, &own);
        }
        let classes: Vec<f64> = classes.into_iter().map(f64::from).collect();
        let mut noise = Seed::new(JUDGE).child("resampled", 0).stream();
        interval("effective_classes", bootstrap(&classes, &mut noise, effective), &own, rows);
        interval("diversity", spread_between(states, &mut noise), &own, rows);
        interval("nearest", bootstrap(&nearest, &mut noise, mean), &own, rows);
    }
}

/// [`spread`] with its interval, over images drawn again.
fn spread_between(images: &Matrix, noise: &mut Stream) -> Interval {
    let all: Vec<f64> = (0..images.cols()).map(|image| image as f64).collect();
    bootstrap(&all, noise, |drawn| {
        spread(&images.gather(&drawn.iter().map(|&image| image as usize).collect::<Vec<_>>()))
    })
}

/// The exponential of the entropy of the shares of these classes.
pub(crate) fn effective(classes: &[f64]) -> f64 {
    entropy(&shares(&classes.iter().map(|&class| class as u8).collect::<Vec<_>>())).exp()
}

/// The share of each class.
///
/// # Panics
/// If a class is none of the ten.
pub fn shares(classes: &[u8]) -> Vec<f64> {
    let mut counts = vec![0_usize; CLASSES];
    classes.iter().for_each(|&class| counts[usize::from(class)] += 1);
    counts.into_iter().map(|count| count as f64 / classes.len().max(1) as f64).collect()
}

/// How many classes have at least a hundredth of the samples.
pub fn covered(shares: &[f64]) -> usize {
    shares.iter().filter(|share| **share >= COVERED).count()
}

/// `−Σ p log p` in nats: log 10 for all classes alike, 0 for a single one.
pub fn entropy(shares: &[f64]) -> f64 {
    shares.iter().filter(|p| **p > 0.0).map(|p| -p * p.ln()).sum::<f64>().max(0.0)
}

/// The mean squared distance a pixel of two different images (columns): `2n/(n − 1)` times the variance of a pixel, averaged
/// over the pixels.
///
/// # Panics
/// If there are fewer than two.
pub fn spread(images: &Matrix) -> f64 {
    let (pixels, n) = (images.rows(), images.cols());
    assert!(n >= 2, "a distance between {n} images");
    let (mut sums, mut squares) = (vec![0.0; pixels], 0.0);
    for image in images.columns() {
        for (sum, &x) in sums.iter_mut().zip(image) {
            *sum += f64::from(x);
            squares += f64::from(x) * f64::from(x);
        }
    }
    let n = n as f64;
    let variance = squares / n - sums.iter().map(|sum| (sum / n).powi(2)).sum::<f64>();
    2.0 * n / (n - 1.0) * variance / pixels as f64
}
