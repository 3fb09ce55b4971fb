//! A plan made into a map: where does a point go that was not among the sources?
//!
//! A source goes to the mean of its targets, `T(x_i) = Σ_j P_ij y_j / Σ_j P_ij` (the barycentric projection). Any other
//! point moves as its nearest source does: `x + T(x_i) − x_i` [Ferradans2014].

use crate::error::{Side, TransportError};
use crate::nearest::Nearest;
use crate::plan::{Plan, check_length};
use crate::points::Points;

/// The map of a plan, for any number of points.
#[derive(Clone, Debug)]
pub struct Map {
    nearest: Nearest,
    shifts: Vec<f64>, // as many as sources with mass × dim: T(x_i) − x_i
    dim: usize,
}

impl Map {
    /// The map that `plan` between `sources` and `targets` gives; sources without mass have no say.
    ///
    /// # Errors
    /// If numbers of points or dimensions do not fit, or the plan has no mass.
    pub fn new(sources: Points<'_>, plan: &Plan, targets: Points<'_>) -> Result<Self, TransportError> {
        let images = project(sources, plan, targets)?;
        let dim = sources.dim();
        let sums = &plan.marginals()[0];
        let (mut known, mut shifts) = (Vec::new(), Vec::new());
        for ((x, image), _) in
            sources.iter().zip(images.chunks_exact(dim)).zip(sums).filter(|(_, sum)| **sum > 0.0)
        {
            known.extend_from_slice(x);
            shifts.extend(image.iter().zip(x).map(|(image, x)| image - x));
        }
        if known.is_empty() {
            return Err(TransportError::Total { side: Side::Source, total: 0.0 });
        }
        Ok(Self { nearest: Nearest::new(&known, dim), shifts, dim })
    }

    /// Moves points in place: `points` holds any number of them, coordinate after coordinate.
    ///
    /// Takes no memory; a large set may come in chunks, on several threads, with the same bits. Each point costs a
    /// search among the sources, a fraction of a microsecond in three dimensions. Choose it for the pixels of a picture
    /// whose plan was computed on a sample of them.
    ///
    /// # Errors
    /// If the length is not a multiple of the dimension, or a coordinate is not finite; nothing has moved then.
    pub fn apply(&self, points: &mut [f64]) -> Result<(), TransportError> {
        Points::new(points, self.dim)?;
        let mut hint = 0;
        for point in points.chunks_exact_mut(self.dim) {
            hint = self.nearest.find(point, hint);
            let shift = &self.shifts[hint * self.dim..(hint + 1) * self.dim];
            point.iter_mut().zip(shift).for_each(|(x, shift)| *x += shift);
        }
        Ok(())
    }
}

/// The barycentric projection: for each source the mean of its targets, `Σ_j P_ij y_j / Σ_j P_ij`, coordinate after
/// coordinate; a source without mass stays where it is [Ferradans2014].
///
/// Choose it to move the sources themselves, [`Map`] to move other points along with them.
///
/// # Errors
/// If the plan is not of as many rows as there are sources and columns as targets, or the dimensions differ.
pub fn project(sources: Points<'_>, plan: &Plan, targets: Points<'_>) -> Result<Vec<f64>, TransportError> {
    check_length("sources of the plan", plan.rows, sources.len())?;
    check_length("targets of the plan", plan.cols, targets.len())?;
    let dim = sources.dim();
    check_length("target points' dimension", dim, targets.dim())?;
    let mut images = vec![0.0; sources.len() * dim];
    let mut sums = vec![0.0; sources.len()];
    plan.for_each(|entry| {
        sums[entry.row] += entry.mass;
        let image = &mut images[entry.row * dim..(entry.row + 1) * dim];
        image.iter_mut().zip(targets.at(entry.col)).for_each(|(image, y)| *image += entry.mass * y);
    });
    for ((image, sum), x) in images.chunks_exact_mut(dim).zip(&sums).zip(sources.iter()) {
        if *sum > 0.0 {
            image.iter_mut().for_each(|image| *image /= sum);
        } else {
            image.copy_from_slice(x);
        }
    }
    Ok(images)
}
