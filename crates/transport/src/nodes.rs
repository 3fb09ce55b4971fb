//! The nodes of the spanning tree that [`crate::tree`] pivots: who hangs on whom, how deep, and at what potential.
//!
//! The potential of a node is the cost of the edge to its parent less the potential of the parent. A pivot changes the
//! potentials of a whole subtree, and where one side of a problem has many more points than the other, nearly all of the
//! subtree are **leaves**: 40 000 sources for 5 targets leave at most four sources that are none. So a leaf is in no list of
//! children, no pivot visits it, and its potential is worked out when somebody asks for it: `base` holds its edge's cost,
//! and `under` its parent, whose potential is taken off. A node with children has its potential in `base`, and `under` points to
//! a zero. The subtraction is the same in both cases, and so are the bits of what it gives.
//!
//! Potentials are sums of costs along paths, and beside a huge cost they lose the last digits of small ones. **Refined** nodes
//! carry what was lost in a second number for each node, so that the sum of both is as good as exact.

/// No node.
pub(crate) const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub parent: u32,
    pub depth: u32, // of a leaf only right after it was sounded
    /// Of the edge to the parent.
    pub flow: f64,
    pub cost: f64,
    /// How many nodes hang on this one.
    children: u32,
    /// The first of those that are no leaves, and the neighbours in the parent's list of them.
    child: u32,
    next: u32,
    prev: u32,
}

const LONE: Node =
    Node { parent: NONE, depth: 0, flow: 0.0, cost: 0.0, children: 0, child: NONE, next: NONE, prev: NONE };

/// Nodes `0..root`, and the root.
#[derive(Clone, Debug)]
pub(crate) struct Nodes {
    pub all: Vec<Node>,
    base: Vec<f64>, // potentials of nodes with children, costs of the edges of leaves; a zero at the end
    under: Vec<u32>, // where to find what is taken off
    rest: Vec<f64>, // what rounding took from potentials of nodes with children; empty unless refined
}

impl Nodes {
    /// `count` nodes that hang on nothing yet, and a root.
    pub fn new(count: usize) -> Self {
        let mut all = vec![LONE; count + 1];
        // The root counts as its own child: it never is a leaf.
        all[count].children = 1;
        Self { all, base: vec![0.0; count + 2], under: vec![count as u32 + 1; count + 1], rest: Vec::new() }
    }

    pub fn root(&self) -> usize {
        self.all.len() - 1
    }

    /// The potential of a node.
    #[inline]
    pub fn potential(&self, node: usize) -> f64 {
        self.base[node] - self.base[self.under[node] as usize]
    }

    /// What rounding took from it, where nodes are refined.
    #[inline]
    pub fn rest(&self, node: usize) -> f64 {
        if self.all[node].children > 0 { self.rest[node] } else { self.taken(node) }
    }

    /// From now on potentials carry what rounding takes from them.
    pub fn refine(&mut self) {
        self.rest = vec![0.0; self.all.len()];
        self.refresh_all();
    }

    /// Makes sure that the depth of a node is right, even if it is a leaf.
    #[inline]
    pub fn sound(&mut self, node: u32) {
        self.all[node as usize].depth = self.depth(node as usize);
    }

    /// The depth of a node; the root's is 0.
    #[inline]
    pub fn depth(&self, node: usize) -> u32 {
        let Node { parent, depth, children, .. } = self.all[node];
        if children > 0 { depth } else { self.all[parent as usize].depth + 1 }
    }

    /// Hangs a node on another one.
    pub fn link(&mut self, node: u32, parent: u32, flow: f64, cost: f64) {
        let entry = &mut self.all[node as usize];
        (entry.parent, entry.flow, entry.cost) = (parent, flow, cost);
        self.place(node);
        let above = &mut self.all[parent as usize];
        above.children += 1;
        if above.children == 1 {
            self.place(parent);
            self.settle(parent);
        }
    }

    /// Takes a node off its parent.
    pub fn unlink(&mut self, node: u32) {
        let Node { parent, children, .. } = self.all[node as usize];
        if children > 0 {
            self.unlist(node);
        }
        let above = &mut self.all[parent as usize];
        above.children -= 1;
        if above.children == 0 {
            self.unlist(parent);
            self.place(parent);
        }
    }

    /// Notes a node as what it is: a leaf, or one of those of its parent's children that have children.
    fn place(&mut self, node: u32) {
        let Node { parent, cost, children, .. } = self.all[node as usize];
        if children == 0 {
            (self.base[node as usize], self.under[node as usize]) = (cost, parent);
            return;
        }
        let next = std::mem::replace(&mut self.all[parent as usize].child, node);
        if next != NONE {
            self.all[next as usize].prev = node;
        }
        let entry = &mut self.all[node as usize];
        (entry.next, entry.prev) = (next, NONE);
        self.under[node as usize] = self.all.len() as u32;
    }

    /// Takes a node out of its parent's list.
    fn unlist(&mut self, node: u32) {
        let Node { parent, next, prev, .. } = self.all[node as usize];
        if prev == NONE {
            self.all[parent as usize].child = next;
        } else {
            self.all[prev as usize].next = next;
        }
        if next != NONE {
            self.all[next as usize].prev = prev;
        }
    }

    /// Depth and potential of a node with children, from those of its parent: errors do not add up from pivot to pivot.
    #[inline]
    fn settle(&mut self, node: u32) -> Node {
        let above = self.all[node as usize].parent as usize;
        let depth = self.all[above].depth + 1;
        let entry = &mut self.all[node as usize];
        entry.depth = depth;
        let entry = *entry;
        self.base[node as usize] = entry.cost - self.base[above];
        if !self.rest.is_empty() {
            self.rest[node as usize] = self.taken(node as usize);
        }
        entry
    }

    /// What rounding takes from the potential of a node whose parent is settled.
    fn taken(&self, node: usize) -> f64 {
        let Node { parent, cost, .. } = self.all[node];
        lost(cost, self.base[parent as usize]) - self.rest[parent as usize]
    }

    /// Settles `top` and all below it but leaves, which need no settling.
    pub fn refresh(&mut self, top: u32) {
        if self.all[top as usize].children == 0 {
            return;
        }
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
                let entry = &self.all[node as usize];
                if entry.next != NONE {
                    node = entry.next;
                    break;
                }
                node = entry.parent;
            }
        }
    }

    /// Gives edges to parents other costs: `cost` is asked for each node and its parent, but for those on the root.
    pub fn reprice(&mut self, cost: impl Fn(usize, usize) -> f64) {
        let root = self.root();
        for node in 0..root {
            let Node { parent, children, .. } = self.all[node];
            if parent as usize == root {
                continue;
            }
            let new = cost(node, parent as usize);
            self.all[node].cost = new;
            if children == 0 {
                self.base[node] = new;
            }
        }
        self.refresh_all();
    }

    /// Settles all nodes with children but the root.
    fn refresh_all(&mut self) {
        let mut child = self.all[self.root()].child;
        while child != NONE {
            self.refresh(child);
            child = self.all[child as usize].next;
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
