//! The engine, held to what its documentation says.

#![allow(clippy::unwrap_used)] // In helpers of tests as in tests.

mod alpha;
mod alpha_claims;
mod architecture;
mod claims;
mod concurrency;
mod drawing;
mod faults;
mod keys;
mod memory;
mod planning;
mod pretraining;
mod readme;
mod recolouring;
mod resuming;
mod running;
mod selection;
mod settable;
mod storing;
mod support;
mod transport;
