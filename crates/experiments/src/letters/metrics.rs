//! The metrics of the letters, by the names that readers see.

use engine::figures::{Better, Metric, Place, at};

pub(super) const MEAN_TRAIN: Metric = Metric::new("mse_mean_train", "training images", Better::Lower);
pub(super) const MEAN_UNSEEN: Metric = Metric::new("mse_mean_held_out", "unseen images", Better::Lower);
pub(super) const SAMPLED_TRAIN: Metric = Metric::new("mse_sampled_train", "training images", Better::Lower);
pub(super) const SAMPLED_UNSEEN: Metric = Metric::new("mse_sampled_held_out", "unseen images", Better::Lower);
pub(super) const FIDELITY: Metric = Metric::new("fidelity", "fidelity", Better::Higher).decimals(2);
pub(super) const COVERAGE: Metric = Metric::new("coverage", "classes drawn", Better::Higher).decimals(0);
pub(super) const FRECHET: Metric = Metric::new("frechet", "Fréchet distance", Better::Lower).decimals(1);
pub(super) const NEAREST: Metric =
    Metric::new("nearest_train", "to the nearest training image", Better::Neither).decimals(3);

pub(super) const FLOOR: Metric =
    Metric::new("floor_frechet", "real images, scored as unseen", Better::Lower).decimals(1);

pub(super) const ERROR_COLUMNS: &[Metric] = &[
    Metric::new("mse_mean_train", "probabilities, training images", Better::Lower),
    Metric::new("mse_sampled_train", "sampled, training images", Better::Lower),
    Metric::new("mse_mean_held_out", "probabilities, unseen images", Better::Lower),
    Metric::new("mse_sampled_held_out", "sampled, unseen images", Better::Lower),
];

pub(super) const SCORE_COLUMNS: &[Metric] = &[
    FIDELITY,
    Metric::new("share_cleanness", "cleanness", Better::Higher).decimals(2),
    Metric::new("share_variety", "variety", Better::Higher).decimals(2),
    Metric::new("share_diversity", "diversity", Better::Higher).decimals(2),
    Metric::new("share_confidence", "confidence", Better::Higher).decimals(2),
    COVERAGE,
    Metric::percent("copies", "exact copies", Better::Neither).decimals(0),
    FRECHET,
    Metric::new("floor_frechet", "of real images", Better::Neither).decimals(1),
    NEAREST,
    Metric::new("floor_nearest_train", "of real images", Better::Neither).decimals(3),
];

/// The text of a column at a place; empty if it has none.
pub(super) fn text<'a>(place: &'a Place, column: &str) -> &'a str {
    at(place).into_iter().find(|(own, _)| *own == column).map_or("", |(_, text)| text)
}
