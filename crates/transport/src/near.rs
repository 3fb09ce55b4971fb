//! Potentials near zero, from an optimal plan.
//!
//! Of many potentials that prove a plan optimal, those of a spanning tree may be as large as the largest cost, and then their
//! rounding hides the small ones. Here they grow from zero, only as far as the plan asks for: `u_i ≥ c_ij − v_j` where mass
//! flows, `v_j ≤ c_ij − u_i` everywhere, repaired in turn until nothing changes (shortest paths of the residual network, by the
//! method of Bellman and Ford [PeyreCuturi2019, section 3.5]). Costs are looked at once in each round.

use crate::cost::Cost;
use crate::error::{TransportError, ask};
use crate::kernels::lower;
use crate::plan::Entry;

/// Rounds, at most: a proof that is not there by then is not worth the wait.
const ROUNDS: usize = 200;

/// `[u, v]` for a plan with these entries, or nothing if they do not settle.
///
/// # Errors
/// [`TransportError::Stopped`] if `stop` says so.
pub(crate) fn potentials<C: Cost + ?Sized>(
    cost: &C,
    entries: &[Entry],
    stop: &dyn Fn() -> bool,
) -> Result<Option<[Vec<f64>; 2]>, TransportError> {
    let (rows, cols) = (cost.rows(), cost.cols());
    let (mut u, mut v) = (vec![0.0f64; rows], vec![0.0f64; cols]);
    let (mut buffer, mut left) = (vec![0.0; cols], vec![0.0; cols]);
    for _ in 0..ROUNDS {
        for entry in entries {
            u[entry.row] = u[entry.row].max(cost.at(entry.row, entry.col) - v[entry.col]);
        }
        let before = v.clone();
        for (row, u) in u.iter().enumerate() {
            ask(stop)?;
            let costs = cost.row(row, &mut buffer);
            left.iter_mut().zip(costs).for_each(|(left, c)| *left = c - u);
            lower(&mut v, &left);
        }
        if v == before {
            return Ok(Some([u, v]));
        }
    }
    Ok(None)
}
