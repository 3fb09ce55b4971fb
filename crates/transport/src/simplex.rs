//! The network simplex method on a dense bipartite graph [PeyreCuturi2019, section 3.5].
//!
//! A basis is a spanning [`Tree`] with potentials; an arc with a negative reduced cost `c_ij − u_i − v_j` improves it. Pricing
//! is by blocks of whole rows, in turn: a row offers its most negative arc, found by one vectorised scan; once enough
//! rows have offered, the best offers enter one by one while they last, and the scan goes on where it stopped. When
//! all rows in a row offer nothing, the basis is optimal. There is no phase 1: on a complete graph any start is
//! feasible.

use crate::cost::Cost;
use crate::kernels::least_difference;
use crate::tree::Tree;
use crate::view::View;

/// Rows that offer an arc before the best offers enter.
const OFFERS: usize = 64;
/// Offers that enter before the scan goes on: later ones were made under potentials that are long gone.
const ENTER: usize = 32;

/// An arc that may enter the basis.
#[derive(Clone, Copy)]
struct Offer {
    row: u32,
    col: u32,
    cost: f64,
}

/// Pivots until no reduced cost is below `−tolerance`.
///
/// The tree never cycles in exact arithmetic; should rounding make it go round in circles, the tolerance grows
/// until it stops, and the certificate shows it.
pub(crate) fn optimise<C: Cost + ?Sized>(view: &View<'_, C>, tree: &mut Tree, mut tolerance: f64) {
    let rows = view.rows.len();
    let patience = 50 * (rows + view.cols.len()) as u64 + 10_000;
    let mut line = view.line();
    let mut offers: Vec<Offer> = Vec::with_capacity(OFFERS);
    let mut row = 0;
    loop {
        offers.clear();
        for _ in 0..rows {
            let (least, col) = least_difference(view.row(row, &mut line), tree.v());
            if least - tree.u()[row] < -tolerance {
                offers.push(Offer { row: row as u32, col: col as u32, cost: view.at(row, col) });
            }
            row = if row + 1 == rows { 0 } else { row + 1 };
            if offers.len() == OFFERS {
                break;
            }
        }
        if offers.is_empty() {
            return;
        }
        for _ in 0..ENTER {
            let Some(offer) = take_best(&mut offers, tree, tolerance) else { break };
            tree.pivot(offer.row, offer.col, offer.cost);
        }
        if tree.degenerate() > patience {
            tolerance *= 2.0;
            tree.forgive();
        }
    }
}

/// Removes the offer with the most negative reduced cost, and those that are none any more.
fn take_best(offers: &mut Vec<Offer>, tree: &Tree, tolerance: f64) -> Option<Offer> {
    let (u, v) = (tree.u(), tree.v());
    let (mut best, mut at, mut k) = (-tolerance, None, 0);
    while k < offers.len() {
        let Offer { row, col, cost } = offers[k];
        let reduced = cost - u[row as usize] - v[col as usize];
        if reduced >= -tolerance {
            offers.swap_remove(k);
            continue;
        }
        if reduced < best {
            (best, at) = (reduced, Some(k));
        }
        k += 1;
    }
    at.map(|k| offers.swap_remove(k))
}
