//! Symmetric eigenvalues in `f64`, with a residual check: a decomposition is believed only after `A·V = V·Λ`.

use faer::{Mat, Side};

/// `A = V · diag(values) · Vᵀ`, eigenvalues ascending, column `j` of `vectors` belongs to `values[j]`.
#[derive(Clone, Debug)]
pub struct SymmetricEigen {
    /// Eigenvalues, ascending.
    pub values: Vec<f64>,
    /// Eigenvectors, `n × n` column-major.
    pub vectors: Vec<f64>,
}

/// Eigenvalues and eigenvectors of a symmetric `n × n` matrix, given column-major.
///
/// Runs on one thread, since the bits of this decomposition depend on the number of threads. `None` when the
/// input is not finite, the iteration fails, or the residual `max |A·V − V·Λ|` exceeds `1e-8 · max |A|`.
///
/// # Panics
/// If `a` does not hold `n²` values.
pub fn symmetric_eigen(n: usize, a: &[f64]) -> Option<SymmetricEigen> {
    assert_eq!(a.len(), n * n, "{} values for a {n} × {n} matrix", a.len());
    if a.iter().any(|x| !x.is_finite()) {
        return None;
    }
    let matrix = Mat::from_fn(n, n, |i, j| a[i + j * n]);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().ok()?;
    let eigen = pool.install(|| matrix.self_adjoint_eigen(Side::Lower)).ok()?;
    let values: Vec<f64> = (0..n).map(|i| eigen.S()[i]).collect();
    let vectors: Vec<f64> =
        (0..n).flat_map(|j| (0..n).map(move |i| (i, j))).map(|(i, j)| eigen.U()[(i, j)]).collect();
    let scale = a.iter().fold(f64::MIN_POSITIVE, |m, x| m.max(x.abs()));
    let residual = (0..n * n).fold(0.0_f64, |worst, at| {
        let (i, j) = (at % n, at / n);
        let av: f64 = (0..n).map(|k| a[i + k * n] * vectors[k + j * n]).sum();
        worst.max((av - vectors[i + j * n] * values[j]).abs())
    });
    (residual <= 1e-8 * scale * n as f64).then_some(SymmetricEigen { values, vectors })
}
