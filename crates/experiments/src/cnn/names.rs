//! What plans, figures and claims of convolutional networks call the same things by.

/// The digits whose maps are drawn.
pub(super) const DIGITS: [u8; 2] = [9, 2];

/// The texts of the column `data`.
pub(super) const ALL: &str = "all images";
pub(super) const FEW: &str = "12 000 images";
/// The roles of tasks.
pub(super) const LEARNT: &str = "learnt";
pub(super) const SEEN: &str = "seen";
