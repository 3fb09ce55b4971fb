//! Optima that another program found.
//!
//! `tests/fixtures/linear_programs.txt` holds problems: a line `name rows cols optimum`, a line of source masses, one of target
//! masses, and the cost, row by row. The masses are whole numbers, the costs have at most one decimal; they were drawn
//! with NumPy's `default_rng(20)` and solved with SciPy 1.17's `linprog(method="highs-ds")` on the full equality constraints
//! (one row for each mass), with primal and dual feasibility tolerances of 1e-10.

use transport::{CostMatrix, certify, exact};

use crate::problems::assert_marginals;

const PROBLEMS: &str = include_str!("../fixtures/linear_programs.txt");

fn numbers(line: &str) -> Vec<f64> {
    line.split_whitespace().map(|word| word.parse().unwrap()).collect()
}

#[test]
fn an_independent_linear_program_finds_the_same_optimum() {
    let mut seen = 0;
    for block in PROBLEMS.split("\n\n") {
        let mut lines = block.lines();
        let head: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
        let [rows, cols] = [1, 2].map(|k: usize| head[k].parse::<usize>().unwrap());
        let optimum: f64 = head[3].parse().unwrap();
        let (a, b) = (numbers(lines.next().unwrap()), numbers(lines.next().unwrap()));
        let values: Vec<f64> = lines.flat_map(numbers).collect();
        let cost = CostMatrix::new(&values, rows, cols).unwrap();
        let plan = exact(&cost, &a, &b).unwrap();
        // Both sums have about a dozen significant digits.
        let gap = (plan.cost - optimum).abs();
        assert!(gap <= 1e-11 * optimum.abs().max(1.0), "{}: {} for {optimum}", head[0], plan.cost);
        assert!(certify(&cost, &a, &b, &plan).unwrap().holds(1e-12), "{}: {:?}", head[0], plan.certificate);
        assert_marginals(&plan, &a, &b, head[0]);
        plan.for_each(|entry| assert_eq!(entry.mass.fract(), 0.0, "{}: whole masses", head[0]));
        seen += 1;
    }
    assert_eq!(seen, 12);
}
