//! Nearest neighbours among many points, exact in `f64` at the price of `f32` products.
//!
//! A product of matrices gives all distances at once, but in `f32` and with the cancellation of `|a|² + |b|² − 2 aᵀb`. So
//! it only proposes: what its error leaves open is computed again, as a plain sum of squares in `f64`. The error of the
//! product, with unit roundoff u = 2⁻²⁴ and d values a point, is at most
//!
//! ```text
//! | fl(|a − b|²) − |a − b|² |  ≤  4 (d + 16) u (|a|² + |b|²)          from γ_d of the three sums [Higham2002, §3.1]
//! ```
//!
//! and the points are centred first, which keeps |a|² small. The answers are those of two plain loops, whatever the order
//! of the points, the shape of the blocks and the number of threads. Points are columns; only one block of distances is in
//! memory at a time.

use tensor::Matrix;

use crate::pixels::squared_distances;

/// Columns of a block of distances.
const BLOCK: usize = 128;
/// Unit roundoff of `f32`.
const ROUNDOFF: f64 = 1.0 / (1_u64 << 24) as f64;

/// Points to be compared with others: columns.
#[derive(Clone, Debug)]
pub(crate) struct Points {
    exact: Matrix,   // d × n
    centred: Matrix, // d × n, minus the centre that both sides share
    norms: Vec<f64>, // n, |a|² of the centred points
    longest: f64,    // the largest of them
}

impl Points {
    /// The points minus `centre`, which the other side of a comparison must share; any will do, the mean is best.
    pub fn new(points: &Matrix, centre: &[f32]) -> Self {
        let mut centred = points.clone();
        centred.add_to_columns(&centre.iter().map(|c| -c).collect::<Vec<_>>());
        let square = |point: &[f32]| point.iter().map(|&x| f64::from(x).powi(2)).sum();
        let norms: Vec<f64> = centred.columns().map(square).collect();
        let longest = norms.iter().copied().fold(0.0, f64::max);
        Self { exact: points.clone(), centred, norms, longest }
    }

    /// The number of points.
    pub fn count(&self) -> usize {
        self.exact.cols()
    }

    /// By how much the product's distance of two points with these norms may be wrong.
    fn margin(&self, norms: f64) -> f64 {
        4.0 * (self.exact.rows() as f64 + 16.0) * ROUNDOFF * norms
    }

    fn exact_distance(&self, i: usize, other: &Self, j: usize) -> f64 {
        squared_distance(self.exact.column(i), other.exact.column(j))
    }
}

/// The mean of the columns, in `f32`: a centre for [`Points::new`].
pub(crate) fn mean(points: &Matrix) -> Vec<f32> {
    let n = points.cols().max(1) as f32;
    points.sum_columns().into_iter().map(|sum| sum / n).collect()
}

/// `|a − b|²`, in the order of the values.
fn squared_distance(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum()
}

/// Calls `each` for every point of `b`, with its place and its squared distances to all of `a` as the product gives them.
fn columns(a: &Points, b: &Points, mut each: impl FnMut(usize, &[f32])) {
    let all: Vec<usize> = (0..b.count()).collect();
    for block in all.chunks(BLOCK) {
        let distances = squared_distances(&a.centred, &b.centred.gather(block));
        for (&j, column) in block.iter().zip(distances.columns()) {
            each(j, column);
        }
    }
}

/// Whether a point counts among its own neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Own {
    /// It does: the points are compared with others.
    Kept,
    /// It does not: the points are compared with themselves.
    LeftOut,
}

/// The squared distances from each of `points` to the `k` nearest of `among`, ascending: `points.count()` lists.
///
/// With [`Own::LeftOut`] both are the same points, and none is its own neighbour.
///
/// # Panics
/// If there are fewer than `k` neighbours.
pub(crate) fn nearest(points: &Points, among: &Points, k: usize, own: Own) -> Vec<Vec<f64>> {
    let mut found = Vec::with_capacity(points.count());
    columns(among, points, |j, column| {
        let mut proposed = column.to_vec();
        if own == Own::LeftOut {
            proposed[j] = f32::INFINITY;
        }
        let (_, &mut kth, _) = proposed.select_nth_unstable_by(k - 1, f32::total_cmp);
        // No proposed one is farther than `kth` and a margin; a nearer one looks no farther than that and a margin more.
        let limit = f64::from(kth) + 2.0 * among.margin(among.longest + points.norms[j]);
        let near = |&i: &usize| f64::from(column[i]) <= limit && (own == Own::Kept || i != j);
        let exact = |i| among.exact_distance(i, points, j);
        let mut exact: Vec<f64> = (0..column.len()).filter(near).map(exact).collect();
        exact.sort_by(f64::total_cmp);
        exact.truncate(k);
        found.push(exact);
    });
    found
}

/// Calls `each(i, j, inside)` for every point `i` of `a` and `j` of `b`: whether they are at most as far apart as each of
/// two squared radii, one of a ball around `i` and one of a ball around `j`.
pub(crate) fn balls(
    (a, radii_a): (&Points, &[f64]),
    (b, radii_b): (&Points, &[f64]),
    mut each: impl FnMut(usize, usize, [bool; 2]),
) {
    columns(a, b, |j, column| {
        for (i, &distance) in column.iter().enumerate() {
            let (distance, radii) = (f64::from(distance), [radii_a[i], radii_b[j]]);
            let margin = a.margin(a.norms[i] + b.norms[j]);
            let open = radii.iter().any(|r| (distance - r).abs() <= margin);
            let distance = if open { a.exact_distance(i, b, j) } else { distance };
            each(i, j, radii.map(|r| distance <= r));
        }
    });
}
