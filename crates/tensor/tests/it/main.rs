//! Tests of the kernels: each against a plain twin, and each for the same bits on any number of threads.
#![allow(clippy::unwrap_used)]

mod batches;
mod binary;
mod convolution;
mod decoder;
mod gemm;
mod layers;
mod linalg;
mod matrix;
mod random;
mod simd;
mod support;
mod team;
