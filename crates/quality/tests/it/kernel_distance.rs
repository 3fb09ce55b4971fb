//! The kernel distance against plain loops and expectations, and its p against the enumeration of all deals.

use proptest::prelude::*;
use quality::{Kernel, QualityError};
use tensor::{Matrix, Seed};

use crate::points::{distance, normal, shifted, shuffled, turned};

fn value(kernel: Kernel, a: &Matrix, i: usize, b: &Matrix, j: usize) -> f64 {
    let dot: f64 = a.column(i).iter().zip(b.column(j)).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum();
    match kernel {
        Kernel::Cubic => (dot / a.rows() as f64 + 1.0).powi(3),
        Kernel::Gaussian { width } => (-distance(a, i, b, j) / (2.0 * width * width)).exp(),
    }
}

/// The unbiased distance as its definition has it.
fn plain(kernel: Kernel, x: &Matrix, y: &Matrix) -> f64 {
    let within = |a: &Matrix| {
        let n = a.cols();
        let pairs = (0..n * n).filter(|at| at / n != at % n);
        pairs.map(|at| value(kernel, a, at / n, a, at % n)).sum::<f64>() / (n * (n - 1)) as f64
    };
    let (n, m) = (x.cols(), y.cols());
    let across: f64 = (0..n * m).map(|at| value(kernel, x, at / m, y, at % m)).sum();
    within(x) + within(y) - 2.0 * across / (n * m) as f64
}

const KERNELS: [Kernel; 2] = [Kernel::Cubic, Kernel::Gaussian { width: 1.5 }];

/// In one dimension, for unit variances and means 0 and μ, the expectations of (x y + 1)³ follow from moments:
/// E(xy)³ + 3 E(xy)² + 3 E xy + 1 for independent x, y, so that D² = Σ_r C(3, r) (m_r − m'_r)² over raw moments.
#[test]
fn two_normal_distributions_have_a_closed_form() {
    let mu = 0.5_f64;
    let moments = |mu: f64| [mu, 1.0 + mu * mu, mu.powi(3) + 3.0 * mu];
    let expected: f64 = (0..3).map(|r| [3.0, 3.0, 1.0][r] * (moments(0.0)[r] - moments(mu)[r]).powi(2)).sum();
    let found: Vec<f64> = (0..40)
        .map(|s| {
            Kernel::Cubic.distance(&normal(1, 200, 2 * s), &shifted(&normal(1, 200, 2 * s + 1), mu as f32))
        })
        .map(Result::unwrap)
        .collect();
    let mean = found.iter().sum::<f64>() / 40.0;
    let deviation = (found.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 39.0 / 40.0).sqrt();
    assert!((mean - expected).abs() < 4.0 * deviation, "{mean} ± {deviation} instead of {expected}");
    assert!(deviation < 0.15 * expected, "{deviation} of {expected}");
}

#[test]
fn without_a_difference_its_mean_is_zero() {
    for kernel in KERNELS {
        let found: Vec<f64> = (0..60)
            .map(|s| kernel.distance(&normal(4, 30, 2 * s), &normal(4, 20, 2 * s + 1)).unwrap())
            .collect();
        let mean = found.iter().sum::<f64>() / 60.0;
        let deviation = (found.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 59.0 / 60.0).sqrt();
        assert!(mean.abs() < 4.0 * deviation, "{mean} ± {deviation}");
        assert!(found.iter().any(|x| *x < 0.0), "unbiased, so sometimes negative");
    }
}

