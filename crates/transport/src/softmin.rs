//! The soft minimum that all entropic transport is made of, in the log domain.
//!
//! `softmin(h)_i = −ε log Σ_j exp((h_j − c_ij) / ε)`, over rows or over columns. A kernel `exp(−c/ε)` is kept, so that each call
//! is a matrix-vector product; terms that underflowed in it are too small to matter for any sum that is itself well
//! above the bottom of what numbers can hold. The other sums are computed by log-sum-exp.

use crate::cost::Cost;
use crate::error::TransportError;
use crate::kernels::{add_exp, add_scaled, dot, exp, gibbs_row, log_sum, raise};
use crate::view::{View, check_epsilon};

/// Largest range of `c/ε` for which Sinkhorn's iteration starts plainly: `exp(−PLAIN)` is a normal number.
pub(crate) const PLAIN: f64 = 500.0;
/// Masses below this share of the largest are none: their scalings would be no normal numbers.
pub(crate) const TINY: f64 = 1e-200;
/// Sums below this may have lost terms to underflow that matter.
const SMALL: f64 = 1e-200;

pub(crate) struct SoftMin<'a, C: ?Sized> {
    view: &'a View<'a, C>,
    epsilon: f64,
    least: f64,
    kernel: Vec<f64>, // rows × cols: exp((least − c_ij)/ε)
}

impl<'a, C: Cost + ?Sized> SoftMin<'a, C> {
    pub fn new(view: &'a View<'a, C>, epsilon: f64) -> Result<Self, TransportError> {
        let (least, _) = check_epsilon(view, epsilon)?;
        let (cols, mut line) = (view.cols.len(), view.line());
        let (mut kernel, zeros) = (vec![0.0; view.rows.len() * cols], vec![0.0; cols]);
        for (i, row) in kernel.chunks_exact_mut(cols).enumerate() {
            gibbs_row(row, least, &zeros, view.row(i, &mut line), epsilon);
        }
        Ok(Self { view, epsilon, least, kernel })
    }

    /// `−ε log Σ_j exp((h_j − c_ij) / ε)` for each row `i`.
    pub fn over_cols(&self, h: &[f64]) -> Vec<f64> {
        let (top, weights) = self.weights(h);
        let mut line = self.view.line();
        let rows = self.kernel.chunks_exact(h.len()).enumerate();
        let value = |(i, row)| {
            let sum = dot(row, &weights);
            self.logarithm(sum, top)
                .unwrap_or_else(|| -self.epsilon * log_sum(h, self.view.row(i, &mut line), self.epsilon))
        };
        rows.map(value).collect()
    }

    /// `−ε log Σ_i exp((h_i − c_ij) / ε)` for each column `j`.
    pub fn over_rows(&self, h: &[f64]) -> Vec<f64> {
        let cols = self.view.cols.len();
        let (top, weights) = self.weights(h);
        let mut sums = vec![0.0; cols];
        for (row, weight) in self.kernel.chunks_exact(cols).zip(&weights) {
            add_scaled(&mut sums, *weight, row);
        }
        let lost = sums.iter().filter(|sum| self.logarithm(**sum, top).is_none()).count();
        // Columns are not contiguous: many of them are better computed together.
        if lost > cols / 8 {
            return self.by_logarithms(h);
        }
        let column = |j: usize| -> Vec<f64> { (0..h.len()).map(|i| self.view.at(i, j)).collect() };
        let value = |(j, sum): (usize, &f64)| {
            self.logarithm(*sum, top).unwrap_or_else(|| -self.epsilon * log_sum(h, &column(j), self.epsilon))
        };
        sums.iter().enumerate().map(value).collect()
    }

    /// [`Self::over_rows`] without the kernel.
    fn by_logarithms(&self, h: &[f64]) -> Vec<f64> {
        let (epsilon, cols, mut line) = (self.epsilon, self.view.cols.len(), self.view.line());
        let (mut top, mut sums) = (vec![f64::NEG_INFINITY; cols], vec![0.0; cols]);
        h.iter().enumerate().for_each(|(i, h)| raise(&mut top, *h, self.view.row(i, &mut line)));
        for (i, h) in h.iter().enumerate() {
            add_exp(&mut sums, &top, *h, self.view.row(i, &mut line), epsilon);
        }
        top.iter().zip(&sums).map(|(top, sum)| -top - epsilon * sum.ln()).collect()
    }

    fn weights(&self, h: &[f64]) -> (f64, Vec<f64>) {
        let top = h.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (top, h.iter().map(|h| exp((h - top) / self.epsilon)).collect())
    }

    /// The soft minimum that a sum of kernel times weights stands for, unless it may have lost terms.
    fn logarithm(&self, sum: f64, top: f64) -> Option<f64> {
        (sum > SMALL).then(|| self.least - top - self.epsilon * sum.ln())
    }
}

/// `p_k + ε ln m_k`.
pub(crate) fn with_masses(potential: &[f64], masses: &[f64], epsilon: f64) -> Vec<f64> {
    potential.iter().zip(masses).map(|(p, m)| p + epsilon * m.ln()).collect()
}

/// Potentials of all points from those in view: points without mass get what the iteration would give them.
pub(crate) fn extend<C: Cost + ?Sized>(
    view: &View<'_, C>,
    [f, g]: [&[f64]; 2],
    [a, b]: [&[f64]; 2],
    epsilon: f64,
) -> [Vec<f64>; 2] {
    let cost = view.cost;
    if f.len() == cost.rows() && g.len() == cost.cols() {
        return [f.to_vec(), g.to_vec()];
    }
    let (from_cols, from_rows) = (with_masses(g, b, epsilon), with_masses(f, a, epsilon));
    let new_f = |row| {
        let costs: Vec<f64> = view.cols.iter().map(|col| cost.at(row, *col as usize)).collect();
        -epsilon * log_sum(&from_cols, &costs, epsilon)
    };
    let new_g = |col| {
        let costs: Vec<f64> = view.rows.iter().map(|row| cost.at(*row as usize, col)).collect();
        -epsilon * log_sum(&from_rows, &costs, epsilon)
    };
    let mut all_f: Vec<f64> = (0..cost.rows()).map(new_f).collect();
    let mut all_g: Vec<f64> = (0..cost.cols()).map(new_g).collect();
    view.rows.iter().zip(f).for_each(|(row, f)| all_f[*row as usize] = *f);
    view.cols.iter().zip(g).for_each(|(col, g)| all_g[*col as usize] = *g);
    [all_f, all_g]
}
