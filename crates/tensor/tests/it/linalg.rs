//! Symmetric eigenvalues on matrices whose spectrum is known.

use proptest::prelude::*;
use tensor::{Matrix, Seed, symmetric_eigen};

fn assert_values(n: usize, a: &[f64], expected: &[f64], tolerance: f64) {
    let eigen = symmetric_eigen(n, a).unwrap();
    for (x, y) in eigen.values.iter().zip(expected) {
        assert!((x - y).abs() < tolerance, "{:?} against {expected:?}", eigen.values);
    }
    // Columns are orthonormal.
    for i in 0..n {
        for j in 0..n {
            let dot: f64 = (0..n).map(|k| eigen.vectors[k + i * n] * eigen.vectors[k + j * n]).sum();
            assert!((dot - f64::from(u8::from(i == j))).abs() < 1e-12);
        }
    }
}

#[test]
fn known_spectra() {
    assert_values(2, &[2.0, 1.0, 1.0, 2.0], &[1.0, 3.0], 1e-14);
    assert_values(3, &[5.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 2.0], &[-1.0, 2.0, 5.0], 1e-14);
    assert_values(1, &[7.0], &[7.0], 1e-15);
    assert_values(3, &[1.0; 9], &[0.0, 0.0, 3.0], 1e-14);
    assert_values(2, &[0.0; 4], &[0.0, 0.0], 1e-15);
}

/// The path graph's second difference: 2 − 2 cos(πk / (n + 1)).
#[test]
fn the_vibrating_string() {
    let n = 40;
    let entry = |at: usize| match (at % n).abs_diff(at / n) {
        0 => 2.0,
        1 => -1.0,
        _ => 0.0,
    };
    let a: Vec<f64> = (0..n * n).map(entry).collect();
    let angle = |k: usize| std::f64::consts::PI * k as f64 / (n + 1) as f64;
    let expected: Vec<f64> = (1..=n).map(|k| 2.0 - 2.0 * angle(k).cos()).collect();
    assert_values(n, &a, &expected, 1e-13);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn vectors_and_values_give_the_matrix_back(n in 1usize..30, seed: u64) {
        let mut noise = Matrix::zeros(n, n);
        Seed::new(seed).stream().normal(&mut noise, 1.0);
        let at = |i: usize, j: usize| f64::from(noise.column(j)[i]) + f64::from(noise.column(i)[j]);
        let a: Vec<f64> = (0..n * n).map(|k| at(k % n, k / n)).collect();
        let eigen = symmetric_eigen(n, &a).unwrap();
        prop_assert!(eigen.values.is_sorted());
        for (k, x) in a.iter().enumerate() {
            let terms = (0..n).map(|l| eigen.values[l] * eigen.vectors[k % n + l * n] * eigen.vectors[k / n + l * n]);
            prop_assert!((terms.sum::<f64>() - x).abs() < 1e-11);
        }
    }
}

#[test]
fn what_is_not_finite_has_no_spectrum() {
    assert!(symmetric_eigen(2, &[1.0, f64::NAN, f64::NAN, 1.0]).is_none());
    assert!(symmetric_eigen(1, &[f64::INFINITY]).is_none());
}

#[test]
#[should_panic(expected = "3 values for a 2 × 2 matrix")]
fn a_slice_of_another_length_is_refused() {
    let _ = symmetric_eigen(2, &[1.0; 3]);
}
