//! The nearest of some points, by a k-d tree [Bentley1975] with small leaves.
//!
//! Every node cuts its points at the median of the coordinate that spreads widest. Of points that are equally near, the
//! first is found, whatever the search began with. Of points at one place only the first is kept, so that pictures of a few
//! colours are searched as fast as others.

/// Points in a leaf, at most.
const LEAF: usize = 8;

#[derive(Clone, Debug)]
pub(crate) struct Nearest {
    dim: usize,
    points: Vec<f64>, // in the order they were given
    leaves: Vec<f64>, // the same in the order of the leaves
    order: Vec<u32>,  // which point each of those is
    first: Vec<bool>, // whether no point before lies at the same place
    nodes: Vec<Node>, // node 0 is the root
}

#[derive(Clone, Copy, Debug)]
enum Node {
    Leaf {
        begin: u32,
        end: u32,
    },
    /// Points with a smaller coordinate lie in the next node, the others in `above`.
    Cut {
        axis: u32,
        at: f64,
        above: u32,
    },
}

impl Nearest {
    /// A search tree over `points`, at least one, coordinate after coordinate.
    pub fn new(points: &[f64], dim: usize) -> Self {
        let mut order = distinct(points, dim);
        let mut nodes = Vec::new();
        grow(points, dim, &mut order, 0, &mut nodes);
        let leaves =
            order.iter().flat_map(|&k| &points[k as usize * dim..(k as usize + 1) * dim]).copied().collect();
        let mut first = vec![false; points.len() / dim];
        order.iter().for_each(|&k| first[k as usize] = true);
        Self { dim, points: points.to_vec(), leaves, order, first, nodes }
    }

    /// The number of the point that is nearest to `x`. A good `hint`, such as the answer for a similar point, saves time.
    pub fn find(&self, x: &[f64], hint: usize) -> usize {
        let first = square(x, &self.points[hint * self.dim..(hint + 1) * self.dim]);
        // What an earlier search found is the first of its place.
        if first == 0.0 && self.first[hint] {
            return hint;
        }
        self.search(x, 0, (first, hint as u32)).1 as usize
    }

    fn search(&self, x: &[f64], node: usize, mut best: (f64, u32)) -> (f64, u32) {
        match self.nodes[node] {
            Node::Leaf { begin, end } => {
                let span = begin as usize * self.dim..end as usize * self.dim;
                let numbers = &self.order[begin as usize..end as usize];
                for (y, &k) in self.leaves[span].chunks_exact(self.dim).zip(numbers) {
                    let d = square(x, y);
                    if d < best.0 || (d == best.0 && k < best.1) {
                        best = (d, k);
                    }
                }
                best
            }
            Node::Cut { axis, at, above } => {
                let off = x[axis as usize] - at;
                let (near, far) =
                    if off < 0.0 { (node + 1, above as usize) } else { (above as usize, node + 1) };
                best = self.search(x, near, best);
                if off * off <= best.0 { self.search(x, far, best) } else { best }
            }
        }
    }
}

/// The points that are the first at their place.
fn distinct(points: &[f64], dim: usize) -> Vec<u32> {
    // Adding zero makes both zeros one.
    let at = |k: u32| points[k as usize * dim..(k as usize + 1) * dim].iter().map(|x| x + 0.0);
    let compared = |x: &u32, y: &u32| {
        let differ = at(*x).zip(at(*y)).map(|(x, y)| x.total_cmp(&y)).find(|order| order.is_ne());
        differ.unwrap_or_else(|| x.cmp(y))
    };
    let mut order: Vec<u32> = (0..(points.len() / dim) as u32).collect();
    order.sort_unstable_by(compared);
    order.dedup_by(|later, earlier| at(*later).eq(at(*earlier)));
    order.sort_unstable();
    order
}

#[inline]
fn square(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| (x - y) * (x - y)).sum()
}

/// Grows the tree over `order`, which begins at place `offset` of the whole, and leaves it in the order of the leaves.
fn grow(points: &[f64], dim: usize, order: &mut [u32], offset: u32, nodes: &mut Vec<Node>) {
    let at = |k: u32, axis: usize| points[k as usize * dim + axis];
    let spread = |axis: usize| {
        let extend = |(low, high): (f64, f64), k: &u32| (low.min(at(*k, axis)), high.max(at(*k, axis)));
        let (low, high) = order.iter().fold((f64::INFINITY, f64::NEG_INFINITY), extend);
        high - low
    };
    let widest = (0..dim).map(|axis| (spread(axis), axis)).max_by(|x, y| x.0.total_cmp(&y.0));
    let (width, axis) = widest.unwrap_or_default();
    if order.len() <= LEAF || width <= 0.0 {
        nodes.push(Node::Leaf { begin: offset, end: offset + order.len() as u32 });
        return;
    }
    let middle = order.len() / 2;
    order.select_nth_unstable_by(middle, |x, y| at(*x, axis).total_cmp(&at(*y, axis)));
    let cut = at(order[middle], axis);
    let place = nodes.len();
    nodes.push(Node::Cut { axis: axis as u32, at: cut, above: 0 });
    let (below, rest) = order.split_at_mut(middle);
    grow(points, dim, below, offset, nodes);
    let above = nodes.len() as u32;
    nodes[place] = Node::Cut { axis: axis as u32, at: cut, above };
    grow(points, dim, rest, offset + middle as u32, nodes);
}
