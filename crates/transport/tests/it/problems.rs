//! Random problems and slow, simple solvers.

use tensor::{Seed, Stream};
use transport::{Cost, CostMatrix, Metric, Plan, PointCost, Points};

/// A problem that owns its numbers.
pub struct Problem {
    pub cost: Vec<f64>, // rows × cols
    pub a: Vec<f64>,
    pub b: Vec<f64>,
}

impl Problem {
    pub fn matrix(&self) -> CostMatrix<'_> {
        CostMatrix::new(&self.cost, self.a.len(), self.b.len()).unwrap()
    }

    pub fn most(&self) -> f64 {
        self.cost.iter().copied().fold(0.0, |most, c| c.abs().max(most))
    }

    /// Random costs on [0, 1) and random masses that add up to 1.
    pub fn random(rows: usize, cols: usize, seed: u64) -> Self {
        let mut stream = Seed::new(seed).stream();
        Self {
            cost: uniform(rows * cols, &mut stream),
            a: shares(uniform(rows, &mut stream)),
            b: shares(uniform(cols, &mut stream)),
        }
    }

    /// Squared distances between points uniform in a square, and random masses that add up to 1.
    pub fn squared(rows: usize, cols: usize, seed: u64) -> Self {
        let mut stream = Seed::new(seed).stream();
        let (x, y) = (uniform(2 * rows, &mut stream), uniform(2 * cols, &mut stream));
        let (a, b) = (shares(uniform(rows, &mut stream)), shares(uniform(cols, &mut stream)));
        Self { cost: between(&x, &y, 2, Metric::SquaredEuclidean), a, b }
    }
}

pub fn uniform(n: usize, stream: &mut Stream) -> Vec<f64> {
    (0..n).map(|_| stream.unit()).collect()
}

pub fn shares(mut masses: Vec<f64>) -> Vec<f64> {
    let sum: f64 = masses.iter().sum();
    masses.iter_mut().for_each(|m| *m /= sum);
    masses
}

/// Costs between points as a matrix.
pub fn between(x: &[f64], y: &[f64], dim: usize, metric: Metric) -> Vec<f64> {
    let cost = PointCost::new(Points::new(x, dim).unwrap(), Points::new(y, dim).unwrap(), metric).unwrap();
    (0..cost.rows()).flat_map(|i| (0..cost.cols()).map(move |j| (i, j))).map(|(i, j)| cost.at(i, j)).collect()
}

/// All orders of `0..n`.
pub fn permutations(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in permutations(n - 1) {
        for place in 0..n {
            let mut longer = shorter.clone();
            longer.insert(place, n - 1);
            all.push(longer);
        }
    }
    all
}

/// Asserts that the plan has the masses of the problem, to 1e-12 of their total.
pub fn assert_marginals(plan: &Plan, a: &[f64], b: &[f64], what: &str) {
    let total: f64 = a.iter().sum();
    let [rows, cols] = plan.marginals();
    for (sum, mass) in rows.iter().zip(a).chain(cols.iter().zip(b)) {
        assert!((sum - mass).abs() <= 1e-12 * total, "{what}: {sum} is not {mass}");
    }
}

/// Sinkhorn's iteration as in the book: scalings of `exp(−c/ε)`, for ε large enough.
pub fn plain_sinkhorn(problem: &Problem, epsilon: f64, iterations: usize) -> Vec<f64> {
    let (rows, cols) = (problem.a.len(), problem.b.len());
    let kernel: Vec<f64> = problem.cost.iter().map(|c| (-c / epsilon).exp()).collect();
    let (mut u, mut v) = (vec![1.0; rows], vec![1.0; cols]);
    for _ in 0..iterations {
        for j in 0..cols {
            v[j] = problem.b[j] / (0..rows).map(|i| kernel[i * cols + j] * u[i]).sum::<f64>();
        }
        for i in 0..rows {
            u[i] = problem.a[i] / (0..cols).map(|j| kernel[i * cols + j] * v[j]).sum::<f64>();
        }
    }
    (0..rows * cols).map(|k| u[k / cols] * kernel[k] * v[k % cols]).collect()
}

/// The same for any ε, every sum a log-sum-exp.
pub fn log_sinkhorn(problem: &Problem, epsilon: f64, iterations: usize) -> Vec<f64> {
    let (rows, cols) = (problem.a.len(), problem.b.len());
    let soft = |terms: Vec<f64>| {
        let top = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        top + terms.iter().map(|t| (t - top).exp()).sum::<f64>().ln()
    };
    let (mut f, mut g) = (vec![0.0; rows], vec![0.0; cols]);
    let at = |i: usize, j: usize| problem.cost[i * cols + j];
    for _ in 0..iterations {
        for (j, g) in g.iter_mut().enumerate() {
            let terms = (0..rows).map(|i| (f[i] - at(i, j)) / epsilon).collect();
            *g = epsilon * (problem.b[j].ln() - soft(terms));
        }
        for (i, f) in f.iter_mut().enumerate() {
            let terms = (0..cols).map(|j| (g[j] - at(i, j)) / epsilon).collect();
            *f = epsilon * (problem.a[i].ln() - soft(terms));
        }
    }
    (0..rows * cols).map(|k| ((f[k / cols] + g[k % cols] - problem.cost[k]) / epsilon).exp()).collect()
}

/// Largest difference between two slices.
pub fn apart(x: &[f64], y: &[f64]) -> f64 {
    assert_eq!(x.len(), y.len());
    x.iter().zip(y).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max)
}
