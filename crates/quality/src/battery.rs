//! All metrics of samples at once, beside those of as many real images: one standard for every kind of generator.
//!
//! A [`Standard`] looks at real images once: a *fitted* side, which generators were trained on, and a *held-out* side, which none
//! has seen. [`Standard::measure`] holds samples against the fitted side; [`Standard::floor`] does the same with held-out images in
//! place of samples, which is what a perfect generator reaches. Where a metric depends on numbers, both sides get as many: it is
//! compared with fitted images drawn by the seed, the same for every generator of as many samples. Features come from anybody.
//!
//! Time grows with n² k for n samples of k features; for copying with n · m · d for m fitted images of d pixels.

use std::cmp::Ordering;

use tensor::{Matrix, Seed};

use crate::copying::{Copying, nearest_training};
use crate::coverage::Support;
use crate::digits::six_digits;
use crate::error::{QualityError, enough, finite, in_unit_interval, same_width};
use crate::frechet::Gaussian;
use crate::measures::Measures;
use crate::mmd::Kernel;
use crate::modes::{Modes, shares};
use crate::pixels::compare;
use crate::vendi::vendi;

/// Neighbours that a ball reaches to, as in the experiments of [Naeem2020].
const NEIGHBOURS: usize = 5;
/// Samples a side in the permutation test: its table of kernel values grows with the square.
const TESTED: usize = 1000;
/// Random deals of the permutation test; the smallest p is one in a thousand.
const DEALS: usize = 999;
/// Held-out images that a floor leaves over, if it is to be compared with those alone.
const LEFT: usize = 20;

/// Images with their features and classes, in an order that depends on these alone.
#[derive(Clone, Debug)]
pub struct Samples {
    images: Matrix,   // d × n
    features: Matrix, // k × n
    labels: Vec<u8>,  // n
}

impl Samples {
    /// Images (d × n, pixels in [0, 1]), their features (k × n) and classes (n). Their order does not matter.
    ///
    /// # Errors
    /// If the three have different numbers, a pixel lies outside of [0, 1] or a feature is not finite.
    pub fn new(images: &Matrix, features: &Matrix, labels: &[u8]) -> Result<Self, QualityError> {
        let n = images.cols();
        let count = |what, found| match found == n {
            true => Ok(()),
            false => Err(QualityError::Count { what, found, expected: n }),
        };
        count("columns of features", features.cols())?;
        count("labels", labels.len())?;
        in_unit_interval("pixels", images)?;
        finite("features", features)?;
        let by_content = |&a: &usize, &b: &usize| -> Ordering {
            compare(features.column(a), features.column(b))
                .then_with(|| compare(images.column(a), images.column(b)))
                .then(labels[a].cmp(&labels[b]))
        };
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(by_content);
        Ok(Self { images: images.clone(), features: features.clone(), labels: labels.to_vec() }
            .gather(&order))
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    fn gather(&self, indices: &[usize]) -> Self {
        Self {
            images: self.images.gather(indices),
            features: self.features.gather(indices),
            labels: indices.iter().map(|&i| self.labels[i]).collect(),
        }
    }
}

/// Real images, looked at once. Immutable, to be shared by reference.
#[derive(Clone, Debug)]
pub struct Standard {
    fitted: Samples,
    held_out: Samples,
    gaussian: Gaussian,        // of the fitted features
    shares: Vec<f64>,          // of the fitted classes
    distances: Vec<(f64, u8)>, // of the held-out images to the nearest fitted one, with their classes
    seed: Seed,
}

/// Fitted features that as many samples are compared with.
struct Rivals {
    features: Matrix,
    support: Support,
}

impl Standard {
    /// Looks at real images of `classes` classes, labelled by the classifier that labels samples, so that its errors are in
    /// the floor, too; `seed` draws those that samples are compared with, and the deals of the permutation test.
    ///
    /// # Errors
    /// If a side has fewer than six images, their widths differ, or a label is no class.
    pub fn new(fitted: Samples, held_out: Samples, classes: usize, seed: Seed) -> Result<Self, QualityError> {
        enough("fitted images", fitted.count(), NEIGHBOURS + 1)?;
        enough("held-out images", held_out.count(), NEIGHBOURS + 1)?;
        same_width("features of the held-out images", &held_out.features, &fitted.features)?;
        shares(&held_out.labels, classes)?;
        let distances = nearest_training(&held_out.images, &fitted.images)?;
        Ok(Self {
            gaussian: Gaussian::of_columns(&fitted.features)?,
            shares: shares(&fitted.labels, classes)?,
            distances: distances.into_iter().zip(held_out.labels.iter().copied()).collect(),
            fitted,
            held_out,
            seed,
        })
    }

