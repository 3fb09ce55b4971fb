//! The dense product, on faer.
//!
//! faer's own threads are worth little on small products and split the depth of large ones, so that bits would
//! depend on their number. Here the output is cut into fixed tiles, each computed by faer on one thread; rayon
//! only decides who computes which tile. The bits depend on the tiles alone: faer's kernels for AVX2 and for AVX-512 add 512
//! products in their order, and those shapes for which it has others go to [`ordered`].

mod ordered;

use faer::linalg::matmul::matmul;
use faer::{MatMut, MatRef, Par};

pub use faer::Accum;

/// Below this many multiply-adds a product is one tile: a hand-over to another thread would cost more.
const SMALL: usize = 1 << 21;
/// Edge of an output tile of a large product.
const TILE: usize = 512;

/// `out ← [out +] alpha · a · b`, the same bits for any number of threads, and on every processor with AVX2 or AVX-512.
///
/// Shapes: `out` m × n, `a` m × k, `b` k × n. A large one runs on the rayon pool that the caller stands in, or else on
/// the one that all share ([`limit_threads`]).
///
/// # Panics
/// If the shapes do not fit.
pub fn gemm(mut out: MatMut<'_, f32>, accum: Accum, a: MatRef<'_, f32>, b: MatRef<'_, f32>, alpha: f32) {
    let (m, n, k) = (out.nrows(), out.ncols(), a.ncols());
    assert!(
        a.nrows() == m && b.ncols() == n && b.nrows() == k,
        "{}×{} · {}×{} does not give {m}×{n}",
        a.nrows(),
        a.ncols(),
        b.nrows(),
        b.ncols()
    );
    if ordered::product(&mut out, accum, a, b, alpha) {
        return;
    }
    if m * n * k <= SMALL {
        matmul(out, accum, a, b, alpha, Par::Seq);
    } else {
        tiles(out, accum, a, b, alpha);
    }
}

/// Has all large products of this process share `threads` threads, instead of one for each core; they are started
/// now. Only the first call before the first large product does anything. The bits stay the same.
///
/// Gives the number of threads that they share from now on.
///
/// # Panics
/// If `threads` is 0.
pub fn limit_threads(threads: usize) -> usize {
    assert!(threads > 0, "products on no thread");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(|i| format!("gemm-{i}"));
    // An error says that there is a pool already, which then stays.
    let _ = pool.build_global();
    rayon::current_num_threads()
}

/// Halves the longer side at a multiple of [`TILE`] until a tile is left. The cuts depend on the shape only.
fn tiles(out: MatMut<'_, f32>, accum: Accum, a: MatRef<'_, f32>, b: MatRef<'_, f32>, alpha: f32) {
    let (m, n) = (out.nrows(), out.ncols());
    let cut = |len: usize| (len / 2).div_ceil(TILE) * TILE;
    if m <= TILE && n <= TILE {
        matmul(out, accum, a, b, alpha, Par::Seq);
    } else if m >= n {
        let at = cut(m).min(m);
        let (top, bottom) = out.split_at_row_mut(at);
        let (a_top, a_bottom) = a.split_at_row(at);
        rayon::join(|| tiles(top, accum, a_top, b, alpha), || tiles(bottom, accum, a_bottom, b, alpha));
    } else {
        let at = cut(n).min(n);
        let (left, right) = out.split_at_col_mut(at);
        let (b_left, b_right) = b.split_at_col(at);
        rayon::join(|| tiles(left, accum, a, b_left, alpha), || tiles(right, accum, a, b_right, alpha));
    }
}
