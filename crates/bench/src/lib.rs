//! The workloads that are timed: each names its metric, does a number of units of work, and says how many.
//!
//! Metrics and variants carry the names that `tools/peers` uses, so that a table can put them side by side.

pub mod timing;
pub mod workloads;
