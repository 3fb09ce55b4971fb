//! Tests of autoencoders, bounds, adversaries and penalties.
#![allow(clippy::unwrap_used)]

mod adversaries;
mod errors;
mod files;
mod importance;
mod linear;
mod objective;
mod penalty;
mod posterior;
mod support;
mod trainers;
mod vae;
