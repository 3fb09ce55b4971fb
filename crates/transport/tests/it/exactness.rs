//! Exact transport is exact: enumeration, and a certificate for each of ten thousand problems.

use tensor::{Seed, Stream};
use transport::{CostMatrix, Mass, Metric, Plan, PointCost, Points, certify, exact};

use crate::problems::{Problem, assert_marginals, between, permutations, shares, uniform};

#[test]
fn uniform_masses_give_the_best_permutation() {
    for n in 1..=7 {
        let orders = permutations(n);
        for seed in 0..40 {
            let mut stream = Seed::new(seed).child("permutations", n as u64).stream();
            // Every other problem has costs from {0, 1, 2}: nothing but ties.
            let cost: Vec<f64> = match seed % 2 {
                0 => uniform(n * n, &mut stream),
                _ => (0..n * n).map(|_| stream.below(3) as f64).collect(),
            };
            let sum = |order: &Vec<usize>| (0..n).map(|i| cost[i * n + order[i]]).sum::<f64>();
            let best = orders.iter().map(sum).fold(f64::INFINITY, f64::min);
            let plan = exact(&CostMatrix::new(&cost, n, n).unwrap(), &vec![1.0; n], &vec![1.0; n]).unwrap();
            assert!((plan.cost - best).abs() <= 1e-12 * n as f64, "{n} {seed}: {} for {best}", plan.cost);
            let Mass::Sparse(entries) = &plan.mass else { panic!("an exact plan is sparse") };
            assert_eq!(entries.len(), n, "an integer vertex of the assignment polytope is a permutation");
            assert!(entries.iter().all(|entry| entry.mass == 1.0));
        }
    }
}

/// Masses in one of five styles: some are zero, integers, equal, or of very different sizes.
fn masses(n: usize, style: usize, stream: &mut Stream) -> Vec<f64> {
    let mut masses: Vec<f64> = match style {
        0 => uniform(n, stream),
        1 => (0..n).map(|_| stream.below(6) as f64).collect(),
        2 => vec![1.0; n],
        3 => (0..n).map(|_| 10f64.powf(-12.0 * stream.unit())).collect(),
        _ => (0..n).map(|_| if stream.unit() < 0.5 { 0.0 } else { stream.unit() }).collect(),
    };
    let some = stream.below(n);
    masses[some] += 1.0;
    masses
}

fn random_problem(case: usize) -> Problem {
    let mut stream = Seed::new(7).child("certificates", case as u64).stream();
    let (rows, cols) = (1 + stream.below(14), 1 + stream.below(14));
    let style = case % 5;
    let (a, mut b) = (masses(rows, style, &mut stream), masses(cols, style, &mut stream));
    let (source, target): (f64, f64) = (a.iter().sum(), b.iter().sum());
    if style == 1 || style == 2 {
        // Whole numbers stay whole: the difference goes to one target, or everything is scaled crosswise.
        let a = a.iter().map(|m| m * target).collect();
        b.iter_mut().for_each(|m| *m *= source);
        return Problem { cost: costs(rows, cols, case, &mut stream), a, b };
    }
    b.iter_mut().for_each(|m| *m *= source / target);
    Problem { cost: costs(rows, cols, case, &mut stream), a, b }
}

/// Costs in one of six styles.
fn costs(rows: usize, cols: usize, case: usize, stream: &mut Stream) -> Vec<f64> {
    let each = |f: &mut dyn FnMut() -> f64| (0..rows * cols).map(|_| f()).collect();
    match (case / 5) % 6 {
        0 => uniform(rows * cols, stream),
        1 => each(&mut || stream.below(3) as f64),
        2 => vec![2.5; rows * cols],
        3 => {
            // Points on a 3 × 3 grid: many of them equal.
            let mut grid = |n: usize| (0..2 * n).map(|_| stream.below(3) as f64).collect::<Vec<f64>>();
            let (x, y) = (grid(rows), grid(cols));
            between(&x, &y, 2, Metric::SquaredEuclidean)
        }
        4 => each(&mut || 1e6 * (stream.unit() - 0.5)),
        _ => each(&mut || if stream.unit() < 0.3 { 1e32 } else { stream.unit() }),
    }
}

