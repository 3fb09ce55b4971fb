//! The mean of images as distributions: a Wasserstein barycentre on the grid of their pixels.
//!
//! Gives the entropy of the barycentre in nats: the logarithm of how many pixels it is as good as spread over.

use std::error::Error;

use tensor::Seed;
use transport::{Entropic, Metric, PointCost, Points, barycentre};

pub fn run() -> Result<f64, Box<dyn Error>> {
    let drawn = datasets::standin::alphadigits(Seed::new(1), 5);
    let images = datasets::alphadigits::parse(&drawn, "drawn")?;
    let letters = images.to_matrix(&images.of_classes(&[10])); // pixels × images; class 10 is A
    let place = |pixel: usize| [(pixel / images.width) as f64, (pixel % images.width) as f64];
    let grid: Vec<f64> = (0..letters.rows()).flat_map(place).map(|x| x / 20.0).collect();
    let points = Points::new(&grid, 2)?;
    let cost = PointCost::new(points, points, Metric::SquaredEuclidean)?;
    let masses: Vec<Vec<f64>> = letters
        .columns()
        .map(|image| {
            let ink: f64 = image.iter().map(|&pixel| f64::from(pixel)).sum();
            image.iter().map(|&pixel| f64::from(pixel) / ink).collect()
        })
        .collect();
    let histograms: Vec<&[f64]> = masses.iter().map(Vec::as_slice).collect();
    let options = Entropic { iterations: 300, ..Entropic::new(0.002) };
    let mean = barycentre(&cost, &histograms, &vec![1.0; histograms.len()], &options)?;
    Ok(mean.masses.iter().filter(|&&mass| mass > 0.0).map(|mass| -mass * mass.ln()).sum())
}
