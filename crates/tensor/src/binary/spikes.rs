//! Binary columns as lists of the rows that are on.

use crate::matrix::Matrix;

/// A binary matrix, column by column: the indices of the rows that are on, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spikes {
    rows: usize,
    ends: Vec<usize>,
    on: Vec<u32>,
}

impl Spikes {
    /// No columns yet, each to have `rows` rows.
    pub fn new(rows: usize) -> Self {
        Self { rows, ends: Vec::new(), on: Vec::new() }
    }

    /// The entries of `states` above one half, as lists.
    pub fn from_matrix(states: &Matrix) -> Self {
        let mut spikes = Self::new(states.rows());
        for column in states.columns() {
            spikes.push((0..states.rows() as u32).filter(|&i| column[i as usize] > 0.5));
        }
        spikes
    }

    /// The same states as a matrix of zeros and ones.
    pub fn to_matrix(&self) -> Matrix {
        let mut states = Matrix::zeros(self.rows, self.len());
        for j in 0..self.len() {
            for &i in self.column(j) {
                states.column_mut(j)[i as usize] = 1.0;
            }
        }
        states
    }

    /// Appends a column.
    ///
    /// # Panics
    /// In debug builds, if an index is not below `rows`.
    pub fn push(&mut self, on: impl IntoIterator<Item = u32>) {
        self.on.extend(on);
        debug_assert!(self.on.last().is_none_or(|&i| (i as usize) < self.rows));
        self.ends.push(self.on.len());
    }

    /// Appends a column that is on where `states` exceeds one half; without a branch, since noise has no pattern.
    ///
    /// # Panics
    /// If `states` does not hold `rows` values.
    pub fn push_where_on(&mut self, states: &[f32]) {
        assert_eq!(states.len(), self.rows, "{} states for {} rows", states.len(), self.rows);
        let mut count = self.on.len();
        self.on.resize(count + self.rows, 0);
        for (i, &x) in states.iter().enumerate() {
            self.on[count] = i as u32;
            count += usize::from(x > 0.5);
        }
        self.on.truncate(count);
        self.ends.push(count);
    }

    /// Appends all columns of `other`.
    pub fn append(&mut self, other: &Self) {
        let begin = self.on.len();
        self.on.extend_from_slice(&other.on);
        self.ends.extend(other.ends.iter().map(|end| begin + end));
    }

    /// Appends the columns of `other` named by `indices`.
    pub fn extend_from(&mut self, other: &Self, indices: &[usize]) {
        self.on.reserve(indices.iter().map(|&j| other.column(j).len()).sum());
        for &j in indices {
            self.on.extend_from_slice(other.column(j));
            self.ends.push(self.on.len());
        }
    }

    /// Forgets the columns, keeps the memory.
    pub fn clear(&mut self) {
        self.ends.clear();
        self.on.clear();
    }

    /// How often each row is on, as a share of the columns.
    pub fn means(&self) -> Vec<f64> {
        let mut counts = vec![0.0; self.rows];
        for column in 0..self.len() {
            self.column(column).iter().for_each(|&row| counts[row as usize] += 1.0);
        }
        counts.iter().map(|count| count / self.len() as f64).collect()
    }

    /// Number of rows of every column.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Number of ones in all columns.
    pub fn total(&self) -> usize {
        self.on.len()
    }

    /// Whether more than a quarter of the states are on: beyond that, lists of them are not the fastest way.
    pub(super) fn is_dense(&self) -> bool {
        4 * self.total() > self.len() * self.rows
    }

    /// Whether there are no columns.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The rows of column `j` that are on, ascending.
    pub fn column(&self, j: usize) -> &[u32] {
        let begin = if j == 0 { 0 } else { self.ends[j - 1] };
        &self.on[begin..self.ends[j]]
    }

    /// Becomes the transpose of the columns given, in order: for each row, the columns that are on there.
    pub fn set_transposed<'a>(&mut self, rows: usize, columns: impl Iterator<Item = &'a [u32]> + Clone) {
        self.ends.clear();
        self.ends.resize(rows, 0);
        let mut count = 0;
        for column in columns.clone() {
            count += 1;
            for &i in column {
                self.ends[i as usize] += 1;
            }
        }
        self.rows = count;
        let mut begin = 0;
        for end in &mut self.ends {
            (*end, begin) = (begin, begin + *end);
        }
        self.on.clear();
        self.on.resize(begin, 0);
        for (j, column) in columns.enumerate() {
            for &i in column {
                let at = &mut self.ends[i as usize];
                self.on[*at] = j as u32;
                *at += 1;
            }
        }
    }
}
