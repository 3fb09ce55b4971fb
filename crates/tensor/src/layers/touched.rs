//! A few sparse samples side by side: the rows that any of them touches, with one value for each sample.
//!
//! Five digits of MNIST touch half of the pixels between them. Going through these rows once, for all samples at once,
//! costs some products with zero, and saves reading and writing weights again for each sample and every unforeseeable
//! branch.

use super::sparse::Sparse;

/// Up to [`Touched::MOST`] sparse columns by rows.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    samples: usize,
    height: usize,
    rows: Vec<u32>,
    values: Vec<[f32; Touched::MOST]>, // one for each touched row; zero where a sample does not touch it
    marks: Vec<u64>,                   // one bit for each row there is
    places: Vec<u32>,                  // of each touched row among these
}

impl Touched {
    /// The most samples.
    pub const MOST: usize = 8;

    /// Becomes the given columns of `data`. Keeps its memory.
    ///
    /// # Panics
    /// If there are more than [`Touched::MOST`].
    pub fn set(&mut self, data: &Sparse, batch: &[usize]) {
        assert!(batch.len() <= Self::MOST, "{} samples are not few", batch.len());
        (self.samples, self.height) = (batch.len(), data.rows());
        self.marks.resize(data.rows().div_ceil(64), 0);
        self.places.resize(data.rows(), 0);
        for &j in batch {
            // Bits of one word of marks are gathered in a register and written once: reading a word right after
            // writing it would wait for the write.
            let (mut word, mut bits) = (0, 0_u64);
            for &(v, _) in data.column(j) {
                if v as usize / 64 != word {
                    self.marks[word] |= bits;
                    (word, bits) = (v as usize / 64, 0);
                }
                bits |= 1 << (v % 64);
            }
            if bits != 0 {
                self.marks[word] |= bits;
            }
        }
        self.rows.clear();
        for (i, mark) in self.marks.iter_mut().enumerate() {
            let mut bits = std::mem::take(mark);
            while bits != 0 {
                let row = 64 * i as u32 + bits.trailing_zeros();
                self.places[row as usize] = self.rows.len() as u32;
                self.rows.push(row);
                bits &= bits - 1;
            }
        }
        self.values.clear();
        self.values.resize(self.rows.len(), [0.0; Self::MOST]);
        for (s, &j) in batch.iter().enumerate() {
            for &(v, x) in data.column(j) {
                self.values[self.places[v as usize] as usize][s] = x;
            }
        }
    }

    /// Number of samples.
    pub fn samples(&self) -> usize {
        self.samples
    }

    /// Number of rows in a column.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The touched rows, ascending, and the value of each sample there.
    #[inline(always)]
    pub(super) fn entries(&self) -> impl Iterator<Item = (usize, &[f32; Touched::MOST])> {
        self.rows.iter().map(|&v| v as usize).zip(&self.values)
    }
}
