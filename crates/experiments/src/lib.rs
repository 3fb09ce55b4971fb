//! The experiments: what five reports asked, what is trained and measured to answer it, how it is drawn.
//!
//! A folder is a question: its entries (constants and claims), its recipe, and its job where something is trained in a new
//! way. In reading order: [`registry`] lists the folders; [`experiment`], [`recipe`] and [`job`] say what an experiment, a
//! recipe and a job are; [`data`] is where images come from and [`cost`] how fast the reference machine is. [`greedy`]
//! trains stacks of restricted Boltzmann machines for whoever asks, [`networks`] classifiers of grey digits; [`arena`] judges
//! what generators draw.

pub mod cost;
pub mod data;
pub mod experiment;
pub mod guide;
pub mod job;
pub mod recipe;
pub mod registry;

mod annealing;
pub mod arena;
mod class;
mod filters;
pub mod greedy;
mod hypers;
mod inks;
mod intervals;
mod lines;
pub mod mixing;
pub mod networks;
mod numerals;
mod records;
mod tuned;
mod vocabulary;

pub mod adversarial;
pub mod alphadigits;
pub mod autoencoder;
pub mod binarise;
pub mod cnn;
pub mod colours;
pub mod compared;
pub mod components;
pub mod convergence;
pub mod dbm;
pub mod dbn_error;
pub mod desserts;
pub mod digits;
pub mod drawn;
pub mod dream;
pub mod label_dbn;
pub mod letters;
pub mod likelihood;
pub mod pretraining;
pub mod vae;

pub use experiment::{Experiment, reports};
pub use job::{Cost, Job};
pub use recipe::{Drawing, Planning, Recipe};

/// What bounds the threads of large products, beside those that a point is handed.
pub use tensor::limit_threads;
