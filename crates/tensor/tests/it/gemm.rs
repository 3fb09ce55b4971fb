//! The dense product against three loops, and its bits against the number of threads.

use proptest::prelude::*;
use tensor::{Accum, Matrix, Seed, gemm, limit_threads};

fn random(rows: usize, cols: usize, seed: u64) -> Matrix {
    let mut m = Matrix::zeros(rows, cols);
    Seed::new(seed).stream().normal(&mut m, 1.0);
    m
}

/// `out[i, j] + alpha · Σₖ a[i, k] b[k, j]` in `f64`, and the sum of absolute values that bounds the rounding.
fn naive(out: &Matrix, a: &Matrix, b: &Matrix, alpha: f64) -> Vec<(f64, f64)> {
    let at = |m: &Matrix, i: usize, j: usize| f64::from(m.column(j)[i]);
    let entry = |i: usize, j: usize| {
        let terms = (0..a.cols()).map(|k| alpha * at(a, i, k) * at(b, k, j));
        terms.fold((at(out, i, j), at(out, i, j).abs()), |(sum, size), t| (sum + t, size + t.abs()))
    };
    (0..out.cols()).flat_map(|j| (0..out.rows()).map(move |i| (i, j))).map(|(i, j)| entry(i, j)).collect()
}

/// A sum of n products errs by at most (n + 2) · 2⁻²⁴ of the sum of absolute values, whatever the order.
fn assert_matches(out: &Matrix, expected: &[(f64, f64)], depth: usize) {
    for (at, (x, (y, size))) in out.as_slice().iter().zip(expected).enumerate() {
        let bound = (depth + 3) as f64 * 2f64.powi(-24) * size;
        assert!((f64::from(*x) - y).abs() <= bound, "entry {at}: {x} against {y}, bound {bound}");
    }
}

/// `a · b` with either factor stored as its transpose, added to or replacing what `out` holds.
fn assert_product([m, n, k]: [usize; 3], turned: [bool; 2], accum: Accum, alpha: f32, seed: u64) {
    let (a, b, mut out) = (random(m, k, seed), random(k, n, seed ^ 1), random(m, n, seed ^ 2));
    let start = if matches!(accum, Accum::Add) { out.clone() } else { Matrix::zeros(m, n) };
    let (a_turned, b_turned) = (a.transposed(), b.transposed());
    let left = if turned[0] { a_turned.view().transpose() } else { a.view() };
    let right = if turned[1] { b_turned.view().transpose() } else { b.view() };
    gemm(out.view_mut(), accum, left, right, alpha);
    assert_matches(&out, &naive(&start, &a, &b, f64::from(alpha)), k);
}

proptest! {
    #[test]
    fn the_product_is_that_of_three_loops(
        shape in [0usize..40, 0usize..40, 0usize..40],
        turned: [bool; 2],
        add: bool,
        alpha in -2.0f32..2.0,
        seed: u64,
    ) {
        let accum = if add { Accum::Add } else { Accum::Replace };
        assert_product(shape, turned, accum, alpha, seed);
    }
}

#[test]
fn large_products_are_that_of_three_loops_too() {
    for (seed, shape) in
        [[784, 128, 500], [320, 5, 700], [1, 3000, 900], [3000, 1, 900], [600, 530, 70], [513, 1025, 9]]
            .into_iter()
            .enumerate()
    {
        for turned in [[false, false], [true, false], [false, true], [true, true]] {
            assert_product(shape, turned, Accum::Add, 0.5, seed as u64);
        }
    }
}

