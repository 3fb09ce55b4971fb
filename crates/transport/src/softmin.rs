//! The soft minimum that all entropic transport is made of, in the log domain.
//!
//! `softmin(h)_i = −ε log Σ_j exp((h_j − c_ij) / ε)`, over rows or over columns. Where the costs' range allows it, a
//! kernel `exp(−c/ε)` is kept and each call is a matrix-vector product; a sum that comes near the bottom of what a
//! number can hold is recomputed by log-sum-exp. Without the kernel each call is a log-sum-exp. Both give the same to
//! rounding.

use crate::cost::Cost;
use crate::error::TransportError;
use crate::kernels::{add_exp, add_scaled, dot, exp, gibbs_row, log_sum, raise};
use crate::view::{View, check_epsilon};

/// Largest range of `c/ε` for which a kernel is kept: `exp(−PLAIN)` is a normal number.
pub(crate) const PLAIN: f64 = 500.0;
/// Masses below this share of the largest are none: their scalings would be no normal numbers.
pub(crate) const TINY: f64 = 1e-200;
/// Sums below this have lost terms to underflow that might matter.
const SMALL: f64 = 1e-200;

pub(crate) struct SoftMin<'a, C: ?Sized> {
    view: &'a View<'a, C>,
    epsilon: f64,
    least: f64,
    kernel: Option<Vec<f64>>, // rows × cols: exp((least − c_ij)/ε)
}

impl<'a, C: Cost + ?Sized> SoftMin<'a, C> {
    pub fn new(view: &'a View<'a, C>, epsilon: f64) -> Result<Self, TransportError> {
        let (least, most) = check_epsilon(view, epsilon)?;
        let kernel = ((most - least) <= PLAIN * epsilon).then(|| {
            let (cols, mut line) = (view.cols.len(), view.line());
            let (mut kernel, zeros) = (vec![0.0; view.rows.len() * cols], vec![0.0; cols]);
            for (i, row) in kernel.chunks_exact_mut(cols).enumerate() {
                gibbs_row(row, least, &zeros, view.row(i, &mut line), epsilon);
            }
            kernel
        });
        Ok(Self { view, epsilon, least, kernel })
    }

    /// `−ε log Σ_j exp((h_j − c_ij) / ε)` for each row `i`.
    pub fn over_cols(&self, h: &[f64]) -> Vec<f64> {
        let epsilon = self.epsilon;
        if let Some(kernel) = &self.kernel {
            let (top, weights) = self.weights(h);
            let sums: Vec<f64> = kernel.chunks_exact(h.len()).map(|row| dot(row, &weights)).collect();
            if let Some(values) = self.finish(&sums, top) {
                return values;
            }
        }
        let mut line = self.view.line();
        let row = |i| -epsilon * log_sum(h, self.view.row(i, &mut line), epsilon);
        (0..self.view.rows.len()).map(row).collect()
    }

    /// `−ε log Σ_i exp((h_i − c_ij) / ε)` for each column `j`.
    pub fn over_rows(&self, h: &[f64]) -> Vec<f64> {
        let (epsilon, cols) = (self.epsilon, self.view.cols.len());
        let mut sums = vec![0.0; cols];
        if let Some(kernel) = &self.kernel {
            let (top, weights) = self.weights(h);
            for (row, weight) in kernel.chunks_exact(cols).zip(&weights) {
                add_scaled(&mut sums, *weight, row);
            }
            if let Some(values) = self.finish(&sums, top) {
                return values;
            }
            sums.fill(0.0);
        }
        let (mut line, mut top) = (self.view.line(), vec![f64::NEG_INFINITY; cols]);
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

    /// The logarithms, unless a sum is so small that it may have lost terms.
    fn finish(&self, sums: &[f64], top: f64) -> Option<Vec<f64>> {
        let safe = sums.iter().all(|s| *s > SMALL);
        safe.then(|| sums.iter().map(|s| self.least - top - self.epsilon * s.ln()).collect())
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
