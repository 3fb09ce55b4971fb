//! Small costs beside huge ones: what flows is optimal in its own last digits.

use tensor::{Seed, Stream};
use transport::{CostMatrix, Mass, Metric, PointCost, Points, certify, exact};

use crate::problems::{between, permutations, shares, uniform};

/// The least cost of an assignment and the least cost found, both in whole numbers.
fn in_whole_numbers(cost: &[f64], n: usize, what: &str) -> (i128, i128) {
    let whole = |i: usize, j: usize| cost[i * n + j] as i128;
    let worth = |order: &Vec<usize>| order.iter().enumerate().map(|(i, j)| whole(i, *j)).sum::<i128>();
    let least = permutations(n).iter().map(worth).min().unwrap();
    let matrix = CostMatrix::new(cost, n, n).unwrap();
    let plan = exact(&matrix, &vec![1.0; n], &vec![1.0; n]).unwrap();
    let certificate = certify(&matrix, &vec![1.0; n], &vec![1.0; n], &plan).unwrap();
    assert!(certificate.holds(1e-10), "{what}: {certificate:?}");
    let Mass::Sparse(entries) = &plan.mass else { panic!("an exact plan is sparse") };
    (least, entries.iter().map(|entry| whole(entry.row, entry.col)).sum())
}

fn points(x: &[f64], y: &[f64]) -> Vec<f64> {
    between(x, y, 1, Metric::SquaredEuclidean)
}

#[test]
fn clusters_far_apart_are_matched_to_the_unit() {
    let x = [832_796.0, 95.0, 3.0, 4.0, 42_746_424.0, 12_855.0];
    let y = [832_793.0, 95.0, 3.0, 2.0, 42_746_421.0, 12_853.0];
    assert_eq!(in_whole_numbers(&points(&x, &y), 6, "six points"), (24, 24));
    // The plan that was found before, with potentials that prove the better one: it is not proven by them.
    let cost = points(&x, &y);
    let matrix = CostMatrix::new(&cost, 6, 6).unwrap();
    let mut worse = exact(&matrix, &[1.0; 6], &[1.0; 6]).unwrap();
    let Mass::Sparse(entries) = &mut worse.mass else { panic!("an exact plan is sparse") };
    let (second, third) = (entries[2].col, entries[3].col);
    (entries[2].col, entries[3].col) = (third, second);
    assert!(!certify(&matrix, &[1.0; 6], &[1.0; 6], &worse).unwrap().holds(1e-10));
    for seed in 0..200 {
        let mut stream = Seed::new(seed).child("clusters", 0).stream();
        // Squares up to 2⁵², so that all costs are whole numbers.
        let centre = |stream: &mut Stream| (2f64.powf(25.9 * stream.unit())).floor();
        let centres = [0, 1, 2].map(|_| centre(&mut stream));
        let mut side = |k: usize| centres[k % 3] + stream.below(9) as f64;
        let (x, y): (Vec<f64>, Vec<f64>) = (0..6).map(|k| (side(k), side(k))).unzip();
        let (least, found) = in_whole_numbers(&points(&x, &y), 6, &format!("seed {seed}"));
        assert_eq!(found, least, "seed {seed}: {x:?} {y:?}");
    }
}

#[test]
fn a_constant_under_all_costs_and_an_arc_that_must_be_paid_change_no_choice() {
    for seed in 0..200 {
        let mut stream = Seed::new(seed).child("raised", 0).stream();
        let small: Vec<f64> = (0..36).map(|_| stream.below(9) as f64).collect();
        for raised in [1e9, 1e13, 1e15, -1e15] {
            let cost: Vec<f64> = small.iter().map(|c| c + raised).collect();
            let (least, found) = in_whole_numbers(&cost, 6, &format!("seed {seed}, {raised:e} more"));
            assert_eq!(found, least, "seed {seed}, {raised:e} more");
        }
        // Only the first row is dear, and must be paid.
        for dear in [1e9, 1e13, 1e15, -1e13, -1e15] {
            let cost: Vec<f64> =
                small.iter().enumerate().map(|(k, c)| if k < 6 { c + dear } else { *c }).collect();
            let (least, found) = in_whole_numbers(&cost, 6, &format!("seed {seed}, one row of {dear:e}"));
            assert_eq!(found, least, "seed {seed}, one row of {dear:e}");
        }
    }
}

/// Two clouds and their copies far away: each copy is transported as the original is.
#[test]
fn a_far_copy_costs_what_the_original_costs() {
    for (far, seed) in [(1e3, 0), (1e5, 1), (1e7, 2)] {
        let mut stream = Seed::new(seed).child("copies", 0).stream();
        let (x, y) = (uniform(40, &mut stream), uniform(40, &mut stream));
        let copied = |x: &[f64]| -> Vec<f64> { x.iter().copied().chain(x.iter().map(|x| x + far)).collect() };
        // Whole masses: nothing is left over that would have to go from the originals to the copies.
        let a: Vec<f64> = (0..40).map(|k| 1.0 + f64::from(k % 2)).collect();
        let b = vec![1.5; 40];
        let [twice, both] = [&a, &b].map(|masses| [&masses[..], &masses[..]].concat());
        let plan = |x: &[f64], y: &[f64], a: &[f64], b: &[f64]| {
            let points = [x, y].map(|values| Points::new(values, 1).unwrap());
            let cost = PointCost::new(points[0], points[1], Metric::SquaredEuclidean).unwrap();
            exact(&cost, a, b).unwrap()
        };
        let (one, two) = (plan(&x, &y, &a, &b), plan(&copied(&x), &copied(&y), &twice, &both));
        // The copy's coordinates are rounded to 2⁻⁵³ of their distance.
        let rounding = 60.0 * far * f64::EPSILON * 4.0;
        assert!((two.cost - 2.0 * one.cost).abs() < rounding + 1e-12, "{far}: {} {}", two.cost, one.cost);
        assert!(two.certificate.unwrap().holds(1e-10), "{far}: {:?}", two.certificate);
    }
}

#[test]
fn a_cloud_and_itself_cost_nothing_and_that_is_proven() {
    for far in [1.0, 1e9, 1e150] {
        let mut stream = Seed::new(5).stream();
        let x: Vec<f64> = uniform(60, &mut stream).iter().map(|x| x * far).collect();
        let points = Points::new(&x, 2).unwrap();
        let cost = PointCost::new(points, points, Metric::SquaredEuclidean).unwrap();
        let masses = shares(uniform(30, &mut stream));
        let plan = exact(&cost, &masses, &masses).unwrap();
        assert_eq!(plan.cost, 0.0);
        assert!(plan.certificate.unwrap().holds(1e-10), "{far}: {:?}", plan.certificate);
    }
}
