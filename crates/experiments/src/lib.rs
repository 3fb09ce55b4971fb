//! The registry of experiments, and the engine that runs them: plan, run, draw. `anyhow` begins here; nothing prints.
//!
//! In reading order: [`profile`] says how much is run, [`experiment`] what an experiment is, [`registry`] lists them,
//! [`recipes`] and [`jobs`] hold what they train and draw. [`point`] gives every trained thing a key; [`plan`] collects
//! the points of a selection ([`select`]), [`run`] trains the missing ones side by side on a [`workbench`] each and
//! publishes them into the [`store`]; [`draw`] makes figures, tables, [`claim`]s and the page from finished points.
//! Beside them stands [`recolour`], for experiments and for pictures of users.

pub mod canonical;
pub mod claim;
pub mod data;
pub mod disk;
pub mod draw;
pub mod experiment;
pub mod host;
pub mod hue;
pub mod jobs;
pub mod landscape;
pub mod page;
pub mod plan;
pub mod point;
pub mod profile;
pub mod progress;
pub mod quality;
pub mod recipes;
pub mod recolour;
pub mod registry;
pub mod rows;
pub mod run;
pub mod section;
pub mod select;
pub mod source;
pub mod store;
pub mod weights;
pub mod workbench;

mod checkpoint;

pub use claim::{Claim, Finding, Verdict};
pub use experiment::{BadSetting, Drawn, Experiment, FigureEntry, Report, Settings};
pub use point::{Estimate, Key, Point};
pub use profile::{Profile, Scaled};
pub use progress::{Notice, Progress, Totals};
pub use registry::REGISTRY;
pub use rows::{Evidence, Pick, Row, Rows, pick};
pub use workbench::{Interrupted, Workbench};

/// What bounds the threads of large products, beside those that a point is handed.
pub use tensor::limit_threads;
