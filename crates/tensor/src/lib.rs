//! `f32` matrices and the kernels that every model of the workspace runs on.
//!
//! A batch is a matrix of `features × batch`, column-major: one sample is one contiguous column. Weights are
//! `fan_in × fan_out`: one column holds one unit's incoming weights. Algebra goes through [`Matrix::view`] to
//! faer; element-wise loops go through one flat slice.
//!
//! Three things live here and nowhere else: the numeric kernels ([`gemm`], [`simd`], [`binary`], [`convolution`]), all
//! randomness ([`Seed`], [`Stream`]), and all parallelism inside one model ([`team`]). The promise that follows:
//! the same bits for any number of threads, and on any processor. This crate does no input or output and knows no model.

mod gemm;
mod linalg;
mod matrix;
mod random;

pub mod binary;
pub mod convolution;
pub mod layers;
pub mod plain;
pub mod simd;
pub mod team;
#[cfg(test)]
mod widths;

pub use gemm::{Accum, gemm, limit_threads};
pub use linalg::{SymmetricEigen, symmetric_eigen};
pub use matrix::{Matrix, all_finite};
pub use random::{COLUMN_BLOCK, Lanes, Seed, Stream};
