//! The Vendi score against its closed forms, and the small matrix against the large one.

use proptest::prelude::*;
use quality::{QualityError, vendi, vendi_of_kernel};
use tensor::Matrix;

use crate::points::{normal, shifted, shuffled, turned};

/// The score through the n × n kernel of cosines.
fn through_all_pairs(features: &Matrix) -> f64 {
    let n = features.cols();
    let dot = |i: usize, j: usize| -> f64 {
        let pairs = features.column(i).iter().zip(features.column(j));
        pairs.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    let kernel: Vec<f64> = (0..n * n)
        .map(|at| dot(at / n, at % n) / (dot(at / n, at / n) * dot(at % n, at % n)).sqrt())
        .collect();
    vendi_of_kernel(n, &kernel).expect("a finite kernel")
}

#[test]
fn orthogonal_samples_count_each_and_copies_count_once() {
    let orthogonal = Matrix::from_fn(9, 7, |i, j| if i == j { 3.0 } else { 0.0 });
    assert!((vendi(&orthogonal).unwrap() - 7.0).abs() < 1e-12);
    let copies = Matrix::from_fn(5, 8, |i, j| (i + 1) as f32 * (j + 1) as f32);
    assert!((vendi(&copies).unwrap() - 1.0).abs() < 1e-6, "of any length, in one direction");
}

/// Shares p of orthogonal directions have the entropy of p.
#[test]
fn unequal_groups_count_as_their_entropy() {
    let groups = Matrix::from_fn(3, 10, |i, j| f32::from(u8::from(i == [0, 0, 0, 0, 0, 1, 1, 1, 2, 2][j])));
    let entropy: f64 = [0.5_f64, 0.3, 0.2].iter().map(|p| -p * p.ln()).sum();
    assert!((vendi(&groups).unwrap() - entropy.exp()).abs() < 1e-12);
}

/// K has ones on its diagonal and ρ elsewhere: one eigenvalue (1 + (n − 1) ρ)/n, n − 1 times (1 − ρ)/n.
#[test]
fn equally_correlated_samples_have_a_closed_form() {
    let (n, rho) = (12, 0.35);
    let kernel: Vec<f64> = (0..n * n).map(|at| if at / n == at % n { 1.0 } else { rho }).collect();
    let (top, rest) = ((1.0 + (n - 1) as f64 * rho) / n as f64, (1.0 - rho) / n as f64);
    let expected = (-top * top.ln() - (n - 1) as f64 * rest * rest.ln()).exp();
    assert!((vendi_of_kernel(n, &kernel).unwrap() - expected).abs() < 1e-10);
}

/// A sample without any feature is like no other, but like its own kind.
#[test]
fn features_that_are_all_zero_are_one_more_direction() {
    let with_zeros = Matrix::from_fn(3, 8, |i, j| if j < 4 && i == j % 2 { 1.0 } else { 0.0 });
    // A quarter of each of two directions, and a half of nothing.
    let expected = (2.0 * 0.25 * 4.0_f64.ln() + 0.5 * 2.0_f64.ln()).exp();
    assert!((vendi(&with_zeros).unwrap() - expected).abs() < 1e-12);
    assert_eq!(vendi(&Matrix::zeros(3, 8)).unwrap(), 1.0);
}

#[test]
fn no_samples_and_nan_are_errors() {
    assert!(matches!(vendi(&Matrix::zeros(3, 0)), Err(QualityError::TooFew { .. })));
    assert!(matches!(vendi(&Matrix::from_vec(1, 1, vec![f32::NAN])), Err(QualityError::Value { .. })));
    assert!(matches!(vendi_of_kernel(1, &[f64::NAN]), Err(QualityError::Value { .. })));
}

proptest! {
    // The n − d eigenvalues that are zero come out as ±1e-17 a piece.
    #[test]
    fn the_small_matrix_gives_what_all_pairs_give(d in 1..12_usize, n in 1..40_usize, seed in 0..1000_u64) {
        let features = shifted(&normal(d, n, seed), 0.3);
        let (small, large) = (vendi(&features).unwrap(), through_all_pairs(&features));
        prop_assert!((small - large).abs() < 1e-10 * large, "{small} {large}");
        prop_assert!(small > 1.0 - 1e-9 && small < d.min(n) as f64 + 1e-9);
    }

    #[test]
    fn neither_order_nor_rotation_nor_repetition_matters(seed in 0..1000_u64, angle in 0.0..6.3_f32) {
        let features = normal(6, 30, seed);
        let score = vendi(&features).unwrap();
        prop_assert!((score - vendi(&shuffled(&features, seed)).unwrap()).abs() < 1e-12);
        // Turned values are rounded to f32.
        prop_assert!((score - vendi(&turned(&features, angle)).unwrap()).abs() < 1e-5);
        let twice: Vec<usize> = (0..30).chain(0..30).collect();
        prop_assert!((score - vendi(&features.gather(&twice)).unwrap()).abs() < 1e-12);
    }
}
