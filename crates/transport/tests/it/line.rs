//! Transport on a line: closed forms, and the exact solver.

use tensor::Seed;
use transport::{CostMatrix, Mass, certify, exact, quantile_coupling};

use crate::problems::{assert_marginals, shares, uniform};

#[test]
fn the_quantile_coupling_is_optimal_for_every_convex_power() {
    for case in 0..200 {
        let mut stream = Seed::new(1).child("line", case).stream();
        let (n, m) = (1 + stream.below(12), 1 + stream.below(12));
        // Every third problem lies on whole numbers with equal masses: many points and quantiles coincide.
        let whole = case % 3 == 0;
        let mut coordinates = |n: usize| -> Vec<f64> {
            uniform(n, &mut stream).iter().map(|x| if whole { (4.0 * x).floor() } else { *x }).collect()
        };
        let (x, y) = (coordinates(n), coordinates(m));
        let mut masses = |own: usize, other: usize| match whole {
            true => vec![other as f64; own],
            false => shares(uniform(own, &mut stream)),
        };
        let (mut a, b) = (masses(n, m), masses(m, n));
        if case % 5 == 1 && n > 2 {
            a[1] += a[0];
            a[0] = 0.0;
        }
        for power in [1.0, 1.5, 2.0, 3.0] {
            let plan = quantile_coupling(&x, &a, &y, &b, power).unwrap();
            let cost: Vec<f64> =
                x.iter().flat_map(|x| y.iter().map(move |y| (x - y).abs().powf(power))).collect();
            let cost = CostMatrix::new(&cost, n, m).unwrap();
            assert_marginals(&plan, &a, &b, "line");
            let certificate = certify(&cost, &a, &b, &plan).unwrap();
            assert!(certificate.scale == 0.0 || certificate.holds(1e-12), "{case} {power}: {certificate:?}");
            let best = exact(&cost, &a, &b).unwrap().cost;
            assert!(
                (plan.cost - best).abs() < 1e-12 * best.max(1.0),
                "{case} {power}: {} for {best}",
                plan.cost
            );
            let Mass::Sparse(entries) = &plan.mass else { panic!("a staircase is sparse") };
            assert!(entries.len() < n + m);
        }
    }
}

#[test]
fn w1_is_the_area_between_distribution_functions() {
    for seed in 0..50 {
        let mut stream = Seed::new(seed).stream();
        let (x, y) = (uniform(15, &mut stream), uniform(11, &mut stream));
        let (a, b) = (shares(uniform(15, &mut stream)), shares(uniform(11, &mut stream)));
        let mut cuts: Vec<f64> = x.iter().chain(&y).copied().collect();
        cuts.sort_by(f64::total_cmp);
        let below = |points: &[f64], masses: &[f64], at: f64| -> f64 {
            points.iter().zip(masses).filter(|(x, _)| **x <= at).map(|(_, m)| m).sum()
        };
        let area: f64 =
            cuts.windows(2).map(|w| (w[1] - w[0]) * (below(&x, &a, w[0]) - below(&y, &b, w[0])).abs()).sum();
        let plan = quantile_coupling(&x, &a, &y, &b, 1.0).unwrap();
        assert!((plan.cost - area).abs() < 1e-14, "{seed}: {} for {area}", plan.cost);
    }
}

#[test]
fn uniform_grids_stretch_by_their_spacing() {
    // W₂² between i/n and 2i/n for i < n is the mean of (i/n)².
    let n = 100;
    let x: Vec<f64> = (0..n).map(|i| f64::from(i) / f64::from(n)).collect();
    let y: Vec<f64> = x.iter().rev().map(|x| 2.0 * x).collect();
    let masses = vec![1.0 / f64::from(n); n as usize];
    let plan = quantile_coupling(&x, &masses, &y, &masses, 2.0).unwrap();
    let expected = x.iter().map(|x| x * x).sum::<f64>() / f64::from(n);
    assert!((plan.cost - expected).abs() < 1e-15);
}

#[test]
fn bad_powers_and_points_are_refused() {
    for power in [0.5, 0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(quantile_coupling(&[0.0], &[1.0], &[1.0], &[1.0], power).is_err(), "{power}");
    }
    assert!(quantile_coupling(&[f64::NAN], &[1.0], &[1.0], &[1.0], 2.0).is_err());
    assert!(quantile_coupling(&[1e200], &[1.0], &[-1e200], &[1.0], 2.0).is_err(), "the cost overflows");
    assert!(quantile_coupling(&[], &[], &[1.0], &[1.0], 2.0).is_err());
}
