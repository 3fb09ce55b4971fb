//! Denoising autoencoders, alone and stacked [Vincent2010], with tied weights or with a decoder's own.
//!
//! An [`Autoencoder`] is encoder and decoder; a [`Stack`] has several on top of each other, trained one after another by a
//! [`Denoiser`]: on the image that comes out in the end, through the layers below, or on the code that comes in ([`Goal`]).
//! Gradients are written out in `gradient`; where weights are tied, `pass` and `fast` do the same several times as fast.
//! [`Stack::into_classifier`] unrolls the encoders into a network.

mod cost;
mod course;
mod fast;
mod gradient;
mod layer;
mod pass;
mod plain;
mod stack;
mod tied;
mod trainer;

pub use cost::{Cost, Sparsity, logistic_cross_entropy};
pub use gradient::{Denoising, Goal};
pub use layer::{Autoencoder, Decoder, Tying};
pub use stack::Stack;
pub use trainer::{Denoiser, Trainer};
