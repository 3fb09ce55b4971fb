//! What the scorer does to pixels: blur, shift, and squared distances between two sets of images.
//!
//! Images are columns, row-major inside (`d = height · width`). Paper lies outside of the picture: blur and shift pad
//! with zeros, so that ink at the edge fades.

use std::cmp::Ordering;

use tensor::{Accum, Matrix, gemm};

/// Height and width of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

/// Blurs every image `times` times with the binomial kernel `[1 2 1]ᵀ [1 2 1] / 16`.
pub fn blur(images: &Matrix, size: Size, times: usize) -> Matrix {
    let mut out = images.clone();
    for _ in 0..times {
        for image in out.as_mut_slice().chunks_exact_mut((size.height * size.width).max(1)) {
            blur_along(image, size.width, size.height, 1, size.width);
            blur_along(image, size.height, size.width, size.width, 1);
        }
    }
    out
}

/// `x_i ← (x_{i−1} + 2 x_i + x_{i+1}) / 4` along each of `lines` lines, whose first pixels lie `next` apart.
fn blur_along(image: &mut [f32], lines: usize, len: usize, next: usize, step: usize) {
    for line in 0..lines {
        let mut before = 0.0;
        for i in 0..len {
            let at = line * next + i * step;
            let (here, after) = (image[at], if i + 1 < len { image[at + step] } else { 0.0 });
            image[at] = 0.25 * (before + 2.0 * here + after);
            before = here;
        }
    }
}

/// Every image moved `down` rows and `right` columns.
pub fn shift(images: &Matrix, size: Size, down: isize, right: isize) -> Matrix {
    let mut out = Matrix::zeros(images.rows(), images.cols());
    for (to, from) in out.as_mut_slice().chunks_exact_mut(images.rows().max(1)).zip(images.columns()) {
        for y in 0..size.height {
            let Some(y_from) = y.checked_add_signed(-down).filter(|&y| y < size.height) else { continue };
            for x in 0..size.width {
                if let Some(x_from) = x.checked_add_signed(-right).filter(|&x| x < size.width) {
                    to[y * size.width + x] = from[y_from * size.width + x_from];
                }
            }
        }
    }
    out
}

/// `D_ij = |a_i − b_j|²` for the columns of `a` (d × m) and `b` (d × n): m × n, never negative.
///
/// One product: `|a|² + |b|² − 2 aᵀb`. Exact for binary images, whose sums are whole numbers below 2²⁴.
pub fn squared_distances(a: &Matrix, b: &Matrix) -> Matrix {
    let norms = |m: &Matrix| -> Vec<f32> { m.columns().map(squared_norm).collect() };
    let mut out = Matrix::zeros(a.cols(), b.cols());
    gemm(out.view_mut(), Accum::Replace, a.view().transpose(), b.view(), -2.0);
    out.add_to_columns(&norms(a));
    for (column, norm) in out.as_mut_slice().chunks_exact_mut(a.cols().max(1)).zip(norms(b)) {
        column.iter_mut().for_each(|x| *x = (*x + norm).max(0.0));
    }
    out
}

/// `|x|²`, in sixteen partial sums so that it vectorises.
fn squared_norm(x: &[f32]) -> f32 {
    let mut lanes = [0.0; 16];
    for chunk in x.chunks(16) {
        lanes.iter_mut().zip(chunk).for_each(|(l, v)| *l += v * v);
    }
    lanes.iter().sum()
}

/// Squared distance per pixel from each image of `samples` (d × n) to the nearest of `images` (d × m): for
/// binary images the share of pixels that differ, in [0, 1].
///
/// `leave_out[j]` is a column of `images` that sample `j` is not compared with.
///
/// # Panics
/// If the numbers of pixels differ, or a sample has nothing to be compared with.
pub fn nearest(samples: &Matrix, images: &Matrix, leave_out: Option<&[usize]>) -> Vec<f64> {
    assert_eq!(
        samples.rows(),
        images.rows(),
        "samples of {} pixels, images of {}",
        samples.rows(),
        images.rows()
    );
    let distances = squared_distances(images, samples);
    (0..samples.cols())
        .map(|j| {
            let skip = leave_out.map(|l| l[j]);
            let best = (0..images.cols())
                .filter(|&i| Some(i) != skip)
                .min_by(|&a, &b| distances.column(j)[a].total_cmp(&distances.column(j)[b]))
                .expect("a sample needs an image to be compared with");
            // Once more without cancellation, so that a copy is at distance 0 whatever its grey levels.
            let square = |(a, b): (&f32, &f32)| f64::from(a - b).powi(2);
            let exact: f64 = samples.column(j).iter().zip(images.column(best)).map(square).sum();
            exact / samples.rows() as f64
        })
        .collect()
}

/// The columns of `images` in an order that depends on their pixels alone.
pub fn order(images: &Matrix) -> Vec<usize> {
    let mut order: Vec<usize> = (0..images.cols()).collect();
    order.sort_by(|&a, &b| compare(images.column(a), images.column(b)));
    order
}

/// Which of two images comes first: by their first pixel that differs.
pub(crate) fn compare(a: &[f32], b: &[f32]) -> Ordering {
    a.iter().zip(b).map(|(x, y)| x.total_cmp(y)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
}
