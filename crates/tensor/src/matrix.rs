//! The one container: a packed, column-major `f32` matrix.
//!
//! `column(j)` is contiguous, and there is no padding between columns, so that one flat slice serves every
//! element-wise loop. (faer's own `Mat` pads each column to 64 bytes.)

use faer::{MatMut, MatRef};

/// A packed column-major matrix: entry `(i, j)` lies at `data[i + j · rows]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    rows: usize,
    cols: usize,
    data: Vec<f32>,
}

impl Matrix {
    /// A matrix of zeros.
    ///
    /// # Panics
    /// If `rows · cols` overflows.
    pub fn zeros(rows: usize, cols: usize) -> Self {
        let len = rows.checked_mul(cols).expect("rows · cols must fit in usize");
        Self { rows, cols, data: vec![0.0; len] }
    }

    /// Takes over `data`, column after column.
    ///
    /// # Panics
    /// If `data` does not hold `rows · cols` values.
    pub fn from_vec(rows: usize, cols: usize, data: Vec<f32>) -> Self {
        assert_eq!(data.len(), rows * cols, "{} values for a {rows} × {cols} matrix", data.len());
        Self { rows, cols, data }
    }

    /// The matrix whose entry `(i, j)` is `f(i, j)`.
    pub fn from_fn(rows: usize, cols: usize, mut f: impl FnMut(usize, usize) -> f32) -> Self {
        let mut data = Vec::with_capacity(rows * cols);
        for j in 0..cols {
            data.extend((0..rows).map(|i| f(i, j)));
        }
        Self { rows, cols, data }
    }

    /// Number of rows (features).
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns (samples, or units).
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Column `j` as a contiguous slice of `rows` values.
    pub fn column(&self, j: usize) -> &[f32] {
        &self.data[j * self.rows..(j + 1) * self.rows]
    }

    /// Column `j`, to be written.
    pub fn column_mut(&mut self, j: usize) -> &mut [f32] {
        &mut self.data[j * self.rows..(j + 1) * self.rows]
    }

    /// The columns in order. An empty matrix without rows yields none.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.data.chunks_exact(self.rows.max(1))
    }

    /// All values, column after column.
    pub fn as_slice(&self) -> &[f32] {
        &self.data
    }

    /// All values, to be written.
    pub fn as_mut_slice(&mut self) -> &mut [f32] {
        &mut self.data
    }

    /// Gives the values back, column after column.
    pub fn into_vec(self) -> Vec<f32> {
        self.data
    }

    /// The door to faer, for algebra.
    pub fn view(&self) -> MatRef<'_, f32> {
        MatRef::from_column_major_slice(&self.data, self.rows, self.cols)
    }

    /// The door to faer, for results.
    pub fn view_mut(&mut self) -> MatMut<'_, f32> {
        MatMut::from_column_major_slice_mut(&mut self.data, self.rows, self.cols)
    }

    /// The transpose, as a new packed matrix; walks in square tiles so that both sides stay in cache.
    pub fn transposed(&self) -> Self {
        const TILE: usize = 32;
        let mut out = Self::zeros(self.cols, self.rows);
        for j0 in (0..self.cols).step_by(TILE) {
            for i0 in (0..self.rows).step_by(TILE) {
                for j in j0..(j0 + TILE).min(self.cols) {
                    for i in i0..(i0 + TILE).min(self.rows) {
                        out.data[j + i * self.cols] = self.data[i + j * self.rows];
                    }
                }
            }
        }
        out
    }

    /// The columns named by `indices`, in that order: how a mini-batch is gathered.
    ///
    /// # Panics
    /// If an index is not below `cols`.
    pub fn gather(&self, indices: &[usize]) -> Self {
        let mut data = Vec::with_capacity(self.rows * indices.len());
        for &j in indices {
            data.extend_from_slice(self.column(j));
        }
        Self { rows: self.rows, cols: indices.len(), data }
    }

    /// Adds `bias` to every column.
    ///
    /// # Panics
    /// If `bias` does not hold `rows` values.
    pub fn add_to_columns(&mut self, bias: &[f32]) {
        assert_eq!(bias.len(), self.rows, "bias of {} for {} rows", bias.len(), self.rows);
        for column in self.data.chunks_exact_mut(self.rows.max(1)) {
            for (x, b) in column.iter_mut().zip(bias) {
                *x += b;
            }
        }
    }

    /// The sum over columns: one value a row, accumulated in `f64` in column order.
    pub fn sum_columns(&self) -> Vec<f32> {
        let mut sums = vec![0.0_f64; self.rows];
        for column in self.columns() {
            for (s, &x) in sums.iter_mut().zip(column) {
                *s += f64::from(x);
            }
        }
        sums.into_iter().map(|s| s as f32).collect()
    }

    /// `1/(rows · cols) · Σ (xᵢⱼ − yᵢⱼ)²`: the squared error per pixel where columns are images. Differences are `f32`, their
    /// squares and the sum `f64`, column after column; of matrices without entries it is NaN.
    ///
    /// # Panics
    /// If the matrices have different shapes.
    pub fn mean_squared_difference(&self, other: &Self) -> f64 {
        let (own, theirs) = ((self.rows, self.cols), (other.rows, other.cols));
        assert!(own == theirs, "{} × {} entries against {} × {}", own.0, own.1, theirs.0, theirs.1);
        let squares = self.data.iter().zip(&other.data).map(|(x, y)| f64::from(x - y).powi(2));
        squares.sum::<f64>() / self.data.len() as f64
    }

    /// Whether no entry is NaN or infinite.
    pub fn is_finite(&self) -> bool {
        all_finite(&self.data)
    }
}

/// Whether no value is NaN or infinite; sixteen at a time, without a branch for each.
pub fn all_finite(values: &[f32]) -> bool {
    let (whole, rest) = values.as_chunks::<16>();
    let finite = |chunk: &[f32]| chunk.iter().fold(true, |all, x| all & x.is_finite());
    whole.iter().all(|chunk| finite(chunk)) && finite(rest)
}
