//! Tests of training without a model: update rules, the epoch loop, tensors as bytes.
#![allow(clippy::unwrap_used)]

mod damage;
mod epochs;
mod gradient_check;
mod params;
mod rule;
mod tensors;
mod toy;
