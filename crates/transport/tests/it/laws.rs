//! What is true of every Wasserstein distance.

use tensor::{Seed, Stream};
use transport::{Cloud, Metric, PointCost, Points, Sliced, exact, sliced_wasserstein};

use crate::problems::{shares, uniform};

struct Heap {
    points: Vec<f64>, // n × 3
    masses: Vec<f64>,
}

impl Heap {
    fn random(n: usize, stream: &mut Stream) -> Self {
        Self { points: uniform(3 * n, stream), masses: shares(uniform(n, stream)) }
    }

    fn moved(&self, scale: f64, shift: [f64; 3]) -> Self {
        let points = self.points.iter().enumerate().map(|(k, x)| scale * x + shift[k % 3]).collect();
        Self { points, masses: self.masses.clone() }
    }

    fn points(&self) -> Points<'_> {
        Points::new(&self.points, 3).unwrap()
    }

    fn cloud(&self) -> Cloud<'_> {
        Cloud { points: self.points(), masses: &self.masses }
    }

    fn mean(&self) -> [f64; 3] {
        let mut mean = [0.0; 3];
        for (x, m) in self.points().iter().zip(&self.masses) {
            (0..3).for_each(|k| mean[k] += m * x[k]);
        }
        mean
    }
}

/// `W₁` or `W₂`.
fn wasserstein(x: &Heap, y: &Heap, metric: Metric) -> f64 {
    let cost = PointCost::new(x.points(), y.points(), metric).unwrap();
    let cost = exact(&cost, &x.masses, &y.masses).unwrap().cost;
    if metric == Metric::Euclidean { cost } else { cost.sqrt() }
}

fn heaps(seed: u64) -> [Heap; 3] {
    let mut stream = Seed::new(seed).child("heaps", 0).stream();
    [7, 12, 9].map(|n| Heap::random(n, &mut stream))
}

const METRICS: [Metric; 2] = [Metric::Euclidean, Metric::SquaredEuclidean];

#[test]
fn a_distance_is_zero_on_itself_symmetric_and_no_longer_than_a_detour() {
    for seed in 0..30 {
        let [x, y, z] = heaps(seed);
        for metric in METRICS {
            let w = |x, y| wasserstein(x, y, metric);
            assert_eq!(w(&x, &x), 0.0, "{seed}: staying is free");
            assert!(w(&x, &y) > 0.01, "{seed}: different heaps");
            assert!((w(&x, &y) - w(&y, &x)).abs() < 1e-14, "{seed}");
            assert!(w(&x, &z) <= w(&x, &y) + w(&y, &z) + 1e-14, "{seed}");
        }
    }
}

#[test]
fn a_shift_and_a_scale_do_what_they_must() {
    for seed in 0..20 {
        let [x, y, _] = heaps(seed);
        let shift = [0.4, -1.3, 2.0];
        let moved = x.moved(1.0, shift);
        // W₂²(x + t, y) = W₂²(x, y) + 2 t·(mean x − mean y) + ‖t‖².
        let [before, after] = [&x, &moved].map(|x| wasserstein(x, &y, Metric::SquaredEuclidean).powi(2));
        let (mx, my) = (x.mean(), y.mean());
        let cross: f64 = (0..3).map(|k| shift[k] * (2.0 * (mx[k] - my[k]) + shift[k])).sum();
        assert!((after - before - cross).abs() < 1e-12, "{seed}: {after} for {}", before + cross);
        for metric in METRICS {
            let length = shift.iter().map(|t| t * t).sum::<f64>().sqrt();
            assert!((wasserstein(&x, &moved, metric) - length).abs() < 1e-12, "{seed}: a shift's length");
            let scaled = wasserstein(&x.moved(3.5, shift), &y.moved(3.5, shift), metric);
            let expected = 3.5 * wasserstein(&x, &y, metric);
            assert!((scaled - expected).abs() < 1e-12, "{seed}: {scaled} for {expected}");
        }
    }
}

#[test]
fn a_sliced_distance_is_one_and_lies_below() {
    for seed in 0..10 {
        let [x, y, z] = heaps(seed);
        for power in [1.0, 2.0, 3.0] {
            let options = Sliced { directions: 40, power, seed: Seed::new(seed) };
            let w = |x: &Heap, y: &Heap| sliced_wasserstein(x.cloud(), y.cloud(), &options).unwrap();
            assert_eq!(w(&x, &x), 0.0);
            assert!((w(&x, &y) - w(&y, &x)).abs() < 1e-14 && w(&x, &y) > 0.001);
            assert!(w(&x, &z) <= w(&x, &y) + w(&y, &z) + 1e-14);
        }
        let options = Sliced { directions: 40, power: 2.0, seed: Seed::new(seed) };
        let sliced = sliced_wasserstein(x.cloud(), y.cloud(), &options).unwrap();
        assert!(sliced <= wasserstein(&x, &y, Metric::SquaredEuclidean));
    }
}

