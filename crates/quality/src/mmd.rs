//! The kernel distance of samples: the squared maximum mean discrepancy, unbiased, and how likely chance alone makes it as large.
//!
//! ```text
//! D² = mean_{i≠j} k(x_i, x_j) + mean_{i≠j} k(y_i, y_j) − 2 mean_{i,j} k(x_i, y_j)                  [Gretton2012, eq. 3]
//! k(x, y) = (xᵀy/d + 1)³            sees means, covariances and third moments                      [Binkowski2018]
//! k(x, y) = exp(−|x − y|² / 2σ²)    sees any difference that is wider than its width σ
//! ```
//!
//! Its mean is 0 where both sides have one distribution, for any number of samples, so that it is negative half of the time there.
//! The permutation test deals the same points out to two sides anew [Gretton2012]: with the pooled kernel matrix K, and z the
//! indicator of those dealt to x, the three sums follow from zᵀKz and zᵀK1. All deals are columns of one product; no kernel is
//! computed twice. Points are columns, d × n.

use tensor::{Accum, Matrix, Seed, gemm};

use crate::error::{QualityError, enough, moderate, same_width};
use crate::neighbours::Own;
use crate::pixels::squared_distances;
use crate::ranks::median;

/// Points of one side in a block of the kernel matrix.
const BLOCK: usize = 256;
/// Deals in one product.
const DEALS: usize = 256;

/// How alike two features are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kernel {
    /// `(xᵀy/d + 1)³`, which has nothing to be chosen.
    Cubic,
    /// `exp(−|x − y|² / 2σ²)`.
    Gaussian {
        /// σ, in units of the features.
        width: f64,
    },
}

/// The distance of two sets of points, beside chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KernelTest {
    /// The unbiased squared distance; may be negative.
    pub squared: f64,
    /// Share of deals, the one that was seen among them, whose distance is as large: uniform on its values where both sides have one
    /// distribution.
    pub p: f64,
}

impl Kernel {
    /// The Gaussian kernel as wide as the median distance of two of all points [Gretton2012].
    ///
    /// Computes all distances: for some thousands of points.
    ///
    /// # Errors
    /// If the widths differ, a value is not finite, or half of all points are copies of one.
    pub fn median_heuristic(x: &Matrix, y: &Matrix) -> Result<Self, QualityError> {
        check(x, y)?;
        let all = pooled(x, y);
        let distances = squared_distances(&all, &all);
        let pairs = distances.columns().enumerate().flat_map(|(j, column)| &column[..j]);
        let width = median(pairs.map(|&d| f64::from(d)).collect()).sqrt();
        Self::Gaussian { width }.checked()
    }

    fn checked(self) -> Result<Self, QualityError> {
        match self {
            Self::Gaussian { width } if !(width > 0.0 && width.is_finite()) => {
                Err(QualityError::Parameter { name: "the width of a kernel", value: width })
            }
            fine => Ok(fine),
        }
    }

    /// The kernel of every column of `a` (m) with every column of `b` (n): m × n, column after column.
    fn matrix(self, a: &Matrix, b: &Matrix) -> Vec<f64> {
        match self {
            Self::Cubic => {
                let mut products = Matrix::zeros(a.cols(), b.cols());
                let scale = 1.0 / a.rows() as f64;
                gemm(products.view_mut(), Accum::Replace, a.view().transpose(), b.view(), 1.0);
                products.as_slice().iter().map(|&g| (f64::from(g) * scale + 1.0).powi(3)).collect()
            }
            Self::Gaussian { width } => {
                let rate = -0.5 / (width * width);
                squared_distances(a, b).as_slice().iter().map(|&d| (f64::from(d) * rate).exp()).collect()
            }
        }
    }

    /// The unbiased squared distance of `x` (d × n) and `y` (d × m), a block of the kernel matrix at a time.
    ///
    /// # Errors
    /// If a side has fewer than two points, the widths differ, a value is not finite or beyond a million, or the kernel has no
    /// width.
    pub fn distance(self, x: &Matrix, y: &Matrix) -> Result<f64, QualityError> {
        check(x, y)?;
        self.checked()?;
        let (n, m) = (x.cols() as f64, y.cols() as f64);
        let within = |a: &Matrix, n: f64| self.sum(a, a, Own::LeftOut) / (n * (n - 1.0));
        Ok(within(x, n) + within(y, m) - 2.0 * self.sum(x, y, Own::Kept) / (n * m))
    }

    /// The sum of [`Kernel::matrix`], with or without its diagonal.
    fn sum(self, a: &Matrix, b: &Matrix, own: Own) -> f64 {
        let all: Vec<usize> = (0..b.cols()).collect();
        let block = |block: &[usize]| -> f64 {
            let mut kernel = self.matrix(a, &b.gather(block));
            if own == Own::LeftOut {
                block.iter().enumerate().for_each(|(at, i)| kernel[at * a.cols() + i] = 0.0);
            }
            kernel.iter().sum()
        };
        all.chunks(BLOCK).map(block).sum()
    }

