//! What the disk promises, on real folders: hostile ones, shared ones, failing ones.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the answer")]

mod faults;
mod hostile;
mod locking;
mod names;
mod renaming;
mod storing;
mod support;
mod sweeping;
mod together;
mod user;
