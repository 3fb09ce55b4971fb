//! Tests of the energy models, in order of trust: closed forms, enumeration, finite differences, sampling noise.
#![allow(clippy::unwrap_used)]

mod contrastive;
mod dbn;
mod exact;
mod expected;
mod fast;
mod fast_edges;
mod files;
mod pseudo_likelihood;
mod robust;
mod sampling;
mod stack;
mod support;
mod transition;
mod units;
