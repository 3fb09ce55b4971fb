//! Sinkhorn's iteration, and the divergence made of it.

use tensor::Seed;
use transport::{
    Cost, CostMatrix, Entropic, Mass, Metric, Plan, PointCost, Points, Status, exact, sinkhorn,
    sinkhorn_divergence,
};

use crate::problems::{Problem, apart, log_sinkhorn, plain_sinkhorn, shares, uniform};

fn options(epsilon: f64) -> Entropic {
    Entropic { epsilon, tolerance: 1e-12, iterations: 200_000 }
}

fn solve(problem: &Problem, epsilon: f64) -> Plan {
    sinkhorn(&problem.matrix(), &problem.a, &problem.b, &options(epsilon)).unwrap()
}

fn masses(plan: &Plan) -> &[f64] {
    let Mass::Dense(masses) = &plan.mass else { panic!("an entropic plan is dense") };
    masses
}

fn assert_converged(plan: &Plan, what: &str) {
    assert!(matches!(plan.status, Status::Converged { .. }), "{what}: {:?}", plan.status);
}

#[test]
fn it_equals_the_plain_iteration_where_that_is_safe() {
    for (seed, share) in [(0, 0.5), (1, 0.1), (2, 0.05)] {
        let problem = Problem::squared(13, 17, seed);
        let epsilon = share * problem.most();
        let plan = solve(&problem, epsilon);
        assert_converged(&plan, "plain");
        let slow = plain_sinkhorn(&problem, epsilon, 5000);
        // Both are within 1e-12 of the fixed point in all masses together.
        assert!(apart(masses(&plan), &slow) < 1e-11, "{share}: {}", apart(masses(&plan), &slow));
    }
}

#[test]
fn it_equals_log_sum_exp_where_the_plain_iteration_underflows() {
    let problem = Problem::squared(13, 17, 3);
    // The range of c/ε is 2000: exp(−c/ε) is 0 for most pairs.
    let epsilon = problem.most() / 2000.0;
    let plan = solve(&problem, epsilon);
    assert_converged(&plan, "small epsilon");
    let slow = log_sinkhorn(&problem, epsilon, 20_000);
    assert!(apart(masses(&plan), &slow) < 1e-9, "{}", apart(masses(&plan), &slow));
}

#[test]
fn it_hands_over_by_itself_when_scalings_run_away() {
    // Every way costs 480 ε but one, so that the first sums are about e⁻⁴⁸⁰, far outside of what is let pass.
    let problem = Problem {
        cost: vec![480.0, 479.0, 481.0, 478.0, 480.5, 479.5, 479.0, 480.0, 0.0],
        a: vec![0.2, 0.5, 0.3],
        b: vec![0.3, 0.3, 0.4],
    };
    let plan = solve(&problem, 1.0);
    assert_converged(&plan, "hand-over");
    let slow = log_sinkhorn(&problem, 1.0, 5000);
    assert!(apart(masses(&plan), &slow) < 1e-10, "{}", apart(masses(&plan), &slow));
}

#[test]
fn it_is_finite_at_a_ten_thousandth_of_the_largest_cost() {
    for seed in 0..5 {
        let problem = Problem::squared(30, 40, seed);
        for share in [1e-4, 1e-6, 1e-9, 1.1e-13] {
            let few = Entropic { epsilon: share * problem.most(), tolerance: 1e-9, iterations: 300 };
            let plan = sinkhorn(&problem.matrix(), &problem.a, &problem.b, &few).unwrap();
            assert!(plan.cost.is_finite() && masses(&plan).iter().all(|m| m.is_finite() && *m >= 0.0));
            assert!(plan.dual.iter().flatten().all(|p| p.is_finite()));
            let [rows, _] = plan.marginals();
            assert!(apart(&rows, &problem.a) < 1e-12, "rows are exact, converged or not");
            let error = plan.marginal_error(&problem.a, &problem.b).unwrap();
            match plan.status {
                // The error is a value and tells the truth, up to the rounding of row sums.
                Status::Stopped { marginal_error } => assert!((error - marginal_error).abs() < 1e-11),
                _ => assert!(error < 1.1e-9),
            }
        }
    }
}

