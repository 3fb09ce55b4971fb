//! Solvers that are asked to stop do so at once, and asking changes nothing.

use std::cell::Cell;

use transport::{
    Entropic, TransportError, barycentre, barycentre_until, exact, exact_until, sinkhorn, sinkhorn_until,
};

use crate::problems::Problem;

/// Answers `solve` for "never", and how often it asked; then stops it at the first, the middle and the last question.
fn stopped<T: std::fmt::Debug>(solve: impl Fn(&dyn Fn() -> bool) -> Result<T, TransportError>) -> (T, usize) {
    let asked = Cell::new(0);
    let at = |last: usize| {
        asked.set(0);
        solve(&|| {
            asked.set(asked.get() + 1);
            asked.get() >= last
        })
    };
    let whole = at(usize::MAX).unwrap();
    let questions = asked.get();
    for last in [1, questions.div_ceil(2), questions] {
        assert_eq!(at(last).unwrap_err(), TransportError::Stopped);
        assert_eq!(asked.get(), last, "no question after the answer");
    }
    (whole, questions)
}

#[test]
fn a_solver_stops_when_asked_and_gives_the_same_bits_when_not() {
    let problem = Problem::squared(60, 50, 1);
    let (cost, a, b) = (problem.matrix(), &problem.a, &problem.b);
    let (plan, questions) = stopped(|stop| exact_until(&cost, a, b, stop));
    assert_eq!(plan, exact(&cost, a, b).unwrap());
    assert!(questions > 60, "every row of a sweep, at least: {questions}");

    let options = Entropic { epsilon: 0.01, tolerance: 1e-6, iterations: 30 };
    let (plan, questions) = stopped(|stop| sinkhorn_until(&cost, a, b, &options, stop));
    assert_eq!(plan, sinkhorn(&cost, a, b, &options).unwrap());
    assert!(questions > 5, "every iteration: {questions}");

    let options = Entropic { tolerance: 1e-300, ..options };
    let histograms = [&b[..], &b[..]];
    let (mean, questions) = stopped(|stop| barycentre_until(&cost, &histograms, &[1.0, 2.0], &options, stop));
    assert_eq!(mean, barycentre(&cost, &histograms, &[1.0, 2.0], &options).unwrap());
    assert_eq!(questions, 2 * options.iterations);
}
