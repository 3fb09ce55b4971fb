//! Many points on one side and few on the other: proven, the same both ways round, and forced where one side is one point.

use tensor::{Seed, Stream};
use transport::{CostMatrix, Entry, Mass, exact};

use crate::problems::{Problem, assert_marginals, shares, uniform};

/// Costs that are all different, nothing but ties, all equal, or equal within each row.
fn costs(style: usize, [rows, cols]: [usize; 2], stream: &mut Stream) -> Vec<f64> {
    match style {
        0 => uniform(rows * cols, stream),
        1 => (0..rows * cols).map(|_| stream.below(3) as f64).collect(),
        2 => vec![2.5; rows * cols],
        _ => uniform(rows, stream).into_iter().flat_map(|c| vec![c; cols]).collect(),
    }
}

fn transposed(problem: &Problem) -> Problem {
    let (rows, cols) = (problem.a.len(), problem.b.len());
    let at = |k: usize| problem.cost[(k % rows) * cols + k / rows];
    Problem { cost: (0..rows * cols).map(at).collect(), a: problem.b.clone(), b: problem.a.clone() }
}

#[test]
fn thin_problems_are_proven_and_cost_the_same_both_ways_round() {
    for (case, sides) in [[900, 2], [700, 5], [400, 13], [300, 40]].into_iter().enumerate() {
        for style in 0..8 {
            let mut stream = Seed::new(11).child("thin", (8 * case + style) as u64).stream();
            let cost = costs(style / 2, sides, &mut stream);
            let [mut a, mut b] = sides.map(|n| shares(uniform(n, &mut stream)));
            if style % 2 == 1 {
                [a, b] = sides.map(|n| vec![1.0 / n as f64; n]);
            }
            let problem = Problem { cost, a, b };
            let mut paid = [0.0; 2];
            for (paid, problem) in paid.iter_mut().zip([&problem, &transposed(&problem)]) {
                let (what, n) = (format!("{sides:?}, style {style}"), problem.a.len() + problem.b.len());
                let plan = exact(&problem.matrix(), &problem.a, &problem.b).unwrap();
                assert!(plan.certificate.unwrap().holds(1e-10), "{what}: {:?}", plan.certificate);
                assert_marginals(&plan, &problem.a, &problem.b, &what);
                let Mass::Sparse(entries) = &plan.mass else { panic!("an exact plan is sparse") };
                assert!(entries.len() < n, "{what}: a vertex, with {} entries", entries.len());
                *paid = plan.cost;
            }
            assert!(
                (paid[0] - paid[1]).abs() <= 1e-12 * problem.most(),
                "{sides:?}, style {style}: {paid:?}"
            );
        }
    }
}

#[test]
fn a_single_source_sends_to_each_target_what_it_asks_for() {
    for style in 0..4 {
        let mut stream = Seed::new(12).child("single", style as u64).stream();
        let (cost, mut b) = (costs(style, [1, 50], &mut stream), uniform(50, &mut stream));
        // Masses that are zero, tiny, or huge beside the others.
        (b[3], b[4], b[5]) = (0.0, 1e-300, 1e9);
        let a = [b.iter().sum()];
        let plan = exact(&CostMatrix::new(&cost, 1, 50).unwrap(), &a, &b).unwrap();
        let sent = |(col, &mass): (usize, &f64)| Entry { row: 0, col, mass };
        let all: Vec<Entry> = b.iter().enumerate().filter(|(_, b)| **b > 0.0).map(sent).collect();
        let Mass::Sparse(entries) = &plan.mass else { panic!("an exact plan is sparse") };
        for (found, wanted) in entries.iter().zip(&all) {
            assert_eq!((found.row, found.col), (wanted.row, wanted.col), "style {style}");
            // The totals of both sides are made equal, which may take a rounding.
            assert!((found.mass - wanted.mass).abs() <= 1e-15 * wanted.mass, "{found:?} for {wanted:?}");
        }
        assert_eq!(entries.len(), all.len(), "style {style}");
        assert!(plan.certificate.unwrap().holds(1e-12), "style {style}: {:?}", plan.certificate);
    }
}
