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

/// `f(i, x, y)` for every unit i, with the values of two matrices there.
fn each(x: &Matrix, y: &Matrix, f: impl Fn(usize, f32, f32) -> f32) -> Matrix {
    let mut out = Matrix::zeros(x.rows(), x.cols());
    // Each unit is a lane of its own, so that wide vectors change no bit.
    simd::vectorize(
        #[inline(always)]
        || {
            let columns = x.columns().zip(y.columns());
            for (out, (x, y)) in out.as_mut_slice().chunks_exact_mut(x.rows().max(1)).zip(columns) {
                let values = out.iter_mut().zip(x.iter().zip(y));
                values.enumerate().for_each(|(i, (out, (&x, &y)))| *out = f(i, x, y));
            }
        },
    );
    out
}

/// The five numbers of μ, for half 0, or of v, for half 1; each of all units.
fn numbers(a: &Matrix, half: usize) -> [&[f32]; 5] {
    std::array::from_fn(|k| a.column(5 * half + k))
}

/// The estimates.
pub(super) fn combine(a: &Matrix, z: &Matrix, u: &Matrix) -> Combined {
    let sigmoid = |half: usize| {
        let [_, slope, shift, _, _] = numbers(a, half);
        let mut s = each(u, u, |i, u, _| slope[i] * u + shift[i]);
        simd::sigmoid(s.as_mut_slice());
        s
    };
    let sigmoids = [sigmoid(0), sigmoid(1)];
    let line = |half: usize| {
        let [height, _, _, slope, shift] = numbers(a, half);
        each(&sigmoids[half], u, |i, s, u| height[i] * s + slope[i] * u + shift[i])
    };
    let (mean, weight) = (line(0), line(1));
    let from_mean = each(z, &mean, |_, z, m| z - m);
    let moved = each(&from_mean, &weight, |_, d, v| d * v);
    let estimate = each(&moved, &mean, |_, d, m| d + m);
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
    let Combined { mean, weight, sigmoids, .. } = combined;
    // ∂ẑ/∂z̃ = v, ∂ẑ/∂μ = 1 − v, ∂ẑ/∂v = z̃ − μ.
    let dz = each(d, weight, |_, d, v| d * v);
    let from_mean = each(z, mean, |_, z, m| z - m);
    let halves = [each(d, weight, |_, d, v| d * (1.0 - v)), each(d, &from_mean, |_, d, x| d * x)];
    let mut du = Matrix::zeros(u.rows(), u.cols());
    let units = a.rows();
    for (half, d) in halves.iter().enumerate() {
        let [height, inner, _, outer, _] = numbers(a, half);
        let mut sums = vec![[0.0_f64; 5]; units];
        for (j, (d, (s, u))) in d.columns().zip(sigmoids[half].columns().zip(u.columns())).enumerate() {
            let du = du.column_mut(j);
            for i in 0..units {
                let (d, s, u) = (d[i], s[i], u[i]);
                let slope = d * height[i] * s * (1.0 - s);
                let parts = [d * s, slope * u, slope, d * u, d];
                sums[i].iter_mut().zip(parts).for_each(|(sum, part)| *sum += f64::from(part));
                du[i] += slope * inner[i] + d * outer[i];
            }
        }
        for k in 0..5 {
            let column = gradient.column_mut(5 * half + k).iter_mut();
            column.zip(&sums).for_each(|(g, sums)| *g += sums[k] as f32);
        }
    }
    (dz, du)
}
