//! The error that a pretraining experiment is about, and what the report has for it.

use engine::figures::{Better, Metric};

use super::Pretraining;

/// The error that figures show and claims are about.
pub(super) const LAST: Metric =
    Metric::percent("error_last", "last epoch", Better::Lower).beyond("did not learn");

/// The report's own number for a network.
pub(super) fn reported(recipe: &Pretraining, start: &str, value: &str) -> Option<f64> {
    let (_, numbers) = recipe.reported.iter().find(|(own, _)| *own == start)?;
    numbers.iter().find(|(own, _)| *own == value).map(|(_, error)| *error)
}
