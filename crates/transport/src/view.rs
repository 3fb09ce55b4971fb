//! The part of a problem that has mass. Solvers work on it; what was left out gets its potentials back at the end.

use crate::cost::Cost;
use crate::error::TransportError;
use crate::kernels::{extremes, first_not_finite};

/// Least `ε` as a share of the largest cost: there, `c/ε` is known to a thousandth.
const RESOLUTION: f64 = 1e-13;

/// The rows and columns of a cost that have mass, with costs held below a cap.
pub(crate) struct View<'a, C: ?Sized> {
    pub cost: &'a C,
    pub rows: Vec<u32>,
    pub cols: Vec<u32>,
    pub cap: f64,
    /// The least and the largest cost of all, if [`check_cost`] has seen them.
    pub seen: Option<(f64, f64)>,
}

/// Room for one row: as the cost gives it, and as the view wants it.
pub(crate) struct Line {
    whole: Vec<f64>,
    part: Vec<f64>,
}

impl<'a, C: Cost + ?Sized> View<'a, C> {
    /// The rows and columns whose masses are above a share of the largest on their side; gives their masses, too.
    pub fn new(cost: &'a C, a: &[f64], b: &[f64], share: f64) -> (Self, Vec<f64>, Vec<f64>) {
        let places = |masses: &[f64]| -> Vec<u32> {
            let least = share * masses.iter().copied().fold(0.0, f64::max);
            (0..masses.len() as u32).filter(|&k| masses[k as usize] > least).collect()
        };
        let (rows, cols) = (places(a), places(b));
        let held = |masses: &[f64], places: &[u32]| places.iter().map(|&k| masses[k as usize]).collect();
        let (a, b) = (held(a, &rows), held(b, &cols));
        (Self { cost, rows, cols, cap: f64::INFINITY, seen: None }, a, b)
    }

    pub fn line(&self) -> Line {
        Line { whole: vec![0.0; self.cost.cols()], part: vec![0.0; self.cols.len()] }
    }

    pub fn at(&self, row: usize, col: usize) -> f64 {
        self.cost.at(self.rows[row] as usize, self.cols[col] as usize).min(self.cap)
    }

    pub fn row<'b>(&'b self, row: usize, line: &'b mut Line) -> &'b [f64] {
        let whole = self.cost.row(self.rows[row] as usize, &mut line.whole);
        if self.cols.len() == whole.len() && self.cap == f64::INFINITY {
            return whole;
        }
        for (part, &col) in line.part.iter_mut().zip(&self.cols) {
            *part = whole[col as usize].min(self.cap);
        }
        &line.part
    }

    /// A dense plan of all rows and columns from one of those in view.
    pub fn spread(&self, masses: Vec<f64>) -> Vec<f64> {
        let (rows, cols) = (self.cost.rows(), self.cost.cols());
        if masses.len() == rows * cols {
            return masses;
        }
        let mut all = vec![0.0; rows * cols];
        for (row, masses) in self.rows.iter().zip(masses.chunks_exact(self.cols.len())) {
            let line = &mut all[*row as usize * cols..(*row as usize + 1) * cols];
            self.cols.iter().zip(masses).for_each(|(col, mass)| line[*col as usize] = *mass);
        }
        all
    }

    /// The least and the largest cost.
    pub fn range(&self) -> (f64, f64) {
        let whole = [self.rows.len(), self.cols.len()] == [self.cost.rows(), self.cost.cols()];
        if let Some(seen) = self.seen.filter(|_| whole && self.cap == f64::INFINITY) {
            return seen;
        }
        let mut line = self.line();
        (0..self.rows.len()).fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), i| {
            let (low, high) = extremes(self.row(i, &mut line));
            (low.min(least), high.max(most))
        })
    }
}

/// The range of costs, unless `ε` is so small beside them that `c/ε` has no digits left.
pub(crate) fn check_epsilon<C: Cost + ?Sized>(
    view: &View<'_, C>,
    epsilon: f64,
) -> Result<(f64, f64), TransportError> {
    let (least, most) = view.range();
    if epsilon < RESOLUTION * least.abs().max(most.abs()) || !(most - least).is_finite() {
        return Err(TransportError::Parameter { what: "epsilon", value: epsilon });
    }
    Ok((least, most))
}

/// Refuses a cost whose rows have another length than it says, or that holds NaN or infinity; gives the least and the largest.
pub(crate) fn check_cost<C: Cost + ?Sized>(cost: &C) -> Result<(f64, f64), TransportError> {
    let mut range = (f64::INFINITY, f64::NEG_INFINITY);
    let (cols, mut buffer) = (cost.cols(), vec![0.0; cost.cols()]);
    for row in 0..cost.rows() {
        let values = cost.row(row, &mut buffer);
        if values.len() != cols {
            return Err(TransportError::Shape {
                what: "row of the cost",
                expected: cols,
                found: values.len(),
            });
        }
        if let Some(col) = first_not_finite(values) {
            return Err(TransportError::Cost { row, col, value: values[col] });
        }
        let (low, high) = extremes(values);
        range = (low.min(range.0), high.max(range.1));
    }
    Ok(range)
}
