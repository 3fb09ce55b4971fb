//! What plans, figures and claims of transport between digits call the same things by.

/// The origins beside the generators, by their names in the column `origin`.
pub(super) const TRAINING: &str = "training images";
pub(super) const NOISE: &str = "pixel noise";
pub(super) const MEAN: &str = "mean image";
pub(super) const BLANK: &str = "blank paper";

/// The roles of points.
pub(super) const CLASSES: &str = "classes";
pub(super) const BARYCENTRES: &str = "barycentres";
pub(super) const SCORES: &str = "scores";
