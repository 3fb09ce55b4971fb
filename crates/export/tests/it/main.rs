//! Formats of others: read back by readers of our own, and by Python where it has the packages.

#![allow(clippy::unwrap_used)] // In helpers of tests as in tests.

mod arrays;
mod citation;
mod events;
mod notebook;
mod python;
mod redraw;
mod research;
