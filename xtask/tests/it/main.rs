//! The program as people run it: what it says, how it exits, and that nothing stops it from ending with the same bytes.

#![allow(clippy::unwrap_used)] // In helpers of tests as in tests.

mod bench;
mod browser;
mod clusters;
mod data;
mod determinism;
mod dream;
mod export;
mod images;
mod kills;
mod lessons;
mod parts;
mod processes;
mod reference;
mod resources;
mod signals;
mod streams;
mod support;
mod transfer;
mod usage;
