//! Unbalanced transport: a closed form, its limit, and that nothing nearby is better.

use tensor::Seed;
use transport::{CostMatrix, Entropic, Mass, Plan, Status, TransportError, sinkhorn, unbalanced};

use crate::problems::{Problem, apart, uniform};

fn options(epsilon: f64) -> Entropic {
    Entropic { epsilon, tolerance: 1e-12, iterations: 100_000 }
}

fn masses(plan: Plan) -> Vec<f64> {
    assert!(matches!(plan.status, Status::Converged { .. }), "{:?}", plan.status);
    let Mass::Dense(masses) = plan.mass else { panic!("an entropic plan is dense") };
    masses
}

#[test]
fn one_point_on_each_side_has_a_closed_form() {
    for (c, a, b, epsilon, rho) in
        [(1.0, 1.0, 1.0, 0.1, 1.0), (0.3, 2.0, 0.5, 0.05, 0.7), (5.0, 0.1, 3.0, 1.0, 0.2)]
    {
        let plan =
            unbalanced(&CostMatrix::new(&[c], 1, 1).unwrap(), &[a], &[b], rho, &options(epsilon)).unwrap();
        // c + ε ln(p/ab) + ρ ln(p/a) + ρ ln(p/b) = 0.
        let ab: f64 = a * b;
        let logs = -c + epsilon * ab.ln() + rho * ab.ln();
        let expected = (logs / (epsilon + 2.0 * rho)).exp();
        let found = masses(plan)[0];
        assert!((found - expected).abs() < 1e-11 * expected, "{found} for {expected}");
    }
}

/// `⟨C, P⟩ + ε KL(P | a⊗b) + ρ KL(P1 | a) + ρ KL(Pᵀ1 | b)`.
fn objective(problem: &Problem, plan: &[f64], epsilon: f64, rho: f64) -> f64 {
    let kl = |p: f64, q: f64| if p > 0.0 { p * (p / q).ln() - p + q } else { q };
    let cols = problem.b.len();
    let (mut sums, mut value) = ((vec![0.0; problem.a.len()], vec![0.0; cols]), 0.0);
    for (k, p) in plan.iter().enumerate() {
        value += p * problem.cost[k] + epsilon * kl(*p, problem.a[k / cols] * problem.b[k % cols]);
        sums.0[k / cols] += p;
        sums.1[k % cols] += p;
    }
    let penalty =
        |sums: &[f64], masses: &[f64]| sums.iter().zip(masses).map(|(s, m)| kl(*s, *m)).sum::<f64>();
    value + rho * (penalty(&sums.0, &problem.a) + penalty(&sums.1, &problem.b))
}

#[test]
fn no_plan_nearby_is_better() {
    let mut problem = Problem::random(5, 6, 1);
    problem.b.iter_mut().for_each(|b| *b *= 2.5);
    for (epsilon, rho) in [(0.1, 0.5), (0.01, 0.2), (0.002, 0.05)] {
        let solved = unbalanced(&problem.matrix(), &problem.a, &problem.b, rho, &options(epsilon)).unwrap();
        let plan = masses(solved);
        let best = objective(&problem, &plan, epsilon, rho);
        let mut stream = Seed::new(2).stream();
        for _ in 0..200 {
            let other: Vec<f64> =
                plan.iter().map(|p| p * (1.0 + 0.02 * (uniform(1, &mut stream)[0] - 0.5))).collect();
            assert!(objective(&problem, &other, epsilon, rho) > best, "{epsilon} {rho}");
        }
    }
}

#[test]
fn a_heavy_penalty_gives_balanced_transport() {
    let problem = Problem::random(6, 7, 2);
    let epsilon = 0.05;
    let balanced = masses(sinkhorn(&problem.matrix(), &problem.a, &problem.b, &options(epsilon)).unwrap());
    let off = |rho| {
        let plan = unbalanced(&problem.matrix(), &problem.a, &problem.b, rho, &options(epsilon)).unwrap();
        apart(&masses(plan), &balanced)
    };
    // The difference is of the order of cost/ρ.
    assert!(off(1e3) < 1e-4 && off(1e5) < 1e-6, "{} {}", off(1e3), off(1e5));
}

#[test]
fn far_mass_is_dropped_under_a_light_penalty() {
    // The second source is far from everything.
    let cost = CostMatrix::new(&[0.0, 100.0], 2, 1).unwrap();
    let plan = masses(unbalanced(&cost, &[1.0, 1.0], &[1.0], 1.0, &options(0.01)).unwrap());
    assert!(plan[0] > 0.9 && plan[1] < 1e-20, "{plan:?}");
}

#[test]
fn points_without_mass_take_no_part() {
    let mut problem = Problem::random(4, 5, 3);
    (problem.a[1], problem.b[4]) = (0.0, 0.0);
    let plan = unbalanced(&problem.matrix(), &problem.a, &problem.b, 0.3, &options(0.05)).unwrap();
    assert!(plan.dual.iter().flatten().all(|p| p.is_finite()));
    let [rows, cols] = plan.marginals();
    assert!(rows[1] == 0.0 && cols[4] == 0.0 && rows[0] > 0.0);
    // Sums are a exp(−f/ρ) and b exp(−g/ρ).
    let sums =
        |masses: &[f64], dual: &[f64]| masses.iter().zip(dual).map(|(m, f)| m * (-f / 0.3).exp()).collect();
    let (expected_rows, expected_cols): (Vec<f64>, Vec<f64>) =
        (sums(&problem.a, &plan.dual[0]), sums(&problem.b, &plan.dual[1]));
    assert!(apart(&rows, &expected_rows) < 1e-11 && apart(&cols, &expected_cols) < 1e-11);
}

/// One point, in closed form `ln p = −c/(ε + 2ρ)`: what no number can hold is refused, and what is nearly nothing is right in
/// its potentials, too.
#[test]
fn masses_beyond_what_numbers_hold_are_refused_and_vanishing_ones_are_right() {
    for (c, epsilon, rho) in [(-1000.0, 0.1, 0.1), (-300.0, 0.05, 0.1), (-90.0, 0.1, 0.01)] {
        let (drawn, pushed) = ([c], [-c]);
        let cost = CostMatrix::new(&drawn, 1, 1).unwrap();
        let log = -c / (epsilon + 2.0 * rho);
        let error = unbalanced(&cost, &[1.0], &[1.0], rho, &options(epsilon)).unwrap_err();
        let TransportError::Overflow { log: found, .. } = error else { panic!("{error:?}") };
        assert!((found - log).abs() < 1e-6 * log, "{found} for {log}");
        assert!(error.to_string().contains("expected one below e^709"), "{error}");
        let cost = CostMatrix::new(&pushed, 1, 1).unwrap();
        let plan = unbalanced(&cost, &[1.0], &[1.0], rho, &options(epsilon)).unwrap();
        assert!(matches!(plan.status, Status::Converged { .. }), "{:?}", plan.status);
        for [potential] in plan.dual.iter().map(|dual| [dual[0]]) {
            assert!((potential - rho * log).abs() < 1e-6 * rho * log, "{potential} for {}", rho * log);
        }
        assert_eq!(masses(plan), [0.0]);
    }
    // Nearly as large as numbers are.
    let cost = CostMatrix::new(&[-207.0], 1, 1).unwrap();
    let found = masses(unbalanced(&cost, &[1.0], &[1.0], 0.1, &options(0.1)).unwrap())[0];
    assert!((found.ln() - 690.0).abs() < 1e-6, "{found}");
}
