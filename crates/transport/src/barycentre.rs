//! Barycentres: the distribution that is nearest to several others.

use crate::cost::{Cost, Metric, PointCost};
use crate::error::{SAME_TOTAL, Side, TransportError, ask, check_masses};
use crate::exact::exact;
use crate::kernels::exp;
use crate::map::project;
use crate::plan::{Status, check_length};
use crate::points::{Cloud, Points};
use crate::sinkhorn::Entropic;
use crate::softmin::{SoftMin, with_masses};
use crate::view::{View, check_cost};

/// Masses on a fixed support.
#[derive(Clone, Debug, PartialEq)]
pub struct Barycentre {
    /// One mass for each row of the cost; they add up to the total of the histograms.
    pub masses: Vec<f64>,
    /// Converged, or how far the plans' sums are from the histograms, a weighted mean.
    pub status: Status,
}

/// Entropic barycentre on a fixed support: `argmin_p Σ_k w_k OT_ε(p, b_k)` [Benamou2015].
///
/// `cost` is support of the barycentre × support of the histograms (often the same points); each of `histograms` has one
/// mass for each column, all with one total; `weights` are non-negative, not all zero, and are divided by their sum. Sums
/// are taken by log-sum-exp where a kernel would underflow, so that any `ε > 0` is safe.
///
/// The entropy blurs the answer by about `√ε` (for squared distances). Choose it for pictures on one grid; for points
/// that may move, [`free_barycentre`] is sharp.
///
/// # Errors
/// As [`crate::sinkhorn`], for each histogram; also if there is none, or the weights are not weights.
pub fn barycentre<C: Cost + ?Sized>(
    cost: &C,
    histograms: &[&[f64]],
    weights: &[f64],
    options: &Entropic,
) -> Result<Barycentre, TransportError> {
    barycentre_until(cost, histograms, weights, options, &|| false)
}

/// As [`barycentre`], to the last bit, but `stop` is asked in every iteration before each histogram.
///
/// # Errors
/// As [`barycentre`], and [`TransportError::Stopped`] as soon as `stop` says so.
pub fn barycentre_until<C: Cost + ?Sized>(
    cost: &C,
    histograms: &[&[f64]],
    weights: &[f64],
    options: &Entropic,
    stop: &dyn Fn() -> bool,
) -> Result<Barycentre, TransportError> {
    options.check()?;
    let weights = shares(weights, histograms.len())?;
    if cost.rows() == 0 {
        return Err(TransportError::Empty(Side::Source));
    }
    let totals = histograms.iter().map(|b| check_masses(b, cost.cols(), Side::Target));
    let totals = totals.collect::<Result<Vec<f64>, _>>()?;
    let total = same_total(&totals)?;
    check_cost(cost)?;
    let epsilon = options.epsilon;
    let everything = vec![1.0; cost.rows().max(cost.cols())];
    let (view, ..) = View::new(cost, &everything[..cost.rows()], &everything[..cost.cols()], 0.0);
    let soft = SoftMin::new(&view, epsilon)?;
    let shares_of = |(b, t): (&&[f64], &f64)| b.iter().map(|b| b / t).collect();
    let histograms: Vec<Vec<f64>> = histograms.iter().zip(&totals).map(shares_of).collect();
    let mut f = vec![vec![0.0; cost.rows()]; histograms.len()];
    let mut g = vec![vec![0.0; cost.cols()]; histograms.len()];
    let mut iterations = 0;
    loop {
        iterations += 1;
        let mut error = if iterations == 1 { f64::INFINITY } else { 0.0 };
        let mut log_p = vec![0.0; cost.rows()];
        let mut rows = Vec::with_capacity(histograms.len());
        for (k, b) in histograms.iter().enumerate() {
            ask(stop)?;
            let least = soft.over_rows(&f[k]);
            // The plan's column sums are exp((g − least)/ε); its rows have been right since the last step.
            let sums = g[k].iter().zip(&least).map(|(g, least)| exp((g - least) / epsilon));
            error += weights[k] * sums.zip(b).map(|(sum, b)| (sum - b).abs()).sum::<f64>();
            g[k] = with_masses(&least, b, epsilon);
            let row = soft.over_cols(&g[k]);
            log_p.iter_mut().zip(&row).for_each(|(p, row)| *p -= weights[k] * row / epsilon);
            rows.push(row);
        }
        for (f, row) in f.iter_mut().zip(&rows) {
            f.iter_mut().zip(&log_p).zip(row).for_each(|((f, p), row)| *f = epsilon * p + row);
        }
        let converged = error <= options.tolerance;
        if converged || iterations >= options.iterations {
            let masses: Vec<f64> = log_p.iter().map(|p| exp(*p)).collect();
            let scale = total / crate::error::total(&masses);
            let status = match converged {
                true => Status::Converged { iterations },
                false => Status::Stopped { marginal_error: error * total },
            };
            return Ok(Barycentre { masses: masses.iter().map(|p| p * scale).collect(), status });
        }
    }
}

