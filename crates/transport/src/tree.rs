//! The basis of the network simplex: a spanning tree over sources, targets and a root.
//!
//! Node `i < rows` is source `i`, node `rows + j` is target `j`, and the last node is the root. The edge between
//! a node and its parent is the arc from the source to the target of the two; it carries `flow ≥ 0`, and potentials
//! satisfy `u_i + v_j = c_ij` on it. A few sources hang on the root by an *artificial* edge: the root has neither
//! supply nor demand, and edges only lead to it, so that none of them can ever carry flow. Their cost is therefore
//! free, and is chosen to give the source the potential that the start wants.
//!
//! The tree is **strongly feasible** [Cunningham1976]: from each node a little more flow could be sent to the root,
//! that is, an edge without flow has the source below and the target (or the root) above. Choosing the leaving edge
//! by Cunningham's rule keeps it so, and the simplex method then cannot cycle.
//!
//! A pivot walks along a cycle, at most twice as long as the smaller side has points, and gives new potentials to those of
//! a subtree's nodes that have children ([`crate::nodes`]): its time does not grow with the larger side.

use crate::nodes::{NONE, Node, Nodes};

#[derive(Clone, Debug)]
pub(crate) struct Tree {
    rows: usize,
    nodes: Nodes, // rows, columns, root
    degenerate: u64,
}

/// Flow from a source to a target.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arc {
    pub row: u32,
    pub col: u32,
    pub flow: f64,
    pub cost: f64,
}

impl Tree {
    /// The spanning tree of a forest of arcs; each component hangs on the root by one of its rows, which keeps the
    /// potential that `u` says.
    pub fn new(arcs: &[Arc], [rows, cols]: [usize; 2], u: &[f64]) -> Self {
        let around = Around::new(arcs, [rows, cols]);
        let mut nodes = Nodes::new(rows + cols);
        let (root, mut stack) = (nodes.root() as u32, Vec::new());
        for (row, &potential) in u.iter().enumerate().take(rows) {
            if nodes.all[row].parent != NONE {
                continue;
            }
            nodes.link(row as u32, root, 0.0, potential);
            stack.push(row);
            while let Some(node) = stack.pop() {
                for &k in around.arcs(node) {
                    let arc = &arcs[k as usize];
                    let other = if node < rows { rows + arc.col as usize } else { arc.row as usize };
                    if nodes.all[other].parent == NONE {
                        nodes.link(other as u32, node as u32, arc.flow, arc.cost);
                        stack.push(other);
                    }
                }
            }
        }
        Self { rows, nodes, degenerate: 0 }
    }

    /// The potential of a source.
    #[inline]
    pub fn u(&self, row: u32) -> f64 {
        self.nodes.potential(row as usize)
    }

    /// The potential of a target.
    #[inline]
    pub fn v(&self, col: u32) -> f64 {
        self.nodes.potential(self.rows + col as usize)
    }

    /// Potentials of all sources and of all targets.
    pub fn potentials(&self) -> [Vec<f64>; 2] {
        self.sides(|node| self.nodes.potential(node))
    }

    /// What rounding took from the potentials of a source and of a target, in a refined tree.
    pub fn rest(&self, row: u32, col: u32) -> [f64; 2] {
        [self.nodes.rest(row as usize), self.nodes.rest(self.rows + col as usize)]
    }

    /// What it took from those of all sources and of all targets.
    pub fn rests(&self) -> [Vec<f64>; 2] {
        self.sides(|node| self.nodes.rest(node))
    }

    fn sides(&self, number: impl Fn(usize) -> f64) -> [Vec<f64>; 2] {
        [(0..self.rows).map(&number).collect(), (self.rows..self.nodes.root()).map(&number).collect()]
    }

    /// From now on potentials carry what rounding takes from them.
    pub fn refine(&mut self) {
        self.nodes.refine();
    }

    /// The edges between sources and targets that carry flow.
    pub fn carrying(&self) -> impl Iterator<Item = Arc> {
        let (rows, root) = (self.rows, self.nodes.root());
        let edges = self.nodes.all.iter().enumerate();
        let edges = edges.filter(move |(_, n)| n.flow > 0.0 && n.parent as usize != root);
        edges.map(move |(node, &Node { parent, flow, cost, .. })| {
            let (row, target) = if node < rows { (node, parent as usize) } else { (parent as usize, node) };
            Arc { row: row as u32, col: (target - rows) as u32, flow, cost }
        })
    }

