//! Weights and states in the layout that the kernels want: hidden index fastest, padded to whole lanes.

use faer::{MatMut, MatRef};

use crate::matrix::Matrix;
use crate::random::COLUMN_BLOCK;
use crate::simd::{LANE, lanes_for};

/// The most lanes that a panel has: 256 hidden units, so that a panel of MNIST weights fits the second-level cache.
pub const PANEL: usize = 16;

/// How `hidden` units are cut into panels: nearly equal lanes, an even number of panels (two cores share them) as
/// soon as there is more than one. Depends on the width alone, never on threads.
pub fn panel_widths(hidden: usize) -> Vec<usize> {
    let count = match lanes_for(hidden).div_ceil(PANEL) {
        0 | 1 => 1,
        more => more.next_multiple_of(2),
    };
    cut_lanes(hidden, count)
}

/// Cuts `units` into `count` panels of nearly equal lanes, the last lane as full as it is: the units of each panel that has
/// any.
pub fn cut_lanes(units: usize, count: usize) -> Vec<usize> {
    let lanes = lanes_for(units);
    let ends = (1..=count).map(|p| (lanes * p / count * LANE).min(units));
    ends.scan(0, |begin, end| Some(end - std::mem::replace(begin, end))).filter(|&width| width > 0).collect()
}

/// `count` rows of `width` floats, each padded with zeros to whole lanes; every row begins on a cache line.
#[derive(Debug)]
pub struct Rows {
    count: usize,
    width: usize,
    lanes: usize,
    begin: usize,
    data: Vec<f32>,
}

impl Clone for Rows {
    fn clone(&self) -> Self {
        let mut rows = Self::zeros(self.count, self.width);
        rows.flat_mut().copy_from_slice(self.flat());
        rows
    }
}

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        (self.count, self.width) == (other.count, other.width) && self.flat() == other.flat()
    }
}

impl Rows {
    /// Rows of zeros.
    pub fn zeros(count: usize, width: usize) -> Self {
        let lanes = lanes_for(width);
        let data = vec![0.0_f32; count * lanes * LANE + LANE - 1];
        // The first float that lies on a cache line: vectors that straddle two lines cost twice.
        let begin = (data.as_ptr() as usize).wrapping_neg() / 4 % LANE;
        Self { count, width, lanes, begin, data }
    }

    /// Columns `begin..begin + width` of a matrix, side by side: one row for each of its rows.
    ///
    /// # Panics
    /// If the matrix has fewer columns.
    pub fn of_columns(matrix: &Matrix, begin: usize, width: usize) -> Self {
        let mut rows = Self::zeros(matrix.rows(), width);
        for j in 0..width {
            for (i, &x) in matrix.column(begin + j).iter().enumerate() {
                rows.row_mut(i)[j] = x;
            }
        }
        rows
    }

    /// Floats in a row, without the padding.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Lanes in a row.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// Number of rows.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Keeps the memory and shows only the first `count` rows, or more again.
    ///
    /// # Panics
    /// If there never were that many.
    pub fn set_count(&mut self, count: usize) {
        assert!(
            self.begin + count * self.lanes * LANE <= self.data.len(),
            "{count} rows where there is room for {}",
            (self.data.len() - self.begin) / (self.lanes.max(1) * LANE)
        );
        self.count = count;
    }

    /// All rows with their padding, one after another.
    pub fn flat(&self) -> &[f32] {
        &self.data[self.begin..self.begin + self.count * self.lanes * LANE]
    }

    /// All rows with their padding, to be written. Padding must stay zero.
    pub fn flat_mut(&mut self) -> &mut [f32] {
        &mut self.data[self.begin..self.begin + self.count * self.lanes * LANE]
    }

