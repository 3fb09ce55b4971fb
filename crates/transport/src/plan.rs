//! What a solver answers: the plan, its cost, both potentials, and how it ended.

use crate::certificate::Certificate;
use crate::error::TransportError;

/// Mass that goes from one source to one target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// The source.
    pub row: usize,
    /// The target.
    pub col: usize,
    /// How much.
    pub mass: f64,
}

/// The masses of a plan: a few entries where a vertex of the polytope is the answer, all of them where it is blurred.
#[derive(Clone, Debug, PartialEq)]
pub enum Mass {
    /// Positive entries by rows, then columns; at most `rows + cols − 1` of them.
    Sparse(Vec<Entry>),
    /// `rows × cols`, row-major.
    Dense(Vec<f64>),
}

/// How a solver ended: a value, not a warning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Status {
    /// An optimal vertex; [`crate::certify`] proves it.
    Exact,
    /// The tolerance was reached.
    Converged {
        /// Iterations in all.
        iterations: usize,
    },
    /// The iterations ran out first.
    Stopped {
        /// `Σ|row sums − a| + Σ|column sums − b|` of the plan as it is.
        marginal_error: f64,
    },
}

/// A plan `P ≥ 0` with row sums `a` and column sums `b`, and its potentials.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// How much goes from where to where.
    pub mass: Mass,
    /// Sources.
    pub rows: usize,
    /// Targets.
    pub cols: usize,
    /// `⟨C, P⟩ = Σ_ij c_ij P_ij`, without any entropy.
    pub cost: f64,
    /// `[u, v]`, one number for each source and each target. Exact plans: `u_i + v_j ≤ c_ij`, with equality where
    /// mass flows. Entropic plans: `P_ij = a_i b_j exp((u_i + v_j − c_ij)/ε)/total`.
    pub dual: [Vec<f64>; 2],
    /// How the solver ended.
    pub status: Status,
    /// The proof, where one was computed: [`crate::exact`] always does.
    pub certificate: Option<Certificate>,
}

impl Plan {
    /// Calls `visit` for every entry, by rows, then columns; of a dense plan also for zeros.
    pub fn for_each(&self, mut visit: impl FnMut(Entry)) {
        match &self.mass {
            Mass::Sparse(entries) => entries.iter().for_each(|entry| visit(*entry)),
            Mass::Dense(masses) => {
                for (row, line) in masses.chunks_exact(self.cols).enumerate() {
                    line.iter().enumerate().for_each(|(col, &mass)| visit(Entry { row, col, mass }));
                }
            }
        }
    }

    /// The plan as a matrix, `rows × cols`, row-major.
    pub fn to_dense(&self) -> Vec<f64> {
        let mut dense = vec![0.0; self.rows * self.cols];
        self.for_each(|entry| dense[entry.row * self.cols + entry.col] += entry.mass);
        dense
    }

    /// Row sums and column sums.
    pub fn marginals(&self) -> [Vec<f64>; 2] {
        let mut sums = [vec![0.0; self.rows], vec![0.0; self.cols]];
        self.for_each(|entry| {
            sums[0][entry.row] += entry.mass;
            sums[1][entry.col] += entry.mass;
        });
        sums
    }

    /// `Σ|row sums − a| + Σ|column sums − b|`.
    ///
    /// # Errors
    /// If a slice has another length than the plan has rows or columns.
    pub fn marginal_error(&self, a: &[f64], b: &[f64]) -> Result<f64, TransportError> {
        check_length("source masses", self.rows, a.len())?;
        check_length("target masses", self.cols, b.len())?;
        let [rows, cols] = self.marginals();
        Ok(distance(&rows, a) + distance(&cols, b))
    }
}

/// `Σ|x − y|`.
pub(crate) fn distance(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| (x - y).abs()).sum()
}

pub(crate) fn check_length(what: &'static str, expected: usize, found: usize) -> Result<(), TransportError> {
    if expected == found { Ok(()) } else { Err(TransportError::Shape { what, expected, found }) }
}
