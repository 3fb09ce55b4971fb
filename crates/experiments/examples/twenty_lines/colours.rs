//! Colours of one picture moved to those of another, by the exact plan and by Sinkhorn's.
//!
//! Gives how far the two results are apart, as a share of what the transfer changes.

use std::error::Error;

use tensor::Seed;
use transport::{Entropic, Map, Metric, PointCost, Points, exact, sinkhorn};

pub fn run() -> Result<f64, Box<dyn Error>> {
    let mut noise = Seed::new(1).stream();
    let mut colours = |shift: f64| -> Vec<f64> {
        let start = [shift, 0.2, 0.2]; // of red, green and blue
        (0..200 * 3).map(|i| start[i % 3] + 0.5 * noise.unit()).collect()
    };
    let (green, orange) = (colours(0.0), colours(0.5)); // pixel by pixel: red, green, blue
    let (from, to) = (Points::new(&green, 3)?, Points::new(&orange, 3)?);
    let cost = PointCost::new(from, to, Metric::SquaredEuclidean)?;
    let masses = vec![1.0 / 200.0; 200];
    let best = exact(&cost, &masses, &masses)?;
    let blurred = sinkhorn(&cost, &masses, &masses, &Entropic::new(0.01))?;
    let mut moved = Vec::new();
    for plan in [&best, &blurred] {
        let mut picture = green.clone(); // may have many more pixels than the plan has points
        Map::new(from, plan, to)?.apply(&mut picture)?;
        moved.push(picture);
    }
    let distance = |a: &[f64], b: &[f64]| {
        let squares = a.iter().zip(b).map(|(a, b)| (a - b).powi(2));
        squares.sum::<f64>().sqrt()
    };
    Ok(distance(&moved[0], &moved[1]) / distance(&moved[0], &green))
}