    /// The rows as a matrix of `16 · lanes × count`, padding included.
    pub fn view(&self) -> MatRef<'_, f32> {
        MatRef::from_column_major_slice(self.flat(), LANE * self.lanes, self.count)
    }

    /// The rows as a matrix to be written. Padding must stay zero.
    pub fn view_mut(&mut self) -> MatMut<'_, f32> {
        let (rows, cols) = (LANE * self.lanes, self.count);
        MatMut::from_column_major_slice_mut(self.flat_mut(), rows, cols)
    }

    /// Row `i` as floats, padding included.
    #[inline(always)]
    pub fn row(&self, i: usize) -> &[f32] {
        let stride = self.lanes * LANE;
        &self.data[self.begin + i * stride..self.begin + (i + 1) * stride]
    }

    /// Row `i` as floats, padding included, to be written.
    #[inline(always)]
    pub fn row_mut(&mut self, i: usize) -> &mut [f32] {
        let stride = self.lanes * LANE;
        &mut self.data[self.begin + i * stride..self.begin + (i + 1) * stride]
    }

    /// Makes the padding zero again.
    pub(crate) fn clear_padding(&mut self) {
        let width = self.width;
        if width < LANE * self.lanes {
            for i in 0..self.count {
                self.row_mut(i)[width..].fill(0.0);
            }
        }
    }

    /// The floats of row `i`, without the padding.
    pub fn floats(&self, i: usize) -> &[f32] {
        &self.row(i)[..self.width]
    }
}

/// Rows of many samples in blocks of [`COLUMN_BLOCK`], so that several threads can each make some of them.
#[derive(Debug)]
pub struct Blocks {
    count: usize,
    width: usize,
    blocks: Vec<Rows>,
}

impl Blocks {
    /// Blocks of zeros.
    pub fn zeros(count: usize, width: usize) -> Self {
        let block = |begin| Rows::zeros(COLUMN_BLOCK.min(count - begin), width);
        Self { count, width, blocks: (0..count).step_by(COLUMN_BLOCK).map(block).collect() }
    }

    /// Number of rows.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Floats in a row, without the padding.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Keeps the memory and shows only the first `count` rows, or more again.
    ///
    /// # Panics
    /// If there never were that many.
    pub fn set_count(&mut self, count: usize) {
        let used = count.div_ceil(COLUMN_BLOCK);
        assert!(
            used <= self.blocks.len(),
            "{count} rows where there is room for {}",
            self.blocks.len() * COLUMN_BLOCK
        );
        for (i, block) in self.blocks[..used].iter_mut().enumerate() {
            block.set_count(COLUMN_BLOCK.min(count - i * COLUMN_BLOCK));
        }
        self.count = count;
    }

    /// Takes a finished block, and gives its own in return.
    ///
    /// # Panics
    /// If there is no such block, or it is of another shape.
    pub fn swap(&mut self, index: usize, block: &mut Rows) {
        let own = &mut self.blocks[index];
        assert_eq!((own.count(), own.width()), (block.count(), block.width()), "rows of block {index}");
        std::mem::swap(own, block);
    }

    /// Row `i` as floats, padding included.
    #[inline(always)]
    pub fn row(&self, i: usize) -> &[f32] {
        self.blocks[i / COLUMN_BLOCK].row(i % COLUMN_BLOCK)
    }

    /// Row `i` as floats, padding included, to be written. Padding must stay zero.
    #[inline(always)]
    pub fn row_mut(&mut self, i: usize) -> &mut [f32] {
        self.blocks[i / COLUMN_BLOCK].row_mut(i % COLUMN_BLOCK)
    }

    /// The floats of row `i`, without the padding.
    pub fn floats(&self, i: usize) -> &[f32] {
        &self.row(i)[..self.width]
    }
}

/// A weight matrix `visible × hidden`, cut along the hidden units into panels of at most [`PANEL`] lanes; within a
/// panel, the weights of one visible unit are contiguous.
pub fn panels_of(weights: &Matrix) -> Vec<Rows> {
    let mut begin = 0;
    let cut = panel_widths(weights.cols()).into_iter().map(|width| {
        begin += width;
        Rows::of_columns(weights, begin - width, width)
    });
    cut.collect()
}

/// The matrix `visible × hidden` that was cut into these panels.
pub fn matrix_of(panels: &[&Rows]) -> Matrix {
    let hidden = panels.iter().map(|p| p.width).sum();
    let mut weights = Matrix::zeros(panels.first().map_or(0, |p| p.count), hidden);
    let mut begin = 0;
    for panel in panels {
        for j in 0..panel.width {
            for (i, w) in weights.column_mut(begin + j).iter_mut().enumerate() {
                *w = panel.row(i)[j];
            }
        }
        begin += panel.width;
    }
    weights
}
