//! Transport on a line: the quantile coupling.
//!
//! For costs `|x − y|^p` with `p ≥ 1` the optimum matches quantiles: `W_p^p = ∫ |F⁻¹(t) − G⁻¹(t)|^p dt`
//! [PeyreCuturi2019, section 2.6]. Both sides sorted, the plan is a staircase, and the potentials that are tight on all of it
//! are optimal, since such costs are Monge.

use crate::error::{TransportError, check_balanced};
use crate::plan::{Entry, Mass, Plan, Status};
use crate::points::Points;

/// Exact transport between points on a line under `|x − y|^power`, for any `power ≥ 1`.
///
/// `min Σ P_ij |x_i − y_j|^power` over `P ≥ 0` with `P1 = a`, `Pᵀ1 = b`; `a` holds one mass for each of `x`, `b` for each of
/// `y`, with equal totals. The answer is as that of [`crate::exact`], without a certificate (which would take longer than
/// the solution; [`crate::certify`] computes one).
///
/// Choose it whenever points are numbers: it costs two sorts. `W_p` is `plan.cost^(1/p)` for masses that add up to 1.
///
/// # Errors
/// As [`crate::exact`]; also if a point is not finite or `power` is not a finite number of at least 1.
pub fn quantile_coupling(
    x: &[f64],
    a: &[f64],
    y: &[f64],
    b: &[f64],
    power: f64,
) -> Result<Plan, TransportError> {
    check_power(power)?;
    let factor = check_balanced(a, b, x.len(), y.len())?;
    Points::new(x, 1)?;
    Points::new(y, 1)?;
    let cost = |i: usize, j: usize| distance(x[i], y[j], power);
    let (xs, ys) = (sorted(x, a), sorted(y, b));
    let (mut u, mut v) = (vec![f64::NAN; x.len()], vec![f64::NAN; y.len()]);
    u[xs[0]] = 0.0;
    let (mut entries, mut total) = (Vec::with_capacity(x.len() + y.len()), 0.0);
    let mut infinite = None;
    staircase(&xs, a, &ys, b, factor, |row, col, mass| {
        let c = cost(row, col);
        if infinite.is_none() && !(c.is_finite() && (total + mass * c).is_finite()) {
            infinite = Some(TransportError::Cost { row, col, value: c });
        }
        // Each step of the staircase enters a new row or a new column, and shares the other one.
        if u[row].is_nan() {
            u[row] = c - v[col];
        } else if v[col].is_nan() {
            v[col] = c - u[row];
        }
        if mass > 0.0 {
            entries.push(Entry { row, col, mass });
            total += mass * c;
        }
    });
    if let Some(error) = infinite {
        return Err(error);
    }
    for (i, u) in u.iter_mut().enumerate().filter(|(_, u)| u.is_nan()) {
        *u = ys.iter().map(|&j| cost(i, j) - v[j]).fold(f64::INFINITY, f64::min);
    }
    for (j, v) in v.iter_mut().enumerate().filter(|(_, v)| v.is_nan()) {
        *v = (0..x.len()).map(|i| cost(i, j) - u[i]).fold(f64::INFINITY, f64::min);
    }
    entries.sort_unstable_by_key(|entry| (entry.row, entry.col));
    let (mass, dual) = (Mass::Sparse(entries), [u, v]);
    let (rows, cols) = (x.len(), y.len());
    Ok(Plan { mass, rows, cols, cost: total, dual, status: Status::Exact, certificate: None })
}

/// The cost alone, of points and masses that were checked.
///
/// # Errors
/// As [`quantile_coupling`], where a distance or the sum of costs is not a finite number.
pub(crate) fn line_cost(
    x: &[f64],
    a: &[f64],
    y: &[f64],
    b: &[f64],
    (factor, power): (f64, f64),
) -> Result<f64, TransportError> {
    let (mut total, mut infinite) = (0.0, None);
    staircase(&sorted(x, a), a, &sorted(y, b), b, factor, |row, col, mass| {
        let cost = distance(x[row], y[col], power);
        total += mass * cost;
        if !total.is_finite() && infinite.is_none() {
            infinite = Some(TransportError::Cost { row, col, value: cost });
        }
    });
    infinite.map_or(Ok(total), Err)
}

pub(crate) fn check_power(power: f64) -> Result<(), TransportError> {
    if power.is_finite() && power >= 1.0 {
        return Ok(());
    }
    Err(TransportError::Parameter { what: "power", value: power })
}

#[inline]
fn distance(x: f64, y: f64, power: f64) -> f64 {
    let d = (x - y).abs();
    if power == 1.0 {
        d
    } else if power == 2.0 {
        d * d
    } else {
        d.powf(power)
    }
}

/// Points with mass, from left to right.
fn sorted(x: &[f64], masses: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..x.len()).filter(|&i| masses[i] > 0.0).collect();
    order.sort_by(|&i, &j| x[i].total_cmp(&x[j]));
    order
}

/// Visits `(i, j, mass)` along the staircase; where a row and a column end together, also a step without mass.
fn staircase(
    xs: &[usize],
    a: &[f64],
    ys: &[usize],
    b: &[f64],
    factor: f64,
    mut visit: impl FnMut(usize, usize, f64),
) {
    let (mut i, mut j) = (0, 0);
    let (mut supply, mut demand) = (a[xs[0]], b[ys[0]] * factor);
    loop {
        let last = (i + 1 == xs.len(), j + 1 == ys.len());
        // At the last row or column the other side decides: rounding must not leave anybody behind.
        let mass = match last {
            (true, true) => supply.max(demand),
            (true, false) => demand,
            (false, true) => supply,
            (false, false) => supply.min(demand),
        };
        visit(xs[i], ys[j], mass);
        let row_ends = supply <= demand;
        supply = (supply - mass).max(0.0);
        demand = (demand - mass).max(0.0);
        match last {
            (true, true) => return,
            (false, true) => (i, supply) = (i + 1, a[xs[i + 1]]),
            (false, false) if row_ends => (i, supply) = (i + 1, a[xs[i + 1]]),
            _ => (j, demand) = (j + 1, b[ys[j + 1]] * factor),
        }
    }
}