    /// Pivots in a row that moved no flow.
    pub fn degenerate(&self) -> u64 {
        self.degenerate
    }

    /// Counts such pivots anew.
    pub fn forgive(&mut self) {
        self.degenerate = 0;
    }

    /// Lets the arc from `row` to `col` into the basis: as much flow as possible goes around the cycle that it closes,
    /// and an edge that this empties leaves.
    pub fn pivot(&mut self, row: u32, col: u32, cost: f64) {
        let target = self.rows as u32 + col;
        self.nodes.sound(row);
        self.nodes.sound(target);
        let (leaving, side, delta) = self.leaving_edge(row, target);
        if delta > 0.0 {
            self.push(row, target, delta);
            self.degenerate = 0;
        } else {
            self.degenerate += 1;
        }
        let (top, parent) = if side == OnSource { (row, target) } else { (target, row) };
        self.reroot(top, leaving, parent, (delta, cost));
        self.nodes.refresh(top);
    }

    /// The last blocking edge of the cycle, walked from its apex down to `row`, over the new arc, and up again.
    fn leaving_edge(&self, row: u32, target: u32) -> (u32, Leaves, f64) {
        let (mut x, mut y) = (row, target);
        let (mut leaving, mut side, mut delta) = (NONE, OnSource, f64::INFINITY);
        while x != y {
            let (nx, ny) = (&self.nodes.all[x as usize], &self.nodes.all[y as usize]);
            if nx.depth >= ny.depth {
                if (x as usize) < self.rows && nx.flow < delta {
                    (leaving, side, delta) = (x, OnSource, nx.flow);
                }
                x = nx.parent;
            } else {
                if (y as usize) >= self.rows && ny.flow <= delta {
                    (leaving, side, delta) = (y, OnTarget, ny.flow);
                }
                y = ny.parent;
            }
        }
        (leaving, side, delta)
    }

    /// Sends `delta` along the new arc and back through the tree.
    fn push(&mut self, row: u32, target: u32, delta: f64) {
        let (mut x, mut y) = (row, target);
        while x != y {
            let (dx, dy) = (self.nodes.all[x as usize].depth, self.nodes.all[y as usize].depth);
            if dx >= dy {
                let node = &mut self.nodes.all[x as usize];
                node.flow += if (x as usize) < self.rows { -delta } else { delta };
                x = node.parent;
            } else {
                let node = &mut self.nodes.all[y as usize];
                node.flow += if (y as usize) < self.rows { delta } else { -delta };
                y = node.parent;
            }
        }
    }

    /// Turns the path from `top` up to `leaving` around, and hangs `top` below `parent` by the new edge.
    fn reroot(&mut self, top: u32, leaving: u32, parent: u32, edge: (f64, f64)) {
        let (mut node, mut above, (mut flow, mut cost)) = (top, parent, edge);
        loop {
            let old = self.nodes.all[node as usize];
            self.nodes.unlink(node);
            self.nodes.link(node, above, flow, cost);
            if node == leaving {
                break;
            }
            (above, flow, cost, node) = (node, old.flow, old.cost, old.parent);
        }
    }

    /// The arcs of the basis with flow, by rows, with flows computed afresh from the masses: what lies below an
    /// edge must pass through it.
    pub fn flows(&self, a: &[f64], b: &[f64]) -> Vec<Arc> {
        let root = self.nodes.root();
        let mut order: Vec<u32> = (0..root as u32).collect();
        let depths: Vec<u32> = (0..root).map(|node| self.nodes.depth(node)).collect();
        order.sort_unstable_by_key(|&node| std::cmp::Reverse(depths[node as usize]));
        let mut excess: Vec<f64> = a.iter().copied().chain(b.iter().map(|b| -b)).chain([0.0]).collect();
        let mut flows = Vec::with_capacity(root);
        for node in order {
            let Node { parent, cost, .. } = self.nodes.all[node as usize];
            let (node, parent) = (node as usize, parent as usize);
            let surplus = excess[node];
            excess[parent] += surplus;
            let (row, target) = if node < self.rows { (node, parent) } else { (parent, node) };
            let flow = if row == node { surplus } else { -surplus };
            if target != root && flow > 0.0 {
                flows.push(Arc { row: row as u32, col: (target - self.rows) as u32, flow, cost });
            }
        }
        flows.sort_unstable_by_key(|arc| (arc.row, arc.col));
        flows
    }

