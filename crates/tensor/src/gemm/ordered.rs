//! Products that are small, or one row, one column or one product deep.
//!
//! faer has kernels of their own for these, which add in an order that follows the width of the processor's vectors. Here every entry
//! is a sum in the order of the depth, [`DEPTH`] products at a time, each rounded once: as in faer's products of other shapes, on
//! every processor.

use faer::prelude::ReborrowMut;
use faer::{Accum, ColMut, MatMut, MatRef};

use crate::simd::dispatch;

/// Products that are added to one sum before it goes to the output, as faer has it.
const DEPTH: usize = 512;
/// Rows of the output whose sums stay in the first-level cache.
const ROWS: usize = 2048;

/// `out ← [out +] alpha · a · b`, column by column.
pub fn product(mut out: MatMut<'_, f32>, accum: Accum, a: MatRef<'_, f32>, b: MatRef<'_, f32>, alpha: f32) {
    if out.nrows() == 1 && out.ncols() > 1 {
        return product(out.transpose_mut(), accum, b.transpose(), a.transpose(), alpha);
    }
    let copy: Vec<f32>;
    let a = if a.row_stride() == 1 {
        a
    } else {
        copy = packed(a);
        MatRef::from_column_major_slice(&copy, a.nrows(), a.ncols())
    };
    let column = |d| a.col(d).try_as_col_major().expect("contiguous columns").as_slice();
    let columns: Vec<&[f32]> = (0..a.ncols()).map(column).collect();
    let (mut factors, mut sums) = (vec![0.0; a.ncols()], vec![0.0; a.nrows().min(ROWS)]);
    for j in 0..out.ncols() {
        factors.iter_mut().enumerate().for_each(|(d, factor)| *factor = b[(d, j)]);
        for begin in (0..out.nrows()).step_by(ROWS) {
            let sums = &mut sums[..ROWS.min(a.nrows() - begin)];
            let out = out.as_mut().col_mut(j).subrows_mut(begin, sums.len());
            add(out, accum, (sums, begin), (&columns, &factors), alpha);
        }
    }
}

/// Some rows of one column of the output, from row `begin` of `columns` on, one for each of `sums`.
fn add(
    mut out: ColMut<'_, f32>,
    accum: Accum,
    (sums, begin): (&mut [f32], usize),
    (columns, factors): (&[&[f32]], &[f32]),
    alpha: f32,
) {
    if columns.is_empty() && matches!(accum, Accum::Replace) {
        out.fill(0.0);
    }
    for (i, (columns, factors)) in columns.chunks(DEPTH).zip(factors.chunks(DEPTH)).enumerate() {
        sums.fill(0.0);
        dispatch(|| {
            for (column, factor) in columns.iter().zip(factors) {
                let column = &column[begin..begin + sums.len()];
                sums.iter_mut().zip(column).for_each(|(sum, x)| *sum = x.mul_add(*factor, *sum));
            }
        });
        let replaced = i == 0 && matches!(accum, Accum::Replace);
        for (out, sum) in out.rb_mut().iter_mut().zip(&*sums) {
            *out = if replaced { alpha * sum } else { *out + alpha * sum };
        }
    }
}

/// A matrix column by column, read in square tiles so that both sides stay in cache.
fn packed(a: MatRef<'_, f32>) -> Vec<f32> {
    const TILE: usize = 32;
    let (m, k) = (a.nrows(), a.ncols());
    let mut copy = vec![0.0; m * k];
    for (j0, i0) in (0..k).step_by(TILE).flat_map(|j| (0..m).step_by(TILE).map(move |i| (j, i))) {
        for (j, i) in (j0..k.min(j0 + TILE)).flat_map(|j| (i0..m.min(i0 + TILE)).map(move |i| (j, i))) {
            copy[j * m + i] = a[(i, j)];
        }
    }
    copy
}
