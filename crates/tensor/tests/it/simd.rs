//! The vector kernels against their plain twins, at every length and on every lane. Seeds are fixed; bounds on noise
//! would be broken by chance less than once in 10⁹.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tensor::{COLUMN_BLOCK, Matrix, Seed, Stream, plain, simd};

/// The documented bound.
const SIGMOID_ERROR: f64 = 2e-7;

fn assert_sigmoid(inputs: &[f32]) {
    let mut values = inputs.to_vec();
    simd::sigmoid(&mut values);
    for (x, y) in inputs.iter().zip(&values) {
        let expected = plain::sigmoid(f64::from(*x));
        assert!((f64::from(*y) - expected).abs() < SIGMOID_ERROR, "σ({x}) = {expected}, found {y}");
    }
}

#[test]
fn sigmoid_is_as_exact_as_documented_on_a_dense_grid() {
    let grid: Vec<f32> = (-120 * 2048..=120 * 2048).map(|i| i as f32 / 2048.0).collect();
    assert_sigmoid(&grid);
    let mut values = grid;
    simd::sigmoid(&mut values);
    assert!(values.iter().all(|y| (0.0..=1.0).contains(y)), "a sigmoid is a probability");
}

#[test]
fn sigmoid_saturates() {
    let large = [30.0, 88.0, 100.0, 1e4, 1e30, f32::MAX];
    let mut up = large;
    simd::sigmoid(&mut up);
    assert_eq!(up, [1.0; 6]);
    let mut down = large.map(|x| -x);
    simd::sigmoid(&mut down);
    // e⁻³⁰ is 9.4e-14; what is clamped beyond stays below the smallest probability that a draw can see, 2⁻²³.
    assert!(down.iter().all(|y| (0.0..1e-13).contains(y)), "{down:?}");
}

#[test]
fn nan_and_infinities_become_nan_and_leave_their_neighbours_alone() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -f32::NAN] {
        for len in 1..=40 {
            for at in 0..len {
                let mut values = vec![0.0; len];
                values[at] = bad;
                simd::sigmoid(&mut values);
                let right = |(i, y): (usize, &f32)| if i == at { y.is_nan() } else { *y == 0.5 };
                assert!(values.iter().enumerate().all(right), "{bad} at {at} of {len}: {values:?}");
            }
        }
    }
}

proptest! {
    #[test]
    fn sigmoid_is_exact_for_any_floats_and_any_length(
        values in prop::collection::vec(prop::num::f32::NORMAL | prop::num::f32::SUBNORMAL | prop::num::f32::ZERO, 0..70),
        near in prop::collection::vec(-20.0f32..20.0, 0..70),
    ) {
        assert_sigmoid(&values);
        assert_sigmoid(&near);
    }

    #[test]
    fn the_fused_kernel_draws_what_bernoulli_draws_from_the_probabilities(
        rows in 1usize..70, cols in 1usize..30, scale in 0.1f32..30.0, seed: u64,
    ) {
        let mut logits = Matrix::zeros(rows, cols);
        Seed::new(seed).child("logits", 0).stream().normal(&mut logits, scale);
        let mut probabilities = logits.clone();
        simd::sigmoid(probabilities.as_mut_slice());
        let (mut a, mut b) = (Seed::new(seed).stream(), Seed::new(seed).stream());
        simd::sigmoid_sample(&mut logits, &mut a);
        simd::bernoulli(&mut probabilities, &mut b);
        prop_assert!(logits == probabilities);
        prop_assert!(a == b, "each call is the same number of draws");
    }
}