fn assert_proven(problem: &Problem, plan: &Plan, what: &str) {
    let cost = problem.matrix();
    let certificate = certify(&cost, &problem.a, &problem.b, plan).unwrap();
    assert_eq!(
        Some(certificate),
        plan.certificate,
        "{what}: the certificate that comes along is another one"
    );
    assert!(certificate.holds(1e-10), "{what}: {certificate:?}");
    assert!(certificate.marginals <= 1e-12 * certificate.total, "{what}: {certificate:?}");
    let Mass::Sparse(entries) = &plan.mass else { panic!("an exact plan is sparse") };
    let used = |masses: &[f64]| masses.iter().filter(|m| **m > 0.0).count();
    assert!(entries.len() < used(&problem.a) + used(&problem.b), "{what}: {} entries", entries.len());
    assert!(entries.iter().all(|entry| entry.mass > 0.0 && entry.mass.is_finite()), "{what}");
}

#[test]
fn ten_thousand_random_problems_are_proven_optimal() {
    for case in 0..10_000 {
        let problem = random_problem(case);
        let plan = exact(&problem.matrix(), &problem.a, &problem.b).unwrap();
        assert_proven(&problem, &plan, &format!("case {case}"));
        if case % 5 == 1 || case % 5 == 2 {
            plan.for_each(|entry| {
                assert_eq!(entry.mass.fract(), 0.0, "case {case}: whole masses, {entry:?}");
            });
            let [rows, cols] = plan.marginals();
            assert!(rows == problem.a && cols == problem.b, "case {case}: whole masses add up exactly");
        }
    }
}

#[test]
fn larger_problems_are_proven_optimal() {
    for (rows, cols, seed) in [(60, 90, 0), (120, 120, 1), (1, 300, 2), (300, 2, 3)] {
        let problem = Problem::squared(rows, cols, seed);
        let plan = exact(&problem.matrix(), &problem.a, &problem.b).unwrap();
        assert_proven(&problem, &plan, &format!("{rows} × {cols}"));
        assert_marginals(&plan, &problem.a, &problem.b, "squared");
    }
}

#[test]
fn costs_of_points_and_of_their_matrix_give_one_answer() {
    // Below six dimensions costs are computed on the way, from six on they are kept.
    for dim in [1, 2, 3, 5, 6, 9] {
        for metric in [Metric::SquaredEuclidean, Metric::Euclidean] {
            let mut stream = Seed::new(3).child("dimension", dim as u64).stream();
            let (x, y) = (uniform(25 * dim, &mut stream), uniform(18 * dim, &mut stream));
            let (a, b) = (shares(uniform(25, &mut stream)), shares(uniform(18, &mut stream)));
            let points = [&x, &y].map(|values| Points::new(values, dim).unwrap());
            let of_points = exact(&PointCost::new(points[0], points[1], metric).unwrap(), &a, &b).unwrap();
            let matrix = between(&x, &y, dim, metric);
            let of_matrix = exact(&CostMatrix::new(&matrix, 25, 18).unwrap(), &a, &b).unwrap();
            assert_eq!(of_points, of_matrix, "{dim} dimensions, {metric:?}");
        }
    }
}

#[test]
fn a_certificate_finds_what_is_wrong() {
    let problem = Problem::random(6, 7, 5);
    let plan = exact(&problem.matrix(), &problem.a, &problem.b).unwrap();
    let holds = |plan: &Plan| certify(&problem.matrix(), &problem.a, &problem.b, plan).unwrap().holds(1e-9);
    assert!(holds(&plan));
    let mut raised = plan.clone();
    raised.dual[0][2] += 1e-6;
    assert!(!holds(&raised), "a potential that is too high");
    let mut moved = plan.clone();
    let Mass::Sparse(entries) = &mut moved.mass else { panic!("an exact plan is sparse") };
    entries[0].col = (entries[0].col + 1) % 7;
    assert!(!holds(&moved), "mass at the wrong place");
    let mut unknown = plan;
    unknown.dual[1][0] = f64::NAN;
    assert!(!holds(&unknown), "a potential that is no number");
}

#[test]
fn totals_that_differ_by_rounding_are_the_same() {
    let problem = Problem::random(9, 8, 6);
    let b: Vec<f64> = problem.b.iter().map(|b| b * (1.0 + 1e-13)).collect();
    let plan = exact(&problem.matrix(), &problem.a, &b).unwrap();
    assert_marginals(&plan, &problem.a, &problem.b, "rounded");
}
