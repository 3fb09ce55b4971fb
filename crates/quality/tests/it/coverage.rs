//! Precision, recall, density and coverage against plain loops, and which of them is which.

use proptest::prelude::*;
use quality::{Overlap, QualityError, Support};
use tensor::Matrix;

use crate::points::{distance, normal, shifted, shuffled, turned};

fn overlap(real: &Matrix, samples: &Matrix, k: usize) -> Overlap {
    let support = |points| Support::new(points, k).expect("enough points");
    support(real).overlap(&support(samples)).expect("as many features")
}

/// The four shares as their definitions have them.
fn plain(real: &Matrix, samples: &Matrix, k: usize) -> Overlap {
    let radius = |points: &Matrix, i: usize| {
        let others = (0..points.cols()).filter(|&j| j != i);
        let mut distances: Vec<f64> = others.map(|j| distance(points, i, points, j)).collect();
        distances.sort_by(f64::total_cmp);
        distances[k - 1]
    };
    let (n, m) = (real.cols(), samples.cols());
    let in_real = |i: usize, j: usize| distance(real, i, samples, j) <= radius(real, i);
    let in_sample = |i: usize, j: usize| distance(real, i, samples, j) <= radius(samples, j);
    let share = |holds: Vec<bool>| holds.iter().filter(|h| **h).count() as f64 / holds.len() as f64;
    let balls: usize = (0..m).map(|j| (0..n).filter(|&i| in_real(i, j)).count()).sum();
    Overlap {
        precision: share((0..m).map(|j| (0..n).any(|i| in_real(i, j))).collect()),
        recall: share((0..n).map(|i| (0..m).any(|j| in_sample(i, j))).collect()),
        density: balls as f64 / (k * m) as f64,
        coverage: share((0..n).map(|i| (0..m).any(|j| in_real(i, j))).collect()),
    }
}

/// A generator that repeats one good image is precise and recalls nothing. (A package has had the two exchanged.)
#[test]
fn a_collapsed_generator_is_precise_and_recalls_nothing() {
    let real = normal(4, 60, 1);
    let centre = real.column(0).to_vec();
    let collapsed = Matrix::from_fn(4, 50, |i, j| centre[i] + 1e-4 * j as f32);
    let found = overlap(&real, &collapsed, 3);
    assert_eq!(found.precision, 1.0);
    assert!(found.recall <= 1.0 / 60.0 && found.coverage < 0.2, "{found:?}");
}

#[test]
fn a_generator_that_is_right_half_of_the_time_recalls_all_and_is_half_precise() {
    let real = normal(4, 60, 2);
    let half_wrong =
        Matrix::from_fn(4, 120, |i, j| real.column(j % 60)[i] + if j < 60 { 0.0 } else { 100.0 });
    let found = overlap(&real, &half_wrong, 3);
    assert_eq!((found.precision, found.recall, found.coverage), (0.5, 1.0, 1.0));
}

#[test]
fn the_same_points_lie_in_each_others_balls() {
    let real = normal(8, 70, 3);
    let found = overlap(&real, &shuffled(&real, 4), 5);
    // Itself at its centre and, among others, those whose fifth neighbours reach it: six balls on average.
    assert_eq!(found, Overlap { precision: 1.0, recall: 1.0, density: 1.2, coverage: 1.0 });
}

#[test]
fn far_from_each_other_all_four_are_zero() {
    let real = normal(3, 20, 5);
    let found = overlap(&real, &shifted(&real, 50.0), 2);
    assert_eq!(found, Overlap { precision: 0.0, recall: 0.0, density: 0.0, coverage: 0.0 });
}

/// Of two samples of one continuous distribution, n a side, a real ball that holds k of the n − 1 other real points holds no
/// sample with probability C(2n − 1 − k, n) / C(2n − 1, n) [Naeem2020]; 300 balls, which are nearly independent.
#[test]
fn coverage_of_one_distribution_is_that_of_its_closed_form() {
    let (n, k) = (300, 5);
    let expected = 1.0 - (0..k).map(|i| (n - 1 - i) as f64 / (2 * n - 1 - i) as f64).product::<f64>();
    let coverages: Vec<f64> =
        (0..20).map(|s| overlap(&normal(6, n, 100 + s), &normal(6, n, 200 + s), k).coverage).collect();
    let mean = coverages.iter().sum::<f64>() / 20.0;
    let deviation = (coverages.iter().map(|c| (c - mean).powi(2)).sum::<f64>() / 19.0 / 20.0).sqrt();
    assert!((mean - expected).abs() < 4.0 * deviation, "{mean} ± {deviation} instead of {expected}");
}

/// Large common offsets cancel badly in products of `f32`; what they leave open is computed again.
#[test]
fn an_offset_of_all_features_changes_nothing() {
    let (real, samples) = (normal(5, 80, 6), normal(5, 60, 7));
    let moved = |points: &Matrix| {
        Matrix::from_fn(5, points.cols(), |i, j| (points.column(j)[i] * 64.0).round() / 64.0 + 1000.0)
    };
    let (real, samples) = (moved(&real), moved(&samples));
    assert_eq!(overlap(&real, &samples, 3), plain(&real, &samples, 3));
}

