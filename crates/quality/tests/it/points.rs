//! Points to be measured: drawn ones, turned ones, and two sets by a formula that Python can write as well.

use tensor::{Matrix, Seed};

/// Standard normal points, `d × n`.
pub fn normal(d: usize, n: usize, seed: u64) -> Matrix {
    let mut noise = Seed::new(seed).stream();
    let mut pair =
        || (-2.0 * (1.0 - noise.unit()).ln()).sqrt() * (noise.unit() * std::f64::consts::TAU).cos();
    Matrix::from_fn(d, n, |_, _| pair() as f32)
}

/// Every value plus `shift`.
pub fn shifted(points: &Matrix, shift: f32) -> Matrix {
    Matrix::from_fn(points.rows(), points.cols(), |i, j| points.column(j)[i] + shift)
}

/// The columns in random order.
pub fn shuffled(points: &Matrix, seed: u64) -> Matrix {
    points.gather(&Seed::new(seed).stream().permutation(points.cols()))
}

/// All points turned by `angle` in the plane of each two neighbouring axes.
pub fn turned(points: &Matrix, angle: f32) -> Matrix {
    let (s, c) = angle.sin_cos();
    let mut out = points.clone();
    for column in out.as_mut_slice().chunks_exact_mut(points.rows()) {
        for i in 1..column.len() {
            (column[i - 1], column[i]) =
                (c * column[i - 1] - s * column[i], s * column[i - 1] + c * column[i]);
        }
    }
    out
}

/// The squared distance of two columns, by a plain loop.
pub fn distance(a: &Matrix, i: usize, b: &Matrix, j: usize) -> f64 {
    let pairs = a.column(i).iter().zip(b.column(j));
    pairs.map(|(x, y)| (f64::from(*x) - f64::from(*y)).powi(2)).sum()
}

/// `((i + 1) (j + 2) a + j² (i + 3) b) mod m / m` at row i and column j: the same bits in every language.
pub fn by_formula(d: usize, n: usize, [a, b, m]: [usize; 3]) -> Matrix {
    Matrix::from_fn(d, n, |i, j| (((i + 1) * (j + 2) * a + j * j * (i + 3) * b) % m) as f32 / m as f32)
}

/// Fifty real points in six dimensions.
pub fn real() -> Matrix {
    by_formula(6, 50, [31, 7, 1009])
}

/// Forty samples, narrower and beside the real points.
pub fn samples() -> Matrix {
    let unit = by_formula(6, 40, [29, 11, 997]);
    Matrix::from_fn(6, 40, |i, j| unit.column(j)[i] * 0.75 + 0.5)
}
