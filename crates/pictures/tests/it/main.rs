//! Pictures in and out, and bytes that are no pictures.

#![allow(clippy::unwrap_used)] // In helpers of tests as in tests.

mod colours;
mod corpus;
mod foreign;
mod hostile;
mod reading;
mod support;