/// With three points a side there are twenty deals: p is the share of those that are as far apart, with 4000 random ones to find it.
#[test]
fn p_is_the_share_of_deals_as_far_apart() {
    let (x, y) = (normal(2, 3, 5), shifted(&normal(2, 3, 6), 0.8));
    let all = Matrix::from_vec(2, 6, [x.as_slice(), y.as_slice()].concat());
    for kernel in KERNELS {
        let observed = plain(kernel, &x, &y);
        let subsets = (0..64_u32).filter(|s| s.count_ones() == 3);
        let as_far = subsets
            .filter(|s| {
                let side = |bit| (0..6).filter(|i| (s >> i) & 1 == bit).collect::<Vec<usize>>();
                plain(kernel, &all.gather(&side(1)), &all.gather(&side(0))) >= observed - 1e-6
            })
            .count();
        let exact = as_far as f64 / 20.0;
        let test = kernel.test(&x, &y, 4000, Seed::new(7)).unwrap();
        let noise = (exact * (1.0 - exact) / 4000.0).sqrt();
        // The deal of the two sides exchanged is as far apart but for rounding.
        assert!((test.p - exact).abs() < 4.0 * noise + 0.05 + 1e-3, "{} instead of {exact}", test.p);
        assert!((test.squared - observed).abs() < 1e-5 * observed.abs().max(1.0));
    }
}

/// Under the hypothesis p is uniform: the largest gap between its distribution and the diagonal stays below the bound of
/// Dvoretzky, Kiefer and Wolfowitz, √(ln(2/δ) / 2n) with δ = 10⁻⁶, plus one step of p.
#[test]
fn p_is_uniform_where_both_sides_have_one_distribution() {
    for (kernel, d) in KERNELS.into_iter().zip([3, 2]) {
        let draws = 400;
        let mut found: Vec<f64> = (0..draws)
            .map(|s| {
                kernel.test(&normal(d, 20, 2 * s), &normal(d, 14, 2 * s + 1), 99, Seed::new(s)).unwrap().p
            })
            .collect();
        found.sort_by(f64::total_cmp);
        let gap = found.iter().enumerate().fold(0.0_f64, |gap, (i, p)| {
            gap.max((p - i as f64 / draws as f64).abs()).max((p - (i + 1) as f64 / draws as f64).abs())
        });
        assert!(gap < ((2e6_f64).ln() / (2.0 * draws as f64)).sqrt() + 0.01, "{gap}");
        assert!(found[0] <= 0.02 && found[draws as usize - 1] >= 0.98, "{found:?}");
    }
}

#[test]
fn a_difference_has_a_small_p() {
    for kernel in KERNELS {
        let test =
            kernel.test(&normal(5, 80, 1), &shifted(&normal(5, 80, 2), 0.6), 499, Seed::new(3)).unwrap();
        assert_eq!(test.p, 1.0 / 500.0, "{test:?}");
    }
}

/// The Gaussian kernel sees a difference in the fourth moment, to which the cubic one is blind.
#[test]
fn the_cubic_kernel_sees_three_moments() {
    let n = 300;
    // A coin of ±1 has mean 0, variance 1 and no skewness, as the normal distribution has.
    let coin = Matrix::from_fn(1, n, |_, j| if j % 2 == 0 { 1.0 } else { -1.0 });
    let wide = Kernel::Gaussian { width: 0.3 };
    assert_eq!(wide.test(&normal(1, n, 8), &coin, 199, Seed::new(9)).unwrap().p, 1.0 / 200.0);
    assert!(Kernel::Cubic.test(&normal(1, n, 8), &coin, 199, Seed::new(9)).unwrap().p > 0.05);
}

#[test]
fn the_median_of_all_pairs_is_the_width() {
    let (x, y) = (Matrix::from_vec(1, 2, vec![0.0, 1.0]), Matrix::from_vec(1, 1, vec![5.0]));
    assert_eq!(
        Kernel::median_heuristic(&x, &shifted(&y, 0.0)).unwrap_err().to_string(),
        "1 samples, at least 2 are needed"
    );
    // Distances 1, 5, 9, 4, 8, 4: the middle two are 4 and 5, squares 16 and 25.
    let y = Matrix::from_vec(1, 2, vec![5.0, 9.0]);
    let Kernel::Gaussian { width } = Kernel::median_heuristic(&x, &y).unwrap() else {
        panic!("a Gaussian kernel")
    };
    assert!((width - 20.5_f64.sqrt()).abs() < 1e-6, "{width}");
    let copies = Matrix::zeros(3, 4);
    assert!(matches!(Kernel::median_heuristic(&copies, &copies), Err(QualityError::Parameter { .. })));
}

