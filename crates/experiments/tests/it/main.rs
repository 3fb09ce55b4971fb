//! The experiments, held to what their documentation says.

#![allow(clippy::unwrap_used)] // In helpers of tests as in tests.

mod alpha;
mod alpha_claims;
mod architecture;
mod autoencoder;
mod boltzmann;
mod dbm;
mod keys;
mod label_budget;
mod label_dbn;
mod memory;
mod pretraining;
mod readme;
mod recolouring;
mod reference;
mod settable;
mod support;
mod transport;
