//! Tests of the energy models, in order of trust: closed forms, enumeration, finite differences, sampling noise.
#![allow(clippy::unwrap_used)]

mod annealing;
mod binary;
mod binary_descents;
mod binary_edges;
mod binary_path;
mod contrastive;
mod dbm;
mod dbm_pretrain;
mod dbm_train;
mod dbn;
mod exact;
mod expected;
mod files;
mod imports;
mod inputs;
mod labels;
mod likelihood;
mod listed;
mod pairs;
mod pseudo_likelihood;
mod robust;
mod sampling;
mod stack;
mod support;
mod transition;
mod twins;
mod units;
mod up_down;
mod wake;
mod ways;
