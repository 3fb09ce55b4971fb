//! The data store: the lookup order, downloads from a server on this machine, and what is said when nothing helps.
#![allow(clippy::unwrap_used)]

mod closed;
mod downloads;
mod fixture;
mod lookup;
mod people;
mod server;
mod verbs;
