//! Copies lie far below the floor and fresh images on it; ranks against plain loops.

use proptest::prelude::*;
use quality::{Copying, QualityError, nearest_training, pixels, rank_sum};
use tensor::Matrix;

use crate::points::{normal, shifted, shuffled};

fn with_class(distances: &[f64], class: u8) -> Vec<(f64, u8)> {
    distances.iter().map(|&d| (d, class)).collect()
}

fn copying(samples: &Matrix, held_out: &Matrix, training: &Matrix) -> Copying {
    let distances = |images| with_class(&nearest_training(images, training).expect("as many pixels"), 0);
    Copying::of(&distances(samples), &distances(held_out)).expect("distances")
}

#[test]
fn a_copier_is_far_below_the_floor_and_fresh_images_are_on_it() {
    let (training, held_out) = (normal(10, 300, 1), normal(10, 100, 2));
    let copier = copying(&shuffled(&training, 3), &held_out, &training);
    assert_eq!((copier.copies, copier.ratio), (1.0, 0.0));
    assert!(copier.z < -10.0, "{copier:?}");
    let fresh = copying(&normal(10, 100, 4), &held_out, &training);
    assert_eq!(fresh.copies, 0.0);
    assert!(fresh.z.abs() < 3.0 && (fresh.ratio - 1.0).abs() < 0.2, "{fresh:?}");
    let far = copying(&shifted(&held_out, 5.0), &held_out, &training);
    assert!(far.z > 10.0 && far.ratio > 5.0, "{far:?}");
}

/// Half of the samples are copies with a little noise: no exact copy, a median like others', and yet the ranks see it.
#[test]
fn ranks_see_copies_that_are_nearly_exact() {
    let (training, held_out) = (normal(10, 300, 5), normal(10, 200, 6));
    let noise = normal(10, 200, 7);
    let fresh = normal(10, 200, 8);
    let mixed = Matrix::from_fn(10, 200, |i, j| match j % 2 {
        0 => training.column(j)[i] + 0.05 * noise.column(j)[i],
        _ => fresh.column(j)[i],
    });
    let found = copying(&mixed, &held_out, &training);
    assert_eq!(found.copies, 0.0);
    assert!(found.z < -5.0, "{found:?}");
}

/// Class 1 lies nine times nearer to its training images than class 0: one of them alone is no copying, and within each ranks count.
#[test]
fn classes_are_compared_with_themselves() {
    let distances =
        |n, seed| -> Vec<f64> { normal(1, n, seed).as_slice().iter().map(|&x| 9.0 + f64::from(x)).collect() };
    let near = |distances: &[f64]| distances.iter().map(|d| d / 9.0).collect::<Vec<f64>>();
    let held_out = [with_class(&distances(100, 1), 0), with_class(&near(&distances(100, 2)), 1)].concat();
    let one_class = Copying::of(&with_class(&near(&distances(100, 3)), 1), &held_out).unwrap();
    assert!(one_class.z.abs() < 3.0 && (one_class.ratio - 1.0).abs() < 0.1, "{one_class:?}");
    // A shift by one deviation in both: z of 100 beside 100 in one class is about 100 (Φ(1/√2) − ½) / √(201/12), and √2 of it in two.
    let shift = |distances: Vec<f64>| distances.iter().map(|d| d - 1.0).collect::<Vec<f64>>();
    let both =
        [with_class(&shift(distances(100, 4)), 0), with_class(&near(&shift(distances(100, 5))), 1)].concat();
    let z = Copying::of(&both, &held_out).unwrap().z;
    let expected = -(2.0_f64.sqrt()) * 100.0 * 0.2602 / (201.0_f64 / 12.0).sqrt();
    assert!((z - expected).abs() < 4.0, "{z} instead of {expected}");
    // A class that is not held out is compared with all.
    let all: Vec<f64> = held_out.iter().map(|x| x.0).collect();
    let other = distances(40, 6);
    assert_eq!(Copying::of(&with_class(&other, 7), &held_out).unwrap().z, rank_sum(&other, &all));
}

