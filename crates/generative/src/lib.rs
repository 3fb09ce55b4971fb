//! Deep generative networks: variational autoencoders, adversarial networks, Wasserstein critics.
//!
//! Batches are features × batch, one sample a column; networks are [`feedforward::Network`]s, and what is new here is what stands
//! between them. Reading order: [`Posterior`] (a diagonal normal law over latent variables), [`Likelihood`] (what a decoder's
//! outputs say of pixels), [`Vae`] (both together, and the evidence lower bound with its gradient), [`importance`] (tighter bounds),
//! [`VaeTrainer`]; then [`Objective`] (the losses of a generator and its critic), [`penalty`] (the critic's slope held at 1),
//! [`Adversaries`] and [`AdversaryTrainer`]. Each trainer has two paths, the equations as they are and `fast`, which is chosen
//! where layers allow it and held to the first. Gradients are written by hand, as in [`feedforward`]; nothing is recorded on a tape. This
//! crate knows neither files nor energy models.

mod adversaries;
mod adversary_trainer;
mod contest;
mod error;
mod fast;
mod images;
pub mod importance;
mod likelihood;
mod objective;
mod options;
pub mod penalty;
mod plain_adversaries;
mod plain_vae;
mod posterior;
mod shape;
mod vae;
mod vae_trainer;

pub use adversaries::{Adversaries, Seen};
pub use adversary_trainer::AdversaryTrainer;
pub use contest::{Contest, First};
pub use error::GenerativeError;
pub use images::Images;
pub use likelihood::Likelihood;
pub use objective::Objective;
pub use options::Options;
pub use posterior::Posterior;
pub use shape::{Normalised, VaeShape};
pub use vae::{Elbo, Vae};
pub use vae_trainer::VaeTrainer;
