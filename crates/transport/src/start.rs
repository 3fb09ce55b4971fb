//! Where the network simplex method begins: potentials from the cheapest arcs, and a greedy flow.
//!
//! Column minima are the potentials of the targets, row minima of what they leave those of the sources: feasible in the
//! dual, with a tight arc for every source. Each source sends what it can along its tight arc, then along the cheapest
//! arcs to what is still open. Each of these steps exhausts a source or a target, so that the arcs form a forest.

use crate::cost::Cost;
use crate::kernels::{least_difference, lower};
use crate::tree::{Arc, Tree};
use crate::view::View;

/// What is still to be sent and received, and the arcs so far.
struct Greedy<'a, C: ?Sized> {
    view: &'a View<'a, C>,
    supply: Vec<f64>,
    demand: Vec<f64>,
    arcs: Vec<Arc>,
}

impl<C: Cost + ?Sized> Greedy<'_, C> {
    fn send(&mut self, row: usize, col: usize) {
        let flow = self.supply[row].min(self.demand[col]);
        if flow > 0.0 {
            self.supply[row] -= flow;
            self.demand[col] -= flow;
            self.arcs.push(Arc { row: row as u32, col: col as u32, flow, cost: self.view.at(row, col) });
        }
    }
}

/// A strongly feasible basis for the masses `a` and `b`, all of them positive.
pub(crate) fn start<C: Cost + ?Sized>(view: &View<'_, C>, a: &[f64], b: &[f64]) -> Tree {
    let mut line = view.line();
    let mut v = vec![f64::INFINITY; b.len()];
    (0..a.len()).for_each(|row| lower(&mut v, view.row(row, &mut line)));
    let arcs = Vec::with_capacity(a.len() + b.len());
    let mut greedy = Greedy { view, supply: a.to_vec(), demand: b.to_vec(), arcs };
    let u: Vec<f64> = (0..a.len())
        .map(|row| {
            let (least, col) = least_difference(view.row(row, &mut line), &v);
            greedy.send(row, col);
            least
        })
        .collect();
    let mut open: Vec<usize> = (0..b.len()).filter(|&col| greedy.demand[col] > 0.0).collect();
    for row in 0..a.len() {
        while greedy.supply[row] > 0.0 && !open.is_empty() {
            let costs = view.row(row, &mut line);
            let mut best = (f64::INFINITY, 0);
            for (place, &col) in open.iter().enumerate() {
                let reduced = costs[col] - v[col];
                if reduced < best.0 {
                    best = (reduced, place);
                }
            }
            greedy.send(row, open[best.1]);
            if greedy.demand[open[best.1]] <= 0.0 {
                open.swap_remove(best.1);
            }
        }
    }
    for (col, &flow) in b.iter().enumerate() {
        // A mass so small that rounding left it nothing still needs its place in the tree.
        if greedy.demand[col] == flow {
            let cheapest = |x: &usize, y: &usize| view.at(*x, col).total_cmp(&view.at(*y, col));
            let row = (0..a.len()).min_by(cheapest).unwrap_or_default();
            let cost = view.at(row, col);
            greedy.arcs.push(Arc { row: row as u32, col: col as u32, flow, cost });
        }
    }
    Tree::new(&greedy.arcs, [a.len(), b.len()], &u)
}