/// Classes of other sizes weigh by 1/(N + 1): the sum as it is written, for values without ties.
#[test]
fn classes_are_summed_with_the_weights_of_van_elteren() {
    let sizes = [[30, 5], [10, 40], [3, 3]];
    let values =
        |n, seed| -> Vec<f64> { normal(1, n, seed).as_slice().iter().map(|&x| f64::from(x)).collect() };
    let (mut samples, mut held_out, mut sum, mut variance) = (Vec::new(), Vec::new(), 0.0, 0.0);
    for (class, [m, n]) in sizes.into_iter().enumerate() {
        let (a, b) = (values(m, 20 + class as u64), values(n, 30 + class as u64));
        let (product, total) = ((m * n) as f64, (m + n) as f64);
        // One class alone gives its deviation in units of √(mn (N + 1)/12).
        let own = product * (total + 1.0) / 12.0;
        sum += rank_sum(&a, &b) * own.sqrt() / (total + 1.0);
        variance += own / (total + 1.0).powi(2);
        samples.extend(with_class(&a, class as u8));
        held_out.extend(with_class(&b, class as u8));
    }
    assert!((Copying::of(&samples, &held_out).unwrap().z - sum / variance.sqrt()).abs() < 1e-9);
}

#[test]
fn the_distance_is_that_of_the_table_of_all() {
    let (samples, training) = (normal(20, 150, 9), normal(20, 200, 10));
    let (found, table) =
        (nearest_training(&samples, &training).unwrap(), pixels::nearest(&samples, &training, None));
    // The table's differences are rounded to f32 before they are squared.
    found.iter().zip(&table).for_each(|(a, b)| assert!((a - b).abs() < 1e-6 * b));
}

/// Expected 0 with variance 1 where both sides are alike, also among many ties.
#[test]
fn the_statistic_has_mean_zero_and_variance_one() {
    for steps in [1e9, 2.0] {
        let draws = 400;
        let side = |n, seed| -> Vec<f64> {
            normal(1, n, seed).as_slice().iter().map(|&x| (f64::from(x) * steps).round()).collect()
        };
        let found: Vec<f64> = (0..draws).map(|s| rank_sum(&side(30, 2 * s), &side(25, 2 * s + 1))).collect();
        let mean = found.iter().sum::<f64>() / draws as f64;
        let variance = found.iter().map(|z| z * z).sum::<f64>() / draws as f64;
        // Deviations of the mean and of the variance of 400 normal numbers.
        assert!(mean.abs() < 4.0 / (draws as f64).sqrt(), "{mean}");
        assert!((variance - 1.0).abs() < 4.0 * (2.0 / draws as f64).sqrt(), "{variance}");
    }
}

#[test]
fn equal_values_say_nothing() {
    assert_eq!(rank_sum(&[1.0; 5], &[1.0; 4]), 0.0);
    let zeros = Copying::of(&[(0.0, 1); 3], &[(0.0, 1); 3]).unwrap();
    assert_eq!(zeros, Copying { copies: 1.0, ratio: 1.0, z: 0.0 });
}

#[test]
fn bad_input_is_an_error() {
    let images = normal(4, 3, 1);
    assert!(matches!(nearest_training(&images, &normal(5, 3, 1)), Err(QualityError::Width { .. })));
    assert!(matches!(nearest_training(&images, &Matrix::zeros(4, 0)), Err(QualityError::TooFew { .. })));
    assert!(matches!(Copying::of(&[], &[(1.0, 0)]), Err(QualityError::TooFew { .. })));
}

proptest! {
    #[test]
    fn the_rank_sum_is_that_of_all_pairs(a in proptest::collection::vec(0..12_i32, 1..30),
                                         b in proptest::collection::vec(0..12_i32, 1..30)) {
        let (a, b): (Vec<f64>, Vec<f64>) = (a.into_iter().map(f64::from).collect(), b.into_iter().map(f64::from).collect());
        let wins: f64 = a.iter().flat_map(|x| b.iter().map(move |y| {
            if x > y { 1.0 } else if x == y { 0.5 } else { 0.0 }
        })).sum();
        let all: Vec<f64> = a.iter().chain(&b).copied().collect();
        let (m, n, total) = (a.len() as f64, b.len() as f64, all.len() as f64);
        // Σ over values of t³ − t is Σ over members of t² − 1.
        let ties: f64 = all.iter().map(|x| {
            (all.iter().filter(|y| *y == x).count() as f64).powi(2) - 1.0
        }).sum();
        let variance = m * n / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
        let expected = if variance > 1e-12 { (wins - 0.5 * m * n) / variance.sqrt() } else { 0.0 };
        prop_assert!((rank_sum(&a, &b) - expected).abs() < 1e-9);
        prop_assert!((rank_sum(&a, &b) + rank_sum(&b, &a)).abs() < 1e-9);
    }
}
