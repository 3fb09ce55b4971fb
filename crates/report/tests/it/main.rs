//! What the crate draws, held against what it was given.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the answer")]

mod charts;
mod colour;
mod curves;
mod figures;
mod pages;
mod pictures;
mod readout;
mod sections;
mod seen;
mod snippets;
mod tables;
mod xml;
