//! Max-pooling without overlap: the largest of every square of pixels, for a side of sixteen samples.

use pulp::{Simd, WithSimd};

use super::SIDE;
use crate::binary::Rows;
use crate::simd::{dispatch, per_lane};

/// Maps that are pooled. A last row or column that fills no square is dropped, as PyTorch's `MaxPool2d` drops it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Maps.
    pub channels: usize,
    /// Their rows.
    pub height: usize,
    /// Their columns.
    pub width: usize,
    /// Edge of a square, and the step to the next.
    pub size: usize,
}

impl Pool {
    /// Rows and columns that come out.
    pub fn output(&self) -> [usize; 2] {
        [self.height / self.size, self.width / self.size]
    }

    /// Features that go in.
    pub fn inputs(&self) -> usize {
        self.channels * self.height * self.width
    }

    /// Features that come out.
    pub fn outputs(&self) -> usize {
        self.channels * self.output().iter().product::<usize>()
    }

    /// The square of each output, in order: its first pixel.
    pub fn squares(&self) -> impl Iterator<Item = usize> {
        let (pool, [rows, cols]) = (*self, self.output());
        (0..self.channels * rows * cols).map(move |out| {
            let (line, col) = (out / cols, out % cols);
            let (channel, row) = (line / rows, line % rows);
            (channel * pool.height + row * pool.size) * pool.width + col * pool.size
        })
    }

    /// Pixels of a square, in reading order, from its first one.
    pub fn pixels(&self) -> impl Iterator<Item = usize> {
        let (size, width) = (self.size, self.width);
        (0..size * size).map(move |i| i / size * width + i % size)
    }

    fn check(&self, input: &Rows, output: &Rows) {
        let shapes = (self.inputs(), SIDE, self.outputs(), SIDE);
        assert_eq!(shapes, (input.count(), input.width(), output.count(), output.width()), "{self:?}");
    }
}

/// `out ← ` the largest pixel of each square; NaN where there is one.
///
/// # Panics
/// If the shapes do not fit.
pub fn max_pool(out: &mut Rows, pool: &Pool, input: &Rows) {
    pool.check(input, out);
    dispatch(Forward { out, pool, input });
}

struct Forward<'a> {
    out: &'a mut Rows,
    pool: &'a Pool,
    input: &'a Rows,
}

impl WithSimd for Forward<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (parts, input) = (per_lane::<S>(), S::as_simd_f32s(self.input.flat()).0);
        let out = S::as_mut_simd_f32s(self.out.flat_mut()).0;
        for (square, out) in self.pool.squares().zip(out.chunks_exact_mut(parts)) {
            for (part, out) in out.iter_mut().enumerate() {
                let mut best = input[square * parts + part];
                let mut sum = best;
                for pixel in self.pool.pixels().skip(1) {
                    let x = input[(square + pixel) * parts + part];
                    best = simd.select_f32s(simd.greater_than_f32s(x, best), x, best);
                    sum = simd.add_f32s(sum, x);
                }
                // Comparisons hide NaN; the sum has it.
                let finite = simd.equal_f32s(sum, sum);
                *out = simd.select_f32s(finite, best, sum);
            }
        }
    }
}

/// `deltas ← ` the gradient `above` of each square at the first of its largest pixels in reading order, zero elsewhere.
///
/// Shapes: `deltas` and `input` sides of what went in, `output` and `above` of what came out.
///
/// # Panics
/// If the shapes do not fit.
pub fn max_pool_backward(deltas: &mut Rows, pool: &Pool, (input, output): (&Rows, &Rows), above: &Rows) {
    pool.check(input, output);
    pool.check(deltas, above);
    dispatch(Backward { deltas, pool, input, output, above });
}

struct Backward<'a> {
    deltas: &'a mut Rows,
    pool: &'a Pool,
    input: &'a Rows,
    output: &'a Rows,
    above: &'a Rows,
}

impl WithSimd for Backward<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (parts, zero) = (per_lane::<S>(), simd.splat_f32s(0.0));
        let (input, output) = (S::as_simd_f32s(self.input.flat()).0, S::as_simd_f32s(self.output.flat()).0);
        let above = S::as_simd_f32s(self.above.flat()).0;
        let [rows, cols] = self.pool.output();
        // Every pixel of a square is written below; what fills no square has no gradient.
        if (rows * self.pool.size, cols * self.pool.size) != (self.pool.height, self.pool.width) {
            self.deltas.flat_mut().fill(0.0);
        }
        let deltas = S::as_mut_simd_f32s(self.deltas.flat_mut()).0;
        for (place, square) in self.pool.squares().enumerate() {
            for part in 0..parts {
                let (best, mut left) = (output[place * parts + part], above[place * parts + part]);
                for pixel in self.pool.pixels() {
                    let at = (square + pixel) * parts + part;
                    let hit = simd.equal_f32s(input[at], best);
                    deltas[at] = simd.select_f32s(hit, left, zero);
                    left = simd.select_f32s(hit, zero, left);
                }
            }
        }
    }
}
