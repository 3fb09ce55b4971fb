//! The last digits of an exact plan: small costs beside huge ones.
//!
//! [`crate::simplex`] takes reduced costs for rounding that are small beside the **largest** cost. Where some points lie far
//! from all others, that is more than what the others cost altogether. So the basis it ends with is looked at once more,
//! with reduced costs whose rounding errors are carried along (some 32 digits), and an arc enters if it is negative beside
//! the costs **around it**: its own, and those of the arcs with flow at its two ends, each taken from zero or from the least
//! cost of the problem, whichever is nearer.
//!
//! Ties that rounding has broken, such as those of points on a grid, are told apart so, too, and are not worth it: only where
//! the first basis cannot be proven as sharply as the costs of the plan deserve is it polished.

use crate::cost::Cost;
use crate::error::{TransportError, ask};
use crate::nodes::lost;
use crate::tree::Tree;
use crate::view::View;

/// Reduced costs above minus this share of the costs around an arc are rounding.
const SHARE: f64 = 4e-16;
/// Reduced costs above minus this share of the cost and the potentials that they are made of have no digits left.
pub(crate) const DIGITS: f64 = 1e-29;
/// Arcs that a row may offer at a time.
const OFFERS: usize = 16;
/// Offers of which the best one enters.
const BLOCK: usize = 32;

/// An arc that may enter the basis, and what is rounding beside it.
struct Offer {
    row: u32,
    col: u32,
    cost: f64,
    rounding: f64,
}

/// What a cost is taken for: how far it is from zero or from the least cost, whichever is nearer.
pub(crate) fn size(cost: f64, least: f64) -> f64 {
    cost.abs().min(cost - least)
}

/// Pivots until no reduced cost is negative beside the costs around it.
///
/// `tolerance` is what the tree was optimised to, `least` is the least cost.
///
/// # Errors
/// [`TransportError::Stopped`] if `stop` says so.
pub(crate) fn polish<C: Cost + ?Sized>(
    view: &View<'_, C>,
    tree: &mut Tree,
    tolerance: f64,
    least: f64,
    stop: &dyn Fn() -> bool,
) -> Result<(), TransportError> {
    tree.refine();
    tree.forgive();
    let patience = 50 * (view.rows.len() + view.cols.len()) as u64 + 10_000;
    loop {
        let offers = sweep(view, tree, tolerance, least, stop)?;
        if offers.is_empty() {
            return Ok(());
        }
        let (mut at, mut idle) = (0, 0);
        while idle < offers.len() {
            let block = &offers[at..(at + BLOCK).min(offers.len())];
            at = if at + BLOCK < offers.len() { at + BLOCK } else { 0 };
            idle += block.len();
            if let Some(offer) = best(block, tree) {
                ask(stop)?;
                tree.pivot(offer.row, offer.col, offer.cost);
                idle = 0;
                // Flows are rounded, too: should that make it go round in circles, the certificate shows it.
                if tree.degenerate() > patience {
                    return Ok(());
                }
            }
        }
    }
}

/// Up to sixteen negative arcs of each row.
fn sweep<C: Cost + ?Sized>(
    view: &View<'_, C>,
    tree: &Tree,
    tolerance: f64,
    least: f64,
    stop: &dyn Fn() -> bool,
) -> Result<Vec<Offer>, TransportError> {
    let (mut of_rows, mut of_cols) = (vec![0.0f64; view.rows.len()], vec![0.0f64; view.cols.len()]);
    for arc in tree.carrying() {
        for around in [&mut of_rows[arc.row as usize], &mut of_cols[arc.col as usize]] {
            *around = around.max(size(arc.cost, least));
        }
    }
    let ([u, v], [u_rest, v_rest]) = (tree.potentials(), tree.rests());
    let lost_by_cols = v_rest.iter().fold(0.0f64, |most, rest| most.max(rest.abs()));
    let (mut offers, mut line) = (Vec::new(), view.line());
    for (row, u) in u.iter().enumerate() {
        ask(stop)?;
        // What is not negative by more than all that rounding may have taken need not be looked at closely.
        let near = tolerance + u_rest[row].abs() + lost_by_cols;
        let (costs, before) = (view.row(row, &mut line), offers.len());
        for (col, (&cost, v)) in costs.iter().zip(&v).enumerate() {
            if (cost - v) - u >= near {
                continue;
            }
            let around = size(cost, least).max(of_rows[row]).max(of_cols[col]);
            let offer = Offer { row: row as u32, col: col as u32, cost, rounding: SHARE * around };
            if offer.is_negative(tree) {
                offers.push(offer);
            }
            if offers.len() == before + OFFERS {
                break;
            }
        }
    }
    Ok(offers)
}

impl Offer {
    /// Of its ends.
    fn potentials(&self, tree: &Tree) -> [f64; 2] {
        [tree.u(self.row), tree.v(self.col)]
    }

    /// `c_ij − u_i − v_j` with the rounding errors carried along.
    fn reduced(&self, tree: &Tree) -> f64 {
        let ([u, v], [u_rest, v_rest]) = (self.potentials(tree), tree.rest(self.row, self.col));
        let above = self.cost - v;
        (above - u) + (lost(self.cost, v) + lost(above, u) - u_rest - v_rest)
    }

    fn is_negative(&self, tree: &Tree) -> bool {
        let [u, v] = self.potentials(tree);
        let digits = DIGITS * (self.cost.abs() + u.abs() + v.abs());
        self.reduced(tree) < -self.rounding.max(digits)
    }
}

/// The most negative of some arcs.
fn best<'a>(offers: &'a [Offer], tree: &Tree) -> Option<&'a Offer> {
    let negative = offers.iter().filter(|offer| offer.is_negative(tree));
    negative.min_by(|x, y| x.reduced(tree).total_cmp(&y.reduced(tree)))
}