#[test]
fn a_sliced_shift_is_the_mean_of_its_projections() {
    let [x, ..] = heaps(0);
    let moved = x.moved(1.0, [1.0, 2.0, 2.0]);
    let options = Sliced { directions: 4000, power: 2.0, seed: Seed::new(5) };
    let squared = sliced_wasserstein(x.cloud(), moved.cloud(), &options).unwrap().powi(2);
    // (θ·t)² has mean ‖t‖²/3 = 3 and variance 4‖t‖⁴/45 = 7.2 on the sphere.
    assert!((squared - 3.0).abs() < 4.0 * (7.2f64 / 4000.0).sqrt(), "{squared}");
}

/// Points of a normal distribution in the plane: `mean + root · standard normal`.
fn normal(n: usize, mean: [f64; 2], root: [[f64; 2]; 2], stream: &mut Stream) -> Vec<f64> {
    let mut points = Vec::with_capacity(2 * n);
    for _ in 0..n {
        let (radius, angle) =
            ((-2.0 * (1.0 - stream.unit()).ln()).sqrt(), std::f64::consts::TAU * stream.unit());
        let z = [radius * angle.cos(), radius * angle.sin()];
        points.extend((0..2).map(|k| mean[k] + root[k][0] * z[0] + root[k][1] * z[1]));
    }
    points
}

/// `W₂²` of two samples of equal size.
fn squared(x: &[f64], y: &[f64]) -> f64 {
    let points = [x, y].map(|values| Points::new(values, 2).unwrap());
    let masses = vec![2.0 / x.len() as f64; x.len() / 2];
    let cost = PointCost::new(points[0], points[1], Metric::SquaredEuclidean).unwrap();
    exact(&cost, &masses, &masses).unwrap().cost
}

#[test]
fn two_gaussians_are_as_far_apart_as_bures_says() {
    let roots = [[[1.0, 0.0], [0.5, 0.6]], [[0.4, 0.0], [-0.3, 1.2]]];
    let means: [[f64; 2]; 2] = [[0.0, 0.0], [1.5, -1.0]];
    let covariance = |l: [[f64; 2]; 2]| {
        let entry = |i: usize, j: usize| l[i][0] * l[j][0] + l[i][1] * l[j][1];
        [[entry(0, 0), entry(0, 1)], [entry(1, 0), entry(1, 1)]]
    };
    let [a, b] = roots.map(covariance);
    let determinant = |a: [[f64; 2]; 2]| a[0][0] * a[1][1] - a[0][1] * a[1][0];
    let product: f64 = (0..2).map(|i| a[i][0] * b[0][i] + a[i][1] * b[1][i]).sum();
    // tr (A^½ B A^½)^½, by tr M^½ = (tr M + 2 √det M)^½ for 2 × 2 matrices.
    let fidelity = (product + 2.0 * (determinant(a) * determinant(b)).sqrt()).sqrt();
    let apart: f64 = (0..2).map(|k| (means[0][k] - means[1][k]).powi(2)).sum();
    let bures = apart + a[0][0] + a[1][1] + b[0][0] + b[1][1] - 2.0 * fidelity;
    let (n, repeats) = (300, 8);
    let (mut found, mut within) = (Vec::new(), 0.0);
    for repeat in 0..repeats {
        let mut stream = Seed::new(11).child("gaussians", repeat).stream();
        let mut draw = |side: usize| normal(n, means[side], roots[side], &mut stream);
        let (x, y, other_x, other_y) = (draw(0), draw(1), draw(0), draw(1));
        found.push(squared(&x, &y));
        within += 0.5 * (squared(&x, &other_x) + squared(&y, &other_y)) / repeats as f64;
    }
    let mean = found.iter().sum::<f64>() / repeats as f64;
    let variance = found.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / (repeats - 1) as f64;
    // Four standard errors, and a bias of at most what two samples of one distribution are apart.
    let bound = 4.0 * (variance / repeats as f64).sqrt() + within;
    assert!((mean - bures).abs() < bound, "{mean} for {bures}, bound {bound}");
    assert!(bound < 0.2 * bures, "a bound of {bound} would accept anything");
}