/// In two tight heaps far from each other, and so from their mean, a product of `f32` cannot tell which neighbour is nearer.
#[test]
fn neighbours_in_tight_heaps_are_found() {
    let heaps = |points: Matrix| {
        let side = |j: usize| if j.is_multiple_of(2) { 500.0 } else { -500.0 };
        Matrix::from_fn(6, points.cols(), |i, j| side(j) + (points.column(j)[i] * 1024.0).round() / 32768.0)
    };
    let (real, samples) = (heaps(normal(6, 80, 15)), heaps(normal(6, 60, 16)));
    assert_eq!(overlap(&real, &samples, 3), plain(&real, &samples, 3));
}

/// Points on a grid have many equal distances, and closed balls hold what lies on their border.
#[test]
fn ties_are_decided_as_plain_loops_decide_them() {
    let grid = |points: Matrix| Matrix::from_fn(3, points.cols(), |i, j| points.column(j)[i].round());
    let (real, samples) = (grid(normal(3, 90, 8)), grid(normal(3, 70, 9)));
    for k in 1..6 {
        assert_eq!(overlap(&real, &samples, k), plain(&real, &samples, k));
    }
}

#[test]
fn blocks_do_not_show() {
    let (real, samples) = (normal(12, 300, 10), normal(12, 270, 11));
    assert_eq!(overlap(&real, &samples, 4), plain(&real, &samples, 4));
}

#[test]
fn the_nearest_neighbour_tells_nothing_half_and_everything_apart() {
    let support = |points: &Matrix| Support::new(points, 1).unwrap();
    let accuracy = |a: &Matrix, b: &Matrix| support(a).adversarial_accuracy(&support(b)).unwrap();
    let real = normal(4, 400, 12);
    assert_eq!(accuracy(&real, &shuffled(&real, 13)), 0.0, "doubles");
    assert_eq!(accuracy(&real, &shifted(&real, 100.0)), 1.0);
    // 800 points, each right with probability one half; neighbours correlate a little.
    let fresh = accuracy(&real, &normal(4, 400, 14));
    assert!((fresh - 0.5).abs() < 5.0 * 0.5 / 800.0_f64.sqrt(), "{fresh}");
}

#[test]
fn too_few_points_other_widths_and_nan_are_errors() {
    let error = |result: Result<Support, QualityError>| result.unwrap_err();
    assert_eq!(
        error(Support::new(&normal(3, 5, 1), 5)),
        QualityError::TooFew { what: "samples with neighbours", found: 5, needed: 6 }
    );
    let mut broken = normal(3, 9, 1);
    broken.column_mut(4)[1] = f32::NAN;
    assert!(matches!(error(Support::new(&broken, 2)), QualityError::Value { sample: 4, .. }));
    assert!(matches!(error(Support::new(&normal(3, 9, 1), 0)), QualityError::Parameter { .. }));
    let (three, four) =
        (Support::new(&normal(3, 9, 1), 2).unwrap(), Support::new(&normal(4, 9, 1), 2).unwrap());
    let wide = QualityError::Width { what: "features of the samples", found: 4, expected: 3 };
    assert_eq!(three.overlap(&four).unwrap_err(), wide);
    assert_eq!(three.adversarial_accuracy(&four).unwrap_err(), wide);
    assert_eq!(wide.to_string(), "features of the samples of 4 values are compared with 3 values");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_shares_are_those_of_plain_loops(d in 1..12_usize, n in 7..60_usize, m in 7..60_usize, k in 1..6_usize,
                                           seed in 0..10_000_u64, shift in -1.0..1.0_f32) {
        let (real, samples) = (normal(d, n, seed), shifted(&normal(d, m, seed + 1), shift));
        prop_assert_eq!(overlap(&real, &samples, k), plain(&real, &samples, k));
    }

    #[test]
    fn order_does_not_matter_and_sides_exchange_precision_and_recall(seed in 0..10_000_u64, n in 8..50_usize) {
        let (real, samples) = (normal(5, n, seed), shifted(&normal(5, 40, seed + 1), 0.5));
        let here = overlap(&real, &samples, 3);
        prop_assert_eq!(here, overlap(&shuffled(&real, seed), &shuffled(&samples, seed), 3));
        let there = overlap(&samples, &real, 3);
        prop_assert_eq!((here.precision, here.recall), (there.recall, there.precision));
    }

    // A turn rounds the features anew; a share may move by the one point that then crosses a border.
    #[test]
    fn a_rotation_does_not_matter(seed in 0..10_000_u64, angle in 0.0..6.3_f32) {
        let (real, samples) = (normal(5, 50, seed), shifted(&normal(5, 50, seed + 1), 0.3));
        let (here, there) = (overlap(&real, &samples, 3), overlap(&turned(&real, angle), &turned(&samples, angle), 3));
        for (a, b) in [(here.precision, there.precision), (here.recall, there.recall), (here.coverage, there.coverage)] {
            prop_assert!((a - b).abs() < 1.5 / 50.0);
        }
    }
}
