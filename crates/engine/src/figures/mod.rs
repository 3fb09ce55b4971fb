//! The words in which figures and tables are declared: a metric, curves of it, strips of pictures beside it, a grid of it.
//! Means over seeds, bands, notes on seeds, the report's own numbers, stamps and alternative texts follow from them.

pub mod curve;
pub mod grid;
pub mod metric;
pub mod place;
pub mod strip;

pub use curve::{Axis, Curve, Inks, Steps};
pub use grid::Grid;
pub use metric::{Better, Metric};
pub use place::{Place, at};
pub use strip::{Line, Strip};
