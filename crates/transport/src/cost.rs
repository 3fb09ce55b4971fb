//! What it costs to move a unit of mass from source `i` to target `j`: a matrix, or a function of points.
//!
//! Matrices are row-major, sources × targets. Costs between points in few dimensions are computed whenever they are
//! needed, which is about as fast as reading them from memory, so that no matrix is held.

use tensor::simd::vectorize;

use crate::error::{Side, TransportError};
use crate::kernels::{extremes, first_not_finite};
use crate::points::Points;

/// Dimensions from which on costs between points are kept in a matrix instead of being computed again.
const KEEP_FROM: usize = 6;

/// Costs of `rows` sources times `cols` targets. An implementation must give the same finite numbers each time.
pub trait Cost {
    /// Number of sources.
    fn rows(&self) -> usize;
    /// Number of targets.
    fn cols(&self) -> usize;
    /// The cost of moving a unit from `row` to `col`.
    fn at(&self, row: usize, col: usize) -> f64;
    /// All costs of one row: a slice of what is held, or computed into `buffer`, whose length is `cols`.
    fn row<'a>(&'a self, row: usize, buffer: &'a mut [f64]) -> &'a [f64];
}

/// A cost matrix that somebody else holds, row-major.
#[derive(Clone, Copy, Debug)]
pub struct CostMatrix<'a> {
    values: &'a [f64], // rows × cols, row-major
    rows: usize,
    cols: usize,
}

impl<'a> CostMatrix<'a> {
    /// `values[i · cols + j]` is the cost from source `i` to target `j`. Negative costs are fine.
    ///
    /// # Errors
    /// If a side is empty, the slice's length is not `rows · cols`, or a value is NaN or infinite.
    pub fn new(values: &'a [f64], rows: usize, cols: usize) -> Result<Self, TransportError> {
        check_sides(rows, cols)?;
        if rows.checked_mul(cols) != Some(values.len()) {
            let expected = rows.saturating_mul(cols);
            return Err(TransportError::Shape { what: "cost matrix", expected, found: values.len() });
        }
        match first_not_finite(values) {
            Some(k) => Err(TransportError::Cost { row: k / cols, col: k % cols, value: values[k] }),
            None => Ok(Self { values, rows, cols }),
        }
    }
}

impl Cost for CostMatrix<'_> {
    fn rows(&self) -> usize {
        self.rows
    }

    fn cols(&self) -> usize {
        self.cols
    }

    fn at(&self, row: usize, col: usize) -> f64 {
        self.values[row * self.cols + col]
    }

    fn row<'a>(&'a self, row: usize, _: &'a mut [f64]) -> &'a [f64] {
        &self.values[row * self.cols..(row + 1) * self.cols]
    }
}

/// How far apart two points are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// `‖x − y‖²`: the cost behind W₂, barycentres and colour transfer.
    SquaredEuclidean,
    /// `‖x − y‖`: the cost behind W₁, the earth mover's distance.
    Euclidean,
}

/// The cost between two sets of points.
#[derive(Clone, Debug)]
pub struct PointCost<'a> {
    sources: Points<'a>,
    targets: Vec<f64>, // dim × cols: one coordinate of all targets after the other
    cols: usize,
    metric: Metric,
    kept: Option<Vec<f64>>, // rows × cols
}

impl<'a> PointCost<'a> {
    /// Costs between every source and every target. From six dimensions on they are held as a matrix,
    /// `8 · sources · targets` bytes; below that, nothing of that size is held.
    ///
    /// # Errors
    /// If a side is empty, the dimensions differ, or a distance is not a finite number.
    pub fn new(sources: Points<'a>, targets: Points<'_>, metric: Metric) -> Result<Self, TransportError> {
        let (rows, cols, dim) = (sources.len(), targets.len(), sources.dim());
        check_sides(rows, cols)?;
        if dim != targets.dim() {
            let what = "target points' dimension";
            return Err(TransportError::Shape { what, expected: dim, found: targets.dim() });
        }
        let mut transposed = vec![0.0; dim * cols];
        for (j, y) in targets.iter().enumerate() {
            y.iter().enumerate().for_each(|(k, y)| transposed[k * cols + j] = *y);
        }
        let mut cost = Self { sources, targets: transposed, cols, metric, kept: None };
        if dim < KEEP_FROM && cost.cannot_overflow() {
            return Ok(cost);
        }
        let mut line = vec![0.0; cols];
        let mut kept = if dim >= KEEP_FROM { Vec::with_capacity(rows * cols) } else { Vec::new() };
        for row in 0..rows {
            let values = cost.row(row, &mut line);
            if let Some(col) = first_not_finite(values) {
                return Err(TransportError::Cost { row, col, value: values[col] });
            }
            if dim >= KEEP_FROM {
                kept.extend_from_slice(values);
            }
        }
        cost.kept = (dim >= KEEP_FROM).then_some(kept);
        Ok(cost)
    }

    /// Whether coordinates, which are finite, are so small that no distance can be anything else.
    fn cannot_overflow(&self) -> bool {
        let largest = |(low, high): (f64, f64)| high.max(-low);
        let reach = largest(extremes(self.sources.values())) + largest(extremes(&self.targets));
        self.sources.dim() as f64 * reach * reach < f64::MAX / 2.0
    }
}

impl Cost for PointCost<'_> {
    fn rows(&self) -> usize {
        self.sources.len()
    }

    fn cols(&self) -> usize {
        self.cols
    }

    fn at(&self, row: usize, col: usize) -> f64 {
        if let Some(kept) = &self.kept {
            return kept[row * self.cols + col];
        }
        let mut sum = 0.0;
        for (k, x) in self.sources.at(row).iter().enumerate() {
            let d = x - self.targets[k * self.cols + col];
            sum += d * d;
        }
        if self.metric == Metric::Euclidean { sum.sqrt() } else { sum }
    }

    fn row<'a>(&'a self, row: usize, buffer: &'a mut [f64]) -> &'a [f64] {
        if let Some(kept) = &self.kept {
            return &kept[row * self.cols..(row + 1) * self.cols];
        }
        let (x, metric) = (self.sources.at(row), self.metric);
        vectorize(
            #[inline(always)]
            || distances(x, &self.targets, metric, buffer),
        );
        buffer
    }
}

/// Distances of `x` to all columns of `targets`, adding coordinate after coordinate in their order.
#[inline(always)]
fn distances(x: &[f64], targets: &[f64], metric: Metric, out: &mut [f64]) {
    let cols = out.len();
    let square = |d: f64| d * d;
    if let [x0, x1, x2] = *x {
        let (y0, rest) = targets.split_at(cols);
        let (y1, y2) = rest.split_at(cols);
        for (((out, y0), y1), y2) in out.iter_mut().zip(y0).zip(y1).zip(y2) {
            *out = square(x0 - y0) + square(x1 - y1) + square(x2 - y2);
        }
    } else {
        out.fill(0.0);
        for (x, y) in x.iter().zip(targets.chunks_exact(cols)) {
            out.iter_mut().zip(y).for_each(|(out, y)| *out += square(x - y));
        }
    }
    if metric == Metric::Euclidean {
        out.iter_mut().for_each(|out| *out = out.sqrt());
    }
}

fn check_sides(rows: usize, cols: usize) -> Result<(), TransportError> {
    match (rows, cols) {
        (0, _) => Err(TransportError::Empty(Side::Source)),
        (_, 0) => Err(TransportError::Empty(Side::Target)),
        _ => Ok(()),
    }
}
