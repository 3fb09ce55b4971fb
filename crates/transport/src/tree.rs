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
//! Potentials are sums of costs along paths, and beside a huge cost they lose the last digits of small ones. A **refined** tree
//! carries what was lost in a second number for each node, so that the sum of both is as good as exact.

const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Node {
    parent: u32,
    child: u32,
    next: u32,
    prev: u32,
    depth: u32,
    /// Of the edge to the parent.
    flow: f64,
    cost: f64,
}

const LONE: Node = Node { parent: NONE, child: NONE, next: NONE, prev: NONE, depth: 0, flow: 0.0, cost: 0.0 };

#[derive(Clone, Debug)]
pub(crate) struct Tree {
    rows: usize,
    nodes: Vec<Node>,    // rows, columns, root
    potential: Vec<f64>, // of each node
    rest: Vec<f64>,      // what rounding took from each; empty unless refined
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
        let count = rows + cols;
        let mut around: Vec<Vec<u32>> = vec![Vec::new(); count];
        for (k, arc) in arcs.iter().enumerate() {
            around[arc.row as usize].push(k as u32);
            around[rows + arc.col as usize].push(k as u32);
        }
        let (nodes, potential) = (vec![LONE; count + 1], vec![0.0; count + 1]);
        let mut tree = Self { rows, nodes, potential, rest: Vec::new(), degenerate: 0 };
        let mut stack = Vec::new();
        for (row, &potential) in u.iter().enumerate().take(rows) {
            if tree.nodes[row].parent != NONE {
                continue;
            }
            tree.attach(row as u32, count as u32, 0.0, potential);
            stack.push(row);
            while let Some(node) = stack.pop() {
                for &k in &around[node] {
                    let arc = &arcs[k as usize];
                    let other = if node < rows { rows + arc.col as usize } else { arc.row as usize };
                    if tree.nodes[other].parent == NONE {
                        tree.attach(other as u32, node as u32, arc.flow, arc.cost);
                        stack.push(other);
                    }
                }
            }
        }
        tree
    }

    /// Potentials of the sources.
    pub fn u(&self) -> &[f64] {
        &self.potential[..self.rows]
    }

    /// Potentials of the targets.
    pub fn v(&self) -> &[f64] {
        &self.potential[self.rows..self.nodes.len() - 1]
    }

    /// What rounding took from the potentials of sources and of targets, in a refined tree.
    pub fn rest(&self) -> (&[f64], &[f64]) {
        let (u, v) = self.rest.split_at(self.rows);
        (u, &v[..v.len() - 1])
    }

    /// From now on potentials carry what rounding takes from them.
    pub fn refine(&mut self) {
        self.rest = vec![0.0; self.nodes.len()];
        self.refresh_all();
    }

    /// The edges between sources and targets that carry flow.
    pub fn carrying(&self) -> impl Iterator<Item = Arc> {
        let (rows, root) = (self.rows, self.nodes.len() - 1);
        let edges =
            self.nodes.iter().enumerate().filter(move |(_, n)| n.flow > 0.0 && n.parent as usize != root);
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
        let (leaving, side, delta) = self.leaving_edge(row, target);
        if delta > 0.0 {
            self.push(row, target, delta);
            self.degenerate = 0;
        } else {
            self.degenerate += 1;
        }
        let (top, parent) = if side == OnSource { (row, target) } else { (target, row) };
        self.reroot(top, leaving, parent, (delta, cost));
        self.refresh(top);
    }

    /// The last blocking edge of the cycle, walked from its apex down to `row`, over the new arc, and up again.
    fn leaving_edge(&self, row: u32, target: u32) -> (u32, Leaves, f64) {
        let (mut x, mut y) = (row, target);
        let (mut leaving, mut side, mut delta) = (NONE, OnSource, f64::INFINITY);
        while x != y {
            let (nx, ny) = (&self.nodes[x as usize], &self.nodes[y as usize]);
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
            let (dx, dy) = (self.nodes[x as usize].depth, self.nodes[y as usize].depth);
            if dx >= dy {
                let node = &mut self.nodes[x as usize];
                node.flow += if (x as usize) < self.rows { -delta } else { delta };
                x = node.parent;
            } else {
                let node = &mut self.nodes[y as usize];
                node.flow += if (y as usize) < self.rows { delta } else { -delta };
                y = node.parent;
            }
        }
    }

    /// Turns the path from `top` up to `leaving` around, and hangs `top` below `parent` by the new edge.
    fn reroot(&mut self, top: u32, leaving: u32, parent: u32, edge: (f64, f64)) {
        let (mut node, mut above, (mut flow, mut cost)) = (top, parent, edge);
        loop {
            let old = self.nodes[node as usize];
            self.unlink(node);
            self.link(node, above, flow, cost);
            if node == leaving {
                break;
            }
            (above, flow, cost, node) = (node, old.flow, old.cost, old.parent);
        }
    }

    fn unlink(&mut self, node: u32) {
        let Node { parent, next, prev, .. } = self.nodes[node as usize];
        if prev == NONE {
            self.nodes[parent as usize].child = next;
        } else {
            self.nodes[prev as usize].next = next;
        }
        if next != NONE {
            self.nodes[next as usize].prev = prev;
        }
    }

    fn link(&mut self, node: u32, parent: u32, flow: f64, cost: f64) {
        let next = std::mem::replace(&mut self.nodes[parent as usize].child, node);
        if next != NONE {
            self.nodes[next as usize].prev = node;
        }
        let entry = &mut self.nodes[node as usize];
        (entry.parent, entry.next, entry.prev, entry.flow, entry.cost) = (parent, next, NONE, flow, cost);
    }

    fn attach(&mut self, node: u32, parent: u32, flow: f64, cost: f64) {
        self.link(node, parent, flow, cost);
        self.settle(node);
    }

    /// Depth and potential of a node from those of its parent: errors do not add up from pivot to pivot.
    #[inline]
    fn settle(&mut self, node: u32) -> Node {
        let above = self.nodes[node as usize].parent as usize;
        let depth = self.nodes[above].depth + 1;
        let entry = &mut self.nodes[node as usize];
        entry.depth = depth;
        self.potential[node as usize] = entry.cost - self.potential[above];
        if !self.rest.is_empty() {
            self.rest[node as usize] = lost(entry.cost, self.potential[above]) - self.rest[above];
        }
        *entry
    }

    /// Settles everything below `top`, and `top`.
    fn refresh(&mut self, top: u32) {
        let mut node = top;
        loop {
            let entry = self.settle(node);
            if entry.child != NONE {
                node = entry.child;
                continue;
            }
            loop {
                if node == top {
                    return;
                }
                let entry = &self.nodes[node as usize];
                if entry.next != NONE {
                    node = entry.next;
                    break;
                }
                node = entry.parent;
            }
        }
    }

    /// The arcs of the basis with flow, by rows, with flows computed afresh from the masses: what lies below an
    /// edge must pass through it.
    pub fn flows(&self, a: &[f64], b: &[f64]) -> Vec<Arc> {
        let root = self.nodes.len() - 1;
        let mut order: Vec<u32> = (0..root as u32).collect();
        order.sort_unstable_by_key(|&node| std::cmp::Reverse(self.nodes[node as usize].depth));
        let mut excess: Vec<f64> = a.iter().copied().chain(b.iter().map(|b| -b)).chain([0.0]).collect();
        let mut flows = Vec::with_capacity(root);
        for node in order {
            let parent = self.nodes[node as usize].parent as usize;
            let surplus = excess[node as usize];
            excess[parent] += surplus;
            let (row, target) =
                if (node as usize) < self.rows { (node as usize, parent) } else { (parent, node as usize) };
            let flow = if row == node as usize { surplus } else { -surplus };
            if target != root && flow > 0.0 {
                let cost = self.nodes[node as usize].cost;
                flows.push(Arc { row: row as u32, col: (target - self.rows) as u32, flow, cost });
            }
        }
        flows.sort_unstable_by_key(|arc| (arc.row, arc.col));
        flows
    }

    /// Takes other costs for the arcs of the basis; artificial edges keep theirs.
    pub fn reprice(&mut self, cost: impl Fn(usize, usize) -> f64) {
        let root = self.nodes.len() - 1;
        for node in 0..root {
            let parent = self.nodes[node].parent as usize;
            let (row, target) = if node < self.rows { (node, parent) } else { (parent, node) };
            if target != root {
                self.nodes[node].cost = cost(row, target - self.rows);
            }
        }
        self.refresh_all();
    }

    /// Settles all nodes but the root.
    fn refresh_all(&mut self) {
        let mut child = self.nodes[self.nodes.len() - 1].child;
        while child != NONE {
            self.refresh(child);
            child = self.nodes[child as usize].next;
        }
    }
}

/// What rounding takes from `x − y`: their sum with `fl(x − y)` is exact.
#[inline]
pub(crate) fn lost(x: f64, y: f64) -> f64 {
    let difference = x - y;
    let taken = x - difference;
    (x - (difference + taken)) + (taken - y)
}

/// On which side of the apex an edge leaves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaves {
    OnSource,
    OnTarget,
}
use Leaves::{OnSource, OnTarget};
