//! The Vendi score: how many different samples there are, told by nobody but the samples themselves.
//!
//! ```text
//! V = exp( −Σ λ ln λ )      λ: the eigenvalues of K/n, for a kernel K with K_ii = 1                  [Friedman2023]
//! ```
//!
//! n samples that have nothing in common give n, n copies give 1. With the cosine kernel K = ZᵀZ of features Z (d × n, columns of
//! length 1), ZZᵀ/n has the same eigenvalues but for zeros, and is d × d [Friedman2023]. All is `f64`.
//!
//! The score sees differences, not whether they are right: noise is most diverse. It depends on n, and is compared with that of as
//! many real images.

use tensor::{Matrix, symmetric_eigen};

use crate::error::{QualityError, enough, finite};
use crate::frechet::second_moments;

/// The Vendi score of `features` (d × n) under the cosine kernel, at least 1 and at most d or n.
///
/// Features that are all zero have no direction: they count as copies of each other that have nothing in common with the rest,
/// one direction more than d.
///
/// # Errors
/// If there is no sample or a feature is not finite.
pub fn vendi(features: &Matrix) -> Result<f64, QualityError> {
    enough("samples", features.cols(), 1)?;
    finite("features", features)?;
    let (d, n) = (features.rows(), features.cols());
    let length = |z: &[f32]| z.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
    let directions: Vec<Vec<f64>> = features
        .columns()
        .map(|z| (z, length(z)))
        .filter(|(_, length)| *length > 0.0)
        .map(|(z, length)| z.iter().map(|&x| f64::from(x) / length).collect())
        .collect();
    let zeros = (n - directions.len()) as f64 / n as f64;
    let moments = second_moments(d, directions.iter().map(Vec::as_slice), 1.0 / n as f64);
    Ok(exponential_of_entropy(d, &moments, zeros))
}

/// The Vendi score of any kernel, n × n with ones on the diagonal.
///
/// # Errors
/// If there is no sample or an entry is not finite.
///
/// # Panics
/// If the kernel does not have `n²` entries.
pub fn vendi_of_kernel(n: usize, kernel: &[f64]) -> Result<f64, QualityError> {
    enough("samples", n, 1)?;
    assert_eq!(kernel.len(), n * n, "{} values for a {n} × {n} kernel", kernel.len());
    if let Some(at) = kernel.iter().position(|k| !k.is_finite()) {
        return Err(QualityError::Value { what: "a kernel", sample: at / n, value: kernel[at] as f32 });
    }
    let scaled: Vec<f64> = kernel.iter().map(|k| k / n as f64).collect();
    Ok(exponential_of_entropy(n, &scaled, 0.0))
}

/// `exp H` of the eigenvalues of a symmetric matrix and one more.
fn exponential_of_entropy(n: usize, matrix: &[f64], more: f64) -> f64 {
    let eigen = symmetric_eigen(n, matrix).expect("a finite symmetric matrix has eigenvalues");
    let term = |p: &f64| if *p > 0.0 { -p * p.ln() } else { 0.0 };
    (eigen.values.iter().map(term).sum::<f64>() + term(&more)).exp()
}
