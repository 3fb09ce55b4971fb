//! Workloads timed beside what users would pick instead.
//!
//! [`workloads`] and [`plans`] do units of work and [`run`] names and times them ([`timing`]), with an eye on what else the
//! machine does ([`machine`]); one line of JSON a measurement, in the form of the programs in `tools/peers`.
//! [`compare`] runs this program and a peer in turns and prints the [`table`] of ratios.

pub mod boltzmann;
pub mod compare;
pub mod data;
pub mod deep;
pub mod images;
pub mod machine;
pub mod names;
pub mod options;
pub mod plans;
pub mod run;
pub mod side_by_side;
pub mod table;
pub mod timing;
pub mod workloads;
