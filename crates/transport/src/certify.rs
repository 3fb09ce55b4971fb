//! Proof that a plan is optimal, by code that shares nothing with the solver.
//!
//! Linear programming duality [PeyreCuturi2019, section 2.5]: if `P ≥ 0` has the right sums, `u_i + v_j ≤ c_ij`
//! everywhere, and mass flows only where equality holds, then `P` is optimal, and `⟨C, P⟩ = ⟨u, a⟩ + ⟨v, b⟩`. All four are
//! looked at here; each number is 0 for a perfect answer and has the unit that its name says.

use crate::certificate::Certificate;
use crate::cost::Cost;
use crate::error::{Side, TransportError, check_masses};
use crate::plan::{Plan, check_length};

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
    check_length("rows of the plan", cost.rows(), plan.rows)?;
    check_length("columns of the plan", cost.cols(), plan.cols)?;
    let [u, v] = &plan.dual;
    check_length("source potentials", plan.rows, u.len())?;
    check_length("target potentials", plan.cols, v.len())?;
    let (mut infeasibility, mut scale, mut buffer) = (0.0f64, 0.0f64, vec![0.0; plan.cols]);
    for (i, u) in u.iter().enumerate() {
        for (c, v) in cost.row(i, &mut buffer).iter().zip(v) {
            infeasibility = infeasibility.max(u + v - c);
            scale = scale.max(c.abs());
        }
    }
    let (mut sums, mut paid) = ([vec![0.0; plan.rows], vec![0.0; plan.cols]], Vec::new());
    let (mut slackness, mut negative) = (0.0f64, 0.0f64);
    plan.for_each(|entry| {
        sums[0][entry.row] += entry.mass;
        sums[1][entry.col] += entry.mass;
        negative = negative.max(-entry.mass);
        if entry.mass > 0.0 {
            let c = cost.at(entry.row, entry.col);
            slackness = slackness.max((c - u[entry.row] - v[entry.col]).abs());
            // Term by term, the gap is what complementary slackness leaves: huge potentials do not cancel here.
            paid.push(entry.mass * (c - u[entry.row] - v[entry.col]));
        }
    });
    let off = |sums: &[f64], masses: &[f64]| {
        sums.iter().zip(masses).map(|(s, m)| (s - m).abs()).fold(0.0f64, f64::max)
    };
    let unmet = |potential: &[f64], sums: &[f64], masses: &[f64]| {
        potential.iter().zip(sums).zip(masses).map(|((p, s), m)| p * (s - m)).sum::<f64>()
    };
    let gap = paid.iter().sum::<f64>() + unmet(u, &sums[0], a) + unmet(v, &sums[1], b);
    let marginals = off(&sums[0], a).max(off(&sums[1], b)).max(negative);
    Ok(Certificate { marginals, infeasibility, slackness, gap: gap.abs(), scale, total })
}
