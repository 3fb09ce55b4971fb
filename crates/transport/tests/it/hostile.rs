//! Whatever the numbers: an answer or an error, never a panic and never an endless loop.

use proptest::prelude::*;
use tensor::Seed;
use transport::{
    Cloud, CostMatrix, Entropic, Map, Metric, PointCost, Points, Sliced, TransportError, barycentre, exact,
    free_barycentre, quantile_coupling, sinkhorn, sinkhorn_divergence, sliced_wasserstein, unbalanced,
};

/// Ordinary numbers, extreme ones, and any bits at all.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        20 => 0.0..1.0f64,
        10 => (0u8..4).prop_map(f64::from),
        10 => (-300i32..300).prop_map(|e| 10f64.powi(e)),
        4 => any::<f64>(),
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY)],
    ]
}

/// Masses that are at least finite and not negative: scaled to the total 1, if that is possible.
fn shares(masses: &[f64]) -> Vec<f64> {
    let held: Vec<f64> =
        masses.iter().map(|m| if m.is_finite() { m.abs().min(1e300) } else { 0.0 }).collect();
    let sum: f64 = held.iter().sum();
    held.iter().map(|m| m / sum).collect()
}

fn try_all(cost: &[f64], a: &[f64], b: &[f64], epsilon: f64) -> Result<(), TransportError> {
    let (rows, cols) = (a.len(), b.len());
    let options = Entropic { epsilon, tolerance: 1e-6, iterations: 50 };
    let matrix = CostMatrix::new(cost, rows, cols)?;
    let (plan, soft) = (exact(&matrix, a, b), sinkhorn(&matrix, a, b, &options));
    if let Ok(plan) = &plan {
        let certificate = plan.certificate.expect("exact plans carry one");
        // Costs times masses may overflow; nothing else may go wrong.
        assert!(certificate.holds(1e-9) || certificate.scale >= 1e290, "{certificate:?}");
    }
    if let Ok(soft) = &soft {
        let [sums, _] = soft.marginals();
        let off: f64 = sums.iter().zip(a).map(|(s, a)| (s - a).abs()).sum();
        assert!(off <= 1e-9 * a.iter().sum::<f64>(), "rows are off by {off}");
    }
    let _ = unbalanced(&matrix, a, b, 1.0, &options);
    let _ = barycentre(&matrix, &[b, b], &[1.0, 0.5], &options);
    Ok(())
}

fn try_points(x: &[f64], a: &[f64], y: &[f64], b: &[f64], epsilon: f64) -> Result<(), TransportError> {
    let _ = quantile_coupling(x, a, y, b, 2.0);
    let (px, py) = (Points::new(x, 1)?, Points::new(y, 1)?);
    let clouds = [Cloud { points: px, masses: a }, Cloud { points: py, masses: b }];
    let _ =
        sliced_wasserstein(clouds[0], clouds[1], &Sliced { directions: 2, power: 1.5, seed: Seed::new(0) });
    let _ = free_barycentre(&clouds, &[1.0, 1.0], clouds[0], 3);
    let cost = PointCost::new(px, py, Metric::SquaredEuclidean)?;
    let own = PointCost::new(px, px, Metric::SquaredEuclidean)?;
    let other = PointCost::new(py, py, Metric::SquaredEuclidean)?;
    let options = Entropic { epsilon, tolerance: 1e-6, iterations: 50 };
    let _ = sinkhorn_divergence([&cost, &own, &other], a, b, &options);
    let plan = exact(&cost, a, b)?;
    Map::new(px, &plan, py)?.apply(&mut x.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_numbers_give_an_answer_or_an_error(
        a in prop::collection::vec(number(), 1..6),
        b in prop::collection::vec(number(), 1..6),
        cost in prop::collection::vec(number(), 25),
        epsilon in number(),
    ) {
        let cost = &cost[..a.len() * b.len()];
        let _ = try_all(cost, &a, &b, epsilon);
        let _ = try_all(cost, &shares(&a), &shares(&b), epsilon);
        let (x, y) = (&cost[..a.len()], &cost[cost.len() - b.len()..]);
        let _ = try_points(x, &a, y, &b, epsilon);
        let _ = try_points(x, &shares(&a), y, &shares(&b), epsilon);
    }
}
