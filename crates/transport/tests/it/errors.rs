//! Problems that make no sense are errors that say why.

use tensor::Seed;
use transport::{
    Cloud, Cost, CostMatrix, Entropic, Metric, PointCost, Points, Side, Sliced, TransportError, exact,
    quantile_coupling, sinkhorn, sliced_wasserstein, unbalanced,
};

/// Two sources, three targets.
const COST: [f64; 6] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];

fn cost() -> CostMatrix<'static> {
    CostMatrix::new(&COST, 2, 3).unwrap()
}

/// What every solver says.
fn refusals(a: &[f64], b: &[f64]) -> Vec<TransportError> {
    let options = Entropic::new(1.0);
    let cost = cost();
    vec![exact(&cost, a, b).unwrap_err(), sinkhorn(&cost, a, b, &options).unwrap_err()]
}

#[test]
fn masses_that_are_none_are_named() {
    for value in [-1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for error in refusals(&[1.0, value], &[1.0, 0.0, 0.0]) {
            let TransportError::Mass { side: Side::Source, index: 1, .. } = error else {
                panic!("{error:?}")
            };
            assert!(error.to_string().contains(&format!("mass 1 of the source is {value}")), "{error}");
        }
        let side =
            unbalanced(&cost(), &[1.0, 1.0], &[0.0, 0.0, value], 1.0, &Entropic::new(1.0)).unwrap_err();
        assert!(matches!(side, TransportError::Mass { side: Side::Target, index: 2, .. }), "{side:?}");
    }
    for error in refusals(&[0.0, 0.0], &[0.0, 0.0, 0.0]) {
        assert_eq!(error, TransportError::Total { side: Side::Source, total: 0.0 });
    }
    for error in refusals(&[f64::MAX, f64::MAX], &[1.0; 3]) {
        assert!(matches!(error, TransportError::Total { side: Side::Source, .. }), "{error:?}");
    }
}

#[test]
fn different_totals_are_both_named() {
    for error in refusals(&[1.0, 2.0], &[1.0, 2.0, 0.5]) {
        assert_eq!(error, TransportError::Unbalanced { source: 3.0, target: 3.5 });
        let text = error.to_string();
        assert!(text.contains("holds 3 ") && text.contains("3.5") && text.contains("asked for"), "{text}");
    }
    assert!(unbalanced(&cost(), &[1.0, 2.0], &[1.0, 2.0, 0.5], 1.0, &Entropic::new(1.0)).is_ok());
}

#[test]
fn lengths_and_empty_sides_are_named() {
    for error in refusals(&[1.0; 3], &[1.0; 3]) {
        assert_eq!(error, TransportError::Shape { what: "source masses", expected: 2, found: 3 });
    }
    for error in refusals(&[1.0; 2], &[1.0; 2]) {
        assert_eq!(error, TransportError::Shape { what: "target masses", expected: 3, found: 2 });
    }
    let of = |values: &[f64], rows, cols| CostMatrix::new(values, rows, cols).map(|_| ()).unwrap_err();
    assert_eq!(of(&[], 0, 3), TransportError::Empty(Side::Source));
    assert_eq!(of(&[], 3, 0), TransportError::Empty(Side::Target));
    let shape = |expected, found| TransportError::Shape { what: "cost matrix", expected, found };
    assert_eq!(of(&COST, 2, 2), shape(4, 6));
    assert_eq!(of(&COST, usize::MAX, 2), shape(usize::MAX, 6));
}

#[test]
fn costs_that_are_none_are_named() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut values = COST;
        values[4] = value;
        let error = CostMatrix::new(&values, 2, 3).map(|_| ()).unwrap_err();
        assert!(matches!(error, TransportError::Cost { row: 1, col: 1, .. }), "{error:?}");
        assert!(Points::new(&values, 2).is_err());
    }
    // A distance that overflows.
    let (x, y) = ([0.0, 1e200], [0.0, 0.0]);
    let points = [&x, &y].map(|values| Points::new(values, 1).unwrap());
    let error = PointCost::new(points[0], points[1], Metric::SquaredEuclidean).map(|_| ()).unwrap_err();
    assert!(matches!(error, TransportError::Cost { row: 1, col: 0, .. }), "{error:?}");
    assert!(PointCost::new(points[0], Points::new(&y, 2).unwrap(), Metric::Euclidean).is_err(), "dimensions");
    assert!(Points::new(&[], 0).is_err() && Points::new(&[1.0; 3], 2).is_err());
    let empty = Points::new(&[], 1).unwrap();
    let error = PointCost::new(points[0], empty, Metric::Euclidean).map(|_| ()).unwrap_err();
    assert_eq!(error, TransportError::Empty(Side::Target));
}

/// A cost of somebody else's making.
struct Odd(f64);

impl Cost for Odd {
    fn rows(&self) -> usize {
        2
    }

    fn cols(&self) -> usize {
        3
    }

    fn at(&self, _: usize, _: usize) -> f64 {
        self.0
    }

    fn row<'a>(&'a self, row: usize, buffer: &'a mut [f64]) -> &'a [f64] {
        buffer.fill(self.0);
        if self.0 == 0.0 && row == 1 { &buffer[1..] } else { buffer }
    }
}