#[test]
fn its_cost_falls_to_the_exact_cost_and_stays_within_the_entropy_of_a_plan() {
    for seed in 0..5 {
        let problem = Problem::squared(12, 15, seed);
        let best = exact(&problem.matrix(), &problem.a, &problem.b).unwrap().cost;
        let mut before = f64::INFINITY;
        for share in [1.0, 0.3, 0.1, 0.03, 0.01, 0.003] {
            let epsilon = share * problem.most();
            let plan = solve(&problem, epsilon);
            assert_converged(&plan, "falling");
            let over = plan.cost - best;
            // Marginals are off by 1e-12, which moves costs by that times the largest one.
            assert!(over > -1e-11 && over <= epsilon * (12.0f64 * 15.0).ln(), "{seed} {share}: {over}");
            assert!(plan.cost < before + 1e-11, "{seed} {share}: the cost rose");
            before = plan.cost;
        }
        assert!(before - best < 0.01 * problem.most());
    }
}

#[test]
fn it_tends_to_the_product_of_its_marginals() {
    let problem = Problem::random(8, 9, 4);
    let mut before = f64::INFINITY;
    for epsilon in [1.0, 1e2, 1e4, 1e6] {
        let plan = solve(&problem, epsilon);
        let product: Vec<f64> = problem.a.iter().flat_map(|a| problem.b.iter().map(move |b| a * b)).collect();
        let off = apart(masses(&plan), &product);
        // P = a⊗b exp(O(1/ε)), and costs are below 1.
        assert!(off < 2.0 / epsilon && off < before, "{epsilon}: {off}");
        before = off;
    }
}

#[test]
fn totals_potentials_and_points_without_mass_are_as_documented() {
    let mut problem = Problem::random(7, 8, 5);
    (problem.a[2], problem.b[0], problem.b[7]) = (0.0, 0.0, 0.0);
    (problem.a, problem.b) = (shares(problem.a), shares(problem.b));
    let plan = solve(&problem, 0.05);
    for scale in [1e-6, 1.0, 12.5] {
        let [a, b] = [&problem.a, &problem.b].map(|m| m.iter().map(|m| m * scale).collect::<Vec<f64>>());
        let scaled = sinkhorn(&problem.matrix(), &a, &b, &options(0.05)).unwrap();
        for k in 0..7 * 8 {
            let (i, j) = (k / 8, k % 8);
            let exponent = (scaled.dual[0][i] + scaled.dual[1][j] - problem.cost[k]) / 0.05;
            let mass = masses(&scaled)[k];
            assert!((mass - a[i] * b[j] * exponent.exp() / scale).abs() < 1e-13 * scale, "{scale}");
            assert!((mass - scale * masses(&plan)[k]).abs() < 1e-12 * scale, "{scale}");
        }
    }
    // Where there is no mass, potentials are what an iteration would make them.
    for i in 0..7 {
        let terms = (0..8).map(|j| problem.b[j] * ((plan.dual[1][j] - problem.cost[i * 8 + j]) / 0.05).exp());
        let expected = -0.05 * terms.sum::<f64>().ln();
        assert!((plan.dual[0][i] - expected).abs() < 1e-9);
    }
}