#[test]
fn views_with_gaps_and_turned_outputs_work() {
    let (a, b) = (random(90, 70, 1), random(70, 80, 2));
    let mut large = Matrix::zeros(100, 100);
    gemm(large.view_mut().submatrix_mut(3, 7, 90, 80), Accum::Replace, a.view(), b.view(), 1.0);
    let mut turned = Matrix::zeros(80, 90);
    gemm(turned.view_mut().transpose_mut(), Accum::Replace, a.view(), b.view(), 1.0);
    let inner = Matrix::from_fn(90, 80, |i, j| large.column(j + 7)[i + 3]);
    let expected = naive(&Matrix::zeros(90, 80), &a, &b, 1.0);
    assert_matches(&inner, &expected, 70);
    assert_matches(&turned.transposed(), &expected, 70);
    let outside = (0..100).flat_map(|j| (0..100).map(move |i| (i, j)));
    let mut outside = outside.filter(|(i, j)| !((3..93).contains(i) && (7..87).contains(j)));
    assert!(outside.all(|(i, j)| large.column(j)[i] == 0.0), "nothing is written beside the view");
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let shapes =
        [[784, 128, 500], [784, 5, 200], [320, 5, 500], [1, 70_000, 40], [70_000, 1, 40], [1200, 1100, 300]];
    for (seed, [m, n, k]) in shapes.into_iter().enumerate() {
        let (a, b, start) = (random(m, k, seed as u64), random(k, n, 10), random(m, n, 11));
        let b_turned = b.transposed();
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let (mut plain, mut turned) = (start.clone(), start.clone());
            pool.install(|| gemm(plain.view_mut(), Accum::Add, a.view(), b.view(), 0.3));
            pool.install(|| gemm(turned.view_mut(), Accum::Add, a.view(), b_turned.view().transpose(), 0.3));
            (plain, turned)
        };
        let one = on(1);
        for threads in [2, 3, 8] {
            assert!(on(threads) == one, "{m} × {n} · {k}: {threads} threads differ from one");
        }
    }
}

#[test]
fn nan_spreads_to_its_own_row_only() {
    let (mut a, b) = (random(6, 5, 1), random(5, 7, 2));
    a.column_mut(2)[3] = f32::NAN;
    let mut out = Matrix::zeros(6, 7);
    gemm(out.view_mut(), Accum::Replace, a.view(), b.view(), 1.0);
    assert!(out.columns().all(|c| (0..6).all(|i| c[i].is_nan() == (i == 3))));
}

#[test]
fn replacing_forgets_nan_in_the_output() {
    let (a, b) = (random(6, 5, 1), random(5, 7, 2));
    let mut out = Matrix::from_fn(6, 7, |_, _| f32::NAN);
    gemm(out.view_mut(), Accum::Replace, a.view(), b.view(), 1.0);
    assert!(out.is_finite());
}

#[test]
#[should_panic(expected = "3×4 · 5×2 does not give 3×2")]
fn shapes_that_do_not_fit_are_named() {
    let (a, b, mut out) = (random(3, 4, 1), random(5, 2, 2), Matrix::zeros(3, 2));
    gemm(out.view_mut(), Accum::Replace, a.view(), b.view(), 1.0);
}

/// Threads are handed out before the first large product, and not again: other tests here may have come first.
#[test]
fn the_threads_of_large_products_are_settled_once() {
    let settled = limit_threads(3);
    assert!(settled > 0 && limit_threads(settled + 1) == settled);
}

#[test]
#[should_panic(expected = "products on no thread")]
fn products_on_no_thread_are_refused() {
    limit_threads(0);
}

/// What an entry becomes: of what is there, the terms, and `alpha`.
type Order = fn(f32, &[(f32, f32)], f32) -> f32;

/// Each rounded once, in their order.
fn chain(terms: &[(f32, f32)]) -> f32 {
    terms.iter().fold(0.0, |sum, (a, b)| a.mul_add(*b, sum))
}

/// 512 terms at a time; such a sum times `alpha` is rounded, and added to what is there.
fn in_blocks(start: f32, terms: &[(f32, f32)], alpha: f32) -> f32 {
    terms.chunks(512).fold(start, |out, terms| out + alpha * chain(terms))
}

/// All terms, and their sum times `alpha` added with one rounding.
fn at_once(start: f32, terms: &[(f32, f32)], alpha: f32) -> f32 {
    alpha.mul_add(chain(terms), start)
}

