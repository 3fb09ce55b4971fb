//! Symmetric eigenvalues in `f64`, with a residual check: a decomposition is believed only after `A·V = V·Λ`.

use faer::diag::DiagMut;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::{MatMut, MatRef, Par};

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
/// input is not finite, the iteration fails, or the residual `max |A·V − V·Λ|` exceeds `1e-8 · n · max |A|`: every
/// entry of it is a sum of `n` products.
///
/// # Panics
/// If `a` does not hold `n²` values.
pub fn symmetric_eigen(n: usize, a: &[f64]) -> Option<SymmetricEigen> {
    assert_eq!(a.len(), n * n, "{} values for a {n} × {n} matrix", a.len());
    if a.iter().any(|x| !x.is_finite()) {
        return None;
    }
    let (mut values, mut vectors) = (vec![0.0; n], vec![0.0; n * n]);
    let scratch = self_adjoint_evd_scratch::<f64>(n, ComputeEigenvectors::Yes, Par::Seq, Default::default());
    self_adjoint_evd(
        MatRef::from_column_major_slice(a, n, n),
        DiagMut::from_slice_mut(&mut values),
        Some(MatMut::from_column_major_slice_mut(&mut vectors, n, n)),
        Par::Seq,
        MemStack::new(&mut MemBuffer::new(scratch)),
        Default::default(),
    )
    .ok()?;
    let scale = a.iter().fold(f64::MIN_POSITIVE, |m, x| m.max(x.abs()));
    let residual = (0..n * n).fold(0.0_f64, |worst, at| {
        let (i, j) = (at % n, at / n);
        let av: f64 = (0..n).map(|k| a[i + k * n] * vectors[k + j * n]).sum();
        worst.max((av - vectors[i + j * n] * values[j]).abs())
    });
    (residual <= 1e-8 * scale * n as f64).then_some(SymmetricEigen { values, vectors })
}