/// Points that moved to be a barycentre.
#[derive(Clone, Debug, PartialEq)]
pub struct FreeBarycentre {
    /// Coordinates, point by point, as many as it began with.
    pub points: Vec<f64>,
    /// `Σ_k w_k W₂²(barycentre, cloud k)` at these points, or just before their last move.
    pub objective: f64,
    /// `Exact` if the points stopped moving: a local optimum, each plan of it exact.
    pub status: Status,
}

/// Barycentre of free support under squared distances: `argmin over points of Σ_k w_k W₂²` [CuturiDoucet2014, algorithm 2].
///
/// `clouds` and `start` have the same dimension and total; `start` says where the points begin and which masses they keep.
/// Each of at most `moves` rounds computes exact plans to all clouds and moves each point to the weighted mean
/// of where its mass goes; the objective never rises. `weights` are divided by their sum.
///
/// Choose it for clouds of up to some thousands of points; the answer is a local optimum and depends on the start.
///
/// # Errors
/// As [`exact`], for each cloud; also if there is none, the weights are not weights, or `moves` is 0.
pub fn free_barycentre(
    clouds: &[Cloud<'_>],
    weights: &[f64],
    start: Cloud<'_>,
    moves: usize,
) -> Result<FreeBarycentre, TransportError> {
    let weights = shares(weights, clouds.len())?;
    if moves == 0 {
        return Err(TransportError::Parameter { what: "number of moves", value: 0.0 });
    }
    let dim = start.points.dim();
    let mut points: Vec<f64> = start.points.iter().flatten().copied().collect();
    let mut before = f64::INFINITY;
    for _ in 0..moves {
        let mut objective = 0.0;
        let mut next = vec![0.0; points.len()];
        let here = Points::new(&points, dim)?;
        for (cloud, weight) in clouds.iter().zip(&weights) {
            let cost = PointCost::new(here, cloud.points, Metric::SquaredEuclidean)?;
            let plan = exact(&cost, start.masses, cloud.masses)?;
            objective += weight * plan.cost;
            let image = project(here, &plan, cloud.points)?;
            next.iter_mut().zip(&image).for_each(|(next, image)| *next += weight * image);
        }
        // Plans change only while the objective falls; equality up to rounding is the end.
        if objective >= before * (1.0 - 1e-12) || objective == 0.0 {
            return Ok(FreeBarycentre { points, objective, status: Status::Exact });
        }
        (before, points) = (objective, next);
    }
    Ok(FreeBarycentre { points, objective: before, status: Status::Stopped { marginal_error: 0.0 } })
}

/// Weights as shares of their sum.
fn shares(weights: &[f64], expected: usize) -> Result<Vec<f64>, TransportError> {
    check_length("weights", expected, weights.len())?;
    let sum = check_masses(weights, weights.len(), Side::Source)?;
    Ok(weights.iter().map(|w| w / sum).collect())
}

/// The first total, if the others are the same.
fn same_total(totals: &[f64]) -> Result<f64, TransportError> {
    let first = totals[0];
    match totals.iter().find(|t| (*t - first).abs() > SAME_TOTAL * first.max(**t)) {
        Some(&target) => Err(TransportError::Unbalanced { source: first, target }),
        None => Ok(first),
    }
}