    /// All metrics of `samples`.
    ///
    /// # Errors
    /// If there are fewer than six samples, images or features have another width than the real ones, or a label is no class.
    pub fn measure(&self, samples: &Samples) -> Result<Measures, QualityError> {
        enough("samples", samples.count(), NEIGHBOURS + 1)?;
        same_width("features of the samples", &samples.features, &self.fitted.features)?;
        let ours = nearest_training(&samples.images, &self.fitted.images)?;
        let ours: Vec<(f64, u8)> = ours.into_iter().zip(samples.labels.iter().copied()).collect();
        self.measures(samples, &self.rivals(samples.count())?, Copying::of(&ours, &self.distances)?)
    }

    /// All metrics of `n` held-out images: the mark that samples can hope for.
    ///
    /// # Errors
    /// If `n` is below six or there are fewer held-out images.
    pub fn floor(&self, n: usize) -> Result<Measures, QualityError> {
        Ok(self.floors(n, 1)?[0])
    }

    /// The floor of several draws of `n` held-out images each, without replacement within a draw: what chance does to it.
    ///
    /// Copying is held against the held-out images that are left, or against all where fewer than 20 are.
    ///
    /// # Errors
    /// As [`Standard::floor`], or if `draws` is 0.
    pub fn floors(&self, n: usize, draws: usize) -> Result<Vec<Measures>, QualityError> {
        enough("samples", n, NEIGHBOURS + 1)?;
        enough("held-out images", self.held_out.count(), n)?;
        enough("draws of the floor", draws, 1)?;
        let rivals = self.rivals(n)?;
        let draw = |draw| {
            let order = self.seed.child("floor", draw as u64).stream().permutation(self.held_out.count());
            let (drawn, left) = order.split_at(n);
            let distances = |of: &[usize]| of.iter().map(|&i| self.distances[i]).collect::<Vec<(f64, u8)>>();
            let baseline = distances(if left.len() < LEFT { &order } else { left });
            let copying = Copying::of(&distances(drawn), &baseline)?;
            self.measures(&self.held_out.gather(drawn), &rivals, copying)
        };
        (0..draws).map(draw).collect()
    }

    fn rivals(&self, n: usize) -> Result<Rivals, QualityError> {
        let order = self.seed.child("rivals", n as u64).stream().permutation(self.fitted.count());
        let features = self.fitted.features.gather(&order[..n.min(order.len())]);
        Ok(Rivals { support: Support::new(&features, NEIGHBOURS)?, features })
    }

    fn measures(
        &self,
        samples: &Samples,
        rivals: &Rivals,
        copying: Copying,
    ) -> Result<Measures, QualityError> {
        let features = &samples.features;
        let support = Support::new(features, NEIGHBOURS)?;
        let overlap = rivals.support.overlap(&support)?;
        let modes = Modes::of(&samples.labels, &self.shares)?;
        Ok(Measures {
            n_samples: samples.count(),
            frechet: six_digits(self.gaussian.frechet(&Gaussian::of_columns(features)?)),
            kernel_distance: Kernel::Cubic.distance(&rivals.features, features)?,
            kernel_p: self.chance(features, &rivals.features)?,
            precision: overlap.precision,
            recall: overlap.recall,
            density: overlap.density,
            coverage: overlap.coverage,
            vendi: six_digits(vendi(features)?),
            classes_covered: modes.covered,
            class_entropy: modes.entropy,
            classes_effective: modes.effective,
            class_variation: modes.variation,
            copies: copying.copies,
            nearest_ratio: copying.ratio,
            copying_z: copying.z,
            adversarial_accuracy: rivals.support.adversarial_accuracy(&support)?,
        })
    }

    /// The p of the permutation test, of some samples and some rivals, whose order is random already.
    fn chance(&self, features: &Matrix, rivals: &Matrix) -> Result<f64, QualityError> {
        let seed = self.seed.child("kernel", features.cols() as u64);
        let drawn = seed.child("samples", 0).stream().permutation(features.cols());
        let ours = features.gather(&drawn[..drawn.len().min(TESTED)]);
        let first: Vec<usize> = (0..rivals.cols().min(TESTED)).collect();
        Ok(Kernel::Cubic.test(&rivals.gather(&first), &ours, DEALS, seed)?.p)
    }
}