#[test]
fn masses_of_all_sizes_give_finite_answers() {
    for scale in [1e-250, 1.0, 1e290] {
        let mut problem = Problem::random(9, 9, 7);
        for (k, masses) in [&mut problem.a, &mut problem.b].into_iter().enumerate() {
            let size = |i: usize| 10f64.powi(-(40 * ((i + k) % 9) as i32)) * scale;
            masses.iter_mut().enumerate().for_each(|(i, m)| *m *= size(i));
        }
        let (source, target): (f64, f64) = (problem.a.iter().sum(), problem.b.iter().sum());
        problem.b.iter_mut().for_each(|b| *b *= source / target);
        for epsilon in [1.0, 1e-2, 1e-5, 1e-12] {
            let few = Entropic { epsilon, tolerance: 1e-9, iterations: 200 };
            let plan = sinkhorn(&problem.matrix(), &problem.a, &problem.b, &few).unwrap();
            assert!(
                plan.dual.iter().flatten().all(|p| p.is_finite()) && plan.cost.is_finite(),
                "{scale} {epsilon}"
            );
            let [rows, _] = plan.marginals();
            assert!(apart(&rows, &problem.a) < 1e-12 * source, "{scale} {epsilon}: rows are exact");
        }
    }
}

#[test]
fn no_iterations_still_give_a_plan_that_says_how_far_off_it_is() {
    let problem = Problem::random(6, 5, 8);
    let none = Entropic { epsilon: 0.01, tolerance: 1e-9, iterations: 0 };
    let plan = sinkhorn(&problem.matrix(), &problem.a, &problem.b, &none).unwrap();
    let Status::Stopped { marginal_error } = plan.status else { panic!("{:?}", plan.status) };
    assert!((marginal_error - plan.marginal_error(&problem.a, &problem.b).unwrap()).abs() < 1e-12);
    assert!(marginal_error > 0.01);
}

#[test]
fn it_converges_where_the_plain_iteration_takes_for_ever() {
    // Two pairs of points, far apart, with masses that nearly fit: very little couples them.
    let problem = Problem { cost: vec![0.0, 5.0, 5.0, 0.0], a: vec![0.5002, 0.4998], b: vec![0.5, 0.5] };
    let few = Entropic { epsilon: 0.5, tolerance: 1e-12, iterations: 2000 };
    let plan = sinkhorn(&problem.matrix(), &problem.a, &problem.b, &few).unwrap();
    assert_converged(&plan, "accelerated");
    // P₁₁ P₂₂ / (P₁₂ P₂₁) = exp(10/ε) whatever the masses.
    let masses = masses(&plan);
    let ratio = masses[0] * masses[3] / (masses[1] * masses[2]);
    assert!((ratio.ln() - 20.0).abs() < 1e-4, "{}", ratio.ln());
    assert!(
        apart(&plain_sinkhorn(&problem, 0.5, 2000), masses) > 1e-9,
        "the plain iteration has got there, too"
    );
}

struct Clouds {
    points: [Vec<f64>; 2],
    masses: [Vec<f64>; 2],
}

impl Clouds {
    fn random(sizes: [usize; 2], seed: u64) -> Self {
        let mut stream = Seed::new(seed).child("clouds", 0).stream();
        Self {
            points: sizes.map(|n| uniform(2 * n, &mut stream)),
            masses: sizes.map(|n| shares(uniform(n, &mut stream))),
        }
    }

    fn divergence(&self, [x, y]: [usize; 2], metric: Metric, epsilon: f64) -> f64 {
        let points = |side: usize| Points::new(&self.points[side], 2).unwrap();
        let cost = |x, y| PointCost::new(points(x), points(y), metric).unwrap();
        let costs = [&cost(x, y), &cost(x, x), &cost(y, y)];
        // A cloud against itself hardly couples its points when ε is small, which takes thousands of iterations.
        let options = Entropic { tolerance: 1e-10, ..options(epsilon) };
        let found = sinkhorn_divergence(costs, &self.masses[x], &self.masses[y], &options).unwrap();
        assert!(matches!(found.status, Status::Converged { .. }), "{:?}", found.status);
        found.value
    }
}

