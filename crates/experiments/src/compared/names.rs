//! What plans, figures and claims of the comparison call the same things by.

use crate::arena::Origin;

/// The roles of points.
pub(super) const PICTURES: &str = "pictures";
pub(super) const MEASURED: &str = "measured";
pub(super) const RECOGNISED: &str = "recognised";
pub(super) const LIKELIHOODS: &str = "likelihoods";

/// Held-out images in the column `origin`.
pub(super) const FLOOR: &str = "held-out images";

/// What the column `origin` says of what is no generator of the list.
pub(super) fn name(origin: Origin) -> &'static str {
    origin.planted().map_or(FLOOR, quality::Planted::name)
}

/// The planted generators, by their names.
pub(super) fn planted() -> [&'static str; 4] {
    Origin::PLANTED.map(name)
}
