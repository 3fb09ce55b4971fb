//! Optimal transport: the problems that POT's peer solves, made alike from our own seeds, and the time ours take.
//!
//! Everything runs on one thread and begins with points, as a caller has them: computing costs is part of every time.
//! Exact plans (`emd`) come with their certificate, for as many sources as targets and for few of one and many of the other. Entropic ones (`sinkhorn`) have a regularisation in shares of the
//! largest cost, the tolerance 1e-9 and at most 1000 iterations; there is one solver of ours under the names of both of
//! POT's. `transfer` fits a map on 1000 colours of each picture, and moves 100 000 pixels by it.

use anyhow::Result;
use tensor::{Seed, Stream};
use transport::{Cost, Entropic, Map, Metric, Plan, PointCost, Points, exact, sinkhorn};

use crate::options::{Options, Report};
use crate::timing::{Measure, Measurement, measure};

/// Case, metric and variant of every workload, in the peer's words.
pub const PLANS: [(&str, &str, &str); 21] = [
    ("emd", "sqeuclid-3d-n500", "network-simplex"),
    ("emd", "sqeuclid-3d-n1000", "network-simplex"),
    ("emd", "sqeuclid-3d-n2000", "network-simplex"),
    ("emd", "sqeuclid-3d-n4000", "network-simplex"),
    ("emd", "sqeuclid-3d-1x40000", "network-simplex"),
    ("emd", "sqeuclid-3d-40000x1", "network-simplex"),
    ("emd", "sqeuclid-3d-40000x5", "network-simplex"),
    ("emd", "sqeuclid-3d-5x40000", "network-simplex"),
    ("emd", "sqeuclid-3d-20000x50", "network-simplex"),
    ("emd", "sqeuclid-3d-50x20000", "network-simplex"),
    ("emd", "sqeuclid-3d-10000x1000", "network-simplex"),
    ("sinkhorn", "reg0.1-n1000", "sinkhorn"),
    ("sinkhorn", "reg0.1-n1000", "sinkhorn_log"),
    ("sinkhorn", "reg0.002-n1000", "sinkhorn"),
    ("sinkhorn", "reg0.1-n2000", "sinkhorn"),
    ("sinkhorn", "reg0.1-n2000", "sinkhorn_log"),
    ("sinkhorn", "reg0.002-n2000", "sinkhorn"),
    ("transfer", "fit-1000", MAPS[0]),
    ("transfer", "transform-100000", MAPS[0]),
    ("transfer", "fit-1000", MAPS[1]),
    ("transfer", "transform-100000", MAPS[1]),
];

/// The variants of the case `transfer`.
pub const MAPS: [&str; 2] = ["emd", "sinkhorn-reg0.1"];

/// Pixels of the pictures whose colours are moved, and colours of their palettes.
const PIXELS: usize = 100_000;
const COLOURS: usize = 1000;

/// Runs the workloads of one of the cases.
///
/// # Errors
/// If a problem makes no sense, which the ones here do.
pub fn plans(case: &str, options: &Options, report: Report<'_>) -> Result<()> {
    for (case, metric, variant) in PLANS.into_iter().filter(|plan| plan.0 == case) {
        if !options.wants(metric, variant) {
            continue;
        }
        let mut work = work(metric, variant)?;
        let mut failed = None;
        let repetitions = measure(options.budget, Measure::Time, 1.0, |times| {
            for _ in 0..times {
                failed = work().err().or(failed.take());
            }
            times as f64
        });
        if let Some(error) = failed {
            return Err(error);
        }
        let metric = metric.to_owned();
        report(&Measurement { case, metric, variant, unit: "s", threads: 1, data: None, repetitions });
    }
    Ok(())
}

/// One unit of work of a metric; what it needs beforehand is made here.
fn work(metric: &str, variant: &str) -> Result<Box<dyn FnMut() -> Result<()>>> {
    if let Some((regularisation, size)) = metric.strip_prefix("reg").and_then(|rest| rest.split_once("-n")) {
        let (regularisation, (x, y)) = (regularisation.parse()?, clouds(sides(size)?));
        return Ok(Box::new(move || blurred(&x, &y, Regularisation::Share(regularisation)).map(drop)));
    }
    if let Some(size) = metric.strip_prefix("sqeuclid-3d-") {
        let (x, y) = clouds(sides(size.trim_start_matches('n'))?);
        return Ok(Box::new(move || sharp(&x, &y).map(drop)));
    }
    let (pixels, x, y) = pictures();
    let is_exact = variant == MAPS[0];
    let fit = move || {
        // A regularisation of colours is one of plain costs, in POT's way.
        let plan = if is_exact { sharp(&x, &y)? } else { blurred(&x, &y, Regularisation::Plain(0.1))? };
        Ok(Map::new(Points::new(&x, 3)?, &plan, Points::new(&y, 3)?)?)
    };
    if metric.starts_with("fit") {
        return Ok(Box::new(move || fit().map(drop)));
    }
    let (map, mut moved) = (fit()?, pixels.clone());
    Ok(Box::new(move || {
        moved.copy_from_slice(&pixels);
        Ok(map.apply(&mut moved)?)
    }))
}