#[test]
fn bad_input_is_an_error() {
    let (x, mut y) = (normal(3, 9, 1), normal(3, 9, 2));
    assert!(matches!(Kernel::Cubic.distance(&x, &normal(4, 9, 1)), Err(QualityError::Width { .. })));
    assert!(matches!(Kernel::Cubic.distance(&x, &normal(3, 1, 1)), Err(QualityError::TooFew { .. })));
    assert!(matches!(Kernel::Cubic.test(&x, &y, 0, Seed::new(1)), Err(QualityError::Parameter { .. })));
    let flat = Kernel::Gaussian { width: 0.0 };
    assert!(matches!(flat.distance(&x, &y), Err(QualityError::Parameter { .. })));
    for value in [f32::INFINITY, f32::NAN, -2e6] {
        y.column_mut(3)[0] = value;
        let found = Kernel::Cubic.test(&x, &y, 9, Seed::new(1));
        assert!(matches!(found, Err(QualityError::Value { sample: 3, .. })), "{value}");
    }
}

/// Features near the largest that are taken: cubes of their products are numbers still.
#[test]
fn large_features_have_finite_distances() {
    let large = |seed| {
        let points = normal(2, 20, seed);
        Matrix::from_fn(2, 20, |i, j| 2e5 * points.column(j)[i])
    };
    let test = Kernel::Cubic.test(&large(1), &large(2), 99, Seed::new(1)).unwrap();
    assert!(test.squared.is_finite() && test.p > 0.0, "{test:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    // Products in f32 of values near 1; a deal's table holds f32 numbers.
    #[test]
    fn both_ways_give_what_plain_loops_give(d in 1..10_usize, n in 2..40_usize, m in 2..40_usize, seed in 0..1000_u64) {
        let (x, y) = (normal(d, n, seed), shifted(&normal(d, m, seed + 1), 0.2));
        for kernel in KERNELS {
            let expected = plain(kernel, &x, &y);
            let scale = 1e-5 * (1.0 + value(kernel, &x, 0, &x, 0) + value(kernel, &y, 0, &y, 0) + expected.abs());
            prop_assert!((kernel.distance(&x, &y).unwrap() - expected).abs() < scale);
            prop_assert!((kernel.test(&x, &y, 1, Seed::new(seed)).unwrap().squared - expected).abs() < scale);
        }
    }

    #[test]
    fn sides_order_and_rotation_do_not_matter(seed in 0..1000_u64, angle in 0.0..6.3_f32) {
        let (x, y) = (normal(4, 30, seed), shifted(&normal(4, 25, seed + 1), 0.4));
        for kernel in KERNELS {
            let here = kernel.distance(&x, &y).unwrap();
            let others = [
                kernel.distance(&y, &x),
                kernel.distance(&shuffled(&x, seed), &shuffled(&y, seed)),
                kernel.distance(&turned(&x, angle), &turned(&y, angle)),
            ];
            for other in others {
                prop_assert!((other.unwrap() - here).abs() < 1e-5 * (1.0 + here.abs()));
            }
        }
    }
}

#[test]
fn blocks_do_not_show() {
    let (x, y) = (normal(6, 300, 20), shifted(&normal(6, 520, 21), 0.1));
    for kernel in KERNELS {
        let (found, expected) = (kernel.distance(&x, &y).unwrap(), plain(kernel, &x, &y));
        assert!((found - expected).abs() < 1e-6 * (1.0 + expected.abs()), "{found} instead of {expected}");
    }
}
