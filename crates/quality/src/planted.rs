//! Planted generators: four that have one fault each, made of real images, to try metrics on.
//!
//! What a metric says of them is known before it is computed ([`crate::METRICS`] has the table), so that a metric that ranks
//! a fault below real images where it claims to, and one that cannot see it, are both held to their word. The copier is given
//! the training images; the other three are given real images that are neither trained on nor held out, so that each has its own
//! fault alone. Pixels stay in [0, 1].

use tensor::{Matrix, Seed};

use crate::error::{QualityError, enough};
use crate::pixels::{Size, blur};

/// Passes of the blurrer: binomial, of variance ½ pixel² each.
const BLURS: usize = 3;

/// A generator with a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planted {
    /// Gives the images that it was given: learnt by heart.
    Copier,
    /// Gives images of one class only, drawn by the seed: collapsed to one mode.
    OneMode,
    /// Gives blurred images, as a mean of many guesses is.
    Blurrer,
    /// Gives the upper half of one image on the lower half of another: right in every part, wrong as a whole.
    Swapper,
}

/// Real images that planted generators draw from.
#[derive(Clone, Copy, Debug)]
pub struct Labelled<'a> {
    /// Images, d × n.
    pub images: &'a Matrix,
    /// The class of each.
    pub labels: &'a [u8],
    /// Their height and width: d pixels.
    pub size: Size,
}

impl Planted {
    /// All four, in the order of [`crate::Metric::planted`].
    pub const ALL: [Self; 4] = [Self::Copier, Self::OneMode, Self::Blurrer, Self::Swapper];

    /// What it is called in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Copier => "copier",
            Self::OneMode => "one mode",
            Self::Blurrer => "blurrer",
            Self::Swapper => "swapper",
        }
    }

    /// What it does, as a sentence.
    pub fn says(self) -> &'static str {
        match self {
            Self::Copier => "Gives training images back.",
            Self::OneMode => "Gives real images of one class only.",
            Self::Blurrer => "Gives real images blurred.",
            Self::Swapper => "Gives the upper half of one real image on the lower half of another.",
        }
    }

    /// `count` samples (d × count). No image is used a second time before all have been used once.
    ///
    /// # Errors
    /// If there is no image, or the numbers of labels or pixels do not fit.
    pub fn draw(self, real: &Labelled<'_>, count: usize, seed: Seed) -> Result<Matrix, QualityError> {
        let Labelled { images, labels, size } = *real;
        let (d, n) = (size.height * size.width, images.cols());
        enough("images to draw from", n, 1)?;
        if labels.len() != n {
            return Err(QualityError::Count { what: "labels", found: labels.len(), expected: n });
        }
        if images.rows() != d {
            return Err(QualityError::Width { what: "images", found: images.rows(), expected: d });
        }
        let seed = seed.child(self.name(), 0);
        let all: Vec<usize> = (0..n).collect();
        Ok(match self {
            Self::Copier => images.gather(&deal(&all, count, seed)),
            Self::OneMode => {
                let class = labels[seed.child("class", 0).stream().below(n)];
                let own: Vec<usize> = all.into_iter().filter(|&i| labels[i] == class).collect();
                images.gather(&deal(&own, count, seed))
            }
            Self::Blurrer => blur(&images.gather(&deal(&all, count, seed)), size, BLURS),
            Self::Swapper => {
                let (upper, lower) = (deal(&all, count, seed), deal(&all, count, seed.child("lower", 0)));
                let border = size.height / 2 * size.width;
                let mut samples = images.gather(&upper);
                for (sample, &i) in lower.iter().enumerate() {
                    samples.column_mut(sample)[border..].copy_from_slice(&images.column(i)[border..]);
                }
                samples
            }
        })
    }
}

/// `count` of the given indices in random order, all of them before any comes again.
fn deal(indices: &[usize], count: usize, seed: Seed) -> Vec<usize> {
    let mut noise = seed.stream();
    let mut dealt = Vec::with_capacity(count + indices.len());
    while dealt.len() < count {
        dealt.extend(noise.permutation(indices.len()).into_iter().map(|i| indices[i]));
    }
    dealt.truncate(count);
    dealt
}
