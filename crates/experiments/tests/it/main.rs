//! The experiments, held to what their documentation says.

#![allow(clippy::unwrap_used)] // In helpers of tests as in tests.

mod adversarial;
mod adversarial_claims;
mod adversarial_runs;
mod alpha;
mod alpha_claims;
mod alphadigits;
mod architecture;
mod autoencoder;
mod boltzmann;
mod class;
mod cnn;
mod compared;
mod dbm;
mod dbn_error;
mod guide;
mod keys;
mod label_budget;
mod label_dbn;
mod likelihood;
mod memory;
mod mixing;
mod pretraining;
mod readme;
mod recolouring;
mod reference;
mod settable;
mod support;
mod transport;
mod twenty_lines;
mod vae;
