//! Proof that a plan is optimal, by code that shares nothing with the solver.
//!
//! Linear programming duality [PeyreCuturi2019, section 2.5]: if `P ≥ 0` has the right sums, `u_i + v_j ≤ c_ij`
//! everywhere, and mass flows only where equality holds, then `P` is optimal, and `⟨C, P⟩ = ⟨u, a⟩ + ⟨v, b⟩`. All four are
//! looked at here; each is 0 for a perfect answer and has the unit that its name says.

use crate::certificate::Certificate;
use crate::cost::Cost;
use crate::error::{Side, TransportError, check_masses};
use crate::kernels::most_above;
use crate::plan::{Plan, check_length};
use crate::polish::DIGITS;

/// What rounding may take of a sum of three numbers, as a share of their sizes: 2⁻⁵¹.
const ROUNDING: f64 = 2.0 * f64::EPSILON;

/// The certificate of `plan` for the problem `min ⟨C, P⟩` over `P ≥ 0`, `P1 = a`, `Pᵀ1 = b`.
///
/// `cost` is rows × cols, `a` has one mass for each row, `b` for each column. Costs one look at every cost. Choose it
/// to check an answer, whoever found it; for entropic plans it says how far they are from the unregularised optimum.
///
/// # Errors
/// If shapes differ, or masses are not masses.
pub fn certify<C: Cost + ?Sized>(
    cost: &C,
    a: &[f64],
    b: &[f64],
    plan: &Plan,
) -> Result<Certificate, TransportError> {
    let total = check_masses(a, cost.rows(), Side::Source)?;
    check_masses(b, cost.cols(), Side::Target)?;
    certify_checked(cost, [a, b], total, plan)
}

/// [`certify`] for masses that are known to be masses, with the total of the source's.
///
/// # Errors
/// If shapes differ.
pub(crate) fn certify_checked<C: Cost + ?Sized>(
    cost: &C,
    [a, b]: [&[f64]; 2],
    total: f64,
    plan: &Plan,
) -> Result<Certificate, TransportError> {
    check_length("rows of the plan", cost.rows(), plan.rows)?;
    check_length("columns of the plan", cost.cols(), plan.cols)?;
    let [u, v] = &plan.dual;
    check_length("source potentials", plan.rows, u.len())?;
    check_length("target potentials", plan.cols, v.len())?;
    let Above { infeasibility, loss, lowest } = above(cost, [a, b], u, v);
    let (mut sums, mut terms) = ([vec![0.0; plan.rows], vec![0.0; plan.cols]], Vec::new());
    let (mut slackness, mut negative, mut scale) = (0.0f64, 0.0f64, 0.0f64);
    plan.for_each(|entry| {
        sums[0][entry.row] += entry.mass;
        sums[1][entry.col] += entry.mass;
        negative = negative.max(-entry.mass);
        if entry.mass > 0.0 {
            let c = cost.at(entry.row, entry.col);
            scale += entry.mass / total * c.abs();
            slackness = slackness.max((c - u[entry.row] - v[entry.col]).abs());
            // Term by term, the gap is what complementary slackness leaves: huge potentials do not cancel here.
            terms.push(entry.mass * (c - u[entry.row] - v[entry.col]));
        }
    });
    let off = |sums: &[f64], masses: &[f64]| {
        sums.iter().zip(masses).map(|(s, m)| (s - m).abs()).fold(0.0f64, f64::max)
    };
    let unmet = |potential: &[f64], sums: &[f64], masses: &[f64]| {
        let each = potential.iter().zip(sums).zip(masses).map(|((p, s), m)| p * (s - m));
        each.fold((0.0, 0.0f64), |(sum, size), term| (sum + term, size + term.abs()))
    };
    let (of_rows, of_cols) = (unmet(u, &sums[0], a), unmet(v, &sums[1], b));
    let gap = (terms.iter().sum::<f64>() + of_rows.0 + of_cols.0).abs();
    let marginals = off(&sums[0], a).max(off(&sums[1], b)).max(negative);
    let size = |potential: &[f64], masses: &[f64]| -> f64 {
        potential.iter().zip(masses).map(|(p, m)| p.abs() * m).sum()
    };
    let of_potentials = ROUNDING * (size(u, a) + size(v, b)) - DIGITS * lowest * total;
    let rounding = of_rows.1 + of_cols.1 + of_potentials;
    Ok(Certificate { marginals, infeasibility, slackness, gap, loss, rounding, scale, total })
}

/// What potentials exceed costs by.
struct Above {
    infeasibility: f64,
    loss: f64,
    /// The lowest cost, at most 0.
    lowest: f64,
}

fn above<C: Cost + ?Sized>(cost: &C, [a, b]: [&[f64]; 2], u: &[f64], v: &[f64]) -> Above {
    let mut all = Above { infeasibility: 0.0, loss: 0.0, lowest: 0.0 };
    let (mut buffer, mut of_cols) = (vec![0.0; v.len()], vec![0.0f64; v.len()]);
    for (i, (u, mass)) in u.iter().zip(a).enumerate() {
        let mut of_row = 0.0f64;
        let costs = cost.row(i, &mut buffer);
        let (most, lowest) = most_above(*u, v, costs);
        all.lowest = all.lowest.min(lowest);
        if most <= 0.0 {
            continue;
        }
        for (j, (c, v)) in costs.iter().zip(v).enumerate() {
            let above = u + v - c;
            if above > 0.0 {
                all.infeasibility = all.infeasibility.max(above);
                // The side with less mass gives way.
                let side = if *mass <= b[j] { &mut of_row } else { &mut of_cols[j] };
                *side = side.max(above - ROUNDING * (u.abs() + v.abs() + c.abs()));
            }
        }
        all.loss += mass * of_row;
    }
    all.loss += of_cols.iter().zip(b).map(|(above, mass)| above * mass).sum::<f64>();
    all
}
