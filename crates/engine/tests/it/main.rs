//! The engine, held to what its documentation says, with the smallest work there is.

#![allow(clippy::unwrap_used)] // In helpers of tests as in tests.

mod calls;
mod claims;
mod comparing;
mod concurrency;
mod corpus;
mod drawing;
mod faults;
mod groups;
mod hostile;
mod keys;
mod leftovers;
mod looking;
mod planning;
mod resuming;
mod running;
mod selection;
mod storing;
mod support;
mod toy;
mod unlocked;
