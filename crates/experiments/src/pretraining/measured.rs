//! The error that a pretraining experiment is about, and what the report has for it.

use engine::figures::{Better, Metric};

use super::Pretraining;

/// The error that figures show and claims are about.
pub(super) const LAST: Metric =
    Metric::percent("error_last", "last epoch", Better::Lower).beyond("did not learn");

/// The report's own number for a network under the first regime.
pub(super) fn reported(recipe: &Pretraining, value: &str) -> Option<f64> {
    recipe.shapes.paper.iter().find(|shape| shape.value == value).and_then(|shape| shape.reported)
}
