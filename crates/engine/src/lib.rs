//! The engine: plans points, runs them side by side, keeps what they give, draws it, and holds two runs against each other.
//! It knows points and rows; no model, no image, no experiment. `anyhow` begins here; nothing prints.
//!
//! In reading order: [`profile`], [`settings`] and [`hyper`] say how much is run; [`rows`], [`evidence`], [`claim`] and
//! [`predicates`] what is measured and judged; [`point`] gives every trained thing a key, [`work`] says what it does and
//! [`task`] what it is to the experiment that asked for it. A [`study`] is one experiment as it arrives here. [`plan`]
//! collects the points of a selection ([`select`]), [`run`] trains the missing ones on a [`workbench`] each and publishes
//! them into the [`store`]. [`finished`] hands them to drawing, [`figures`] are the words in which drawings are declared,
//! [`draw`] writes them, [`page`] binds them, [`check`] and [`compare`] hold them against digests and against another run.

pub mod canonical;
pub mod claim;
pub mod digest;
pub mod evidence;
pub mod hyper;
pub mod point;
pub mod predicates;
pub mod profile;
pub mod progress;
pub mod rows;
pub mod select;
pub mod settings;

pub mod store;

pub mod publish;
pub mod work;
pub mod workbench;

pub mod task;

pub mod finished;
pub mod study;

pub mod groups;
pub mod host;
pub mod limits;
pub mod owner;
pub mod plan;
pub mod run;
pub mod scheduler;

pub mod figures;

pub mod check;
pub mod compare;
pub mod draw;
mod vocabulary;

pub mod guide;
pub mod page;
pub mod section;
pub mod weights;

mod checkpoint;
mod leftovers;
mod listing;
mod manifest;
mod schedule;

pub use claim::{Claim, Finding, Verdict};
pub use evidence::{Evidence, Pick, pick};
pub use finished::Finished;
pub use hyper::{Hyper, Hypers, Origin, Origins};
pub use point::{Estimate, Key, Point};
pub use profile::{Profile, Scaled};
pub use progress::{Notice, Progress, Totals};
pub use rows::{Columns, Row, Rows};
pub use settings::{BadSetting, Settings};
pub use study::{Drawn, Facts, Question, Study};
pub use task::{Task, Tasks};
pub use work::Work;
pub use workbench::{Interrupted, Workbench};