#[test]
fn the_divergence_is_zero_on_itself_positive_otherwise_and_symmetric() {
    for seed in 0..10 {
        let clouds = Clouds::random([12, 9], seed);
        for metric in [Metric::SquaredEuclidean, Metric::Euclidean] {
            for epsilon in [1.0, 0.1, 0.02] {
                let across = clouds.divergence([0, 1], metric, epsilon);
                let back = clouds.divergence([1, 0], metric, epsilon);
                // Two random clouds differ by far more than the tolerance of the iterations.
                assert!(across > 1e-5, "{seed} {epsilon}: {across}");
                assert!((across - back).abs() < 1e-9, "{seed} {epsilon}: {across} and {back}");
                for side in [0, 1] {
                    let own = clouds.divergence([side, side], metric, epsilon);
                    assert!((0.0..1e-9).contains(&own), "{seed} {epsilon}: {own} on itself");
                }
            }
        }
    }
}

#[test]
fn the_divergence_goes_to_the_exact_cost() {
    let clouds = Clouds::random([10, 11], 3);
    let points = [0, 1].map(|side| Points::new(&clouds.points[side], 2).unwrap());
    let cost = PointCost::new(points[0], points[1], Metric::SquaredEuclidean).unwrap();
    let best = exact(&cost, &clouds.masses[0], &clouds.masses[1]).unwrap().cost;
    let off = |epsilon| (clouds.divergence([0, 1], Metric::SquaredEuclidean, epsilon) - best).abs();
    assert!(off(0.001) < 0.002 && off(0.001) < 0.2 * off(0.1), "{} {}", off(0.001), off(0.1));
}

#[test]
fn a_divergence_between_other_shapes_is_refused() {
    let cost = [0.0; 6];
    let across = CostMatrix::new(&cost, 2, 3).unwrap();
    let own = CostMatrix::new(&cost[..4], 2, 2).unwrap();
    let found = sinkhorn_divergence([&across, &own, &own], &[0.5; 2], &[1.0 / 3.0; 3], &options(1.0));
    assert!(found.is_err(), "{} columns against two", across.cols());
}

/// Distances along the edges of a graph whose two halves are joined completely: `exp(−C/ε)` is not positive definite there.
#[test]
fn a_divergence_below_zero_is_given_as_it_is() {
    for n in [3usize, 4, 6] {
        let within = CostMatrixOwned::new(n, |i, j| if i == j { 0.0 } else { 2.0 });
        let across = CostMatrixOwned::new(n, |_, _| 1.0);
        let masses = vec![1.0 / n as f64; n];
        for epsilon in [1.0, 3.0, 10.0] {
            let costs = [&across.matrix(), &within.matrix(), &within.matrix()];
            let found = sinkhorn_divergence(costs, &masses, &masses, &options(epsilon)).unwrap();
            // All plans are uniform by symmetry: OT(a, b) = 1, and OT(a, a) = −ε ln((1 + (n − 1) e^(−2/ε)) / n).
            let own = -epsilon * ((1.0 + (n as f64 - 1.0) * (-2.0 / epsilon).exp()) / n as f64).ln();
            let expected = 1.0 - own;
            assert!((found.value - expected).abs() < 1e-8, "{n} {epsilon}: {} for {expected}", found.value);
            assert!(n < 4 || epsilon < 3.0 || found.value < -0.1, "{n} {epsilon}: {}", found.value);
        }
    }
    let three = CostMatrixOwned::new(3, |i, j| if i == j { 0.0 } else { 2.0 });
    let across = CostMatrixOwned::new(3, |_, _| 1.0);
    let costs = [&across.matrix(), &three.matrix(), &three.matrix()];
    let found = sinkhorn_divergence(costs, &[1.0 / 3.0; 3], &[1.0 / 3.0; 3], &options(3.0)).unwrap();
    assert!((found.value + 0.176_411_604_6).abs() < 1e-9, "{}", found.value);
}

struct CostMatrixOwned(Vec<f64>, usize);

impl CostMatrixOwned {
    fn new(n: usize, at: impl Fn(usize, usize) -> f64) -> Self {
        Self((0..n * n).map(|k| at(k / n, k % n)).collect(), n)
    }

    fn matrix(&self) -> CostMatrix<'_> {
        CostMatrix::new(&self.0, self.1, self.1).unwrap()
    }
}
