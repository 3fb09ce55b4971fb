//! Eight guests and five desserts: the published costs, to six digits.

use transport::{CostMatrix, Entropic, Status, exact, sinkhorn};

const GUESTS: [f64; 8] = [3.0, 3.0, 3.0, 4.0, 2.0, 2.0, 2.0, 1.0];
const DESSERTS: [f64; 5] = [4.0, 2.0, 6.0, 4.0, 4.0];
const LIKES: [[f64; 5]; 8] = [
    [2.0, 2.0, 1.0, 0.0, 0.0],
    [0.0, -2.0, -2.0, -2.0, 2.0],
    [1.0, 2.0, 2.0, 2.0, -1.0],
    [2.0, 1.0, 0.0, 1.0, -1.0],
    [0.5, 2.0, 2.0, 1.0, 0.0],
    [0.0, 1.0, 1.0, 1.0, -1.0],
    [-2.0, 2.0, 2.0, 1.0, 1.0],
    [2.0, 1.0, 2.0, 1.0, -1.0],
];

#[test]
fn desserts_cost_what_was_published() {
    let cost: Vec<f64> = LIKES.as_flattened().iter().map(|like| -like).collect();
    let cost = CostMatrix::new(&cost, 8, 5).unwrap();
    let plan = exact(&cost, &GUESTS, &DESSERTS).unwrap();
    assert_eq!(plan.cost, -36.0, "whole portions and costs: exact");
    assert!(plan.certificate.unwrap().holds(1e-15));
    // Published with lambda = 1/ε.
    for (lambda, published) in [(10.0, -35.994883), (1.0, -29.626499), (0.1, -13.990850)] {
        let options = Entropic { epsilon: 1.0 / lambda, tolerance: 1e-12, iterations: 100_000 };
        let plan = sinkhorn(&cost, &GUESTS, &DESSERTS, &options).unwrap();
        assert!((plan.cost - published).abs() < 1e-6, "lambda {lambda}: {} for {published}", plan.cost);
        assert!(matches!(plan.status, Status::Converged { .. }), "lambda {lambda}: {:?}", plan.status);
        assert!(plan.marginal_error(&GUESTS, &DESSERTS).unwrap() < 1e-10);
    }
}
