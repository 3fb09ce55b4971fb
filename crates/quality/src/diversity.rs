//! How far drawings of one character lie from each other, beside real ones.

use tensor::Matrix;

use crate::pixels::squared_distances;

/// The mean squared distance between two different images (columns) of each group; none for a group of fewer than two.
pub(crate) fn within(images: &Matrix, groups: &[usize], n_groups: usize) -> Vec<Option<f64>> {
    let distances = squared_distances(images, images);
    let mut sums = vec![(0.0, 0_usize); n_groups];
    for (j, column) in distances.columns().enumerate() {
        for (i, distance) in column.iter().enumerate().take(j) {
            if groups[i] == groups[j] {
                let (sum, pairs) = &mut sums[groups[j]];
                *sum += f64::from(*distance);
                *pairs += 1;
            }
        }
    }
    sums.into_iter().map(|(sum, pairs)| (pairs > 0).then(|| sum / pairs as f64)).collect()
}

/// Diversity of samples as a share of that of real images: the mean over characters, each counted as often as it was drawn,
/// of the distance within it over that of real ones, at most 1 for each. A character drawn once says nothing; if all are,
/// it is 1.
pub(crate) fn share(ours: &[Option<f64>], real: &[Option<f64>], drawn: &[usize]) -> f64 {
    let (mut sum, mut weight) = (0.0, 0.0);
    for ((ours, real), &drawn) in ours.iter().zip(real).zip(drawn) {
        if let (Some(ours), Some(real)) = (ours, real) {
            sum += drawn as f64 * (ours / real.max(f64::MIN_POSITIVE)).min(1.0);
            weight += drawn as f64;
        }
    }
    if weight > 0.0 { sum / weight } else { 1.0 }
}