    /// The distance of `x` and `y`, and among how many of `deals` random deals it lies.
    ///
    /// The kernel matrix of all points is in memory, 12 bytes an entry: for some thousands of points.
    ///
    /// # Errors
    /// As [`Kernel::distance`], or if there is no deal.
    pub fn test(self, x: &Matrix, y: &Matrix, deals: usize, seed: Seed) -> Result<KernelTest, QualityError> {
        check(x, y)?;
        self.checked()?;
        if deals == 0 {
            return Err(QualityError::Parameter { name: "the number of deals", value: 0.0 });
        }
        let (n, m) = (x.cols(), y.cols());
        let all = pooled(x, y);
        let table = Table::new(self.matrix(&all, &all), n, m);
        let mut noise = seed.stream();
        // The deal that was seen goes first, through the same product.
        let mut left: Vec<Vec<usize>> = vec![(0..n).collect()];
        left.extend((0..deals).map(|_| {
            let mut deal = noise.permutation(n + m)[..n].to_vec();
            deal.sort_unstable(); // the same points give the same bits
            deal
        }));
        let distances: Vec<f64> = left.chunks(DEALS).flat_map(|deals| table.distances(deals)).collect();
        let as_large = distances.iter().filter(|d| **d >= distances[0]).count();
        Ok(KernelTest { squared: distances[0], p: as_large as f64 / (deals + 1) as f64 })
    }
}

/// The kernel matrix of all points without its diagonal, and with the mean of every row taken off.
///
/// Adding `a_i + a_j` to the entries leaves every distance as it is, and without the means the sums of a deal are small
/// numbers, which `f32` products can hold.
struct Table {
    kernel: Matrix, // (n + m) × (n + m)
    sums: Vec<f64>, // of its columns
    n: usize,
    m: usize,
}

impl Table {
    fn new(mut kernel: Vec<f64>, n: usize, m: usize) -> Self {
        let all = n + m;
        let others = (all - 1) as f64;
        let mut means: Vec<f64> = kernel.chunks_exact(all).map(|column| column.iter().sum::<f64>()).collect();
        means.iter_mut().enumerate().for_each(|(i, sum)| *sum = (*sum - kernel[i * (all + 1)]) / others);
        let half = 0.5 * means.iter().sum::<f64>() / all as f64;
        for (j, column) in kernel.chunks_exact_mut(all).enumerate() {
            column.iter_mut().zip(&means).for_each(|(k, mean)| *k -= (mean - half) + (means[j] - half));
            column[j] = 0.0;
        }
        let kernel = Matrix::from_vec(all, all, kernel.into_iter().map(|k| k as f32).collect());
        let sum = |column: &[f32]| column.iter().map(|&k| f64::from(k)).sum();
        let sums = kernel.columns().map(sum).collect();
        Self { kernel, sums, n, m }
    }

    /// The distance of each deal, given as the points on the side of x.
    fn distances(&self, deals: &[Vec<usize>]) -> Vec<f64> {
        let mut chosen = Matrix::zeros(self.n + self.m, deals.len());
        for (column, deal) in deals.iter().enumerate() {
            deal.iter().for_each(|&i| chosen.column_mut(column)[i] = 1.0);
        }
        let mut products = Matrix::zeros(self.n + self.m, deals.len());
        gemm(products.view_mut(), Accum::Replace, self.kernel.view(), chosen.view(), 1.0);
        deals.iter().zip(products.columns()).map(|(deal, product)| self.distance(deal, product)).collect()
    }

    fn distance(&self, deal: &[usize], product: &[f32]) -> f64 {
        let (n, m) = (self.n as f64, self.m as f64);
        let xx: f64 = deal.iter().map(|&i| f64::from(product[i])).sum();
        let xy = deal.iter().map(|&i| self.sums[i]).sum::<f64>() - xx;
        let yy = self.sums.iter().sum::<f64>() - xx - 2.0 * xy;
        xx / (n * (n - 1.0)) + yy / (m * (m - 1.0)) - 2.0 * xy / (n * m)
    }
}

fn check(x: &Matrix, y: &Matrix) -> Result<(), QualityError> {
    same_width("features of the samples", y, x)?;
    enough("real features", x.cols(), 2)?;
    enough("samples", y.cols(), 2)?;
    moderate("real features", x)?;
    moderate("features of the samples", y)
}

/// The columns of both.
fn pooled(x: &Matrix, y: &Matrix) -> Matrix {
    Matrix::from_vec(x.rows(), x.cols() + y.cols(), [x.as_slice(), y.as_slice()].concat())
}
