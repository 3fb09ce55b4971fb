//! The Fréchet distance of normal distributions, against closed forms and invariances.

use proptest::prelude::*;
use quality::Gaussian;

const K: usize = 4;

fn diagonal(mean: &[f64], variances: &[f64]) -> Gaussian {
    let k = mean.len();
    let covariance = (0..k * k).map(|at| if at / k == at % k { variances[at / k] } else { 0.0 }).collect();
    Gaussian { mean: mean.to_vec(), covariance }
}

/// Moments of eight points in four dimensions.
fn gaussian() -> impl Strategy<Value = Gaussian> {
    proptest::collection::vec(-3.0..3.0_f64, 8 * K)
        .prop_map(|values| Gaussian::of(&values.chunks_exact(K).collect::<Vec<_>>()))
}

/// The rotation by `angle` in the plane of axes `i` and `j`, applied to a distribution.
fn rotated(g: &Gaussian, i: usize, j: usize, angle: f64) -> Gaussian {
    let (s, c) = angle.sin_cos();
    let turn = |x: &mut f64, y: &mut f64| (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
    let mut out = g.clone();
    let turn_pair = |values: &mut [f64], a: usize, b: usize| {
        let (mut x, mut y) = (values[a], values[b]);
        turn(&mut x, &mut y);
        (values[a], values[b]) = (x, y);
    };
    turn_pair(&mut out.mean, i, j);
    (0..K).for_each(|other| turn_pair(&mut out.covariance, i * K + other, j * K + other));
    (0..K).for_each(|other| turn_pair(&mut out.covariance, other * K + i, other * K + j));
    out
}

#[test]
fn of_diagonal_covariances_it_is_the_distance_of_means_and_standard_deviations() {
    let (a, b) =
        (diagonal(&[1.0, -2.0, 0.5], &[4.0, 0.25, 0.0]), diagonal(&[0.0, 1.0, 0.5], &[1.0, 2.25, 9.0]));
    let expected = 1.0 + 9.0 + (2.0_f64 - 1.0).powi(2) + (0.5_f64 - 1.5).powi(2) + 9.0;
    assert!((a.frechet(&b) - expected).abs() < 1e-12, "{} instead of {expected}", a.frechet(&b));
}

#[test]
fn of_scaled_copies_it_is_the_trace_times_the_squared_difference_of_scales() {
    // S and 4 S commute: the distance is (2 − 1)² tr S, whatever the correlations.
    let s = Gaussian { mean: vec![0.0; 2], covariance: vec![2.0, 0.9, 0.9, 1.0] };
    let scaled = Gaussian { mean: vec![0.0; 2], covariance: s.covariance.iter().map(|c| 4.0 * c).collect() };
    assert!((s.frechet(&scaled) - 3.0).abs() < 1e-12);
}

#[test]
fn moments_are_those_of_the_points() {
    let points: [&[f64]; 3] = [&[0.0, 1.0], &[2.0, 1.0], &[4.0, 4.0]];
    let g = Gaussian::of(&points);
    assert_eq!((g.mean, g.covariance), (vec![2.0, 2.0], vec![4.0, 3.0, 3.0, 3.0]));
    assert_eq!(Gaussian::of(&points[2..]).covariance, vec![0.0; 4]);
}

/// Both constructors on 40 columns; sums of 40 terms in another order.
#[test]
fn moments_of_columns_are_those_of_points() {
    let columns = crate::points::samples();
    let points: Vec<Vec<f64>> =
        columns.columns().map(|c| c.iter().map(|&x| f64::from(x)).collect()).collect();
    let (ours, plain) = (
        Gaussian::of_columns(&columns).unwrap(),
        Gaussian::of(&points.iter().map(Vec::as_slice).collect::<Vec<_>>()),
    );
    let pairs = ours.mean.iter().zip(&plain.mean).chain(ours.covariance.iter().zip(&plain.covariance));
    pairs.for_each(|(a, b)| assert!((a - b).abs() < 1e-14, "{a} {b}"));
    assert!(ours.frechet(&plain) < 1e-6);
}

#[test]
fn moments_of_one_column_or_of_nan_are_errors() {
    use quality::QualityError;
    use tensor::Matrix;
    assert!(matches!(
        Gaussian::of_columns(&Matrix::zeros(3, 1)),
        Err(QualityError::TooFew { needed: 2, .. })
    ));
    let broken = Matrix::from_vec(1, 3, vec![0.0, 1.0, f32::NAN]);
    assert!(matches!(Gaussian::of_columns(&broken), Err(QualityError::Value { sample: 2, .. })));
}

proptest! {
    // Singular directions enter as square roots of rounding errors: √1e-16 · scale.
    #[test]
    fn it_is_zero_on_itself(a in gaussian()) {
        prop_assert!(a.frechet(&a) < 1e-6);
    }

    #[test]
    fn it_is_symmetric(a in gaussian(), b in gaussian()) {
        prop_assert!((a.frechet(&b) - b.frechet(&a)).abs() < 1e-6);
    }

    #[test]
    fn it_does_not_see_a_rotation(a in gaussian(), b in gaussian(), i in 0..K, turn in 1..K, angle in 0.0..6.3_f64) {
        let j = (i + turn) % K;
        let (a_turned, b_turned) = (rotated(&a, i, j, angle), rotated(&b, i, j, angle));
        prop_assert!((a.frechet(&b) - a_turned.frechet(&b_turned)).abs() < 1e-6);
    }
}
