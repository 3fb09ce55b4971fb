//! From a plan to a map.

use tensor::Seed;
use transport::{Entry, Map, Mass, Metric, Plan, PointCost, Points, Status, exact, project};

use crate::problems::{apart, shares, uniform};

fn plan(mass: Mass, rows: usize, cols: usize) -> Plan {
    let dual = [vec![0.0; rows], vec![0.0; cols]];
    Plan { mass, rows, cols, cost: 0.0, dual, status: Status::Exact, certificate: None }
}

#[test]
fn a_source_goes_to_the_mean_of_its_targets() {
    let (x, y) = ([0.0, 1.0, 5.0], [10.0, 20.0]);
    let points = (Points::new(&x, 1).unwrap(), Points::new(&y, 1).unwrap());
    // 3 : 1 to both, all to the second, nothing.
    let dense = plan(Mass::Dense(vec![0.3, 0.1, 0.0, 0.6, 0.0, 0.0]), 3, 2);
    assert!(apart(&project(points.0, &dense, points.1).unwrap(), &[12.5, 20.0, 5.0]) < 1e-14);
    let map = Map::new(points.0, &dense, points.1).unwrap();
    // 0.2 follows the first source, 4.0 the second: the third, though nearer, has no mass.
    let mut moving = [0.0, 0.2, 4.0];
    map.apply(&mut moving).unwrap();
    assert!(apart(&moving, &[12.5, 12.7, 23.0]) < 1e-14, "{moving:?}");
}

#[test]
fn every_point_follows_its_nearest_source() {
    for dim in [1, 2, 3, 7] {
        let mut stream = Seed::new(4).child("nearest", dim as u64).stream();
        let n = 300;
        // Coordinates from a coarse grid: many sources coincide, and many points are equally near to several.
        let coarse = |values: Vec<f64>| values.iter().map(|x| (8.0 * x).floor() / 8.0).collect::<Vec<f64>>();
        let (x, y) = (coarse(uniform(n * dim, &mut stream)), uniform(n * dim, &mut stream));
        let mut points = coarse(uniform(500 * dim, &mut stream));
        points.extend(uniform(500 * dim, &mut stream).iter().map(|x| 3.0 * x - 1.0));
        let identity = (0..n).map(|i| Entry { row: i, col: i, mass: 1.0 }).collect();
        let ends = (Points::new(&x, dim).unwrap(), Points::new(&y, dim).unwrap());
        let map = Map::new(ends.0, &plan(Mass::Sparse(identity), n, n), ends.1).unwrap();
        let square = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - y) * (x - y)).sum::<f64>();
        let mut expected = points.clone();
        for point in expected.chunks_exact_mut(dim) {
            let nearer = |i: &usize, j: &usize| {
                square(point, ends.0.at(*i)).total_cmp(&square(point, ends.0.at(*j))).then(i.cmp(j))
            };
            let i = (0..n).min_by(nearer).unwrap();
            (0..dim).for_each(|k| point[k] += y[i * dim + k] - x[i * dim + k]);
        }
        let mut at_once = points.clone();
        map.apply(&mut at_once).unwrap();
        assert_eq!(at_once, expected, "{dim} dimensions");
        for chunk in points.chunks_mut(37 * dim) {
            map.apply(chunk).unwrap();
        }
        assert_eq!(points, expected, "{dim} dimensions, in chunks");
    }
}

#[test]
fn an_exact_plan_between_equal_samples_maps_one_onto_the_other() {
    let mut stream = Seed::new(6).stream();
    let (x, y) = (uniform(60, &mut stream), uniform(60, &mut stream));
    let points = [&x, &y].map(|values| Points::new(values, 3).unwrap());
    let cost = PointCost::new(points[0], points[1], Metric::SquaredEuclidean).unwrap();
    let plan = exact(&cost, &[0.05; 20], &[0.05; 20]).unwrap();
    let mut moved = x.clone();
    Map::new(points[0], &plan, points[1]).unwrap().apply(&mut moved).unwrap();
    let mut reached: Vec<&[f64]> = moved.chunks_exact(3).collect();
    let mut targets: Vec<&[f64]> = y.chunks_exact(3).collect();
    for points in [&mut reached, &mut targets] {
        points.sort_by(|x, y| x[0].total_cmp(&y[0]));
    }
    assert!(apart(&reached.concat(), &targets.concat()) < 1e-13);
}

#[test]
fn maps_refuse_what_does_not_fit() {
    let x = shares(vec![1.0; 6]);
    let (three, six) = (Points::new(&x, 2).unwrap(), Points::new(&x, 1).unwrap());
    let of = |rows: usize, cols: usize| plan(Mass::Dense(vec![0.1; rows * cols]), rows, cols);
    assert!(Map::new(three, &of(2, 3), three).is_err(), "more sources than rows");
    assert!(Map::new(three, &of(3, 6), six).is_err(), "other dimensions");
    assert!(Map::new(three, &plan(Mass::Sparse(Vec::new()), 3, 3), three).is_err(), "no mass");
    let map = Map::new(three, &of(3, 3), three).unwrap();
    assert!(map.apply(&mut [0.0; 5]).is_err(), "half a point");
    let mut unknown = [0.0, 0.0, f64::NAN, 0.0];
    assert!(map.apply(&mut unknown).is_err(), "no number");
    assert_eq!(unknown[..2], [0.0, 0.0], "nothing has moved");
}

/// Sources that lie at one place, in any number, are as good as the first of them.
#[test]
fn sources_at_one_place_are_the_first_of_them() {
    let mut stream = Seed::new(9).stream();
    for places in [1, 2, 5, 40] {
        let place: Vec<f64> = (0..3 * places).map(|_| stream.unit()).collect();
        let number: Vec<usize> = (0..600).map(|_| stream.below(places)).collect();
        let sources: Vec<f64> = number.iter().flat_map(|&k| place[3 * k..3 * k + 3].to_vec()).collect();
        let targets: Vec<f64> = (0..1800).map(|_| stream.unit()).collect();
        let [x, y] = [&sources, &targets].map(|values| Points::new(values, 3).unwrap());
        let cost = PointCost::new(x, y, Metric::SquaredEuclidean).unwrap();
        let plan = exact(&cost, &[1.0; 600], &[1.0; 600]).unwrap();
        let (map, images) = (Map::new(x, &plan, y).unwrap(), project(x, &plan, y).unwrap());
        let mut points: Vec<f64> = (0..900).map(|_| stream.unit()).collect();
        let before = points.clone();
        map.apply(&mut points).unwrap();
        for (moved, point) in points.chunks(3).zip(before.chunks(3)) {
            let off = |k: &usize| {
                let x = &sources[3 * k..3 * k + 3];
                x.iter().zip(point).map(|(x, p)| (x - p) * (x - p)).sum::<f64>()
            };
            let nearest = (0..600).min_by(|j, k| off(j).total_cmp(&off(k))).unwrap();
            for axis in 0..3 {
                let expected = point[axis] + (images[3 * nearest + axis] - sources[3 * nearest + axis]);
                assert!((moved[axis] - expected).abs() < 1e-12, "{places} places");
            }
        }
    }
}
