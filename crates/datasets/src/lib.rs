//! Bytes to images and labels: IDX, MAT-file level 5, AlphaDigits, MNIST, and a drawn stand-in for both.
//!
//! Reading order: [`images`] is what every reader ends in, [`error`] what it says when it cannot; [`gzip`], [`idx`] and
//! [`mat`] know a file format and no data set; [`mnist`] and [`alphadigits`] know what those two data sets put
//! into the format, [`relaid`] what others have made of it; [`kind`] names files that are none of these; [`standin`] draws
//! glyphs with a pen and writes them in the same formats.
//!
//! Everything here works on byte slices. Nothing opens a file or a socket, and nothing draws a random number
//! that does not come from a passed-in seed. No input makes a reader panic, or take more memory than
//! [`MEMORY_LIMIT`] and a quarter: every size is checked before anything is allocated for it.

pub mod alphadigits;
pub mod error;
pub mod gzip;
pub mod idx;
pub mod images;
pub mod kind;
pub mod mat;
pub mod mnist;
pub mod relaid;
pub mod standin;

pub use error::{DataError, Place};
pub use images::{Images, Levels};

/// What one reader may hold at any time, in bytes: 64 MiB, which MNIST (47 MB) fits in. MAT-files have a smaller
/// limit of their own, [`mat::MEMORY_LIMIT`].
pub const MEMORY_LIMIT: usize = 64 << 20;
