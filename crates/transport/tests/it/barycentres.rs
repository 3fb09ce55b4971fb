//! Barycentres: where symmetry or a formula says what they are.

use tensor::Seed;
use transport::{Cloud, CostMatrix, Entropic, Metric, Points, Status, barycentre, exact, free_barycentre};

use crate::problems::{apart, between, shares, uniform};

fn line(n: usize) -> Vec<f64> {
    let x: Vec<f64> = (0..n).map(|i| i as f64 / (n - 1) as f64).collect();
    between(&x, &x, 1, Metric::SquaredEuclidean)
}

fn options(epsilon: f64) -> Entropic {
    Entropic { epsilon, tolerance: 1e-11, iterations: 50_000 }
}

fn mean(masses: &[f64]) -> f64 {
    let n = masses.len();
    masses.iter().enumerate().map(|(i, m)| m * i as f64 / (n - 1) as f64).sum::<f64>()
        / masses.iter().sum::<f64>()
}

#[test]
fn two_peaks_meet_at_the_weighted_mean_of_their_places() {
    let n = 61;
    let cost = line(n);
    let cost = CostMatrix::new(&cost, n, n).unwrap();
    let (mut left, mut right) = (vec![0.0; n], vec![0.0; n]);
    (left[15], right[45]) = (2.0, 2.0);
    // The first two keep a kernel, the third takes logarithms.
    for epsilon in [0.05, 0.01, 0.001] {
        for (weights, place) in [([1.0, 1.0], 0.5), ([2.0, 1.0], 25.0 / 60.0)] {
            let found = barycentre(&cost, &[&left, &right], &weights, &options(epsilon)).unwrap();
            assert!(matches!(found.status, Status::Converged { .. }), "{:?}", found.status);
            assert!((found.masses.iter().sum::<f64>() - 2.0).abs() < 1e-12);
            // A normal density around the place, cut off at the ends of the line: ε = 0.05 reaches them a little.
            assert!((mean(&found.masses) - place).abs() < epsilon, "{epsilon}: {}", mean(&found.masses));
            let top = (0..n).max_by(|i, j| found.masses[*i].total_cmp(&found.masses[*j])).unwrap();
            assert_eq!(top, (place * 60.0).round() as usize, "{epsilon}");
        }
    }
}

/// The same iteration, every sum a log-sum-exp over plain loops.
fn slow(cost: &[f64], histograms: &[&[f64]], weights: &[f64], epsilon: f64, iterations: usize) -> Vec<f64> {
    let n = histograms[0].len();
    let soft = |term: &dyn Fn(usize) -> f64| {
        let top = (0..n).map(term).fold(f64::NEG_INFINITY, f64::max);
        top + (0..n).map(|k| (term(k) - top).exp()).sum::<f64>().ln()
    };
    let mut f = vec![vec![0.0; n]; histograms.len()];
    let mut p = vec![0.0; n];
    for _ in 0..iterations {
        let mut rows = Vec::new();
        p = vec![0.0; n];
        for (k, b) in histograms.iter().enumerate() {
            let g: Vec<f64> =
                (0..n).map(|j| b[j].ln() - soft(&|i| f[k][i] - cost[i * n + j] / epsilon)).collect();
            let row: Vec<f64> = (0..n).map(|i| soft(&|j| g[j] - cost[i * n + j] / epsilon)).collect();
            (0..n).for_each(|i| p[i] += weights[k] * row[i]);
            rows.push(row);
        }
        for (f, row) in f.iter_mut().zip(&rows) {
            (0..n).for_each(|i| f[i] = p[i] - row[i]);
        }
    }
    p.iter().map(|p| p.exp()).collect()
}

#[test]
fn the_fast_iteration_equals_the_slow_one() {
    let n = 20;
    let cost = line(n);
    let mut stream = Seed::new(3).stream();
    let histograms: [Vec<f64>; 3] = [(); 3].map(|()| shares(uniform(n, &mut stream)));
    let histograms: Vec<&[f64]> = histograms.iter().map(Vec::as_slice).collect();
    let weights = [0.5, 0.2, 0.3];
    for epsilon in [0.1, 0.003, 0.001] {
        let fixed = Entropic { epsilon, tolerance: 1e-300, iterations: 200 };
        let fast = barycentre(&CostMatrix::new(&cost, n, n).unwrap(), &histograms, &weights, &fixed).unwrap();
        assert!(matches!(fast.status, Status::Stopped { .. }));
        let slow = shares(slow(&cost, &histograms, &weights, epsilon, 200));
        assert!(apart(&fast.masses, &slow) < 1e-10, "{epsilon}: {}", apart(&fast.masses, &slow));
    }
}

