//! The network simplex method on a dense bipartite graph [PeyreCuturi2019, section 3.5].
//!
//! A basis is a spanning [`Tree`] with potentials; an arc with a negative reduced cost `c_ij − u_i − v_j` improves it. Looking
//! for such arcs among all is what costs time, so it happens in **sweeps**: one vectorised scan of each row finds up to
//! sixteen of its most negative arcs. They go into a **pool**, small enough to stay in the processor's caches, and the method
//! runs on the pool alone until nothing there is negative: block by block, the most negative arc of a block
//! enters. A dozen sweeps do for thousands of points; one that finds nothing proves that the basis is optimal.
//! There is no phase 1: on a complete graph any start is feasible.

use crate::cost::Cost;
use crate::error::{TransportError, ask};
use crate::kernels::lane_minima;
use crate::tree::Tree;
use crate::view::View;

/// Arcs of the pool of which the best one enters.
const BLOCK: usize = 32;
/// A pool with more arcs than this for each row forgets those that are not negative.
const CROWD: usize = 32;

/// An arc that may enter the basis.
#[derive(Clone, Copy)]
struct Offer {
    row: u32,
    col: u32,
    cost: f64,
}

impl Offer {
    /// In the order of a sweep, so that both agree to the last bit about what is negative.
    fn reduced(&self, tree: &Tree) -> f64 {
        (self.cost - tree.v(self.col)) - tree.u(self.row)
    }
}

/// Pivots until no reduced cost is below `−tolerance`.
///
/// The tree never cycles in exact arithmetic; should rounding make it go round in circles, the tolerance grows
/// until it stops, and the certificate shows it.
///
/// # Errors
/// [`TransportError::Stopped`] if `stop` says so.
pub(crate) fn optimise<C: Cost + ?Sized>(
    view: &View<'_, C>,
    tree: &mut Tree,
    mut tolerance: f64,
    stop: &dyn Fn() -> bool,
) -> Result<(), TransportError> {
    let rows = view.rows.len();
    let patience = 50 * (rows + view.cols.len()) as u64 + 10_000;
    let mut pool = Vec::new();
    loop {
        if pool.len() > CROWD * rows {
            pool.retain(|offer: &Offer| offer.reduced(tree) < -tolerance);
        }
        let before = pool.len();
        sweep(view, tree, tolerance, &mut pool, stop)?;
        if pool.len() == before {
            return Ok(());
        }
        let (mut at, mut idle) = (before, 0);
        while idle < pool.len() {
            let block = &pool[at..(at + BLOCK).min(pool.len())];
            at = if at + BLOCK < pool.len() { at + BLOCK } else { 0 };
            idle += block.len();
            if let Some(offer) = best(block, tree, tolerance) {
                ask(stop)?;
                tree.pivot(offer.row, offer.col, offer.cost);
                idle = 0;
                if tree.degenerate() > patience {
                    tolerance *= 2.0;
                    tree.forgive();
                }
            }
        }
    }
}

/// Adds negative arcs of all rows to the pool: of the smallest reduced costs in each lane those that are negative, so
/// that a row with a negative arc adds one at least.
fn sweep<C: Cost + ?Sized>(
    view: &View<'_, C>,
    tree: &Tree,
    tolerance: f64,
    pool: &mut Vec<Offer>,
    stop: &dyn Fn() -> bool,
) -> Result<(), TransportError> {
    let (mut line, [u, v]) = (view.line(), tree.potentials());
    for (row, u) in u.iter().enumerate() {
        ask(stop)?;
        let costs = view.row(row, &mut line);
        let (least, cols) = lane_minima(costs, &v);
        for (least, col) in least.into_iter().zip(cols) {
            if least - u < -tolerance {
                pool.push(Offer { row: row as u32, col: col as u32, cost: costs[col] });
            }
        }
    }
    Ok(())
}

/// The most negative of some arcs.
fn best(block: &[Offer], tree: &Tree, tolerance: f64) -> Option<Offer> {
    let (mut least, mut found) = (-tolerance, None);
    for offer in block {
        let reduced = offer.reduced(tree);
        if reduced < least {
            (least, found) = (reduced, Some(*offer));
        }
    }
    found
}
