//! Where the network simplex method begins: potentials from the cheapest arcs, and a greedy flow.
//!
//! Column minima are the potentials of the targets, row minima of what they leave those of the sources: feasible in the
//! dual, with a tight arc for every source. Each source sends what it can along its tight arc, then along the cheapest
//! arcs to what is still open. Each of these steps exhausts a source or a target, so that the arcs form a forest.
//!
//! A source that fills several targets finds them in a heap: one look at all that is open for each would make the time grow
//! with the square of their number where few sources stand before many targets.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use crate::cost::Cost;
use crate::kernels::{least_difference, lower};
use crate::tree::{Arc, Tree};
use crate::view::View;

/// Targets that a source looks for one by one, before it sorts what is left.
const LOOKS: usize = 2;

/// What is still to be sent and received, and the arcs so far.
struct Greedy<'a, C: ?Sized> {
    view: &'a View<'a, C>,
    supply: Vec<f64>,
    demand: Vec<f64>,
    arcs: Vec<Arc>,
    open: Vec<usize>, // targets that are to receive more; the last one takes the place of one that is full
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

    /// Sends to the open target at a place, and takes it off if that filled it.
    fn send_to(&mut self, row: usize, place: usize) {
        let col = self.open[place];
        self.send(row, col);
        if self.demand[col] <= 0.0 {
            self.open.swap_remove(place);
        }
    }

    /// Sends what `row` still has to the cheapest open targets; of equal ones, to the first that is open.
    fn spend(&mut self, row: usize, costs: &[f64], v: &[f64]) {
        for _ in 0..LOOKS {
            if self.supply[row] <= 0.0 || self.open.is_empty() {
                return;
            }
            let mut best = (f64::INFINITY, 0);
            for (place, &col) in self.open.iter().enumerate() {
                let reduced = costs[col] - v[col];
                if reduced < best.0 {
                    best = (reduced, place);
                }
            }
            self.send_to(row, best.1);
        }
        if self.supply[row] > 0.0 && !self.open.is_empty() {
            self.spend_sorted(row, costs, v);
        }
    }

    /// The same in the same order, by a heap.
    fn spend_sorted(&mut self, row: usize, costs: &[f64], v: &[f64]) {
        let offer = |place: usize, col: usize| Reverse(Offer { reduced: costs[col] - v[col], place, col });
        let mut heap: BinaryHeap<_> = self.open.iter().enumerate().map(|(k, &col)| offer(k, col)).collect();
        while self.supply[row] > 0.0
            && let Some(Reverse(Offer { place, col, .. })) = heap.pop()
        {
            // A target that has moved is in the heap once more, with its new place.
            if self.open.get(place) != Some(&col) {
                continue;
            }
            self.send_to(row, place);
            if let Some(&moved) = self.open.get(place)
                && moved != col
            {
                heap.push(offer(place, moved));
            }
        }
    }
}

/// An open target in a heap: by its reduced cost, then by its place among the open ones.
struct Offer {
    reduced: f64,
    place: usize,
    col: usize,
}

impl Ord for Offer {
    fn cmp(&self, other: &Self) -> Ordering {
        // Adding zero makes both zeros one.
        let by_cost = (self.reduced + 0.0).total_cmp(&(other.reduced + 0.0));
        by_cost.then(self.place.cmp(&other.place))
    }
}

impl PartialOrd for Offer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Offer {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Offer {}

/// A strongly feasible basis for the masses `a` and `b`, all of them positive.
pub(crate) fn start<C: Cost + ?Sized>(view: &View<'_, C>, a: &[f64], b: &[f64]) -> Tree {
    let mut line = view.line();
    let mut v = vec![f64::INFINITY; b.len()];
    (0..a.len()).for_each(|row| lower(&mut v, view.row(row, &mut line)));
    let (arcs, open) = (Vec::with_capacity(a.len() + b.len()), Vec::new());
    let mut greedy = Greedy { view, supply: a.to_vec(), demand: b.to_vec(), arcs, open };
    let u: Vec<f64> = (0..a.len())
        .map(|row| {
            let (least, col) = least_difference(view.row(row, &mut line), &v);
            greedy.send(row, col);
            least
        })
        .collect();
    greedy.open = (0..b.len()).filter(|&col| greedy.demand[col] > 0.0).collect();
    for row in 0..a.len() {
        if greedy.supply[row] > 0.0 && !greedy.open.is_empty() {
            greedy.spend(row, view.row(row, &mut line), &v);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::CostMatrix;
    use tensor::Seed;

    /// [`Greedy::spend`] without a heap.
    fn spend_plainly<C: Cost + ?Sized>(greedy: &mut Greedy<'_, C>, row: usize, costs: &[f64], v: &[f64]) {
        while greedy.supply[row] > 0.0 && !greedy.open.is_empty() {
            let mut best = (f64::INFINITY, 0);
            for (place, &col) in greedy.open.iter().enumerate() {
                if costs[col] - v[col] < best.0 {
                    best = (costs[col] - v[col], place);
                }
            }
            greedy.send_to(row, best.1);
        }
    }

    #[test]
    fn a_heap_fills_the_targets_that_looking_at_all_of_them_fills_in_the_same_order() {
        for seed in 0..300 {
            let mut stream = Seed::new(seed).child("start", 0).stream();
            let (rows, cols) = (1 + stream.below(4), 1 + stream.below(60));
            // Nothing but ties, both zeros among them, or costs that all differ.
            let mut cost = || match (seed % 2, stream.below(4)) {
                (0, 0) => -0.0,
                (0, k) => (k - 1) as f64,
                _ => stream.unit(),
            };
            let costs: Vec<f64> = (0..rows * cols).map(|_| cost()).collect();
            let demand: Vec<f64> = (0..cols).map(|_| (1 + stream.below(3)) as f64).collect();
            // The last source has more than is asked for.
            let supply: Vec<f64> = (0..rows).map(|k| if k + 1 < rows { 9.5 } else { 1000.0 }).collect();
            let matrix = CostMatrix::new(&costs, rows, cols).expect("finite costs");
            let (view, supply, demand) = View::new(&matrix, &supply, &demand, 0.0);
            let open: Vec<usize> = (0..cols).collect();
            let mut by_heap = Greedy { view: &view, supply, demand, arcs: Vec::new(), open };
            let Greedy { supply, demand, open, .. } = &by_heap;
            let (supply, demand, open) = (supply.clone(), demand.clone(), open.clone());
            let mut plainly = Greedy { view: &view, supply, demand, arcs: Vec::new(), open };
            let v: Vec<f64> = (0..cols).map(|_| if seed % 4 == 0 { 0.0 } else { stream.unit() }).collect();
            for (row, costs) in costs.chunks_exact(cols).enumerate() {
                by_heap.spend(row, costs, &v);
                spend_plainly(&mut plainly, row, costs, &v);
                assert_eq!(by_heap.open, plainly.open, "seed {seed}, source {row}: what is still open");
            }
            let ends =
                |arcs: &[Arc]| -> Vec<_> { arcs.iter().map(|arc| (arc.row, arc.col, arc.flow)).collect() };
            assert_eq!(ends(&by_heap.arcs), ends(&plainly.arcs), "seed {seed}");
        }
    }
}
