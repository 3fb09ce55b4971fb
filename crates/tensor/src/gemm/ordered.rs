//! Products whose order faer does not fix: it has kernels of their own for them, which add as many terms side by side as a vector
//! of the processor holds. Here that is the same on every processor.

use faer::{Accum, ColMut, ColRef, MatMut, MatRef};

use crate::simd::{LANE, vectorize};

/// Up to this many multiply-adds a product is tiny.
const TINY: usize = 1 << 12;

/// `out ← [out +] alpha · a · b` if it is one of these products, and whether it is.
pub fn product(
    out: &mut MatMut<'_, f32>,
    accum: Accum,
    a: MatRef<'_, f32>,
    b: MatRef<'_, f32>,
    alpha: f32,
) -> bool {
    let (m, n, k) = (out.nrows(), out.ncols(), a.ncols());
    if m * n * k == 0 {
        return false;
    }
    // faer's order is that of the terms for one column of contiguous ones, for one row likewise, and for one term.
    let by_column = |out: &MatMut<'_, f32>, a: MatRef<'_, f32>| out.row_stride() == 1 && a.row_stride() == 1;
    if n == 1 && by_column(out, a) || m == 1 && by_column(&out.as_mut().transpose_mut(), b.transpose()) {
        return false;
    }
    if n == 1 && a.col_stride() == 1 && b.row_stride() == 1 {
        dots(out.as_mut().col_mut(0), accum, a, b.col(0), alpha);
        return true;
    }
    if m == 1 && b.row_stride() == 1 && a.col_stride() == 1 {
        dots(out.as_mut().row_mut(0).transpose_mut(), accum, b.transpose(), a.row(0).transpose(), alpha);
        return true;
    }
    // Neither faer's order on WebAssembly, which follows from its caches, nor its vectors are everywhere.
    if k > 1 && m * n * k <= TINY || cfg!(target_arch = "wasm32") {
        term_by_term(out.as_mut(), accum, a, b, alpha);
        return true;
    }
    false
}

/// One number for each row of `a`, whose rows are contiguous.
fn dots(mut out: ColMut<'_, f32>, accum: Accum, a: MatRef<'_, f32>, b: ColRef<'_, f32>, alpha: f32) {
    let b = b.try_as_col_major().expect("contiguous").as_slice();
    vectorize(
        #[inline(always)]
        || {
            for i in 0..a.nrows() {
                let row = a.row(i).try_as_row_major().expect("contiguous").as_slice();
                let product = alpha * dot(row, b);
                out[i] = if matches!(accum, Accum::Add) { out[i] + product } else { product };
            }
        },
    );
}

/// `Σ x y`: 64 sums, of which four lanes become one, and that is folded in halves. As faer has it for vectors of sixteen floats.
#[inline(always)]
fn dot(x: &[f32], y: &[f32]) -> f32 {
    let mut sums = [[0.0f32; LANE]; 4];
    let ((xs, x), (ys, y)) = (x.as_chunks::<LANE>(), y.as_chunks::<LANE>());
    let fours = xs.len() / 4 * 4;
    for (i, (x, y)) in xs.iter().zip(ys).enumerate() {
        add(&mut sums[if i < fours { i % 4 } else { 0 }], x, y);
    }
    if !x.is_empty() {
        let (mut last, mut other) = ([0.0; LANE], [0.0; LANE]);
        last[..x.len()].copy_from_slice(x);
        other[..y.len()].copy_from_slice(y);
        add(&mut sums[0], &last, &other);
    }
    let [a, b, c, d] = sums;
    let sixteen: [f32; 16] = std::array::from_fn(|i| (a[i] + b[i]) + (c[i] + d[i]));
    let eight: [f32; 8] = std::array::from_fn(|i| sixteen[i] + sixteen[i + 8]);
    let four: [f32; 4] = std::array::from_fn(|i| eight[i] + eight[i + 4]);
    (four[0] + four[2]) + (four[1] + four[3])
}

#[inline(always)]
fn add(sums: &mut [f32; LANE], x: &[f32; LANE], y: &[f32; LANE]) {
    for lane in 0..LANE {
        sums[lane] = x[lane].mul_add(y[lane], sums[lane]);
    }
}

/// Every entry a sum in the order of its terms, each rounded once.
fn term_by_term(mut out: MatMut<'_, f32>, accum: Accum, a: MatRef<'_, f32>, b: MatRef<'_, f32>, alpha: f32) {
    let (rows, columns) = (out.nrows(), out.ncols());
    for (i, j) in (0..columns).flat_map(|j| (0..rows).map(move |i| (i, j))) {
        let sum = (0..a.ncols()).fold(0.0f32, |sum, k| a[(i, k)].mul_add(b[(k, j)], sum));
        out[(i, j)] = if matches!(accum, Accum::Add) { alpha.mul_add(sum, out[(i, j)]) } else { alpha * sum };
    }
}