/// The three fills as one list: a name, and what it makes of a matrix.
type Kernel = (&'static str, fn(&mut Matrix, &mut Stream));
const FILLS: [Kernel; 3] = [
    ("uniform", simd::fill_uniform),
    ("bernoulli", |m, noise| {
        m.as_mut_slice().fill(0.5);
        simd::bernoulli(m, noise);
    }),
    ("sigmoid_sample", |m, noise| {
        m.as_mut_slice().fill(0.0);
        simd::sigmoid_sample(m, noise);
    }),
];

#[test]
fn the_first_columns_do_not_depend_on_how_many_follow() {
    for (name, fill) in FILLS {
        for rows in [1, 15, 16, 17, 40, 320] {
            let of = |cols: usize| {
                let mut m = Matrix::zeros(rows, cols);
                fill(&mut m, &mut Seed::new(5).stream());
                m
            };
            let long = of(5 * COLUMN_BLOCK + 3);
            for cols in [1, 2, COLUMN_BLOCK, COLUMN_BLOCK + 1, 4 * COLUMN_BLOCK + 1] {
                assert_eq!(of(cols).as_slice(), &long.as_slice()[..rows * cols], "{name}: {rows} × {cols}");
            }
            let blocks: Vec<&[f32]> = long.as_slice().chunks_exact(rows * COLUMN_BLOCK).collect();
            assert!(
                rows < 15 || (1..5).all(|i| blocks[i] != blocks[0]),
                "{name}: blocks have their own noise"
            );
        }
    }
}

#[test]
fn a_fill_is_one_draw_and_each_draw_differs() {
    for (name, fill) in FILLS {
        let (mut filled, mut counted) = (Seed::new(6).stream(), Seed::new(6).stream());
        let (mut first, mut second) = (Matrix::zeros(33, 9), Matrix::zeros(33, 9));
        fill(&mut first, &mut filled);
        let _ = counted.next_seed();
        assert_eq!(filled, counted, "{name}");
        fill(&mut second, &mut filled);
        assert_ne!(first, second, "{name}");
        fill(&mut Matrix::zeros(0, 5), &mut filled);
        fill(&mut Matrix::zeros(5, 0), &mut filled);
    }
}

/// Rows of every lane, and those beside whole lanes, are uniform on [0, 1) and none is another one's copy.
#[test]
fn every_row_is_uniform_whatever_the_number_of_rows() {
    let n = 4000;
    for rows in [1, 3, 15, 16, 17, 31, 32, 33] {
        let mut m = Matrix::zeros(rows, n);
        simd::fill_uniform(&mut m, &mut Seed::new(7).stream());
        assert!(m.as_slice().iter().all(|u| (0.0..1.0).contains(u)));
        let turned = m.transposed();
        for i in 0..rows {
            let mut counts = [0_u32; 20];
            turned.column(i).iter().for_each(|u| counts[(u * 20.0) as usize] += 1);
            let expected = n as f64 / 20.0;
            let statistic: f64 = counts.iter().map(|&c| (f64::from(c) - expected).powi(2) / expected).sum();
            // χ² with 19 degrees of freedom exceeds d + 2√(dt) + 2t with probability below e⁻ᵗ [Laurent2000].
            let (d, t) = (19.0_f64, 23.0_f64);
            let bound = d + 2.0 * (d * t).sqrt() + 2.0 * t;
            assert!(statistic < bound, "row {i} of {rows}: χ² = {statistic}, bound {bound}");
            // 23 bits: two rows agree by chance in n / 2²³ places.
            for j in 0..i {
                let same = turned.column(i).iter().zip(turned.column(j)).filter(|(a, b)| a == b).count();
                assert!(same < 4, "rows {i} and {j} of {rows} agree {same} times");
            }
        }
    }
}

/// Each row has a probability of its own, so that a state drawn with a neighbour's probability shows.
#[test]
fn every_row_is_drawn_with_its_own_probability() {
    let n = 20_000;
    for rows in [1, 15, 16, 17, 40] {
        let p = |i: usize| (i * 7 % rows + 1) as f32 / (rows + 1) as f32;
        let logit = |i: usize| (p(i) / (1.0 - p(i))).ln();
        let mut states = Matrix::from_fn(rows, n, |i, _| p(i));
        simd::bernoulli(&mut states, &mut Seed::new(8).stream());
        let mut fused = Matrix::from_fn(rows, n, |i, _| logit(i));
        simd::sigmoid_sample(&mut fused, &mut Seed::new(9).stream());
        for (name, states) in [("bernoulli", states), ("sigmoid_sample", fused)] {
            assert!(states.as_slice().iter().all(|&x| x == 0.0 || x == 1.0), "{name}: states are 0 or 1");
            for (i, sum) in states.sum_columns().into_iter().enumerate() {
                let (mean, p) = (f64::from(sum) / n as f64, f64::from(p(i)));
                let bound = 6.5 * (p * (1.0 - p) / n as f64).sqrt();
                assert!((mean - p).abs() < bound, "{name}: row {i} of {rows}: {mean} for {p} ± {bound}");
            }
        }
    }
}

#[test]
fn impossible_never_happens_and_certain_always_does() {
    for rows in [1, 16, 21] {
        let mut m = Matrix::from_fn(rows, 5000, |i, _| (i % 2) as f32);
        simd::bernoulli(&mut m, &mut Seed::new(10).stream());
        assert!(m.columns().all(|c| (0..rows).all(|i| c[i] == (i % 2) as f32)));
        let mut m = Matrix::from_fn(rows, 5000, |i, _| if i % 2 == 1 { 60.0 } else { -60.0 });
        simd::sigmoid_sample(&mut m, &mut Seed::new(11).stream());
        assert!(m.columns().all(|c| (0..rows).all(|i| c[i] == (i % 2) as f32)));
    }
}

#[test]
fn the_plain_twins_obey_their_identities() {
    // Each identity holds up to a few roundings of numbers near 1, or near the argument.
    for x in [-700.0, -30.0, -1.5, 0.0, 1e-9, 2.0, 40.0, 700.0_f64] {
        assert!((plain::sigmoid(x) + plain::sigmoid(-x) - 1.0).abs() < 1e-15, "{x}");
        assert!((plain::softplus(x) - plain::softplus(-x) - x).abs() <= 1e-15 * x.abs().max(1.0), "{x}");
        let two = plain::log_sum_exp(&[0.0, x]);
        assert!((two - plain::softplus(x)).abs() <= 1e-15 * two.max(1.0), "{x}: {two}");
    }
    assert_eq!(plain::log_sum_exp(&[]), f64::NEG_INFINITY);
    assert_eq!(plain::log_sum_exp(&[f64::NEG_INFINITY; 2]), f64::NEG_INFINITY);
    assert!((plain::log_sum_exp(&[1e4, 1e4]) - 1e4 - std::f64::consts::LN_2).abs() < 1e-11);
}

/// Sources below a folder without white space: where each lies, and its text.
fn sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text: String = std::fs::read_to_string(&path).unwrap().split_whitespace().collect();
            found.push((path, text));
        }
    }
}

/// A closure that is not inlined into the version for this processor is compiled for the plain instruction set: right, and
/// several times slower.
#[test]
fn every_closure_that_is_dispatched_is_inlined() {
    let mut found = Vec::new();
    for folder in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap() {
        let folder = folder.unwrap().path().join("src");
        if folder.is_dir() {
            sources(&folder, &mut found);
        }
    }
    let marked = "vectorize(#[inline(always)]|";
    assert!(found.iter().filter(|(_, text)| text.contains(marked)).count() > 3);
    let bare =
        found.iter().filter(|(_, text)| ["dispatch(|", "vectorize(|"].iter().any(|call| text.contains(call)));
    assert_eq!(bare.map(|(path, _)| path).collect::<Vec<_>>(), Vec::<&PathBuf>::new());
}
