//! Precision and recall, density and coverage: four shares that tell samples that look wrong from real ones that are missing.
//!
//! Around every real feature x_i and every sample's feature y_j lies a ball that reaches to its k-th nearest neighbour of its own
//! side, itself left out: R_i and S_j. Of n real images and m samples,
//!
//! ```text
//! precision = 1/m Σ_j [ y_j lies in some R_i ]       recall   = 1/n Σ_i [ x_i lies in some S_j ]    [Kynkaanniemi2019, eq. 1–2]
//! density   = 1/(k m) Σ_j Σ_i [ y_j lies in R_i ]    coverage = 1/n Σ_i [ R_i holds some y_j ]      [Naeem2020]
//! ```
//!
//! Precision asks the samples, recall and coverage ask the real images: a generator that repeats one good image has precision 1 and
//! recall 0. (A well-known package has exchanged the two.) Balls are closed, as the equations have them, so that a copy lies in
//! its original's ball even where that has no extent. All four depend on n, m and k: they are compared with a floor of the same
//! numbers. None can see that a sample was learnt by heart.

use tensor::Matrix;

use crate::error::{QualityError, enough, finite, same_width};
use crate::neighbours::{Own, Points, balls, mean, nearest};

/// Features of one side, and how far their neighbours are.
#[derive(Clone, Debug)]
pub struct Support {
    features: Matrix,  // d × n
    k: usize,          // neighbours
    radii: Vec<f64>,   // n, squared distance to the k-th neighbour
    closest: Vec<f64>, // n, squared distance to the nearest neighbour
}

/// The four shares; density may be above 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlap {
    /// Share of samples that lie in the ball of some real image.
    pub precision: f64,
    /// Share of real images that lie in the ball of some sample.
    pub recall: f64,
    /// Mean number of real balls that a sample lies in, over k; 1 if both sides have one distribution.
    pub density: f64,
    /// Share of real images in whose ball some sample lies.
    pub coverage: f64,
}

impl Support {
    /// Looks for the `k` nearest neighbours of each of `features` (features × samples).
    ///
    /// # Errors
    /// If there are fewer than `k + 1` features or one is not finite, or `k` is 0.
    pub fn new(features: &Matrix, k: usize) -> Result<Self, QualityError> {
        if k == 0 {
            return Err(QualityError::Parameter { name: "the number of neighbours", value: 0.0 });
        }
        enough("samples with neighbours", features.cols(), k + 1)?;
        finite("features", features)?;
        let points = Points::new(features, &mean(features));
        let distances = nearest(&points, &points, k, Own::LeftOut);
        Ok(Self {
            features: features.clone(),
            k,
            radii: distances.iter().map(|near| near[k - 1]).collect(),
            closest: distances.iter().map(|near| near[0]).collect(),
        })
    }

    /// The four shares of `samples`, where `self` is the real side. Exchange the two, and precision becomes recall.
    ///
    /// # Errors
    /// If the widths of the features differ.
    ///
    /// # Panics
    /// If the numbers of neighbours differ.
    pub fn overlap(&self, samples: &Self) -> Result<Overlap, QualityError> {
        let (real, ours) = self.points(samples)?;
        assert_eq!(
            samples.k, self.k,
            "balls to neighbour {} beside balls to neighbour {}",
            samples.k, self.k
        );
        let (n, m) = (self.radii.len(), samples.radii.len());
        let (mut precise, mut recalled, mut covered) = (vec![false; m], vec![false; n], vec![false; n]);
        let mut memberships = 0_usize;
        balls((&real, &self.radii), (&ours, &samples.radii), |i, j, [in_real, in_sample]| {
            precise[j] |= in_real;
            covered[i] |= in_real;
            recalled[i] |= in_sample;
            memberships += usize::from(in_real);
        });
        let share = |of: &[bool]| of.iter().filter(|holds| **holds).count() as f64 / of.len() as f64;
        Ok(Overlap {
            precision: share(&precise),
            recall: share(&recalled),
            density: memberships as f64 / (self.k * m) as f64,
            coverage: share(&covered),
        })
    }

    /// How well the nearest neighbour tells the two sides apart: the share of points, the mean of both sides, whose nearest
    /// neighbour is of their own side,
    ///
    /// ```text
    /// A = ½ ( 1/n Σ_i [ d(x_i, Y) > d(x_i, X∖x_i) ] + 1/m Σ_j [ d(y_j, X) > d(y_j, Y∖y_j) ] )      [Yale2020]
    /// ```
    ///
    /// ½ where nothing tells them apart, 1 where everything does, 0 where every point has a double on the other side. Means
    /// something for equally many on both sides.
    ///
    /// # Errors
    /// If the widths of the features differ.
    pub fn adversarial_accuracy(&self, samples: &Self) -> Result<f64, QualityError> {
        let (real, ours) = self.points(samples)?;
        let own_side = |points: &Points, others: &Points, closest: &[f64]| {
            let across = nearest(points, others, 1, Own::Kept);
            across.iter().zip(closest).filter(|(across, own)| across[0] > **own).count() as f64
                / closest.len() as f64
        };
        Ok(0.5 * (own_side(&real, &ours, &self.closest) + own_side(&ours, &real, &samples.closest)))
    }

    /// Both sides, minus the mean of the real one.
    fn points(&self, samples: &Self) -> Result<(Points, Points), QualityError> {
        same_width("features of the samples", &samples.features, &self.features)?;
        let centre = mean(&self.features);
        Ok((Points::new(&self.features, &centre), Points::new(&samples.features, &centre)))
    }
}
