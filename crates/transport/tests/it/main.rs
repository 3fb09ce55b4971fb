//! Transport: against enumeration, an independent linear program, closed forms, and its own certificates.
#![allow(clippy::unwrap_used)]

mod barycentres;
mod desserts;
mod entropic;
mod errors;
mod exactness;
mod fixtures;
mod hostile;
mod huge;
mod laws;
mod line;
mod maps;
mod problems;
mod scales;
mod stopping;
mod thin;
mod unbalanced;