#[derive(Clone, Copy)]
enum Regularisation {
    Plain(f64),
    Share(f64), // of the largest cost
}

fn sharp(x: &[f64], y: &[f64]) -> Result<Plan> {
    let cost = PointCost::new(Points::new(x, 3)?, Points::new(y, 3)?, Metric::SquaredEuclidean)?;
    Ok(exact(&cost, &equal(cost.rows()), &equal(cost.cols()))?)
}

fn blurred(x: &[f64], y: &[f64], regularisation: Regularisation) -> Result<Plan> {
    let cost = PointCost::new(Points::new(x, 3)?, Points::new(y, 3)?, Metric::SquaredEuclidean)?;
    let epsilon = match regularisation {
        Regularisation::Plain(epsilon) => epsilon,
        Regularisation::Share(share) => {
            let mut line = vec![0.0; cost.cols()];
            let rows = 0..cost.rows();
            share
                * rows.fold(0.0f64, |most, row| cost.row(row, &mut line).iter().copied().fold(most, f64::max))
        }
    };
    let options = Entropic { iterations: 1000, ..Entropic::new(epsilon) };
    Ok(sinkhorn(&cost, &equal(cost.rows()), &equal(cost.cols()), &options)?)
}

fn equal(n: usize) -> Vec<f64> {
    vec![1.0 / n as f64; n]
}

/// Sources and targets of `40000x5`, or of `1000` for as many of both.
fn sides(text: &str) -> Result<[usize; 2]> {
    let (sources, targets) = text.split_once('x').unwrap_or((text, text));
    Ok([sources.parse()?, targets.parse()?])
}

/// Points uniform in the unit cube, and normal ones around its middle with deviation 0.2.
fn clouds([sources, targets]: [usize; 2]) -> (Vec<f64>, Vec<f64>) {
    let mut stream = Seed::new(sources as u64).child("clouds", 0).stream();
    let x = (0..3 * sources).map(|_| stream.unit()).collect();
    (x, (0..3 * targets).map(|_| 0.5 + 0.2 * normal(&mut stream)).collect())
}

/// The pixels of a picture of five colours with noise, and palettes of it and of another one.
fn pictures() -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let mut stream = Seed::new(42).child("pictures", 0).stream();
    let [first, second] = [0, 1].map(|_| picture(&mut stream));
    let mut palette = |pixels: &[f64]| {
        let drawn = (0..COLOURS).flat_map(|_| {
            let pixel = 3 * stream.below(PIXELS);
            [pixels[pixel], pixels[pixel + 1], pixels[pixel + 2]]
        });
        drawn.collect::<Vec<_>>()
    };
    let (x, y) = (palette(&first), palette(&second));
    (first, x, y)
}

fn picture(stream: &mut Stream) -> Vec<f64> {
    // Shares uniform on the simplex: exponential numbers over their sum.
    let shares: Vec<f64> = (0..5).map(|_| -(1.0 - stream.unit()).ln()).collect();
    let colours: Vec<[f64; 3]> = (0..5).map(|_| [0; 3].map(|_| stream.unit())).collect();
    let total: f64 = shares.iter().sum();
    let mut pixels = Vec::with_capacity(3 * PIXELS);
    for _ in 0..PIXELS {
        let (mut left, mut k) = (total * stream.unit() - shares[0], 0);
        while left > 0.0 && k < 4 {
            k += 1;
            left -= shares[k];
        }
        pixels.extend(colours[k].map(|x| (x + 0.08 * normal(stream)).clamp(0.0, 1.0)));
    }
    pixels
}

/// Box–Muller.
fn normal(stream: &mut Stream) -> f64 {
    let radius = (-2.0 * (1.0 - stream.unit()).ln()).sqrt();
    radius * (std::f64::consts::TAU * stream.unit()).cos()
}
