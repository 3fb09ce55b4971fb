//! Tests of layers, losses, networks, classifiers, and of the fast path against the plain one.
#![allow(clippy::unwrap_used)]

mod autoencoder;
mod batch_norm;
mod classifier;
mod corruption;
mod denoiser;
mod errors;
mod fast;
mod fast_network;
mod files;
mod gradients;
mod image_files;
mod images;
mod ladder;
mod layers;
mod loss;
mod mlp;
mod network;
mod support;