    /// Takes other costs for the arcs of the basis; artificial edges keep theirs.
    pub fn reprice(&mut self, cost: impl Fn(usize, usize) -> f64) {
        let rows = self.rows;
        self.nodes.reprice(|node, parent| {
            let (row, target) = if node < rows { (node, parent) } else { (parent, node) };
            cost(row, target - rows)
        });
    }
}

/// Which arcs begin or end at each node.
struct Around {
    ends: Vec<u32>, // where the arcs of each node end in `arcs`, after a zero
    arcs: Vec<u32>, // by nodes, then by their numbers
}

impl Around {
    fn new(arcs: &[Arc], [rows, cols]: [usize; 2]) -> Self {
        let nodes = |arc: &Arc| [arc.row as usize, rows + arc.col as usize];
        let mut ends = vec![0u32; rows + cols + 2];
        arcs.iter().flat_map(nodes).for_each(|node| ends[node + 2] += 1);
        for node in 2..ends.len() {
            ends[node] += ends[node - 1];
        }
        // Until a node's arcs are all there, the end of those before it is where the next one goes.
        let mut sorted = vec![0; 2 * arcs.len()];
        for (k, arc) in arcs.iter().enumerate() {
            for node in nodes(arc) {
                sorted[ends[node + 1] as usize] = k as u32;
                ends[node + 1] += 1;
            }
        }
        Self { ends, arcs: sorted }
    }

    fn arcs(&self, node: usize) -> &[u32] {
        &self.arcs[self.ends[node] as usize..self.ends[node + 1] as usize]
    }
}

/// On which side of the apex an edge leaves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaves {
    OnSource,
    OnTarget,
}
use Leaves::{OnSource, OnTarget};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nodes::lost;
    use tensor::Seed;

    /// Depth, potential and its rest of every node, walked up to the root with all nodes treated alike.
    fn plainly(tree: &Tree, node: usize) -> (u32, f64, f64) {
        let root = tree.nodes.root();
        if node == root {
            return (0, 0.0, 0.0);
        }
        let Node { parent, cost, .. } = tree.nodes.all[node];
        let (depth, potential, rest) = plainly(tree, parent as usize);
        (depth + 1, cost - potential, lost(cost, potential) - rest)
    }

    #[test]
    fn leaves_and_others_have_the_potentials_of_their_way_to_the_root_after_any_pivots() {
        for (case, sides) in [[40, 3], [3, 40], [12, 12], [30, 1], [1, 30]].into_iter().enumerate() {
            let [rows, cols] = sides;
            let mut stream = Seed::new(case as u64).child("leaves", 0).stream();
            let costs: Vec<f64> =
                (0..rows * cols).map(|_| stream.unit() * 1e9f64.powf(stream.unit())).collect();
            let u: Vec<f64> = (0..rows).map(|_| stream.unit()).collect();
            // Every target gets what it needs from one source, or every source sends to one target.
            let arc = |k: usize| {
                let (row, col) = if rows > cols { (k, k % cols) } else { (k % rows, k) };
                Arc { row: row as u32, col: col as u32, flow: 1.0, cost: costs[row * cols + col] }
            };
            let mut tree = Tree::new(&(0..rows.max(cols)).map(arc).collect::<Vec<_>>(), sides, &u);
            tree.refine();
            for pivot in 0..400 {
                let (row, col) = (stream.below(rows), stream.below(cols));
                let cost = costs[row * cols + col];
                // An arc of the basis cannot enter it.
                if tree.nodes.all[row].parent as usize != rows + col
                    && tree.nodes.all[rows + col].parent as usize != row
                {
                    tree.pivot(row as u32, col as u32, cost);
                }
                let ([u, v], [u_rest, v_rest]) = (tree.potentials(), tree.rests());
                for (node, (potential, rest)) in
                    u.iter().chain(&v).zip(u_rest.iter().chain(&v_rest)).enumerate()
                {
                    let found = (tree.nodes.depth(node), *potential, *rest);
                    assert_eq!(found, plainly(&tree, node), "{rows} × {cols}, pivot {pivot}, node {node}");
                }
            }
        }
    }
}
