//! From columns of a matrix to sides of sixteen samples, and back.

use super::SIDE;
use crate::binary::Rows;
use crate::layers::Sparse;
use crate::matrix::Matrix;

/// Columns `begin..` of `matrix` become a side, at most sixteen of them; the samples beyond become zero.
///
/// Shapes: `matrix` features × samples, `side` features × 16.
///
/// # Panics
/// If `side` has not one row of sixteen for each feature.
pub fn gather_side(side: &mut Rows, matrix: &Matrix, begin: usize) {
    assert_eq!((side.count(), side.width()), (matrix.rows(), SIDE), "features and samples of a side");
    let columns: [&[f32]; SIDE] = std::array::from_fn(|s| match begin + s < matrix.cols() {
        true => matrix.column(begin + s),
        false => &[],
    });
    for (feature, row) in side.flat_mut().as_chunks_mut::<SIDE>().0.iter_mut().enumerate() {
        *row = std::array::from_fn(|s| columns[s].get(feature).copied().unwrap_or(0.0));
    }
}

/// The samples of a side become columns `begin..` of `matrix`, as many as it has.
///
/// # Panics
/// As [`gather_side`].
pub fn scatter_side(matrix: &mut Matrix, begin: usize, side: &Rows) {
    assert_eq!((side.count(), side.width()), (matrix.rows(), SIDE), "features and samples of a side");
    for s in 0..SIDE.min(matrix.cols().saturating_sub(begin)) {
        let rows = side.flat().as_chunks::<SIDE>().0;
        matrix.column_mut(begin + s).iter_mut().zip(rows).for_each(|(x, row)| *x = row[s]);
    }
}

/// The columns of `data` that `indices` names become a side, at most sixteen of them; the samples beyond become zero.
///
/// # Panics
/// As [`gather_side`], or if there are more than sixteen indices.
pub fn sparse_side(side: &mut Rows, data: &Sparse, indices: &[usize]) {
    assert_eq!((side.count(), side.width()), (data.rows(), SIDE), "features and samples of a side");
    assert!(indices.len() <= SIDE, "{} samples side by side", indices.len());
    let flat = side.flat_mut();
    flat.fill(0.0);
    for (s, &j) in indices.iter().enumerate() {
        data.column(j).iter().for_each(|&(feature, x)| flat[feature as usize * SIDE + s] = x);
    }
}
