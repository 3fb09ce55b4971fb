//! Tests of layers, losses, networks, classifiers, and of the fast path against the plain one.
#![allow(clippy::unwrap_used)]

mod autoencoder;
mod batch_norm;
mod classifier;
mod corruption;
mod denoiser;
mod errors;
mod fast;
mod files;
mod gradients;
mod ladder;
mod layers;
mod loss;
mod mlp;
mod network;
mod support;
