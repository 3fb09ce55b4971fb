//! Principal components of the reference images: the features whose moments the Fréchet distance compares.
//!
//! ```text
//! z = Vᵀ (x − μ)        V: the k leading eigenvectors of the covariance of the reference images  [Pearson1901]
//! ```
//!
//! The components are not whitened: a unit of a feature is a unit of (blurred) ink, so that the directions in
//! which characters differ most count most, and a Fréchet distance is an amount of squared ink. No training
//! by gradient, no pretrained network, so that two machines agree on what is measured.

use tensor::{Accum, Matrix, gemm, symmetric_eigen};

/// A linear map onto the leading principal components.
#[derive(Clone, Debug)]
pub struct Pca {
    mean: Vec<f32>,     // d
    components: Matrix, // d × k
    /// Share of the variance of the images that the components carry, in [0, 1].
    pub explained: f64,
}

impl Pca {
    /// Fits `k` components (at most d) to `images`, d × n.
    ///
    /// # Panics
    /// If there is no image or a pixel is not finite.
    pub fn fit(images: &Matrix, k: usize) -> Self {
        let (d, n) = (images.rows(), images.cols());
        assert!(n > 0 && images.is_finite(), "components need finite images, got {n} of {d} pixels");
        let mut mean = vec![0.0_f64; d];
        for image in images.columns() {
            mean.iter_mut().zip(image).for_each(|(m, &x)| *m += f64::from(x) / n as f64);
        }
        let mut covariance = vec![0.0_f64; d * d];
        for image in images.columns() {
            let centred: Vec<f64> = image.iter().zip(&mean).map(|(&x, m)| f64::from(x) - m).collect();
            for (i, a) in centred.iter().enumerate() {
                covariance[i * d..][..=i].iter_mut().zip(&centred).for_each(|(c, b)| *c += a * b);
            }
        }
        for i in 0..d {
            for j in 0..i {
                covariance[j * d + i] = covariance[i * d + j];
            }
        }
        let eigen = symmetric_eigen(d, &covariance).expect("a finite symmetric matrix has eigenvalues");
        let k = k.min(d);
        let leading = (d - k..d).rev();
        let total: f64 = eigen.values.iter().map(|v| v.max(0.0)).sum();
        let kept: f64 = leading.clone().map(|j| eigen.values[j].max(0.0)).sum();
        let components: Vec<f32> =
            leading.flat_map(|j| eigen.vectors[j * d..][..d].iter().map(|&x| x as f32)).collect();
        Self {
            mean: mean.into_iter().map(|m| m as f32).collect(),
            components: Matrix::from_vec(d, k, components),
            explained: if total > 0.0 { kept / total } else { 1.0 },
        }
    }

    /// The features of `images` (d × n): n vectors of k values.
    ///
    /// # Panics
    /// If the images have another number of pixels.
    pub fn features(&self, images: &Matrix) -> Vec<Vec<f64>> {
        let mut centred = images.clone();
        centred.add_to_columns(&self.mean.iter().map(|m| -m).collect::<Vec<_>>());
        let mut out = Matrix::zeros(self.components.cols(), images.cols());
        gemm(out.view_mut(), Accum::Replace, self.components.view().transpose(), centred.view(), 1.0);
        out.columns().map(|z| z.iter().map(|&x| f64::from(x)).collect()).collect()
    }
}
