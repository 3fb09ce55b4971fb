//! Convolution, its adjoint, its gradient, and max-pooling, for sixteen samples side by side.
//!
//! A **side** is sixteen samples as [`Rows`](crate::binary::Rows) of one lane: row `f` holds feature `f` of all sixteen, and
//! the features of maps run over channels, rows and columns, row-major. Every vector instruction then works on the
//! same pixel of many samples, whatever the sizes of maps and kernels. With input `x`, weights `w` and padding by zeros,
//!
//! `y[f, i, j] = b[f] + Σ w[f, c, k, l] · x[c, i·s + k − p, j·s + l − p]`
//!
//! over channels `c` and the places `k, l` of the kernel: the cross-correlation that the field calls a convolution, with the
//! conventions of PyTorch's `Conv2d` [Dumoulin2016, chapters 2 to 4]. Weights lie as PyTorch has them, [filters, channels,
//! kernel rows, kernel columns] row-major. All sums run in a fixed order. The direct loops are in [`crate::plain`].

mod correlate;
mod gradient;
mod passes;
mod pool;
mod side;
mod spread;
mod window;

pub use correlate::{Correlation, Packed};
pub use gradient::{add_bias_gradient, add_weight_gradient};
pub use passes::{Passes, Room};
pub use pool::{Pool, max_pool, max_pool_backward};
pub use side::{gather_side, scatter_side, sparse_side};
pub use spread::Spread;
pub use window::Window;

/// Samples of a side.
pub const SIDE: usize = crate::simd::LANE;
