//! How a layer's estimate is made of the noisy `z̃` beside it and of `u` from above [Rasmus2015, eq. 2]:
//! `ẑ = (z̃ − μ(u)) v(u) + μ(u)`, `μ(u) = a₁ σ(a₂u + a₃) + a₄u + a₅`, `v(u) = a₆ σ(a₇u + a₈) + a₉u + a₁₀`, for every unit with its
//! own ten numbers. Were `z` normal with a mean that `u` tells, this would be the best there is.
//!
//! Shapes: `a` units × 10, everything else units × batch.

use tensor::{Matrix, simd};

/// Sigmoids, mean and weight of every estimate.
pub(super) struct Combined {
    pub estimate: Matrix,
    sigmoids: [Matrix; 2],
    mean: Matrix,
    weight: Matrix,
}

/// `f(i, j)` for every unit i and sample j.
fn each(like: &Matrix, f: impl FnMut(usize, usize) -> f32) -> Matrix {
    Matrix::from_fn(like.rows(), like.cols(), f)
}

/// The estimates.
pub(super) fn combine(a: &Matrix, z: &Matrix, u: &Matrix) -> Combined {
    // Half 0 has a₁ to a₅ and gives μ, half 1 has a₆ to a₁₀ and gives v.
    let number = |half: usize, k: usize| a.column(5 * half + k);
    let sigmoid = |half: usize| {
        let mut s = each(u, |i, j| number(half, 1)[i] * u.column(j)[i] + number(half, 2)[i]);
        simd::sigmoid(s.as_mut_slice());
        s
    };
    let sigmoids = [sigmoid(0), sigmoid(1)];
    let line = |half: usize| {
        each(u, |i, j| {
            let (s, u) = (sigmoids[half].column(j)[i], u.column(j)[i]);
            number(half, 0)[i] * s + number(half, 3)[i] * u + number(half, 4)[i]
        })
    };
    let (mean, weight) = (line(0), line(1));
    let estimate = each(u, |i, j| {
        let m = mean.column(j)[i];
        (z.column(j)[i] - m) * weight.column(j)[i] + m
    });
    Combined { estimate, sigmoids, mean, weight }
}

/// From `d` at the estimates to `dz` and `du`; adds to the gradient of `a`.
pub(super) fn combine_backward(
    a: &Matrix,
    (z, u): (&Matrix, &Matrix),
    combined: &Combined,
    d: &Matrix,
    gradient: &mut Matrix,
) -> (Matrix, Matrix) {
    let (mut dz, mut du) = (Matrix::zeros(z.rows(), z.cols()), Matrix::zeros(z.rows(), z.cols()));
    let mut sums = vec![0.0_f64; gradient.as_slice().len()];
    let units = a.rows();
    for j in 0..z.cols() {
        let (z, u, d) = (z.column(j), u.column(j), d.column(j));
        let (mean, weight) = (combined.mean.column(j), combined.weight.column(j));
        for i in 0..units {
            dz.column_mut(j)[i] = d[i] * weight[i];
            // ∂ẑ/∂μ = 1 − v, ∂ẑ/∂v = z̃ − μ.
            for (half, d) in [d[i] * (1.0 - weight[i]), d[i] * (z[i] - mean[i])].into_iter().enumerate() {
                let s = combined.sigmoids[half].column(j)[i];
                let number = |k: usize| a.column(5 * half + k)[i];
                let slope = d * number(0) * s * (1.0 - s);
                for (k, part) in [d * s, slope * u[i], slope, d * u[i], d].into_iter().enumerate() {
                    sums[(5 * half + k) * units + i] += f64::from(part);
                }
                du.column_mut(j)[i] += slope * number(1) + d * number(3);
            }
        }
    }
    gradient.as_mut_slice().iter_mut().zip(sums).for_each(|(g, sum)| *g += sum as f32);
    (dz, du)
}
