//! Costs of 1e32, the usual way to say "never".

use tensor::Seed;
use transport::{CostMatrix, certify, exact};

use crate::problems::{Problem, permutations, uniform};

const NEVER: f64 = 1e32;

#[test]
fn forbidden_arcs_do_not_blur_the_others() {
    for seed in 0..50 {
        let mut problem = Problem::random(20, 24, seed);
        let mut stream = Seed::new(seed).child("forbidden", 0).stream();
        let mut mild = problem.cost.clone();
        for (k, c) in mild.iter_mut().enumerate() {
            // The first row and the first column stay open, so that there always is a way.
            if k >= 24 && k % 24 > 0 && stream.unit() < 0.7 {
                *c = 1e4;
                problem.cost[k] = NEVER;
            }
        }
        // Half of all mass may leave by the first row and half arrive at the first column.
        for masses in [&mut problem.a, &mut problem.b] {
            let others: f64 = masses[1..].iter().sum();
            masses[1..].iter_mut().for_each(|m| *m *= 0.5 / others);
            masses[0] = 0.5;
        }
        let strict = exact(&problem.matrix(), &problem.a, &problem.b).unwrap();
        let gentle = exact(&CostMatrix::new(&mild, 20, 24).unwrap(), &problem.a, &problem.b).unwrap();
        assert!((strict.cost - gentle.cost).abs() < 1e-13, "{seed}: {} for {}", strict.cost, gentle.cost);
        // The proof is as sharp as if the huge costs were not there.
        let certificate = certify(&problem.matrix(), &problem.a, &problem.b, &strict).unwrap();
        let worst = certificate.infeasibility.max(certificate.slackness).max(certificate.gap);
        assert!(worst < 1e-11, "{seed}: {certificate:?}");
    }
}

#[test]
fn a_forbidden_arc_is_used_only_if_it_must_be_and_the_rest_is_still_optimal() {
    let n = 6;
    let orders = permutations(n);
    let mut forced = 0;
    for seed in 0..60 {
        let mut stream = Seed::new(seed).child("forced", 0).stream();
        let cost: Vec<f64> = uniform(n * n, &mut stream)
            .into_iter()
            .map(|c| if stream.unit() < 0.65 { NEVER } else { c })
            .collect();
        let worth = |order: &Vec<usize>| {
            let costs = order.iter().enumerate().map(|(i, j)| cost[i * n + j]);
            let (never, fine): (Vec<f64>, Vec<f64>) = costs.partition(|c| *c == NEVER);
            (never.len(), fine.iter().sum::<f64>())
        };
        let least =
            |x: (usize, f64), y: (usize, f64)| if x.0 < y.0 || (x.0 == y.0 && x.1 < y.1) { x } else { y };
        let best = orders.iter().map(worth).fold((usize::MAX, f64::INFINITY), least);
        let plan = exact(&CostMatrix::new(&cost, n, n).unwrap(), &[1.0; 6], &[1.0; 6]).unwrap();
        let mut order = vec![0; n];
        plan.for_each(|entry| order[entry.row] = entry.col);
        let found = worth(&order);
        assert_eq!(found.0, best.0, "{seed}: forbidden arcs");
        assert!((found.1 - best.1).abs() < 1e-12, "{seed}: {found:?} for {best:?}");
        forced += usize::from(best.0 > 0);
    }
    assert!(forced > 10 && forced < 50, "{forced} of 60 problems need a forbidden arc");
}