#[test]
fn bad_barycentres_are_refused() {
    let cost = line(4);
    let cost = CostMatrix::new(&cost, 4, 4).unwrap();
    let (one, two) = ([0.25; 4], [0.5; 4]);
    assert!(barycentre(&cost, &[], &[], &options(0.1)).is_err(), "of nothing");
    assert!(barycentre(&cost, &[&one, &two], &[1.0, 1.0], &options(0.1)).is_err(), "different totals");
    assert!(barycentre(&cost, &[&one], &[1.0, 1.0], &options(0.1)).is_err(), "more weights than histograms");
    assert!(barycentre(&cost, &[&one], &[-1.0], &options(0.1)).is_err(), "a negative weight");
    assert!(barycentre(&cost, &[&one[..3]], &[1.0], &options(0.1)).is_err(), "a short histogram");
    assert!(barycentre(&cost, &[&one], &[1.0], &options(0.0)).is_err(), "no entropy");
}

#[test]
fn halfway_between_a_cloud_and_its_shift_is_half_a_shift() {
    let mut stream = Seed::new(9).stream();
    let (x, masses) = (uniform(20, &mut stream), shares(uniform(10, &mut stream)));
    let shifted: Vec<f64> = x.iter().enumerate().map(|(k, x)| x + [0.6, -0.4][k % 2]).collect();
    let points = [&x, &shifted].map(|values| Points::new(values, 2).unwrap());
    let clouds = points.map(|points| Cloud { points, masses: &masses });
    let found = free_barycentre(&clouds, &[1.0, 1.0], clouds[0], 50).unwrap();
    assert_eq!(found.status, Status::Exact);
    let expected: Vec<f64> = x.iter().enumerate().map(|(k, x)| x + [0.3, -0.2][k % 2]).collect();
    assert!(apart(&found.points, &expected) < 1e-12);
    // ¼ ‖t‖² to each side.
    assert!((found.objective - 0.25 * 0.52).abs() < 1e-12, "{}", found.objective);
}

#[test]
fn a_free_barycentre_is_no_worse_than_its_start_and_a_fixed_point() {
    let mut stream = Seed::new(10).stream();
    let values: [Vec<f64>; 3] = [16, 24, 30].map(|n| uniform(n, &mut stream));
    let masses: [Vec<f64>; 3] = [8, 12, 15].map(|n| shares(uniform(n, &mut stream)));
    let clouds: Vec<Cloud<'_>> = values
        .iter()
        .zip(&masses)
        .map(|(values, masses)| Cloud { points: Points::new(values, 2).unwrap(), masses })
        .collect();
    let start = Cloud { points: clouds[0].points, masses: &[0.125; 8] };
    let objective = |points: &[f64]| -> f64 {
        let each = clouds.iter().map(|cloud| {
            let values: Vec<f64> = cloud.points.iter().flatten().copied().collect();
            let cost = between(points, &values, 2, Metric::SquaredEuclidean);
            exact(&CostMatrix::new(&cost, 8, cloud.masses.len()).unwrap(), &[0.125; 8], cloud.masses)
                .unwrap()
                .cost
        });
        each.sum::<f64>() / 3.0
    };
    let mut before = f64::INFINITY;
    for moves in [1, 2, 4, 100] {
        let found = free_barycentre(&clouds, &[1.0; 3], start, moves).unwrap();
        let now = objective(&found.points);
        assert!(now <= found.objective + 1e-12 && now <= before + 1e-12, "{moves} moves: {now}");
        before = now;
    }
    assert!(before < objective(&values[0]));
    let settled = free_barycentre(&clouds, &[1.0; 3], start, 100).unwrap();
    assert_eq!(settled.status, Status::Exact);
    let again = Cloud { points: Points::new(&settled.points, 2).unwrap(), masses: &[0.125; 8] };
    assert!(apart(&free_barycentre(&clouds, &[1.0; 3], again, 1).unwrap().points, &settled.points) < 1e-9);
}
