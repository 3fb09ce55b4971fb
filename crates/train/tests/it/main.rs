//! Tests of training without a model: update rules, the epoch loop, tensors as bytes.
#![allow(clippy::unwrap_used)]

mod corpus;
mod damage;
mod decay;
mod epochs;
mod gradient_check;
mod params;
mod rule;
mod schedule;
mod stopping;
mod tensors;
mod toy;
mod written;