#[test]
fn costs_of_others_are_looked_at() {
    let (a, b) = ([1.5; 2], [1.0; 3]);
    let error = exact(&Odd(f64::NAN), &a, &b).unwrap_err();
    assert!(matches!(error, TransportError::Cost { row: 0, col: 0, .. }), "{error:?}");
    let error = sinkhorn(&Odd(f64::INFINITY), &a, &b, &Entropic::new(1.0)).unwrap_err();
    assert!(matches!(error, TransportError::Cost { row: 0, col: 0, .. }), "{error:?}");
    let error = exact(&Odd(0.0), &a, &b).unwrap_err();
    assert_eq!(error, TransportError::Shape { what: "row of the cost", expected: 3, found: 2 });
    // Large, and too large for sums of them.
    assert!(exact(&Odd(1e305), &a, &b).unwrap().certificate.unwrap().holds(1e-10));
    let error = exact(&Odd(-f64::MAX), &a, &b).unwrap_err();
    assert!(matches!(error, TransportError::Cost { row: 0, col: 0, .. }), "{error:?}");
}

#[test]
fn parameters_outside_their_range_are_named() {
    let (a, b) = ([1.5; 2], [1.0; 3]);
    for epsilon in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-310] {
        let options = Entropic::new(epsilon);
        for error in [
            sinkhorn(&cost(), &a, &b, &options).unwrap_err(),
            unbalanced(&cost(), &a, &b, 1.0, &options).unwrap_err(),
        ] {
            assert!(matches!(error, TransportError::Parameter { what: "epsilon", .. }), "{error:?}");
            let text = error.to_string();
            let value = if epsilon == 1e-310 { "1e-310".to_owned() } else { epsilon.to_string() };
            assert!(text.contains(&format!("epsilon is {value}, ")), "{error}");
            assert!(text.contains("expected a number of at least 1e-13 of the largest cost"), "{error}");
        }
    }
    // Costs of 5 divided by this have no digits left.
    assert!(sinkhorn(&cost(), &a, &b, &Entropic::new(1e-13)).is_err());
    assert!(unbalanced(&cost(), &a, &b, 1.0, &Entropic::new(1e-13)).is_err());
    let error = unbalanced(&cost(), &a, &b, 0.0, &Entropic::new(1.0)).unwrap_err();
    assert_eq!(error, TransportError::Parameter { what: "penalty", value: 0.0 });
}

/// Five masses of a fifth, in single precision.
#[test]
fn masses_that_differ_by_single_precision_are_refused_with_what_to_do() {
    let single = [f64::from(0.2f32); 5];
    let cost = CostMatrix::new(&[1.0; 25], 5, 5).unwrap();
    let text = exact(&cost, &single, &[0.2; 5]).unwrap_err().to_string();
    assert!(
        text.contains("1.5e-8 apart") && text.contains("divide the masses of each side by their total"),
        "{text}"
    );
    let divide = |masses: [f64; 5]| masses.map(|m| m / masses.iter().sum::<f64>());
    assert!(exact(&cost, &divide(single), &divide([0.2; 5])).is_ok());
}

#[test]
fn errors_have_short_numbers() {
    let cost = [1e308, -1e308, 0.0, 0.0, 0.0, 0.0];
    let errors = [
        exact(&CostMatrix::new(&cost, 2, 3).unwrap(), &[1.5; 2], &[1.0; 3]).unwrap_err(),
        refusals(&[1e308, 1e300], &[1.0, 1.0, 1e-300]).remove(0),
        unbalanced(
            &CostMatrix::new(&COST, 2, 3).unwrap(),
            &[1.5; 2],
            &[1.0; 3],
            -1e-308,
            &Entropic::new(1.0),
        )
        .unwrap_err(),
    ];
    for error in errors {
        assert!(error.to_string().len() < 260, "{error}");
    }
}

/// The same check, whichever solver meets the numbers.
#[test]
fn distances_that_overflow_are_refused_by_all_that_compute_them() {
    let (x, y) = ([1e155, 0.0, -1e155, 3.0], [-1e155, 1.0, 1e155, 2.0]);
    let clouds =
        [&x, &y].map(|values| Cloud { points: Points::new(values, 2).unwrap(), masses: &[0.5, 0.5] });
    let options = |power| Sliced { directions: 5, power, seed: Seed::new(1) };
    for power in [2.0, 2.5, 7.0] {
        let error = sliced_wasserstein(clouds[0], clouds[1], &options(power)).unwrap_err();
        assert!(matches!(error, TransportError::Cost { .. }), "{power}: {error:?}");
        let error = quantile_coupling(&x[..2], &[0.5; 2], &y[..2], &[0.5; 2], power).unwrap_err();
        assert!(matches!(error, TransportError::Cost { .. }), "{power}: {error:?}");
    }
    assert!(sliced_wasserstein(clouds[0], clouds[1], &options(1.0)).unwrap().is_finite());
    // Each distance is a number, their sum is none.
    let (x, a) = ([0.0, 1.0], [2.0, 2.0]);
    let error = quantile_coupling(&x, &a, &[1e308, 1.1e308], &a, 1.0).unwrap_err();
    assert!(matches!(error, TransportError::Cost { .. }), "{error:?}");
}