/// Straight to what is there, one factor times `alpha`.
fn straight(start: f32, terms: &[(f32, f32)], alpha: f32) -> f32 {
    terms.iter().fold(start, |out, (a, b)| a.mul_add(b * alpha, out))
}

/// 64 sums side by side, of lanes of sixteen; lanes beyond the last four go to the first. Then folded in halves.
fn side_by_side(start: f32, terms: &[(f32, f32)], alpha: f32) -> f32 {
    let (mut sums, whole) = ([0.0f32; 64], terms.len() / 64 * 64);
    for (at, (a, b)) in terms.iter().enumerate() {
        let place = if at < whole { at % 64 } else { at % 16 };
        sums[place] = a.mul_add(*b, sums[place]);
    }
    let mut sums: Vec<f32> =
        (0..16).map(|i| (sums[i] + sums[i + 16]) + (sums[i + 32] + sums[i + 48])).collect();
    while sums.len() > 1 {
        let half = sums.len() / 2;
        sums = (0..half).map(|i| sums[i] + sums[i + half]).collect();
    }
    start + alpha * sums[0]
}

/// Holds corners of a product against an order.
fn assert_order([m, n, k]: [usize; 3], turned: [bool; 2], order: Order) {
    for (accum, alpha) in
        [(Accum::Replace, 1.0), (Accum::Replace, -0.7), (Accum::Add, 1.0), (Accum::Add, -0.7)]
    {
        let (a, b, mut out) = (random(m, k, 1), random(k, n, 2), random(m, n, 3));
        let start = if matches!(accum, Accum::Add) { out.clone() } else { Matrix::zeros(m, n) };
        let (a_turned, b_turned) = (a.transposed(), b.transposed());
        let left = if turned[0] { a_turned.view().transpose() } else { a.view() };
        let right = if turned[1] { b_turned.view().transpose() } else { b.view() };
        gemm(out.view_mut(), accum, left, right, alpha);
        for (i, j) in [(0, 0), (m - 1, n - 1), (m / 2, n / 2), (m - 1, 0)] {
            let mut terms: Vec<(f32, f32)> = (0..k).map(|d| (a.column(d)[i], b.column(j)[d])).collect();
            if m == 1 && n > 1 {
                // One row is computed as the transposed of one column.
                terms.iter_mut().for_each(|(a, b)| std::mem::swap(a, b));
            }
            let expected = order(start.column(j)[i], &terms, alpha);
            let case = format!("{m}×{k} · {k}×{n}, turned {turned:?}, {accum:?}, {alpha}: entry {i}, {j}");
            assert_eq!(out.column(j)[i], expected, "{case}");
        }
    }
}

/// The kernels for AVX2 and for AVX-512 give the same bits: those of one order, by shape.
#[test]
#[cfg(target_arch = "x86_64")]
fn sums_are_made_in_one_order_on_every_processor() {
    if !is_x86_feature_detected!("avx2") || !is_x86_feature_detected!("fma") {
        return;
    }
    const DEPTHS: [usize; 10] = [2, 7, 16, 17, 40, 64, 130, 511, 513, 1100];
    let all = [[false, false], [true, false], [false, true], [true, true]];
    let sides = [2, 3, 7, 8, 16, 17, 33, 97];
    for (m, n) in sides.iter().flat_map(|m| sides.iter().map(move |n| (*m, *n))) {
        for (k, turned) in DEPTHS.iter().flat_map(|k| all.map(|turned| (*k, turned))) {
            assert_order([m, n, k], turned, if m * n * k <= 4096 { at_once } else { in_blocks });
        }
    }
    // The first is cut into tiles.
    assert_order([1100, 700, 600], [true, false], in_blocks);
    for (side, k) in sides.into_iter().chain([5000]).flat_map(|side| DEPTHS.map(|k| (side, k))) {
        for other in [false, true] {
            assert_order([side, 1, k], [true, other], side_by_side);
            assert_order([side, 1, k], [false, other], straight);
            assert_order([1, side, k], [other, false], side_by_side);
            assert_order([1, side, k], [other, true], straight);
        }
    }
}
