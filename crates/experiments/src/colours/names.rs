//! What plans, figures and claims of colour transfer call the same things by.

/// The names of directions and of the exact method in the columns of the evidence.
pub(super) const A_TO_B: &str = "A to B";
pub(super) const A_TO_POSTERISED: &str = "A to B posterised";
pub(super) const B_TO_A: &str = "B to A";
pub(super) const EXACT: &str = "exact";

/// The roles of points.
pub(super) const PICTURED: &str = "pictures";
pub(super) const TRANSFERS: &str = "transfers";

/// Levels of each channel of a posterised picture, and the reading in which the second is one.
pub(super) const LEVELS: u8 = 4;
pub(super) const POSTERISED: &str = "the second picture posterised to 4 levels a channel";
