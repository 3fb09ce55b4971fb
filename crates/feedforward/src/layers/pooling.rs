//! Max-pooling: the largest pixel of every square, and its gradient to that pixel alone.
//!
//! `y[c, i, j] = max x[c, i·n + k, j·n + l]` over `k, l < n`. Squares do not overlap. A last row or column of the maps that fills
//! no square is dropped, as PyTorch's `MaxPool2d(n)` drops it: 7×7 maps under squares of 2 become 3×3 ones. Of equal
//! largest pixels the first in reading order takes the whole gradient.

use tensor::Matrix;
use tensor::convolution::Pool;
use train::{Param, Parameters};

use super::sliding::check;
use crate::{Layer, Maps, Mode, NetworkError};

/// Squares of `size` pixels on maps of one shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxPool {
    pool: Pool,
}

impl MaxPool {
    /// Pools images of this shape.
    ///
    /// # Errors
    /// If a size is 0, or the square is larger than the image.
    pub fn new(image: Maps, size: usize) -> Result<Self, NetworkError> {
        let Maps { channels, height, width } = Maps::new(image.channels, image.height, image.width)?;
        if size == 0 || size > height.min(width) {
            return Err(NetworkError::Pool { size, image });
        }
        Ok(Self { pool: Pool { channels, height, width, size } })
    }

    /// What goes in and comes out.
    pub fn maps(&self) -> [Maps; 2] {
        let (Pool { channels, height, width, .. }, [rows, cols]) = (self.pool, self.pool.output());
        [Maps { channels, height, width }, Maps { channels, height: rows, width: cols }]
    }

    /// Its sizes.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// For each pixel that comes out, the one of `x` that it is; one that is not finite comes first.
    fn winners(&self, x: &[f32]) -> impl Iterator<Item = usize> {
        let beats = |a: f32, b: f32| a > b || (a.is_nan() && !b.is_nan());
        self.pool.squares().map(move |square| {
            let pixels = self.pool.pixels().map(|pixel| square + pixel);
            pixels.reduce(|best, at| if beats(x[at], x[best]) { at } else { best }).unwrap_or(square)
        })
    }

    /// The pixels of `values` that win in `x`.
    fn pick(&self, x: &Matrix, values: &Matrix) -> Matrix {
        check(x, self.maps()[0]);
        let columns = x.columns().zip(values.columns());
        let picked = columns.flat_map(|(x, values)| self.winners(x).map(|at| values[at])).collect();
        Matrix::from_vec(self.pool.outputs(), x.cols(), picked)
    }
}

impl Layer for MaxPool {
    type Trace = ();

    fn forward(&self, x: &Matrix, _: &mut Mode<'_>) -> (Matrix, ()) {
        (self.pick(x, x), ())
    }

    fn backward(&self, x: &Matrix, _: &Matrix, (): &(), dy: Matrix, _: &mut Self) -> Matrix {
        let mut dx = Matrix::zeros(x.rows(), x.cols());
        for (j, (x, dy)) in x.columns().zip(dy.columns()).enumerate() {
            self.winners(x).zip(dy).for_each(|(at, d)| dx.column_mut(j)[at] = *d);
        }
        dx
    }

    fn tangent(&self, x: &Matrix, _: &Matrix, (): &(), tangent: Matrix) -> Matrix {
        self.pick(x, &tangent)
    }
}

impl Parameters for MaxPool {
    fn params(&self) -> Vec<Param<&[f32]>> {
        Vec::new()
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        Vec::new()
    }
}
