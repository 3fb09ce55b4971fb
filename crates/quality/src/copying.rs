//! Copying: whether samples lie nearer to training images than real images do that nobody trained on.
//!
//! d(x) is the squared distance per pixel from x to the nearest training image. Samples are held against held-out images of their own
//! class, since a 1 lies nearer to another 1 than an 8 to another 8, and a generator of nothing but 1 would look like a copier. The
//! numbers are the share of samples with d = 0, the median of d(s) over the median of held-out images of that class, and a rank sum
//!
//! ```text
//! U_c = Σ_{samples, held out of class c} [ d(s) > d(h) ] + ½ [ d(s) = d(h) ]                              [Meehan2020]
//! z   = Σ_c w_c (U_c − E U_c) / √( Σ_c w_c² Var U_c )                                                      [VanElteren1960]
//! ```
//!
//! near 0 for images from the source of the held-out ones, in units of its own deviation; far below for copies, far above for
//! what is far from all training images. Where a classifier errs, a sample is held against images of a wrong class, which moves z
//! up rather than down. Meehan, Chaudhuri and Dasgupta average the z of cells that k-means finds; here classes are the
//! cells, and the sum keeps a deviation of 1. It looks at pixels, so that a copy moved by one pixel escapes it.
//!
//! `pixels::nearest` gives the same distance for few images; this one needs no table of all of them.

use tensor::Matrix;

use crate::error::{QualityError, enough, finite, same_width};
use crate::neighbours::{Own, Points, mean, nearest};
use crate::ranks::{median, rank_sum_within};

/// What the distances say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Copying {
    /// Share of samples that are a training image, value for value.
    pub copies: f64,
    /// Median over samples of the distance to the nearest training image, each over the median of held-out images of its class.
    pub ratio: f64,
    /// The rank-sum statistic in units of its deviation.
    pub z: f64,
}

/// The squared distance per pixel from each of `images` (d × n) to the nearest of `training` (d × m).
///
/// # Errors
/// If there is no training image, the numbers of pixels differ or one is not finite.
pub fn nearest_training(images: &Matrix, training: &Matrix) -> Result<Vec<f64>, QualityError> {
    same_width("images", images, training)?;
    enough("training images", training.cols(), 1)?;
    finite("images", images)?;
    finite("training images", training)?;
    let (centre, d) = (mean(training), training.rows() as f64);
    let (images, training) = (Points::new(images, &centre), Points::new(training, &centre));
    Ok(nearest(&images, &training, 1, Own::Kept).into_iter().map(|near| near[0] / d).collect())
}

impl Copying {
    /// From the distances of samples and of held-out images, each with its class, in any order.
    ///
    /// Samples of a class that no held-out image has are compared with all of them.
    ///
    /// # Errors
    /// If there is no sample or no held-out image.
    pub fn of(samples: &[(f64, u8)], held_out: &[(f64, u8)]) -> Result<Self, QualityError> {
        enough("samples", samples.len(), 1)?;
        enough("held-out images", held_out.len(), 1)?;
        let (mut strata, mut ratios) = (Vec::new(), Vec::new());
        for class in 0..=u8::MAX {
            let ours = of_class(samples, class);
            if ours.is_empty() {
                continue;
            }
            let mut real = of_class(held_out, class);
            if real.is_empty() {
                real = held_out.iter().map(|x| x.0).collect();
            }
            let middle = median(real.clone());
            let share = |d: &f64| if *d == middle { 1.0 } else { d / middle.max(f64::MIN_POSITIVE) };
            ratios.extend(ours.iter().map(share));
            strata.push([ours, real]);
        }
        let exact = samples.iter().filter(|x| x.0 == 0.0).count();
        Ok(Self {
            copies: exact as f64 / samples.len() as f64,
            ratio: median(ratios),
            z: rank_sum_within(&strata),
        })
    }
}

fn of_class(distances: &[(f64, u8)], class: u8) -> Vec<f64> {
    distances.iter().filter(|x| x.1 == class).map(|x| x.0).collect()
}
